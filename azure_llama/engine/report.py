"""Progress of the engine setup: a live line on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_HEARTBEAT = 30.0
"""Seconds between two lines of one phase in a log: enough for a pipeline not to think that we hang."""


class Report(Protocol):
    """Receives the progress of the setup."""

    def phase(self, text: str) -> None:
        """A phase begins; the one before it is over."""

    def progress(self, text: str) -> None:
        """Report the progress of the phase. Called often, from any thread; most calls need no output."""

    def note(self, text: str) -> None:
        """A line that stays: an attempt that failed, a result."""


class Silent:
    """Discards all reports."""

    def phase(self, text: str) -> None:
        pass

    def progress(self, text: str) -> None:
        pass

    def note(self, text: str) -> None:
        pass


class Lines:
    """One line a phase and a note, with the seconds since the start; further ones of a long phase now and then."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._start = self._last = time.monotonic()
        self._phase = ""

    def phase(self, text: str) -> None:
        self._phase = text
        self.note(text)

    def progress(self, text: str) -> None:
        if time.monotonic() - self._last >= _HEARTBEAT:
            self.note(f"{self._phase}: {text}")

    def note(self, text: str) -> None:
        self._last = time.monotonic()
        self._stream.write(f"[{self._last - self._start:4.0f} s] {text}\n")
        self._stream.flush()


class Live:
    """A spinner with the phase, how far it is and its time; notes scroll by above it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._shown: tuple[Progress, TaskID] | None = None
        self._phase = ""

    def phase(self, text: str) -> None:
        self._phase = text
        progress, task = self._show()
        progress.reset(task, description=text)

    def progress(self, text: str) -> None:
        progress, task = self._show()
        progress.update(task, description=f"{self._phase}: {text}")

    def note(self, text: str) -> None:
        if self._shown is None:
            self._stream.write(text + "\n")
        else:
            self._shown[0].console.print(text, markup=False, highlight=False, soft_wrap=True)

    def close(self) -> None:
        """Take the live line away."""
        if self._shown is not None:
            self._shown[0].stop()

    def _show(self) -> tuple[Progress, TaskID]:
        if self._shown is None:
            # Late: a setup that finds everything in place shows nothing live, and need not pay for it.
            from rich.console import Console
            from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

            columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
            progress = Progress(*columns, console=Console(file=self._stream), transient=True)
            self._shown = (progress, progress.add_task(self._phase, total=None))
            progress.start()
        return self._shown


@contextmanager
def console(stream: TextIO | None = None) -> Iterator[Report]:
    """A report to the given stream (standard error when not given): live on a terminal, lines elsewhere."""
    stream = stream or sys.stderr
    if not stream.isatty():
        yield Lines(stream)
        return
    live = Live(stream)
    try:
        yield live
    finally:
        live.close()
