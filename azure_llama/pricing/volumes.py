"""Stated monthly usage of a stack: tokens of its models, and supporting resources."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from azure_llama.catalog import nearest
from azure_llama.catalog.prices import SUPPORTING
from azure_llama.documents.errors import InputError
from azure_llama.documents.positions import read
from azure_llama.pricing.estimates import Volume

_TEXT = re.compile(r"(?P<name>[^=]+)=(?P<input>[^/]+)/(?P<output>[^/]+)")
_COUNT = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?P<unit>[kMB]?)")
_UNITS = {"": 1.0, "k": 1e3, "M": 1e6, "B": 1e9}
_KEYS = ("inputTokens", "outputTokens")
_MOST = 1e15
_LONGEST = 60


class VolumeError(InputError):
    """A volume cannot be understood. The text has every error, a line each."""


def stated(texts: Iterable[str], file: Path | None, endpoints: Iterable[str]) -> dict[str, Volume]:
    """The volumes of a command line; an endpoint's own text goes before the file.

    Args:
        texts: Required. `ENDPOINT=INPUT/OUTPUT` each: `llama-33-70b=50M/10M`.
        file: Optional. YAML: endpoint to `{inputTokens: 50M, outputTokens: 10M}`.
        endpoints: Required. Names of what the stack pays by tokens.

    Raises:
        InputError: a text, the file or a name in them is wrong.
    """
    found: dict[str, Volume] = {}
    errors: list[str] = []
    given = list(_of_texts(texts))
    twice = [name for name, number in Counter(name for name, _, _ in given).items() if number > 1]
    errors += [f"--tokens is there for {name!r} more than once; keep one" for name in twice]
    for name, value, where in (*_of_file(file), *given):
        try:
            found[name] = _volume(value)
        except VolumeError as error:
            errors.append(f"{where}: {error}")
    names = list(endpoints)
    for name in found:
        if name not in names:
            near = nearest(name, names)
            have = f"did you mean {near!r}?" if near else f"it has {', '.join(names) or 'none'}"
            errors.append(f"{name!r} is neither a serverless endpoint nor a Foundry deployment of the stack; {have}")
    if errors:
        raise VolumeError(errors)
    return found


def used(texts: Iterable[str]) -> dict[str, float]:
    """The use of supporting resources of a command line.

    Args:
        texts: Required. `KIND=NUMBER` each, in the unit of the price: `logAnalytics=20`.

    Raises:
        InputError: a text or a kind in it is wrong.
    """
    found: dict[str, float] = {}
    problems: list[str] = []
    for text in texts:
        kind, separator, number = (part.strip() for part in text.partition("="))
        if not separator:
            problems.append(f"{_short(repr(text))}: write KIND=NUMBER, such as 'logAnalytics=20'")
        elif kind not in SUPPORTING:
            near = nearest(kind, SUPPORTING)
            remedy = f"did you mean {near!r}?" if near else f"choose one of {', '.join(SUPPORTING)}"
            problems.append(f"{_short(repr(text))}: {kind!r} is not a kind of supporting resource; {remedy}")
        elif kind in found:
            problems.append(f"--use {kind} must be given once; remove the others")
        else:
            try:
                found[kind] = _count(number, kind, "units a month")
            except VolumeError as error:
                problems.append(f"{_short(repr(text))}: {error}")
    if problems:
        raise VolumeError(problems)
    return found


def _of_texts(texts: Iterable[str]) -> Iterable[tuple[str, Any, str]]:
    for text in texts:
        match = _TEXT.fullmatch(text)
        if match is None:
            raise VolumeError(f"{_short(repr(text))}: write ENDPOINT=INPUT/OUTPUT, such as 'llama-33-70b=50M/10M'")
        value = {"inputTokens": match["input"].strip(), "outputTokens": match["output"].strip()}
        yield match["name"].strip(), value, _short(repr(text))


def _of_file(file: Path | None) -> Iterable[tuple[str, Any, str]]:
    if file is None:
        return
    data = read(file, pulumi=False).data
    if not isinstance(data, Mapping):
        raise VolumeError(
            f"{file}: is not a map of endpoints; write `llama-33-70b: {{inputTokens: 50M, outputTokens: 10M}}`"
        )
    for name, value in data.items():
        yield str(name), value, f"{file}: {name}"


def _volume(value: Any) -> Volume:
    if not isinstance(value, Mapping) or set(value) != set(_KEYS):
        raise VolumeError("is not a map of inputTokens and outputTokens; write both, and nothing else")
    return Volume(*(_count(value[key], key) for key in _KEYS))


def _count(value: Any, key: str, what: str = "tokens a month") -> float:
    match = _COUNT.fullmatch(str(value)) if isinstance(value, str | int | float) and value is not True else None
    number = float(match["number"]) * _UNITS[match["unit"]] if match else math.nan
    if not 0 <= number <= _MOST:
        raise VolumeError(f"{key} is {_short(repr(value))}; write {what}, such as 50000000, 50M or 1.5B")
    return number


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "..."
