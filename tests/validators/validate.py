"""Holds reports against other people's readers of their formats.

    python validate.py SCHEMA FOLDER...

SCHEMA is schemas/report.v1.json. Each FOLDER holds one run in every format, as `report.<extension>`.
Prints what is wrong, one line each, and ends with 1 if anything is. SARIF has a validator of its own,
which is no Python: see `.ci/run`.
"""

import csv
import io
import json
import pathlib
import sys

import cmarkgfm
import jsonschema
import junitparser
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema
from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding
from trestle.oscal.assessment_results import Model as AssessmentResults


def rows(report):
    """How many items a report has, and how many manual checks."""
    policies = report["policies"]
    return sum(len(p["items"]) for p in policies), sum(len(p["manual"]) for p in policies)


def check_json(text, report, schema):
    validator = jsonschema.Draft202012Validator(schema)
    yield from (f"{error.json_path}: {error.message}" for error in validator.iter_errors(json.loads(text)))


def check_ndjson(text, report, schema):
    # As most readers split: at every line end that Unicode knows.
    records = [json.loads(line) for line in text.splitlines()]
    items = [record for record in records if record["record"] == "item"]
    if len(items) != rows(report)[0]:
        yield f"{len(items)} items of {rows(report)[0]}"
    if {record["run_id"] for record in records} != {report["run"]["id"]}:
        yield "records of another run"


def check_csv(text, report, schema):
    table = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    items, manual = rows(report)
    if len(table) != 2 + len(report["policies"]) + items + manual:
        yield f"{len(table)} rows"
    for number, row in enumerate(table, 1):
        if len(row) != len(table[0]):
            yield f"row {number} has {len(row)} cells of {len(table[0])}"
        for cell in row:
            if cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
                yield f"row {number} has a formula: {cell[:40]}"


def check_md(text, report, schema):
    page = cmarkgfm.github_flavored_markdown_to_html(text, options=cmarkgfm.Options.CMARK_OPT_UNSAFE)
    for tag in ("<script", "<img", "<!--", "<a "):
        if tag in page:
            yield f"a name became {tag}"
    if page.count("<details>") != page.count("</details>"):
        yield "a fold is left open"


def check_junit(text, report, schema):
    xml = junitparser.JUnitXml.fromstring(text.encode())
    items = rows(report)[0]
    stopped = 1 if report["run"].get("stopped") else 0
    cases = [case for suite in xml for case in suite]
    if len(cases) != items + stopped:
        yield f"{len(cases)} cases of {items + stopped}"
    kinds = {"Failure": ("missing", "excess"), "Skipped": ("unverified", "waived", "attested")}
    for kind, statuses in kinds.items():
        wanted = sum(item["status"] in statuses for p in report["policies"] for item in p["items"])
        found = sum(any(type(result).__name__ == kind for result in case.result) for case in cases)
        if wanted != found:
            yield f"{found} cases are {kind}, not {wanted}"


def check_gitlab(text, report, schema):
    issues = json.loads(text)
    prints = [issue["fingerprint"] for issue in issues]
    if len(set(prints)) != len(prints):
        yield "a fingerprint stands twice"
    for issue in issues:
        if issue["severity"] not in ("info", "minor", "major", "critical", "blocker"):
            yield f"severity {issue['severity']}"
        if not (issue["description"] and issue["check_name"] and issue["location"]["path"]):
            yield "an empty key"
        if issue["location"]["lines"]["begin"] < 1:
            yield "a line before the first"


def check_github(text, report, schema):
    commands = [line for line in text.splitlines() if line.startswith("::")]
    if not 1 <= len(commands) <= 10:
        yield f"{len(commands)} annotations"
    for line in text.splitlines():
        if not line.startswith(("::error ", "::warning ", "::notice ", "SIMULATED")) or "##[" in line:
            yield f"not a command of ours: {line[:60]}"


def check_ocsf(text, report, schema):
    events = json.loads(text)
    if len(events) != rows(report)[0] + len(report["policies"]):
        yield f"{len(events)} events"
    official = OcsfJsonSchemaEmbedded(get_ocsf_schema("1.5.0")).get_class_schema("compliance_finding")
    validator = jsonschema.Draft202012Validator(official)
    for number, event in enumerate(events):
        yield from (f"event {number}: {error.json_path}: {error.message}" for error in validator.iter_errors(event))
        ComplianceFinding.model_validate(event)


def check_oscal(text, report, schema):
    document = json.loads(text)
    AssessmentResults.parse_obj(document)
    uuids = []

    def walk(node, key=""):
        if isinstance(node, dict):
            for name, value in node.items():
                walk(value, name)
        elif isinstance(node, list):
            for value in node:
                walk(value, key)
        elif key == "uuid":
            uuids.append(node)

    walk(document)
    if len(set(uuids)) != len(uuids):
        yield "a uuid stands twice"
    results = document["assessment-results"]["results"]
    observed = sum(len(result.get("observations", [])) for result in results)
    if observed != rows(report)[0]:
        yield f"{observed} observations of {rows(report)[0]}"


CHECKS = {
    "json": check_json,
    "ndjson": check_ndjson,
    "csv": check_csv,
    "md": check_md,
    "junit.xml": check_junit,
    "gitlab.json": check_gitlab,
    "github.txt": check_github,
    "ocsf.json": check_ocsf,
    "oscal.json": check_oscal,
}


def main(schema_file, *folders):
    schema = json.loads(pathlib.Path(schema_file).read_text("utf-8"))
    wrong = 0
    done = 0
    for folder in map(pathlib.Path, folders):
        report = json.loads((folder / "report.json").read_text("utf-8"))
        for extension, check in CHECKS.items():
            file = folder / f"report.{extension}"
            text = file.read_bytes().decode("utf-8")
            done += 1
            try:
                problems = list(check(text, report, schema))
            except Exception as error:  # whatever a reader says against it
                problems = [f"{type(error).__name__}: {error}"]
            if report["run"]["simulated"] and "SIMULATED" not in text.split("\n", 1)[0]:
                problems.append("the first line does not say SIMULATED")
            for problem in problems:
                print(f"{file}: {problem}")
            wrong += len(problems)
    print(f"{done} reports read, {wrong} problems")
    return 1 if wrong or not done else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
