"""Converts values of `az ml` to values of a stack."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from azure_llama.documents.problems import ValueProblem, show
from azure_llama.documents.spelling import fold, nearest
from azure_llama.documents.validation import wrong_type

Read = Callable[[Any], Any]
"""Turns a value of `az ml` into that of the stack."""

_MILLISECONDS = 1000


class BadValueError(Exception):
    """A value that `az ml` would reject as well.

    Attributes:
        problem: What is wrong with it.
    """

    def __init__(self, problem: ValueProblem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def text(value: Any) -> str:
    """A string; numbers and booleans as Python writes them, which is what `az ml` sends."""
    if isinstance(value, dict | list):
        raise BadValueError(wrong_type("a string", value))
    return str(value)


def texts(value: Any) -> dict[str, str]:
    """A map of strings."""
    return {key: text(each) for key, each in mapping(value).items() if each is not None}


def mapping(value: Any) -> Mapping[str, Any]:
    """A map."""
    if not isinstance(value, dict):
        raise BadValueError(wrong_type("a map", value))
    return value


def variables(value: Any) -> Mapping[str, Any]:
    """A map whose values may be secrets: its error does not show them."""
    try:
        return mapping(value)
    except BadValueError as error:
        raise BadValueError(replace(error.problem, value=None)) from None


def sequence(value: Any) -> list[Any]:
    """A list."""
    if not isinstance(value, list):
        raise BadValueError(wrong_type("a list", value))
    return value


def integer(value: Any) -> int:
    """An integer, also in quotes."""
    if isinstance(value, str) and value.strip().isdecimal():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadValueError(wrong_type("an integer", value))
    return value


def number(value: Any) -> float:
    """A number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadValueError(wrong_type("a number", value))
    return float(value)


def percentages(value: Any) -> dict[str, int]:
    """A map of integers."""
    return {key: integer(each) for key, each in mapping(value).items()}


def boolean(value: Any) -> bool:
    """A boolean, also in quotes."""
    if isinstance(value, str) and value.casefold() in ("true", "false"):
        return value.casefold() == "true"
    if not isinstance(value, bool):
        raise BadValueError(wrong_type("a boolean", value))
    return value


def whole_seconds(value: Any) -> int:
    """Milliseconds as seconds, rounded up."""
    return -(-integer(value) // _MILLISECONDS)


def duration(value: Any) -> str:
    """Milliseconds as an ISO 8601 duration."""
    return f"PT{integer(value) / _MILLISECONDS:.3f}".rstrip("0").rstrip(".") + "S"


def choice(names: Mapping[str, str]) -> Read:
    """A reader of one of several words, in any letter case, with or without underscores.

    Args:
        names: Required. The stack's word by that of `az ml`.
    """
    folded = {fold(theirs): ours for theirs, ours in names.items()}

    def read(value: Any) -> str:
        found = folded.get(fold(text(value)))
        if found is None:
            near = nearest(str(value), names)
            words = " or ".join(map(repr, names))
            remedy = f"did you mean {near!r}?" if near else "set one of them"
            raise BadValueError(ValueProblem(f"is not {words}", remedy, show(value), near))
        return found

    return read
