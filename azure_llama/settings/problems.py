"""An error in the configuration, and the report of all of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, LiteralString

from pydantic_core import PydanticCustomError

from azure_llama.catalog import nearest
from azure_llama.catalog.recognition import Recognition
from azure_llama.documents.problems import listed as listed
from azure_llama.documents.problems import show as show

Where = tuple[str, ...]
"""The keys that lead to a place in the configuration, the stack's full key first."""

VALUE: Final = "azure_llama_value"
RELATION: Final = "azure_llama_relation"
"""Types of pydantic's errors that carry a violation: of a single value, and of a relation between values."""

_PLAIN = re.compile(r"[A-Za-z0-9:_-]+")
_LONGEST = 60


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
class Violation:
    """An error in a value whose full path is not known yet.

    Attributes:
        rule: What the value must be, or what is wrong with it.
        remedy: What to do.
        nearest: The valid name that was most likely meant.
        at: The keys from the checked value to the invalid one.
        shown: What to print as the value; None for the value itself, empty for nothing.
    """

    rule: str
    remedy: str
    nearest: str | None = None
    at: Where = ()
    shown: str | None = None

    @property
    def error(self) -> PydanticCustomError:
        """The violation as an error that a check of a single value raises."""
        return self._error(VALUE)

    @property
    def relation_error(self) -> PydanticCustomError:
        """The violation as an error of a relation between values."""
        return self._error(RELATION)

    def _error(self, type_: LiteralString) -> PydanticCustomError:
        context = {"rule": self.rule, "remedy": self.remedy, "violation": self}
        return PydanticCustomError(type_, "{rule}; {remedy}", context)


def below(keys: Where, violations: Iterable[Violation]) -> Iterator[Violation]:
    """Violations of a value, as those of what holds it, `keys` above."""
    yield from (replace(violation, at=(*keys, *violation.at)) for violation in violations)


def misspelt(text: str, names: Iterable[str], rule: str, otherwise: str) -> Violation:
    """The violation of a name that is not among the valid ones."""
    near = nearest(text, names)
    return Violation(rule, f"did you mean {near!r}?" if near else otherwise, near)


def unrecognised(recognition: Recognition, rule: str, otherwise: str) -> Violation:
    """The violation of a model, size or region that Azure does not have."""
    return Violation(rule, recognition.question or otherwise, recognition.only)


@dataclass(frozen=True)
class Problem:
    """One error in the configuration.

    Attributes:
        path: Where: `azure-llama:managed.llama-8b.deployments.blue.vmSize`.
        value: The value, as `show` prints it; None where there is none, or where it may be a secret.
        rule: What the value must be, or what is wrong with it.
        remedy: What to do.
        nearest: The valid name that was most likely meant; None when there is none.
    """

    path: str
    value: str | None
    rule: str
    remedy: str
    nearest: str | None = None

    def __str__(self) -> str:
        subject = self.rule if self.value is None else f"{self.value} {self.rule}"
        return f"{self.path}: {subject}; {self.remedy}"


class SettingsError(ValueError):
    """The configuration has errors. The text is the report of all of them, in the configuration's order.

    Attributes:
        problems: The errors.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        number = len(self.problems)
        head = f"The stack's configuration has {number} error{'' if number == 1 else 's'}:"
        return "\n".join([head, *(f"- {problem}" for problem in self.problems)])
