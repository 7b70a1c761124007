"""What a person or a log sees of a setup."""

from __future__ import annotations

import io

import pytest

from azure_llama.engine import report


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_log_gets_a_line_a_phase_and_a_note_with_the_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    log = io.StringIO()
    with report.console(log) as told:
        told.phase("downloading")
        clock.now += 75
        told.phase("compiling")
        clock.now += 300.4
        told.note("PATH: none (0.0 s)")
    assert log.getvalue() == "[   0 s] downloading\n[  75 s] compiling\n[ 375 s] PATH: none (0.0 s)\n"


def test_a_log_gets_progress_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    log = io.StringIO()
    with report.console(log) as told:
        told.phase("compiling")
        for package in range(1, 71):
            clock.now += 1
            told.progress(f"{package} of 70 packages")
    assert log.getvalue().splitlines() == [
        "[   0 s] compiling",
        "[  30 s] compiling: 30 of 70 packages",
        "[  60 s] compiling: 60 of 70 packages",
    ]


def test_a_terminal_gets_a_live_line_and_notes_above_it() -> None:
    screen = Terminal()
    with report.console(screen) as told:
        told.phase("compiling [red]")
        told.progress("1 of 2 packages")
        told.note("PATH: path [/etc] is not it")
    assert "PATH: path [/etc] is not it\n" in screen.getvalue()
    assert "compiling [red]: 1 of 2 packages" in screen.getvalue()


def test_a_terminal_stays_still_when_there_is_nothing_to_wait_for() -> None:
    screen = Terminal()
    with report.console(screen) as told:
        told.note("in place")
    assert screen.getvalue() == "in place\n"


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr("azure_llama.engine.report.time.monotonic", lambda: self.now)
