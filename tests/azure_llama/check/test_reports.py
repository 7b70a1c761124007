"""One report in every form: valid, whole, and safe to show."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from junitparser import JUnitXml
from lxml import etree

from azure_llama.check.checking import check
from azure_llama.check.judging import Terms
from azure_llama.check.report import Costs, Report
from azure_llama.check.reports import FORMS
from azure_llama.check.reports.terminal import rows, show
from azure_llama_policies.exemptions import Exemption
from azure_llama_policies.frameworks import NETWORK
from azure_llama_policies.ledger import Ledger
from azure_llama_policies.rule import Context, Level, NotSeenError, Resource, ResourceRule, Severity, Violation
from tests.azure_llama.conftest import Make

DATA = Path(__file__).parent / "data"
TODAY = date(2026, 11, 25)
NASTY = "it's | `bad` <script>alert(1)</script> @everyone \x1b[31m\x00\u202e [link](http://x)\nnext"
PROGRAM = """
import pulumi
class Raw(pulumi.CustomResource):
    def __init__(self, type_, name, props=None):
        super().__init__(type_, name, props or {})
for name in ("bad", "blind", "warned", "good", "exempt"):
    Raw("azure-native:a:B", name, {"size": name})
"""


def _check(resource: Resource, _context: Context) -> Iterator[Violation]:
    if resource.name == "blind":
        raise NotSeenError("'size' is not known", "size")
    if resource.name in ("bad", "exempt"):
        yield Violation(NASTY, "size")


def _warn(resource: Resource, _context: Context) -> Iterator[str]:
    if resource.name == "warned":
        yield "mind the gap"


def rule(id_: str, **other: Any) -> ResourceRule:
    """A rule of these tests."""
    texts = {"title": "It is good.", "what": "The size.", "why": "It costs.", "fix": "Make it good."}
    common: dict[str, Any] = {"severity": Severity.HIGH, "sources": (), "types": frozenset({"azure-native:a:B"})}
    return ResourceRule(id=id_, **{**texts, **common, **other})


RULES = (
    rule("size-good", check=_check, frameworks=NETWORK),
    rule("size-nice", check=_warn, level=Level.ADVISORY, severity=Severity.LOW),
)


@pytest.fixture
def report(make: Make, monkeypatch: pytest.MonkeyPatch) -> Report:
    """A report with something of everything."""
    monkeypatch.setattr("azure_llama.check.judging.all_rules", lambda: RULES)
    found = make(PROGRAM, "config:\n  sample:sizes: [bad, exempt]\n  sample:key: {secure: v1:hunter2}\n")
    exemptions = (
        Exemption(rule="size-good", target="exempt", reason=NASTY, owner="@team", expires=date(2027, 1, 1)),
        Exemption(rule="size-nice", target="none", reason="unused", owner="team", expires=date(2027, 1, 1)),
        Exemption(rule="size-nice", target="old", reason="over", owner="team", expires=date(2026, 1, 1)),
    )
    costs = Costs({"monthly": {"low": 1.0}}, "| a | b |\n| --- | --- |\n| x | 1 |", "1.00 USD a month")
    return check(found, Terms(TODAY, ledger=Ledger(exemptions, TODAY)), costs=lambda _: costs)


def test_a_report_fails_by_what_is_mandatory_expired_or_strict(report: Report) -> None:
    def ok(**changes: Any) -> bool:
        return Report(**{**vars(report), **changes}).ok

    assert not report.ok
    assert not ok(expired=())
    assert not ok(violations=())
    warned = [item for item in report.violations if not item.failing]
    sound = {"violations": warned, "expired": ()}
    assert len(warned) == 1
    assert ok(**sound)
    assert not ok(**sound, strict=True)
    assert not ok(**sound, merciless=True)
    assert ok(violations=warned, lenient=True)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_shows_everything_but_secrets_and_control_characters(report: Report, form: str) -> None:
    text = FORMS[form](report)
    for part in ("size-good", "size-nice", "mind the gap", "not known", "Pulumi.dev.yaml"):
        assert part in text
    plain = json.dumps(json.loads(text), ensure_ascii=False) if form in ("json", "sarif") else text
    assert "hunter2" not in text
    if form != "json":
        assert not re.search("[\x00\x1b\u202e]", plain)
    if form != "sarif":
        assert "over" in text


def test_sarif_is_valid_and_points_at_the_line(report: Report) -> None:
    from jsonschema import Draft4Validator

    data = json.loads(FORMS["sarif"](report))
    schema = json.loads((DATA / "sarif-2.1.0.json").read_text())
    assert [error.message for error in Draft4Validator(schema).iter_errors(data)] == []
    (run,) = data["runs"]
    by_name = {each["locations"][0]["logicalLocations"][0]["name"]: each for each in run["results"]}
    bad = by_name["bad"]["locations"][0]["physicalLocation"]
    assert bad["artifactLocation"] == {"uri": "Pulumi.dev.yaml", "uriBaseId": "%SRCROOT%"}
    assert bad["region"] == {"startLine": 2, "startColumn": 18, "endLine": 2, "endColumn": 21}
    assert {name: each["level"] for name, each in by_name.items()} == {
        "bad": "error",
        "warned": "warning",
        "blind": "note",
        "exempt": "error",
    }
    assert by_name["exempt"]["suppressions"][0]["kind"] == "external"
    assert "suppressions" not in by_name["bad"]
    assert run["automationDetails"]["id"] == "azure-llama-check/sample/dev/"
    security, other = run["tool"]["driver"]["rules"]
    assert security["properties"]["security-severity"] == "8.0"
    assert "security-severity" not in other["properties"]
    for each in (security, other):
        assert all(each[key] for key in ("shortDescription", "fullDescription", "help"))
        assert "markdown" in each["help"]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_a_fingerprint_stays_when_the_line_moves_and_differs_between_findings(
    report: Report, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def prints(given: Report) -> list[str]:
        results = json.loads(FORMS["sarif"](given))["runs"][0]["results"]
        return sorted(each["partialFingerprints"]["primaryLocationLineHash"] for each in results)

    moved = check(make(PROGRAM, "config:\n\n\n  # moved\n  sample:sizes: [exempt, bad]\n"), Terms(TODAY))
    assert prints(moved) == prints(report)
    assert len(set(prints(report))) == 4


def test_paths_are_relative_to_the_repository_and_have_slashes(report: Report, tmp_path: Path, make: Make) -> None:
    below = tmp_path / ".infra ä" / "llama"
    below.mkdir(parents=True)
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml", "__main__.py"):
        (tmp_path / name).rename(below / name)
    (tmp_path / ".git").mkdir()
    from azure_llama.stack import project

    found = check(project.load(below), Terms(TODAY))
    places = [
        each["locations"][0]["physicalLocation"] for each in json.loads(FORMS["sarif"](found))["runs"][0]["results"]
    ]
    assert {place["artifactLocation"]["uri"] for place in places} == {".infra%20%C3%A4/llama/Pulumi.dev.yaml"}
    assert ".infra ä/llama/Pulumi.dev.yaml:2:18: error" in FORMS["table"](found)


def test_a_file_outside_of_the_repository_goes_by_its_name(report: Report) -> None:
    places = [replace(item.place, file="/elsewhere/Pulumi.dev.yaml") for item in report.violations]
    moved = [replace(item, place=place) for item, place in zip(report.violations, places, strict=True)]
    results = json.loads(FORMS["sarif"](Report(**{**vars(report), "violations": moved})))["runs"][0]["results"]
    uris = {each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in results}
    assert uris == {"Pulumi.dev.yaml"}


def test_junit_is_valid_for_its_readers(report: Report) -> None:
    text = FORMS["junit"](report)
    schema = etree.XMLSchema(etree.parse(DATA / "junit-10.xsd"))
    schema.assertValid(etree.fromstring(text.encode()))
    suites = {suite.name: suite for suite in JUnitXml.fromstring(text.encode())}
    assert set(suites) == {"size-good", "size-nice", "exemptions"}
    good, nice = suites["size-good"], suites["size-nice"]
    assert (good.tests, good.failures, good.skipped) == (5, 1, 2)
    assert (nice.tests, nice.failures, nice.skipped) == (5, 0, 1)
    assert suites["exemptions"].failures == 1


def test_strict_makes_failures_of_what_was_not_seen(report: Report) -> None:
    strict = Report(**{**vars(report), "strict": True})
    suites = {suite.name: suite for suite in JUnitXml.fromstring(FORMS["junit"](strict).encode())}
    assert (suites["size-good"].failures, suites["size-good"].skipped) == (2, 1)


def test_json_has_the_documented_keys(report: Report) -> None:
    data = json.loads(FORMS["json"](report))
    assert list(data) == [
        *(
            "schemaVersion",
            "project",
            "stack",
            "asOf",
            "strict",
            "ok",
            "evaluated",
            "rules",
            "resources",
            "violations",
            "notSeen",
        ),
        *("exempted", "exemptions", "costs", "notes"),
    ]
    assert data["schemaVersion"] == 1
    assert data["rules"]["size-good"] == {"passed": 2, "violated": 1, "not seen": 1}
    (bad,) = [each for each in data["violations"] if each["level"] == "mandatory"]
    assert (bad["name"], bad["path"], bad["line"], bad["column"]) == ("bad", "size", 2, 18)
    (exempted,) = data["exempted"]
    assert exempted["exemption"]["owner"] == "@team"
    assert exempted["exemption"]["expires"] == "2027-01-01"
    assert [each["target"] for each in data["exemptions"]["unused"]] == ["none"]
    assert data["costs"] == {"monthly": {"low": 1.0}}
    documented = (Path(__file__).parents[3] / "docs" / "check.md").read_text()
    for key in {*data, *bad, *exempted["exemption"]}:
        assert f"`{key}`" in documented


def test_markdown_lets_nobody_speak_but_us(report: Report) -> None:
    text = FORMS["markdown"](report)
    assert text.startswith("<!-- azure-llama check: sample/dev -->\n## sample/dev: ❌ failed")
    assert "<script>" not in text
    assert "@everyone" not in text
    assert not re.search(r"(?<!\\)\]\(", text)
    tables = [line for line in text.splitlines() if line.startswith("|")]
    cells = {line.count("|") - line.count("\\|") for line in tables if "bad" in line}
    assert cells == {5}
    for part in ("### Expired exemptions", "### Unused exemptions", "### Exempted", "### Costs", "Resources: 5"):
        assert part in text


def test_a_comment_is_never_longer_than_github_takes(report: Report) -> None:
    many = Report(
        **{
            **vars(report),
            "violations": list(report.violations) * 4000,
            "unseen": list(report.unseen) * 4000,
            "exempted": list(report.exempted) * 4000,
            "costs": Costs({}, "x" * 100_000, "much"),
            "notes": ["n" * 70_000],
        }
    )
    text = FORMS["markdown"](many)
    assert len(text.encode()) < 65_536
    assert "more; `azure-llama check` lists them all." in text
    assert "much" in text


def test_sarif_keeps_the_worst_of_too_many(report: Report) -> None:
    warned = [item for item in report.violations if not item.failing]
    bad = [item for item in report.violations if item.failing]
    many = Report(**{**vars(report), "violations": warned * 6000 + bad})
    run = json.loads(FORMS["sarif"](many))["runs"][0]
    assert len(run["results"]) == 5000
    assert run["results"][0]["level"] == "error"
    assert any(
        "more findings are left out" in note["message"]["text"]
        for note in run["invocations"][0]["toolExecutionNotifications"]
    )


def test_lines_are_what_tools_read(report: Report) -> None:
    lines = FORMS["table"](report).splitlines()
    assert lines[0].startswith("Pulumi.dev.yaml:2:18: error    size-good: it's | `bad` <script>")
    assert len({line.index(": ", len("Pulumi.dev.yaml:2:18: ")) for line in lines[:4]}) == 1
    assert lines[-1].startswith("sample/dev on 2026-11-25: FAILED: 1 violation, 1 warning, 1 not seen, 1 exempted")
    assert any(line.startswith("error: an exemption has expired: size-nice for old") for line in lines)
    assert "costs: 1.00 USD a month" in lines


def test_a_terminal_gets_tables_whatever_the_texts_hold(report: Report, capsys: pytest.CaptureFixture[str]) -> None:
    show(report)
    said = capsys.readouterr().out
    for part in ("error     size-good", "size-good", "mind the gap", "FAILED", "costs: 1.00 USD"):
        assert part in said
    assert "\x00" not in said


def test_a_terminal_shows_errors_first_and_the_findings_of_one_rule_together(report: Report) -> None:
    warned, (bad,) = ([item for item in report.violations if item.failing is failing] for failing in (False, True))
    again = [replace(warned[0], place=replace(warned[0].place, line=9)), *warned, bad]
    lines = [text for text, _ in rows(Report(**{**vars(report), "violations": again}), 100, 50)]
    assert [line.split("  ")[0] for line in lines if not line.startswith("  ")][:4] == [
        *("error", "warning", "not seen", "exempted")
    ]
    (grouped,) = [line for line in lines if line.startswith("warning")]
    assert "Pulumi.dev.yaml:9:" in grouped
    assert lines[lines.index(grouped) + 1] == "  mind the gap"


def test_xml_is_xml(report: Report) -> None:
    assert ElementTree.fromstring(FORMS["junit"](report)).tag == "testsuites"  # noqa: S314 - our own
