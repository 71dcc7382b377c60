import Inspect
import Measure
import Trace

/// The comparison of two sessions for programs, schema `attrace.diff/1`.
///
/// - `old`, `new`: the inputs, with the members of an input in `attrace.report/1`.
/// - `regression`: whether the exit code is 1; `reasons`: why, each with `kind` (findings, errors, latency, throughput or
///   changes) and `text`. `thresholds`: what was allowed (shares; `null` where nothing counts). `judged`: how noise was told.
/// - `summary`: how often what changed; `values` are answers that differ in their values only, from which nothing is
///   concluded. `new_errors`: command lines that failed and did not before. `windowed`: there were too many differences for
///   the best alignment of the whole.
/// - `first_divergence`: `null`, or how many command lines are in `common` before it, and what each side does there:
///   a step, or `null` where the side is over.
/// - `changes`: those of one kind that read the same are one, with their `count`; `old` and `new` are the steps of the
///   first, `null` where a side has none. `masked`: they differ only in what is masked.
/// - A step: `line` or `packet`, `time_s`, `port`, `command`, `form`, `sent`, `answer` (its first line), `answers`,
///   `result`, `latency_s`.
/// - `findings`: members of a finding in `attrace.report/1` behind `change`: new or gone; `input` is 0 for the old session and 1 for
///   the new one. Fingerprints do not depend on the names of the files.
/// - `latency`: a row for each command that both sides have; `measure`: result or late. `throughput`: one for each kind
///   and direction of transfers; `basis`: transfers or parts. In both, `verdict` is slower, faster, within noise or too few
///   to judge, `change` the share by which the median moved, `p` what the rank test gave (`null`: not asked).
public enum DiffJSON {
  public static let schema = "attrace.diff/1"

  public static func text(_ diff: DiffReport, version: String) -> String {
    let comparison = diff.comparison
    var json = JSONText(pretty: true)
    json.object { json in
      json.string("schema", schema)
      json.object("tool") { json in
        json.string("name", "attrace")
        json.string("version", version)
      }
      json.object("old") { JSONMembers.input(diff.old, &$0) }
      json.object("new") { JSONMembers.input(diff.new, &$0) }
      let regressions = diff.regressions
      json.truth("regression", !regressions.isEmpty)
      json.array("reasons") { json in
        for one in regressions {
          json.object { json in
            json.string("kind", one.kind.rawValue)
            json.string("text", one.text)
          }
        }
      }
      json.array("remarks") { json in for remark in diff.remarks { json.string(nil, remark) } }
      json.object("thresholds") { thresholds(diff, &$0) }
      json.object("judged") { json in
        json.number("values", NoiseLimits.values)
        json.real("share", NoiseLimits.share)
        json.seconds("latency_s", NoiseLimits.time)
        json.real("p", NoiseLimits.probability)
        json.string("method", DiffReport.method)
      }
      json.object("summary") { json in
        for kind in Change.Kind.allCases { json.number(kind.rawValue, comparison.changes.counts[kind] ?? 0) }
        json.number("new_errors", comparison.newErrors)
        json.number("new_findings", comparison.newFindings.count)
        json.number("gone_findings", comparison.goneFindings.count)
        json.seconds("duration_change_s", diff.longer)
        json.truth("windowed", comparison.isWindowed)
      }
      if let found = comparison.divergence {
        json.object("first_divergence") { json in
          json.number("common", found.common)
          steps(found.old, found.new, diff, &json)
        }
      } else {
        json.string("first_divergence", nil)
      }
      json.array("changes") { json in
        for change in comparison.changes.list {
          json.object { json in
            json.string("kind", change.kind.rawValue)
            json.number("count", change.count)
            json.truth("masked", change.isHidden)
            steps(change.old, change.new, diff, &json)
          }
        }
      }
      json.number("changes_not_listed", comparison.changes.leftOut)
      json.array("findings") { json in
        for (word, list, input, index) in [
          ("new", comparison.newFindings, diff.new, 1), ("gone", comparison.goneFindings, diff.old, 0),
        ] {
          for found in list {
            json.object { json in
              json.string("change", word)
              JSONMembers.finding(found, of: input, index, &json)
            }
          }
        }
      }
      json.array("latency") { json in for one in comparison.latencies { json.object { latency(one, &$0) } } }
      json.array("throughput") { json in for one in comparison.transfers { json.object { transfer(one, &$0) } } }
    }
    return json.text + "\n"
  }

  private static func thresholds(_ diff: DiffReport, _ json: inout JSONText) {
    let limits = diff.comparison.limits
    json.string("fail_on", diff.failOn?.name ?? "never")
    json.real("latency", limits.latency)
    json.real("throughput", limits.throughput)
    json.number("new_errors", limits.newErrors)
    json.number("changes", limits.changes)
  }

  private static func steps(_ old: Step?, _ new: Step?, _ diff: DiffReport, _ json: inout JSONText) {
    step("old", old, diff.old, diff.oldTexts, &json)
    step("new", new, diff.new, diff.newTexts, &json)
  }

  private static func step(
    _ key: String, _ step: Step?, _ input: InputReport, _ texts: Transcript, _ json: inout JSONText
  ) {
    guard let step else { return json.string(key, nil) }
    json.object(key) { json in
      json.number("line", input.isCapture ? nil : step.place)
      json.number("packet", input.isCapture ? step.place : nil)
      json.seconds("time_s", step.sent.isKnown ? step.sent.nanoseconds : nil)
      json.string("port", input.portName(step.port))
      json.string("command", texts.name(of: step))
      json.string("form", step.form.name)
      json.string("sent", texts.text(of: step))
      json.string("answer", texts.answer(of: step))
      json.number("answers", step.answers)
      json.string("result", texts.result(of: step))
      json.seconds("latency_s", step.wait >= 0 ? step.wait : nil)
    }
  }

  private static func shift(_ shift: Shift, _ isRegression: Bool, _ json: inout JSONText) {
    json.string("verdict", DiffWords.verdict(shift, slower: "slower", faster: "faster"))
    json.real("change", shift.change)
    json.real("p", shift.probability)
    json.truth("regression", isRegression)
  }

  private static func latency(_ one: LatencyShift, _ json: inout JSONText) {
    json.string("command", one.command)
    json.string("form", one.form)
    json.string("measure", one.measure.rawValue)
    for (key, side) in [("old", one.old), ("new", one.new)] {
      json.object(key) { json in
        json.number("n", side.count)
        json.seconds("p50_s", side.median)
        json.seconds("p90_s", side.p90)
      }
    }
    shift(one.shift, one.isRegression, &json)
  }

  private static func transfer(_ one: TransferShift, _ json: inout JSONText) {
    json.string("kind", one.kind.name)
    json.string("direction", one.direction == .hostToModem ? "host-to-modem" : "modem-to-host")
    for (key, side) in [("old", one.old), ("new", one.new)] {
      json.object(key) { json in
        json.number("n", side.count)
        json.number("complete", side.complete)
        json.number("payload_bytes", side.payloadBytes)
        json.real("throughput_Bps", side.throughput)
        json.seconds("longest_stall_s", side.longestStall)
      }
    }
    json.string("basis", one.basis == .parts ? "parts" : "transfers")
    shift(one.shift, one.isRegression, &json)
  }
}
