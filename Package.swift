// swift-tools-version: 6.2
import PackageDescription

// One target a room; each imports only rooms listed above it. Tests/ImportGraphTests asserts this graph.
// The compression libraries, libyaml and libcrypto are linked from their archives, so that the release binary is one file.
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
      name: "Capture", dependencies: ["Trace", "CZlib", "CZstd", "CLZMA", "CSerial"],
      linkerSettings: [.linkedLibrary(":libz.a"), .linkedLibrary(":libzstd.a"), .linkedLibrary(":liblzma.a")]),
    .target(name: "Report", dependencies: ["Trace", "Profile", "Check", "Measure", "Inspect"]),
    .executableTarget(
      name: "attrace",
      dependencies: ["Trace", "Profile", "Decode", "Check", "Measure", "Inspect", "Capture", "Report"]),
    .target(name: "CAllocationCount"),
    .executableTarget(
      name: "attrace-bench",
      dependencies: ["CAllocationCount", "Sessions", "Trace", "Profile", "Decode", "Check", "Inspect", "Capture"]),
    .executableTarget(
      name: "attrace-fuzz", dependencies: ["Sessions", "Trace", "Profile", "Decode", "Check", "Inspect", "Capture"]),
    .target(
      name: "Sessions", dependencies: ["Trace", "Profile", "Decode", "Check", "Inspect", "Capture"],
      path: "Tests/Sessions"),
    .testTarget(name: "ArchitectureTests"),
    .testTarget(name: "CaptureTests", dependencies: ["Capture", "Trace", "CZlib", "CZstd", "CLZMA"]),
    .testTarget(name: "CheckTests", dependencies: ["Sessions", "Check", "Profile", "Trace"]),
    .testTarget(name: "CommandLineTests", dependencies: ["attrace", "CZlib"]),
    .testTarget(name: "DecodeTests", dependencies: ["Sessions", "Decode", "Profile", "Trace"]),
    .testTarget(name: "FixtureTests", dependencies: ["Sessions", "Capture", "Profile", "Trace"]),
    .testTarget(name: "MeasureTests", dependencies: ["Measure", "Trace"]),
    .testTarget(
      name: "PeerTests", dependencies: ["attrace", "Sessions", "Capture", "Inspect", "Profile", "Report", "Trace"]),
    .testTarget(name: "ProfileTests", dependencies: ["Profile", "Trace"]),
    .testTarget(name: "ReportTests", dependencies: ["Sessions", "Report", "Inspect", "Profile", "Trace"]),
  ],
  swiftLanguageModes: [.v6]
)
