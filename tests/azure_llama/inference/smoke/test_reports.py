"""The same results in three forms, whatever an endpoint says."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from azure_llama.inference.smoke import Check, ContentFilter, Outcome, Result, Speed, reports

GOOD = Result(
    name="chat",
    endpoint="chat",
    deployment=None,
    kind="serverless",
    model="Llama-3.3-70B-Instruct",
    url="https://chat.example/v1/chat/completions",
    auth="Key",
    checks=(
        Check("health", Outcome.PASSED, "answers", 0.25),
        Check("answer", Outcome.PASSED, "A llama is " + "very " * 20 + "woolly.", 0.5),
        Check("content filter", Outcome.UNKNOWN, "on (declared)", 0),
    ),
    speed=Speed(0.125, 40.0),
    content_filter=ContentFilter(True, None),
)
NASTY = "\x1b[31mred\u202e\x00\x07 <&\"' \ud800 tab\tline\u2028 é"
BAD = replace(
    GOOD,
    name="e/green",
    endpoint="e",
    deployment="green",
    checks=(Check("health", Outcome.PASSED, "answers", 0.25), Check("answer", Outcome.FAILED, NASTY, 1.0)),
    speed=None,
    content_filter=ContentFilter(None, False),
)


def test_json_has_everything() -> None:
    report = json.loads(reports.as_json([GOOD, BAD]))
    assert report["ok"] is False
    good, bad = report["endpoints"]
    assert (good["name"], good["deployment"], good["ok"]) == ("chat", None, True)
    assert (good["firstTokenSeconds"], good["tokensPerSecond"]) == (0.125, 40.0)
    assert good["contentFilter"] == {"declared": True, "observed": None}
    assert good["checks"][0] == {"name": "health", "outcome": "passed", "detail": "answers", "seconds": 0.25}
    assert (bad["deployment"], bad["firstTokenSeconds"]) == ("green", None)
    assert json.loads(reports.as_json([GOOD]))["ok"] is True


def test_junit_has_a_suite_an_endpoint_and_parses_whatever_was_said() -> None:
    root = ElementTree.fromstring(reports.as_junit([GOOD, BAD]))  # noqa: S314 - our own
    assert (root.tag, root.attrib) == ("testsuites", {})
    good, bad = root
    assert good.attrib == {
        "name": "chat",
        "tests": "3",
        "failures": "0",
        "errors": "0",
        "skipped": "1",
        "time": "0.750",
    }
    properties = {each.attrib["name"]: each.attrib["value"] for each in good.iter("property")}
    assert properties["firstTokenSeconds"] == "0.125"
    assert properties["contentFilter"] == "on (declared)"
    assert [case.attrib["name"] for case in good.iter("testcase")] == ["health", "answer", "content filter"]
    assert [case.attrib["classname"] for case in bad.iter("testcase")] == ["smoke.e/green"] * 2
    (skipped,) = good.iter("skipped")
    assert (skipped.text, skipped.attrib) == ("on (declared)", {})
    (failure,) = bad.iter("failure")
    # A reader makes a blank of a tab within an attribute unless it is escaped, as it is.
    assert failure.attrib["message"] == failure.text == "[31mred <&\"'  tab\tline\u2028 é"


def test_lines_are_a_table_for_pipes() -> None:
    head, good, bad, complaint = reports.as_lines([GOOD, BAD])
    columns, *cells = (re.split(" {2,}", row) for row in (head, good, bad))
    rows = [dict(zip(columns, row, strict=True)) for row in cells]
    assert head.index("result") == good.index("ok  ") == bad.index("FAILED")
    assert (rows[0]["endpoint"], rows[0]["result"], rows[0]["health"], rows[0]["stream"]) == ("chat", "ok", "ok", "-")
    assert (rows[0]["first token"], rows[0]["tokens/s"]) == ("0.125 s", "40.0")
    assert rows[0]["first words"].endswith(" very ...")
    assert (rows[1]["result"], rows[1]["answer"], rows[1]["content filter"]) == ("FAILED", "FAILED", "off (seen)")
    assert complaint.startswith("FAILED e/green: answer: [31mred <&")


def test_a_terminal_gets_a_table_that_obeys_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    lines: list[str] = []
    odd = replace(GOOD, model="[red]model[/]")
    reports.show([odd, BAD], lines.append)
    shown = capsys.readouterr().out
    assert "Smoke test" in shown
    assert "\x07" not in shown
    assert lines == reports.complaints([odd, BAD])


def test_an_answer_cannot_change_the_direction_of_a_report(capsys: pytest.CaptureFixture[str]) -> None:
    sly = replace(GOOD, checks=(Check("answer", Outcome.PASSED, "a\u202eb\u2066c\u200fd", 0.1),), model="m\u202e")
    reports.show([sly, BAD], print)
    for text in (reports.as_junit([sly, BAD]), "\n".join(reports.as_lines([sly, BAD])), capsys.readouterr().out):
        assert not set(text) & set("\u202e\u2066\u200f")


REPEATED = replace(GOOD, name="a|b", repeated=(Speed(0.125, 40.0), Speed(0.25, 40.0)))


def test_repeated_streams_have_percentiles_and_a_histogram_in_every_form() -> None:
    figures = json.loads(reports.as_json([REPEATED]))["endpoints"][0]["firstTokenLatency"]
    assert figures == {"min": 0.125, "p50": 0.125, "p90": 0.25, "p99": 0.25, "max": 0.25, "samples": [0.125, 0.25]}
    assert json.loads(reports.as_json([GOOD]))["endpoints"][0]["firstTokenLatency"] is None
    lines = reports.as_lines([REPEATED])
    assert lines[2:4] == [
        "a|b:",
        "  first token of 2 streams: min 0.125 s, p50 0.125 s, p90 0.250 s, p99 0.250 s, max 0.250 s",
    ]
    assert any("█" in row for row in lines)


def test_markdown_has_a_row_for_each_endpoint_and_what_failed() -> None:
    text = reports.as_markdown([REPEATED, BAD])
    rows = [row for row in text.splitlines() if row.startswith("|")]
    assert len(rows) == 4
    assert all(row.replace("\\|", "").count("|") == 7 for row in rows)
    assert "- FAILED e/green: answer:" in text
    assert "```text\n0." in text
    assert "\x1b" not in text
