"""A report in each form: results, remediation, times, and nothing that a terminal or Markdown would obey."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime

import pytest

from azure_llama.preflight import CheckRun, Report, Result, reports
from azure_llama.preflight.progress import Lines
from azure_llama.preflight.results import failed, passed, skipped, unknown

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


def report(*runs: tuple[str, list[Result]], seconds: float = 2.0) -> Report:
    done = tuple(CheckRun(name, f"{name}?", tuple(results), 1.0 + index) for index, (name, results) in enumerate(runs))
    return Report(done, seconds, "sub", "eastus2", "a client secret", NOW, NOW)


GOOD = passed("a", "fine")
BAD = failed("b", "cores\nare | missing \x1b[31m\u202e<b>", "az do *this*")
OPEN = unknown("c", "Azure does not say")
NONE = skipped("d", "nothing to ask")


@pytest.mark.parametrize(
    ("results", "code"),
    [
        ([GOOD], 0),
        ([NONE], 0),
        ([GOOD, NONE], 0),
        ([GOOD, OPEN], 4),
        ([OPEN, NONE], 4),
        ([GOOD, OPEN, BAD], 1),
        ([BAD], 1),
    ],
)
def test_the_worst_result_decides(results: list[Result], code: int) -> None:
    assert report(("one", results)).exit_code == code
    assert report(*((str(index), [each]) for index, each in enumerate(results))).exit_code == code


def test_the_time_of_all_is_told_against_that_of_the_slowest() -> None:
    found = report(("one", [GOOD]), ("two", [OPEN]))
    assert (found.slowest and found.slowest.name, found.ratio) == ("two", 1.0)
    assert "1 pass, 1 unknown; 2.0 s, 1.00 times the slowest check (two)" in reports.summary(found)
    assert reports.summary(report()) == ""


def test_json_has_everything() -> None:
    found = json.loads(reports.as_json(report(("one", [GOOD]), ("two", [BAD, OPEN]))))
    assert (found["status"], found["exitCode"], found["ratio"], found["slowest"]) == ("fail", 1, 1.0, "two")
    assert [check["status"] for check in found["checks"]] == ["pass", "fail"]
    assert found["checks"][1]["results"][0] == {
        "subject": "b",
        "status": "fail",
        "evidence": BAD.evidence,
        "remediation": BAD.remediation,
    }


def test_lines_line_up_with_the_remediation_below_whatever_azure_says() -> None:
    lines = reports.as_lines(report(("one", [GOOD]), ("two", [BAD])))
    assert lines == [
        "status  check  answer",
        "pass    one    a: fine",
        "fail    two    b: cores are | missing [31m<b>",
        "  remediation: az do *this*",
    ]


def test_markdown_keeps_its_columns() -> None:
    text = reports.as_markdown(report(("two", [BAD])))
    row = next(line for line in text.splitlines() if line.startswith("| two"))
    assert row.replace("\\|", "").count("|") == 6
    assert "&lt;b&gt;" in row
    assert "\u202e" not in row
    assert "az do \\*this\\*" in row


def test_a_terminal_gets_a_table_and_the_ways_out(capsys: pytest.CaptureFixture[str]) -> None:
    reports.show(report(("one", [GOOD]), ("two", [BAD, OPEN])))
    text = capsys.readouterr().out
    assert "FAIL two: b" in text
    assert "az do *this*" in text
    assert "UNKNOWN two: c" in text
    assert "\u202e" not in text


def test_progress_is_a_line_a_check(capsys: pytest.CaptureFixture[str]) -> None:
    found = report(("one", [GOOD]), ("two", [BAD]))
    with Lines(("one", "two")) as lines:
        for each in found.runs:
            lines.ended(each)
    assert capsys.readouterr().err == "one: pass (1.00 s)\ntwo: fail (2.00 s)\n"


def test_on_a_terminal_it_is_a_bar(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    found = report(("one", [GOOD]))
    with Lines(("one",)) as lines:
        lines.ended(found.runs[0])
    assert "one: pass" not in capsys.readouterr().err
