"""Progress goes to stderr: plain lines, and on a terminal also the check that runs."""

from __future__ import annotations

import sys

import pytest

from azure_llama.inference.smoke import Check, Outcome
from azure_llama.inference.smoke.progress import Lines

CHECK = Check("answer", Outcome.FAILED, "\x1b[2J\u202e" + "a\nlong [story] " * 20, 1.234)


def test_off_a_terminal_a_line_for_each_check_that_ended(capsys: pytest.CaptureFixture[str]) -> None:
    with Lines() as progress:
        progress.begin("chat", "answer")
        progress.end("chat", CHECK)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("chat: answer: failed (1.23 s): [2Ja long [story] a long")
    assert said.err.endswith("...\n")
    assert said.err.count("\n") == 1


def test_on_a_terminal_the_check_that_runs_is_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    with Lines() as progress:
        progress.begin("chat", "answer")
        progress.end("chat", CHECK)
    said = capsys.readouterr()
    assert said.out == ""
    assert "a long [story]" in said.err
    assert "\x1b[2J" not in said.err
    assert "\u202e" not in said.err
