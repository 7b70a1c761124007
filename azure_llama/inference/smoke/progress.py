"""Progress of a smoke test, on stderr because stdout has the report."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

from azure_llama.documents.text import line
from azure_llama.inference.smoke.results import Check

if TYPE_CHECKING:
    from rich.status import Status

FIRST_WORDS = 100
"""Characters of what a check found that a line shows."""


class Lines:
    """A plain line for each check, when it has ended; on a terminal also the one that runs, on a line that moves."""

    def __init__(self) -> None:
        self._status: Status | None = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            from rich.console import Console

            self._status = Console(stderr=True).status("")
            self._status.start()
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        if self._status is not None:
            self._status.stop()

    def begin(self, name: str, check: str) -> None:
        """A check begins."""
        if self._status is not None:
            from rich.text import Text

            self._status.update(Text(line(f"{name}: {check} ...")))

    def end(self, name: str, check: Check) -> None:
        """A check has ended."""
        detail = line(check.detail)
        shown = detail if len(detail) <= FIRST_WORDS else detail[:FIRST_WORDS] + "..."
        text = f"{line(name)}: {check.name}: {check.outcome.value} ({check.seconds:.2f} s): {shown}"
        if self._status is not None:
            from rich.text import Text

            self._status.console.print(Text(text))
        else:
            sys.stderr.write(text + "\n")
            sys.stderr.flush()
