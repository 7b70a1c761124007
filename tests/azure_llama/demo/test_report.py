"""Plain lines where no terminal is, a table on one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from azure_llama.demo import report
from azure_llama.demo.calls import Answer

GOOD = Answer("chat", "serverless", "Llama-3.3-70B-Instruct", "https://chat.example/v1", "Key", "word " * 40, True)
BAD = Answer("base", "managed", "Meta-Llama-3.1-8B", "https://base.example", "AADToken", "HTTP 503: [/red] busy", False)


def test_plain_lines_line_up_and_have_the_first_words(capsys: pytest.CaptureFixture[str]) -> None:
    report.show([GOOD, BAD])
    head, good, bad = capsys.readouterr().out.splitlines()
    assert tuple(head.split()) == report.COLUMNS
    assert head.index("kind") == good.index("serverless") == bad.index("managed")
    assert len(good) - head.index("answer") <= report.FIRST_WORDS + 4
    assert good.endswith("word ...")
    assert bad.endswith("HTTP 503: [/red] busy")


def test_a_terminal_gets_a_table_and_markup_in_an_answer_is_text(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "200")
    report.show([GOOD, BAD])
    shown = capsys.readouterr().out
    assert "Endpoints of the dev stack" in shown
    assert "[/red] busy" in shown


@pytest.mark.parametrize("terminal", [False, True])
def test_an_answer_is_shown_without_what_a_terminal_obeys(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, terminal: bool
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: terminal)
    sly = replace(GOOD, text="red \x1b[31m\u202eder", model="m\u202e", ok=False)
    report.show([sly])
    shown = capsys.readouterr().out
    assert "\u202e" not in shown
    assert "red \x1b" not in shown


def test_the_next_steps_lead_to_the_sandbox_of_the_demo() -> None:
    assert "make demo-down" in report.next_steps(None)
    assert "--home" not in report.next_steps(None)
    steps = report.next_steps(Path("box"))
    assert "sandbox --home box exec -- pulumi up" in steps
    assert "demo --home box down" in steps
