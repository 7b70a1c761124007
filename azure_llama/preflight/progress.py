"""Progress of the checks, on stderr because stdout has the report."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

from azure_llama.preflight.results import CheckRun

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Lines:
    """A plain line for each check that has ended; on a terminal a bar, and the names of those that still run."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._waiting = list(names)
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

            columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._task = self._bar.add_task(self._left(), total=len(self._waiting))
            self._bar.start()
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.stop()

    def ended(self, run: CheckRun) -> None:
        """A check has ended."""
        self._waiting.remove(run.name)
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, advance=1, description=self._left())
        else:
            sys.stderr.write(f"{run.name}: {run.status.value} ({run.seconds:.2f} s)\n")
            sys.stderr.flush()

    def _left(self) -> str:
        return f"asking Azure: {', '.join(self._waiting)}" if self._waiting else "done"
