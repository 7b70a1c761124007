"""Differences between the sandbox's answer and Azure's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from azure_llama_sandbox.compare.recordings import Exchange

KIND_A = frozenset({"status", "header", "body", "missing", "type", "letter case"})
"""Kinds that a client can fail on; the others (`extra`, `missing null`, `empty list`, `value`) are reported alone."""

_HEADERS = ("Azure-AsyncOperation", "Location", "Retry-After", "ETag", "x-ms-async-operation-timeout")
_FREE = frozenset(
    {
        "tags",
        "userAssignedIdentities",
        "environmentVariables",
        "traffic",
        "mirrorTraffic",
        "endpoints",
        "metadata",
        "parameters",
        "outputs",
        "template",
    }
)
"""Objects whose names users choose, or that Azure extends at will: only their presence is compared."""
_TIME = re.compile(r"\d{4}-\d\d-\d\dT")
_NAMED = re.compile(r"\{\w+\}|://|/subscriptions/|/providers/|[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}", re.IGNORECASE)
_LONGEST = 80


class Difference(NamedTuple):
    """One difference.

    Attributes:
        kind: Required. One of `KIND_A`, `extra`, `missing null`, `empty list` or `value`.
        where: Required. JSON path in the body, or name of the header.
        azure, sandbox: Required. What each has, shortened.
    """

    kind: str
    where: str
    azure: str
    sandbox: str


def differences(exchange: Exchange, status: int, headers: Mapping[str, str], body: Any) -> list[Difference]:
    """The differences between a recorded answer and the sandbox's.

    Args:
        exchange: Required. The recorded one.
        status, headers, body: Required. The sandbox's answer; no body is None.
    """
    found = []
    if status != exchange.status:
        found.append(Difference("status", "", str(exchange.status), str(status)))
    theirs, ours = ({name.lower() for name in each} for each in (exchange.headers, headers))
    for name in _HEADERS:
        if (name.lower() in theirs) != (name.lower() in ours):
            found.append(Difference("header", name, _presence(name.lower() in theirs), _presence(name.lower() in ours)))
    azure = exchange.response if exchange.response != "" else None
    if (azure is None) != (body is None):
        found.append(Difference("body", "", _presence(azure is not None), _presence(body is not None)))
    elif azure is not None:
        found += _compare(azure, body, "")
    return found


def _presence(there: bool) -> str:
    return "present" if there else "absent"


def _compare(azure: Any, ours: Any, path: str) -> Iterator[Difference]:
    if _type(azure) != _type(ours):
        yield Difference("type", path, _short(azure), _short(ours))
    elif isinstance(azure, dict):
        if path.rsplit(".", 1)[-1] not in _FREE:
            yield from _compare_objects(azure, ours, path)
    elif isinstance(azure, list):
        yield from _compare_lists(azure, ours, path)
    elif isinstance(azure, str) and azure != ours:
        if azure.lower() == ours.lower():
            yield Difference("letter case", path, _short(azure), _short(ours))
        elif not (_NAMED.search(azure) or _NAMED.search(ours) or _TIME.match(azure)):
            yield Difference("value", path, _short(azure), _short(ours))
    elif azure != ours:
        yield Difference("value", path, _short(azure), _short(ours))


def _compare_objects(azure: dict[str, Any], ours: dict[str, Any], path: str) -> Iterator[Difference]:
    for name in {**azure, **ours}:
        where = f"{path}.{name}" if path else name
        if name not in ours:
            kind = "missing" if azure[name] is not None else "missing null"
            yield Difference(kind, where, _short(azure[name]), "")
        elif name not in azure:
            yield Difference("extra", where, "", _short(ours[name]))
        else:
            yield from _compare(azure[name], ours[name], where)


def _compare_lists(azure: list[Any], ours: list[Any], path: str) -> Iterator[Difference]:
    """Lists have the same shape when their items, taken together, have it: order and number are data."""
    if not azure or not ours:
        if azure:
            yield Difference("empty list", path, _short(azure), "[]")
        return
    if all(isinstance(each, dict) for each in (*azure, *ours)):
        yield from _compare(_together(azure), _together(ours), f"{path}[]")
    elif {_type(each) for each in azure}.isdisjoint(_type(each) for each in ours):
        yield Difference("type", f"{path}[]", _short(azure[0]), _short(ours[0]))


def _together(items: list[dict[str, Any]]) -> dict[str, Any]:
    """One object with the names of all, and of each the first value that is not null."""
    result: dict[str, Any] = {}
    for item in items:
        for name, value in item.items():
            before = result.get(name)
            if isinstance(before, dict) and isinstance(value, dict):
                result[name] = _together([before, value])
            elif before is None:
                result[name] = value
    return result


def _type(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return type(value).__name__
    return "number" if isinstance(value, int | float) else type(value).__name__


def _short(value: Any) -> str:
    text = "null" if value is None else value if isinstance(value, str) else repr(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 2] + ".."
