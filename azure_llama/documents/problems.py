"""An error in a file that a person wrote: its place, the value, the rule and the remedy."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from reprlib import Repr
from typing import Any

_LONGEST = 60
_LISTED = 5
_SHORT = Repr()
_SHORT.maxstring = _SHORT.maxlong = _SHORT.maxother = _LONGEST
_SHORT.maxdict = _SHORT.maxlist = 2
_SHORT.maxlevel = 2


@dataclass(frozen=True)
class ValueProblem:
    """An error in a value, without its place.

    Attributes:
        rule: The rule that the value breaks.
        remedy: What to do.
        value: The value as `show` prints it; None where there is none, or where it may be a secret.
        nearest: The valid name that was most likely meant; None when there is none.
    """

    rule: str
    remedy: str
    value: str | None = None
    nearest: str | None = None

    def __str__(self) -> str:
        return f"{f'{self.value} ' if self.value else ''}{self.rule}; {self.remedy}"


@dataclass(frozen=True)
class FileProblem:
    """An error at a place of a file.

    Attributes:
        file: The file, as a person finds it from the current folder.
        problem: What is wrong.
        path: The keys to the place: `models.My-Llama.asOf`; empty where the whole file is meant.
        line: Its line, from 1; None where the whole file is meant.
        column: Its column, from 1; None where the line is enough.
    """

    file: str
    problem: ValueProblem
    path: str = ""
    line: int | None = None
    column: int | None = None

    @property
    def where(self) -> str:
        """File, line and keys: `llama-catalog.yaml:4: models.My-Llama.asOf`."""
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        return f"{place}: {self.path}" if self.path else place

    def __str__(self) -> str:
        return f"{self.where}: {self.problem}"


def show(value: Any) -> str:
    """A value as reports print it: as YAML, with quoted strings, truncated when long."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return _SHORT.repr(value)


def listed(names: Sequence[str], separator: str = ", ") -> str:
    """Names as a message lists them: five at most, and the number of the others."""
    more = len(names) - _LISTED
    return separator.join([*names[:_LISTED], *([f"{more} more"] if more > 0 else [])])
