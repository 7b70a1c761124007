"""YAML files as data, with the line and column of everything in them."""

from __future__ import annotations

import math
import re
from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from azure_llama.documents.errors import InputError
from azure_llama.documents.scalars import Scalar, resolve

Path_ = tuple[str | int, ...]
"""The keys and indexes that lead to a place."""

LARGEST = 32 * 2**20
"""Bytes of a file that is read at all."""
_DEEPEST = 200
_MOST = 500_000
"""Values in one document; aliases can multiply a few lines without end."""
_TAG = "tag:yaml.org,2002:"
_MERGE = "<<"
_BRACKETS = re.compile(r"[\[\]{}]")
_INDENT = re.compile(r"^[ \t?:-]+", re.MULTILINE)
# Ten times faster where PyYAML was built with libyaml, as its wheels are.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Place:
    """A region of a file; lines and columns are counted from 1, columns in characters.

    Attributes:
        file: The path as reports show it.
        line: Where it begins.
        column: Where it begins.
        end_line: Where it ends.
        end_column: The column after its last character.
    """

    file: str
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Document:
    """One YAML file.

    Attributes:
        shown: Its path as reports show it.
        data: What it holds, read as Pulumi reads it: maps, lists, texts, numbers, truth values, None.
    """

    def __init__(self, shown: str, node: yaml.Node | None) -> None:
        self.shown = shown
        self._root = node
        self._entries: dict[int, dict[Hashable, tuple[yaml.Node, yaml.Node]]] = {}
        self._count = 0
        self.data: Any = None if node is None else self._construct(node, 0)

    def key(self, path: Path_) -> Place | None:
        """Where the last key of a path stands; None when there is no such place."""
        found = self._find(path)
        return self._place(found[0]) if found else None

    def value(self, path: Path_) -> Place | None:
        """Where the value at a path stands; None when there is no such place."""
        found = self._find(path)
        return self._place(found[1]) if found else None

    def _find(self, path: Path_) -> tuple[yaml.Node, yaml.Node] | None:
        if self._root is None:
            return None
        key = node = self._root
        for part in path:
            if isinstance(node, yaml.MappingNode):
                entry = self._index(node).get(part)
                if entry is None:
                    return None
                key, node = entry
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
                key = node = node.value[part]
            else:
                return None
        return key, node

    def _place(self, node: yaml.Node) -> Place:
        start, end = node.start_mark, node.end_mark
        # A block ends where the next thing begins: its first line says enough.
        single = not isinstance(node, yaml.CollectionNode) or bool(node.flow_style)
        last = (end.line + 1, end.column + 1) if single else (start.line + 1, start.column + 1)
        return Place(self.shown, start.line + 1, start.column + 1, *last)

    def _construct(self, node: yaml.Node, depth: int) -> Any:
        self._count += 1
        if self._count > _MOST:
            raise InputError(f"{self._place(node)}: the file has more than {_MOST} values; its aliases multiply them")
        if depth > _DEEPEST:
            raise InputError(f"{self._place(node)}: the file is nested more than {_DEEPEST} deep")
        if isinstance(node, yaml.MappingNode):
            entries = self._index(node)
            return {key: self._construct(value, depth + 1) for key, (_, value) in entries.items()}
        if isinstance(node, yaml.SequenceNode):
            return [self._construct(each, depth + 1) for each in node.value]
        return self._scalar(node)

    def _index(self, node: yaml.MappingNode) -> dict[Hashable, tuple[yaml.Node, yaml.Node]]:
        found = self._entries.get(id(node))
        if found is None:
            found = self._entries[id(node)] = self._read_entries(node)
        return found

    def _read_entries(self, node: yaml.MappingNode) -> dict[Hashable, tuple[yaml.Node, yaml.Node]]:
        entries: dict[Hashable, tuple[yaml.Node, yaml.Node]] = {}
        merged: list[yaml.Node] = []
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise InputError(f"{self._place(key)}: a key is a map or a list; write a text")
            if key.value == _MERGE and not key.style:
                merged += value.value if isinstance(value, yaml.SequenceNode) else [value]
                continue
            name = self._name(key)
            if name in entries:
                first = self._place(entries[name][0])
                raise InputError(
                    f"{self._place(key)}: the key {name!r} is here twice, first in line {first.line}; remove one"
                )
            entries[name] = (key, value)
        for each in merged:
            if not isinstance(each, yaml.MappingNode) or each is node:
                raise InputError(f"{self._place(each)}: '<<' takes in a map, and this is none")
            for inner, entry in self._index(each).items():
                entries.setdefault(inner, entry)
        return entries

    @staticmethod
    def _name(key: yaml.ScalarNode) -> str:
        # Keys are texts for Pulumi, whatever they look like.
        return str(key.value)

    def _scalar(self, node: yaml.Node) -> Scalar:
        text = str(node.value)
        match node.tag.removeprefix(_TAG):
            case "?":
                value = resolve(text)
            case "str":
                value = text
            case "int" | "float" | "bool" | "null":
                value = resolve(text)
            case _:
                raise InputError(f"{self._place(node)}: the tag {node.tag!r} means nothing to Pulumi; remove it")
        if isinstance(value, float) and not math.isfinite(value):
            raise InputError(f"{self._place(node)}: {text} is no number that Pulumi can hand over; put it in quotes")
        return value


class _Reader(_Loader):  # type: ignore[misc]  # the loader is one of two classes, known at run time
    """Leaves the meaning of plain scalars to us: PyYAML has YAML 1.1's, where `no` is false and `12:30` a number."""

    def resolve(self, kind: type[yaml.Node], value: Any, implicit: Any) -> str:
        if kind is yaml.ScalarNode:
            return "?" if implicit[0] else _TAG + "str"
        return _TAG + ("map" if kind is yaml.MappingNode else "seq")


def read(path: Path, shown: str | None = None) -> Document:
    """Read a YAML file.

    Args:
        path: Required. The file.
        shown: Optional. Its path as reports show it; the path as given by default.

    Raises:
        InputError: it cannot be read, is no UTF-8, is broken, or holds a key twice. The text has line and column.
    """
    return parse(text_of(path, shown or str(path)), shown or str(path))


def text_of(path: Path, shown: str) -> str:
    """The text of a file that a person wrote.

    Raises:
        InputError: it cannot be read, is no UTF-8, or too large.
    """
    try:
        if path.is_file() and path.stat().st_size > LARGEST:
            raise InputError(f"{shown}: is larger than {LARGEST // 2**20} MiB; give the file that was meant")
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{shown}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{shown}: is not UTF-8 (byte {error.start}); save it as UTF-8") from None


def parse(text: str, shown: str) -> Document:
    """Read YAML.

    Args:
        text: Required. The YAML.
        shown: Required. What reports call the file.

    Raises:
        InputError: it is broken, nested too deeply, or holds a key twice.
    """
    try:
        if _nesting(text) > _DEEPEST:
            raise InputError(f"{shown}: is nested more than {_DEEPEST} deep")
        loader = _Reader(text)
        try:
            return Document(shown, loader.get_single_node())
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        raise InputError(_broken(error, shown)) from None
    except yaml.YAMLError as error:
        raise InputError(f"{shown}: is no YAML: {' '.join(str(error).split())}") from None


def _nesting(text: str) -> int:
    """The depth of a text, or something above it that is small: libyaml follows collections by recursion, unbounded."""
    brackets = deepest = 0
    for character in _BRACKETS.findall(text):
        brackets += 1 if character in "[{" else -1
        deepest = max(deepest, brackets)
    # A block collection stands further right than the one it is in.
    bound = deepest + max(map(len, _INDENT.findall(text)), default=0)
    if bound <= _DEEPEST:
        return bound
    depth = deepest = 0
    for event in yaml.parse(text, Loader=_Reader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            return depth
    return 0


def _broken(error: yaml.MarkedYAMLError, shown: str) -> str:
    mark = error.problem_mark or error.context_mark
    where = f"{shown}:{mark.line + 1}:{mark.column + 1}" if mark else shown
    begun = error.context_mark
    since = f" (begun in line {begun.line + 1})" if begun and mark and begun.line != mark.line else ""
    said = ", ".join(part for part in (error.context, error.problem) if part)
    return f"{where}: is broken YAML: {said}{since}"
