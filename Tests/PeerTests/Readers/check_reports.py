"""Reads reports of attrace with programs that attrace shares nothing with, and prints what is wrong with them.

usage: check_reports.py SCHEMAS FILE...     what a file holds is told by its name, as in KINDS below
"""

import copy
import csv
import functools
import io
import json
import pathlib
import re
import sqlite3
import sys
import xml.etree.ElementTree as ElementTree

import jsonschema
import junitparser
from referencing import Registry, Resource

PROBLEM_LIMIT = 20
HERE = pathlib.Path(__file__).parent
# What no output may hold as it is: control characters, and marks that turn the direction of text or are not seen.
HIDDEN = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
problems = []


def expect(condition, *words):
    if not condition:
        problems.append(" ".join(str(word) for word in words))


# JSON: the published schemas allow members to come; here each must be described.


def closed(schema, is_value=True):
    """The schema with no member allowed that it does not name."""
    if not isinstance(schema, dict):
        return schema
    result = dict(schema)
    for key in ("properties", "$defs"):
        if key in result:
            result[key] = {name: closed(part, key == "properties") for name, part in result[key].items()}
    if "items" in result:
        result["items"] = closed(result["items"])
    if is_value and "additionalProperties" not in result and "const" not in result and "enum" not in result:
        if {"properties", "allOf", "$ref"} & result.keys():
            result["unevaluatedProperties"] = False
    return result


@functools.cache
def registry(folder):
    resources = []
    for path in sorted(pathlib.Path(folder).glob("*.schema.json")):
        schema = json.loads(path.read_text())
        jsonschema.Draft202012Validator.check_schema(schema)
        resources.append((path.name, Resource.from_contents(closed(schema, is_value=False))))
    return Registry().with_resources(resources)


@functools.cache
def validator(folder, name):
    schema = json.loads((pathlib.Path(folder) / f"{name}.schema.json").read_text())
    return jsonschema.Draft202012Validator(closed(schema), registry=registry(folder))


def validate(where, value, name, folder):
    for error in list(validator(folder, name).iter_errors(value))[:3]:
        expect(False, where, "/".join(map(str, error.absolute_path)), error.message[:300])


def unique_members(pairs):
    names = [name for name, _ in pairs]
    expect(len(names) == len(set(names)), "a member stands twice among", names)
    return dict(pairs)


def load(text):
    def constant(word):
        raise ValueError(f"{word} is no JSON")

    return json.loads(text, object_pairs_hook=unique_members, parse_constant=constant)


def check_report(path, text):
    report = load(text)
    validate(path, report, "report", SCHEMAS)
    for severity in ("error", "warning", "note"):
        found = sum(1 for one in report["findings"] if one["severity"] == severity and not one.get("known"))
        expect(report["summary"][severity + "s"] == found, path, severity, "count")
    for one in report["findings"]:
        expect(one["input"] < len(report["inputs"]), path, "input of", one["rule"])
        expect((one["line"] is None) != (one["packet"] is None), path, "line or packet of", one["rule"])
    for one in report["transfers"]:
        shares = [share for share in one["budget"].values() if share is not None]
        expect(not shares or abs(sum(shares) - 1) < 1e-4, path, "shares of", one["line"])


def check_lines(name, last=None):
    def check(path, text):
        rows = text.split("\n")
        expect(rows.pop() == "", path, "the last line has no end")
        # Lines of one shape and kind are alike; a few of each are enough for a slow validator.
        seen = {}
        for number, row in enumerate(rows, 1):
            value = load(row)
            expect(next(iter(value)) == "type", path, number, "type does not stand first")
            shape = (value["type"], tuple((key, type(part).__name__) for key, part in value.items()))
            seen[shape] = seen.get(shape, 0) + 1
            if seen[shape] <= 25:
                validate(f"{path}:{number}", value, name, SCHEMAS)
        if last:
            expect(rows and load(rows[-1])["type"] == last, path, "ends with no", last)

    return check


def check_document(name):
    return lambda path, text: validate(path, load(text), name, SCHEMAS)


# SARIF


def check_sarif(path, text):
    log = load(text)
    schema = json.loads((HERE / "sarif.schema.json").read_text())
    for error in list(jsonschema.Draft202012Validator(schema).iter_errors(log))[:3]:
        expect(False, path, "/".join(map(str, error.absolute_path)), error.message[:300])
    for run in log["runs"]:
        rules, artifacts = run["tool"]["driver"]["rules"], run["artifacts"]
        expect(len({rule["id"] for rule in rules}) == len(rules), path, "a rule stands twice")
        marks = set()
        for result in run["results"]:
            expect(rules[result["ruleIndex"]]["id"] == result["ruleId"], path, "ruleIndex of", result["ruleId"])
            for location in result["locations"] + result.get("relatedLocations", []):
                place = location["physicalLocation"]["artifactLocation"]
                expect(artifacts[place["index"]]["location"]["uri"] == place["uri"], path, "index of", place["uri"])
            artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]["index"]
            mark = (result["partialFingerprints"]["attrace/v1"], artifact, result["properties"]["profile"])
            expect(mark not in marks, path, "two results have one fingerprint:", result["ruleId"])
            marks.add(mark)


# JUnit: what the schema that build servers share asks for.

JUNIT = {
    "testsuites": ({"name", "tests", "failures", "errors", "time"}, {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors", "skipped", "time", "timestamp"}, {"properties", "testcase"}),
    "properties": (set(), {"property"}),
    "property": ({"name", "value"}, set()),
    "testcase": ({"name", "classname", "time"}, {"skipped", "failure", "system-out"}),
    "skipped": ({"message"}, set()),
    "failure": ({"message", "type"}, set()),
    "system-out": (set(), set()),
}
OPTIONAL = {"timestamp"}


def check_junit(path, text):
    root = ElementTree.fromstring(text)
    expect(root.tag == "testsuites", path, "the root is", root.tag)
    for element in root.iter():
        attributes, children = JUNIT.get(element.tag, (set(), set()))
        expect(element.tag in JUNIT, path, "unknown element", element.tag)
        expect(set(element.attrib) <= attributes, path, element.tag, set(element.attrib) - attributes)
        expect(attributes - OPTIONAL <= set(element.attrib), path, element.tag, attributes - set(element.attrib))
        expect({child.tag for child in element} <= children, path, "within", element.tag)
        for name in ("tests", "failures", "errors", "skipped"):
            if name in element.attrib:
                expect(element.attrib[name].isdigit(), path, name, element.attrib[name])
        if "time" in element.attrib:
            expect(float(element.attrib["time"]) >= 0, path, "time", element.attrib["time"])
    for suite in root:
        order = [child.tag for child in suite]
        expect(order == sorted(order, key=["properties", "testcase"].index), path, "order within a suite")
        cases = suite.findall("testcase")
        for name, count in (("tests", len(cases)), ("failures", len(suite.findall("testcase/failure"))), ("skipped", len(suite.findall("testcase/skipped")))):
            expect(int(suite.get(name)) == count, path, name, "of", suite.get("name"))
        names = [(case.get("classname"), case.get("name")) for case in cases]
        expect(len(names) == len(set(names)), path, "a case stands twice")
    for name in ("tests", "failures"):
        expect(int(root.get(name)) == sum(int(suite.get(name)) for suite in root), path, name, "of all")
    parsed = junitparser.JUnitXml.fromstring(text.encode())
    failed = [case for suite in parsed for case in suite for result in case.result if isinstance(result, junitparser.Failure)]
    expect(len(failed) == int(root.get("failures")), path, "junitparser sees", len(failed), "failures")


# Tables


def check_csv(first, columns):
    def check(path, text):
        raw = text.split("\r\n")
        expect(raw[-1] == "" and "\n" not in text.replace("\r\n", ""), path, "lines do not end with CR LF")
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        expect(rows[0][:2] == first and len(rows[0]) == columns, path, "heading", rows[0])
        for number, row in enumerate(rows[1:], 2):
            expect(len(row) == columns, path, number, len(row), "columns")
            for cell in row:
                is_number = re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", cell)
                expect(is_number or not cell.startswith(FORMULA), path, number, "a formula:", cell[:40])

    return check


def check_database(path, _):
    base = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    expect(base.execute("PRAGMA integrity_check").fetchone() == ("ok",), path, "integrity")
    expect(not base.execute("PRAGMA foreign_key_check").fetchall(), path, "foreign keys")
    expect(base.execute("PRAGMA user_version").fetchone() == (1,), path, "version")
    names = base.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')").fetchall()
    for (name,) in names:
        for row in base.execute(f"SELECT * FROM {name}"):
            for value in row:
                if isinstance(value, str):
                    expect(not HIDDEN.search(value) and "\n" not in value, path, name, "holds", ascii(value[:60]))
    for (number, total, listed) in base.execute(
        "SELECT id, transactions, (SELECT count(*) FROM transactions t WHERE t.input = i.id) FROM inputs i"
    ):
        expect(total == listed, path, "input", number, "has", listed, "of", total, "transactions")
    for (number, total, listed) in base.execute(
        "SELECT id, errors + warnings + notes, (SELECT count(*) FROM findings f WHERE f.input = i.id AND NOT known) FROM inputs i"
    ):
        expect(total == listed, path, "input", number, "has", listed, "of", total, "findings")


# Timelines


def check_timeline(path, text):
    trace = load(text)
    lanes, ends = {}, {}
    for event in trace["traceEvents"]:
        where = (event["pid"], event.get("tid"))
        expect(event["ph"] in "MXi", path, "phase", event["ph"])
        if event["ph"] == "M":
            lanes.setdefault(where, set()).add(event["name"])
            continue
        expect({"thread_name", "thread_sort_index"} <= lanes.get(where, set()), path, "a lane without a name", where)
        expect(isinstance(event["ts"], (int, float)), path, "ts of", event)
        if event["ph"] == "X":
            expect(event["dur"] >= 0, path, "dur of", event)
            before = ends.get(where)
            if before and event["ts"] >= before[0]:
                expect(event["ts"] >= before[1] - 1e-3, path, "overlap in", where, "at", event["ts"])
            ends[where] = (event["ts"], event["ts"] + event["dur"])
        else:
            expect(event["s"] == "t", path, "scope of", event)


def check_annotations(path, text):
    for row in text.splitlines():
        expect(re.match(r"::(error|warning|notice) file=[^,]*(,line=\d+)?,title=[^:,]+::", row), path, row[:80])


def check_nothing(path, text):
    pass


KINDS = [
    (".report.jsonl", check_lines("report-lines", last="summary")),
    (".session.jsonl", check_lines("session-lines")),
    (".live.jsonl", check_lines("live-lines", last="summary")),
    (".chunks.jsonl", check_lines("chunk-lines")),
    (".report.json", check_report),
    (".baseline.json", check_document("baseline")),
    ("manifest.json", check_document("manifest")),
    (".timeline.json", check_timeline),
    (".sarif", check_sarif),
    (".junit.xml", check_junit),
    (".transactions.csv", check_csv(["input", "transaction"], 17)),
    (".transfers.csv", check_csv(["input", "transfer"], 27)),
    (".db", check_database),
    (".annotations.txt", check_annotations),
    (".report.txt", check_nothing),
    (".html", check_nothing),
]

SCHEMAS = sys.argv[1]
for name in sys.argv[2:]:
    try:
        check = next((check for end, check in KINDS if name.endswith(end)), None)
        if check is None:
            expect(False, name, "is of no known kind")
            continue
        text = ""
        if check is not check_database:
            with open(name, encoding="utf-8", newline="") as file:
                text = file.read()
            hidden = HIDDEN.search(text)
            expect(not hidden, name, "holds", hidden and ascii(text[max(0, hidden.start() - 20) : hidden.end() + 20]))
            expect(name.endswith(".csv") or "\r" not in text, name, "holds a bare CR")
            expect(name.endswith(".html") or "\t" not in text, name, "holds a tabulator")
        check(name, text)
    except Exception as error:  # whatever a reader says of it
        expect(False, name, type(error).__name__, ascii(str(error))[:300])
for problem in problems[:PROBLEM_LIMIT]:
    print(problem)
if len(problems) > PROBLEM_LIMIT:
    print(f"and {len(problems) - PROBLEM_LIMIT} more")
print(f"{len(sys.argv) - 2} files, {len(problems)} problems")
sys.exit(1 if problems else 0)
