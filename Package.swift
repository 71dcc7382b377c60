// swift-tools-version: 6.2
import PackageDescription

// One target a room; each imports only rooms listed above it. Tests/ImportGraphTests asserts this graph.
// The compression libraries, libyaml, libcrypto and SQLite are linked from their archives, so that the release binary is one file.
let package = Package(
  name: "attrace",
  products: [
    .executable(name: "attrace", targets: ["attrace"]),
    .library(name: "AttraceKit", targets: ["Trace", "Profile", "Decode", "Check", "Measure", "Inspect"]),
  ],
  targets: [
    .systemLibrary(name: "CYAML"),
    .systemLibrary(name: "CZlib"),
    .systemLibrary(name: "CZstd"),
    .systemLibrary(name: "CLZMA"),
    .systemLibrary(name: "CCrypto"),
    .systemLibrary(name: "CPcap"),
    .systemLibrary(name: "CSQLite"),
    .target(name: "CManuals"),
    .target(name: "CSerial"),
    .target(name: "Trace"),
    .target(
      name: "Profile", dependencies: ["Trace", "CYAML", "CManuals"],
      exclude: ["Manuals", "README.md", "profile.schema.json"],
      linkerSettings: [.linkedLibrary(":libyaml.a")]),
    .target(name: "Decode", dependencies: ["Trace", "Profile"]),
    .target(name: "Check", dependencies: ["Trace", "Profile"]),
    .target(
      name: "Measure", dependencies: ["Trace", "Profile", "CCrypto"],
      linkerSettings: [.linkedLibrary(":libcrypto.a")]),
    .target(name: "Inspect", dependencies: ["Trace", "Profile", "Decode", "Check", "Measure"]),
    .target(
      name: "Capture", dependencies: ["Trace", "CZlib", "CZstd", "CLZMA", "CPcap", "CSerial"],
      // libpcap's archive wants half a desktop (D-Bus); it is linked as what every system with tcpdump has.
      linkerSettings: [
        .linkedLibrary(":libz.a"), .linkedLibrary(":libzstd.a"), .linkedLibrary(":liblzma.a"), .linkedLibrary("pcap"),
      ]),
    .target(
      name: "Report", dependencies: ["Trace", "Profile", "Check", "Measure", "Inspect", "CSQLite"],
      linkerSettings: [.linkedLibrary(":libsqlite3.a"), .linkedLibrary("m")]),
    .executableTarget(
      name: "attrace",
      dependencies: ["Trace", "Profile", "Decode", "Check", "Measure", "Inspect", "Capture", "Report"]),
    .target(name: "CAllocationCount"),
    .executableTarget(
      name: "attrace-bench",
      dependencies: [
        "CAllocationCount", "Sessions", "Trace", "Profile", "Decode", "Check", "Inspect", "Capture", "Report",
      ]),
    .executableTarget(
      name: "attrace-fuzz", dependencies: ["Sessions", "Trace", "Profile", "Decode", "Check", "Inspect", "Capture"]),
    .target(
      name: "Sessions", dependencies: ["Trace", "Profile", "Decode", "Check", "Measure", "Inspect", "Capture"],
      path: "Tests/Sessions"),
    .testTarget(name: "ArchitectureTests"),
    .testTarget(name: "CaptureTests", dependencies: ["Capture", "Trace", "CZlib", "CZstd", "CLZMA", "CPcap"]),
    .testTarget(name: "CheckTests", dependencies: ["Sessions", "Check", "Profile", "Trace"]),
    .testTarget(name: "CommandLineTests", dependencies: ["attrace", "CZlib"]),
    .testTarget(name: "DecodeTests", dependencies: ["Sessions", "Capture", "Decode", "Profile", "Trace"]),
    .testTarget(name: "FixtureTests", dependencies: ["Sessions", "Capture", "Profile", "Trace"]),
    .testTarget(name: "MeasureTests", dependencies: ["Sessions", "Measure", "Profile", "Trace"]),
    .testTarget(
      name: "PeerTests", dependencies: ["attrace", "Sessions", "Capture", "Inspect", "Profile", "Report", "Trace"],
      exclude: ["Readers"]),
    .testTarget(name: "ProfileTests", dependencies: ["Profile", "Trace"]),
    .testTarget(name: "ReportTests", dependencies: ["Sessions", "Report", "Inspect", "Profile", "Trace"]),
  ],
  swiftLanguageModes: [.v6]
)
