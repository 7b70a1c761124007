"""A mistake in the configuration, and the report of all of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from reprlib import Repr
from typing import Any

Where = tuple[str, ...]
"""The keys that lead to a place in the configuration, the stack's full key first."""

_PLAIN = re.compile(r"[A-Za-z0-9:_-]+")
_LONGEST = 60
_SHORT = Repr()
_SHORT.maxstring = _SHORT.maxlong = _SHORT.maxother = _LONGEST
_SHORT.maxdict = _SHORT.maxlist = 2
_SHORT.maxlevel = 2


def show(value: Any) -> str:
    """A value as the report prints it: as YAML has it, texts in quotes, whatever is long cut short."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return _SHORT.repr(value)


def path(where: Where) -> str:
    """A place as YAML people write it: `azure-llama:managed.llama-8b.auth`; odd keys go into brackets."""
    parts = []
    for part in where:
        if _PLAIN.fullmatch(part) and len(part) <= _LONGEST:
            parts.append(f".{part}")
        else:
            short = part if len(part) <= _LONGEST else part[:_LONGEST] + "..."
            parts.append(f"[{json.dumps(short)}]")
    return "".join(parts).removeprefix(".")


@dataclass(frozen=True)
class Problem:
    """One mistake.

    Attributes:
        path: Where: `azure-llama:managed.llama-8b.deployments.blue.vmSize`.
        value: What was given, as `show` prints it; None where nothing was, or where it may be a secret.
        rule: What is wrong with it.
        way_out: What to do.
        nearest: The valid name that was most likely meant; None when there is none.
    """

    path: str
    value: str | None
    rule: str
    way_out: str
    nearest: str | None = None

    def __str__(self) -> str:
        said = self.rule if self.value is None else f"{self.value} {self.rule}"
        return f"{self.path}: {said}; {self.way_out}"


class SettingsError(ValueError):
    """The configuration has mistakes. Its text is the report of all of them, in the configuration's order.

    Attributes:
        problems: The mistakes.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        number = len(self.problems)
        head = f"The stack's configuration has {number} mistake{'' if number == 1 else 's'}:"
        return "\n".join([head, *(f"- {problem}" for problem in self.problems)])
