"""Updates `llama-catalog.yaml` in place, and keeps manual entries and comments.

The file is edited as text, at the places that YAML's own reader names, and read again: a change that came out as
anything but what was meant is not written.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from azure_llama.catalog.overlay import OverlayError
from azure_llama.catalog.overlay.reading import parse
from azure_llama.documents.errors import InputError
from azure_llama.documents.files import write_text

Where = tuple[str, ...]
Entry = Mapping[str, Any]
"""What an entry is to say: texts, numbers, truth values, dates, and lists of those."""

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9._/-]*")
_RESERVED = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INDENT = 2


class UnwritableError(Exception):
    """The file cannot be changed, or not without unintended changes. The message states the remediation."""


def merged(data: Any, changes: Iterable[tuple[Where, Entry]]) -> dict[str, Any]:
    """The text of a file with the keys of entries set; all other text is kept.

    Args:
        data: Required. What the file says now; None for nothing.
        changes: Required. The keys to an entry, and what it is to say.
    """
    whole: dict[str, Any] = _copy(data or {})
    for where, entry in changes:
        inner = whole
        for key in where:
            if not isinstance(inner.get(key), dict):
                inner[key] = {}
            inner = inner[key]
        inner.update(_copy(entry))
    return whole


def edited(text: str, changes: Iterable[tuple[Where, Entry]], shown: str) -> str:
    """The text of a file with entries changed or added.

    Args:
        text: Required. The file; it has no errors.
        changes: Required. As of `merged`.
        shown: Required. What reports call the file.

    Raises:
        UnwritableError: the text cannot be changed in place.
        OverlayError: it is broken YAML.
    """
    wanted = list(changes)
    newline = "\r\n" if "\r\n" in text else "\n"
    held = parse(text, shown).data
    meant = merged(held, wanted)
    try:
        for where, entry in wanted:
            for place, value in _leaves(held, where, entry):
                text = _set(text, place, value, newline)
            held = merged(held, [(where, entry)])
        done = parse(text, shown).data == meant
    except (yaml.YAMLError, OverlayError):
        done = False
    if not done:
        entries = "\n".join(_block({where[0]: _nested(where[1:], entry)}, 0, "\n") for where, entry in wanted)
        said = "cannot be changed in place, for an anchor or an odd form in it"
        raise UnwritableError(f"{shown}: {said}; add by hand:\n{entries}")
    return text


def write(path: Path, text: str) -> None:
    """Put a file in the place of another, all of it or nothing.

    Raises:
        UnwritableError: the folder or the file cannot be written.
    """
    try:
        write_text(path, text)
    except InputError as error:
        raise UnwritableError(str(error)) from None


def _copy(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copy(each) for key, each in value.items()}
    return list(value) if isinstance(value, list | tuple) else value


def _leaves(held: Any, where: Where, entry: Entry) -> list[tuple[Where, Any]]:
    """What has to be written for an entry: all of it where there is none, else what it says otherwise."""
    for key in where:
        held = held.get(key) if isinstance(held, Mapping) else None
    if not isinstance(held, Mapping):
        return [(where, entry)]
    return [((*where, key), value) for key, value in entry.items() if key not in held or held[key] != value]


def _set(text: str, where: Where, value: Any, newline: str) -> str:
    root = _compose(text)
    if root is None or (isinstance(root, yaml.ScalarNode) and not root.value):
        kept = text if not text or text.endswith(("\n", "\r")) else text + newline
        return kept + _block({where[0]: _nested(where[1:], value)}, 0, newline) + newline
    node, depth = root, 0
    while depth < len(where):
        found = next((each for key, each in node.value if key.value == where[depth]), None)
        if found is None:
            return _insert(text, node, where[depth:], value, newline)
        node, depth = found, depth + 1
        if depth < len(where) and not isinstance(node, yaml.MappingNode):
            return _replace(text, node, _flow(_nested(where[depth:], value)))  # an empty value: `prices:`
    return _replace(text, node, _flow(value))


def _compose(text: str) -> Any:
    loader = _LOADER(text)
    try:
        return loader.get_single_node()
    finally:
        loader.dispose()


def _replace(text: str, node: yaml.Node, new: str) -> str:
    start, end = node.start_mark.index, _end(node)
    space = "" if start == 0 or text[start - 1].isspace() or text[start - 1] in "[{" else " "
    return text[:start] + space + new + text[end:]


def _end(node: yaml.Node) -> int:
    """Where a value ends. YAML's own mark of a block is where the next thing begins, after the comments between."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def _insert(text: str, mapping: Any, where: Where, value: Any, newline: str) -> str:
    nested = _nested(where[1:], value)
    if mapping.flow_style or not mapping.value:
        entry = f"{_key(where[0])}: {_flow(nested)}"
        if not mapping.value:
            start = mapping.start_mark.index + 1
            return text[:start] + entry + text[start:]
        end = _end(mapping.value[-1][1])
        return f"{text[:end]}, {entry}{text[end:]}"
    column = mapping.value[0][0].start_mark.column
    end = _end(mapping)
    if end and text[end - 1] == "\n":  # a text in block form ends with its line
        return text[:end] + _block({where[0]: nested}, column, newline) + newline + text[end:]
    lines = _block({where[0]: nested}, column, newline)
    rest = text.find("\n", end)
    if rest < 0:
        return text + newline + lines + newline
    end = rest - 1 if newline == "\r\n" else rest
    return text[:end] + newline + lines + text[end:]


def _nested(where: Where, value: Any) -> Any:
    for key in reversed(where):
        value = {key: value}
    return value


def _block(value: Mapping[str, Any], column: int, newline: str) -> str:
    """Maps of maps a line each, and an entry on one line."""
    lines = []
    for key, inner in value.items():
        if isinstance(inner, Mapping) and any(isinstance(each, Mapping) for each in inner.values()):
            lines += [f"{' ' * column}{_key(key)}:", _block(inner, column + _INDENT, newline)]
        else:
            lines.append(f"{' ' * column}{_key(key)}: {_flow(inner)}")
    return newline.join(lines)


def _flow(value: Any) -> str:
    match value:
        case Mapping():
            return "{" + ", ".join(f"{_key(key)}: {_flow(each)}" for key, each in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(_flow(each) for each in value) + "]"
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
        case str():
            return _key(value)
        case _:
            return json.dumps(value)


def _key(text: str) -> str:
    plain = _PLAIN.fullmatch(text) and text.lower() not in _RESERVED
    return text if plain else str(yaml.safe_dump(text, default_style='"', allow_unicode=True, width=math.inf)).rstrip()
