"""YAML files as data, with the line and column of everything in them."""

from __future__ import annotations

import math
import re
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from azure_llama.documents.errors import InputError
from azure_llama.documents.files import text_of
from azure_llama.documents.problems import FileProblem, ValueProblem
from azure_llama.documents.scalars import Scalar, resolve, resolve_date

Path_ = tuple[str | int, ...]
"""The keys and indexes that lead to a place."""

_DEEPEST = 200
_MOST = 500_000
"""Values in one document; aliases can multiply a few lines without end."""
_TAG = "tag:yaml.org,2002:"
_MERGE = "<<"
_TAB = re.compile(r"[ -]*\t")
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
        data: What it holds: maps, lists, texts, numbers, truth values, None; dates where it is not Pulumi's.
        repeated: The keys that it has twice; the last of them is in the data.
    """

    def __init__(self, shown: str, node: yaml.Node | None, *, pulumi: bool = True) -> None:
        self.shown = shown
        self.repeated: list[FileProblem] = []
        self._root = node
        self._pulumi = pulumi
        self._entries: dict[int, dict[Hashable, tuple[yaml.Node, yaml.Node]]] = {}
        self._count = 0
        self.data: Any = None if node is None else self._construct(node, ())

    def line(self, path: Path_) -> int | None:
        """The line of a place, or of the nearest thing around it that the file has; None for the whole file."""
        places = (self.key(path[:length]) for length in range(len(path), 0, -1))
        return next((place.line for place in places if place is not None), None)

    def problem(self, path: Path_, problem: ValueProblem) -> FileProblem:
        """A problem of a value, with the place of the value."""
        return FileProblem(self.shown, problem, ".".join(map(str, path)), self.line(path))

    def key(self, path: Path_) -> Place | None:
        """The position of the last key of a path; None when there is none."""
        found = self._find(path)
        return self._place(found[0]) if found else None

    def value(self, path: Path_) -> Place | None:
        """The position of the value at a path; None when there is none."""
        found = self._find(path)
        return self._place(found[1]) if found else None

    def _find(self, path: Path_) -> tuple[yaml.Node, yaml.Node] | None:
        if self._root is None:
            return None
        key = node = self._root
        for part in path:
            if isinstance(node, yaml.SequenceNode) and isinstance(part, str) and part.isdecimal():
                part = int(part)
            if isinstance(node, yaml.MappingNode):
                entry = self._index(node, path).get(part)
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

    def _construct(self, node: yaml.Node, path: Path_) -> Any:
        self._count += 1
        if self._count > _MOST:
            raise self._error(node, f"has more than {_MOST} values, since its aliases multiply them", "write fewer")
        if len(path) > _DEEPEST:
            raise self._error(node, f"is nested more than {_DEEPEST} deep", "write fewer levels")
        if isinstance(node, yaml.MappingNode):
            entries = self._index(node, path)
            return {key: self._construct(value, (*path, str(key))) for key, (_, value) in entries.items()}
        if isinstance(node, yaml.SequenceNode):
            return [self._construct(each, (*path, index)) for index, each in enumerate(node.value)]
        return self._scalar(node)

    def _index(self, node: yaml.MappingNode, path: Path_) -> dict[Hashable, tuple[yaml.Node, yaml.Node]]:
        found = self._entries.get(id(node))
        if found is None:
            found = self._entries[id(node)] = self._read_entries(node, path)
        return found

    def _read_entries(self, node: yaml.MappingNode, path: Path_) -> dict[Hashable, tuple[yaml.Node, yaml.Node]]:
        entries: dict[Hashable, tuple[yaml.Node, yaml.Node]] = {}
        merged: list[yaml.Node] = []
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self._error(key, "a key is a map or a list", "write a text")
            if key.value == _MERGE and not key.style:
                merged += value.value if isinstance(value, yaml.SequenceNode) else [value]
                continue
            name = self._name(key)
            if name in entries:
                first = entries[name][0].start_mark.line + 1
                problem = ValueProblem(f"is here twice, first in line {first}", "remove one")
                keys = ".".join(map(str, (*path, name)))
                self.repeated.append(FileProblem(self.shown, problem, keys, key.start_mark.line + 1))
            entries[name] = (key, value)
        for each in merged:
            if not isinstance(each, yaml.MappingNode) or each is node:
                raise self._error(each, "'<<' takes in a map, and this is none", "write a map")
            for inner, entry in self._index(each, path).items():
                entries.setdefault(inner, entry)
        return entries

    def _error(self, node: yaml.Node, rule: str, remedy: str) -> InputError:
        place = self._place(node)
        return InputError(FileProblem(self.shown, ValueProblem(rule, remedy), line=place.line, column=place.column))

    @staticmethod
    def _name(key: yaml.ScalarNode) -> str:
        # Keys are texts for Pulumi, whatever they look like.
        return str(key.value)

    def _scalar(self, node: yaml.Node) -> Scalar | date:
        text = str(node.value)
        value: Scalar | date
        match node.tag.removeprefix(_TAG):
            case "?":
                value = resolve(text) if self._pulumi else resolve_date(text)
            case "str":
                value = text
            case "int" | "float" | "bool" | "null":
                value = resolve(text)
            case _:
                raise self._error(node, f"the tag {node.tag!r} means nothing to Pulumi", "remove it")
        if self._pulumi and isinstance(value, float) and not math.isfinite(value):
            raise self._error(node, f"{text} is no number that Pulumi can hand over", "put it in quotes")
        return value


class _Reader(_Loader):  # type: ignore[misc]  # the loader is one of two classes, known at run time
    """Leaves the meaning of plain scalars to us: PyYAML has YAML 1.1's, where `no` is false and `12:30` a number."""

    def resolve(self, kind: type[yaml.Node], value: Any, implicit: Any) -> str:
        if kind is yaml.ScalarNode:
            return "?" if implicit[0] else _TAG + "str"
        return _TAG + ("map" if kind is yaml.MappingNode else "seq")


def read(path: Path, shown: str | None = None, *, pulumi: bool = True) -> Document:
    """Read a YAML file.

    Args:
        path: Required. The file.
        shown: Optional. Its path as reports show it; the path as given by default.
        pulumi: Optional. As of `compose`.

    Raises:
        InputError: it cannot be read, is no UTF-8, is broken, or holds a key twice. The text has line and column.
    """
    return parse(text_of(path, shown), shown or str(path), pulumi=pulumi)


def parse(text: str, shown: str, *, pulumi: bool = True) -> Document:
    """Read YAML.

    Args:
        text: Required. The YAML.
        shown: Required. What reports call the file.
        pulumi: Optional. As of `compose`.

    Raises:
        InputError: it is broken, nested too deeply, or holds a key twice.
    """
    document = compose(text, shown, pulumi=pulumi)
    if document.repeated:
        raise InputError(document.repeated)
    return document


def compose(text: str, shown: str, *, pulumi: bool = True) -> Document:
    """Read YAML; keys that it has twice are in `repeated`.

    Args:
        text: Required. The YAML.
        shown: Required. What reports call the file.
        pulumi: Optional. Whether scalars are what they are to Pulumi; in a file that only this package reads a day is
            a date, and a number may be infinite.

    Raises:
        InputError: it is broken, or nested too deeply.
    """
    try:
        if _nesting(text) > _DEEPEST:
            raise InputError(
                FileProblem(shown, ValueProblem(f"is nested more than {_DEEPEST} deep", "write fewer levels"))
            )
        loader = _Reader(text)
        try:
            return Document(shown, loader.get_single_node(), pulumi=pulumi)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        raise InputError(_broken(error, text, shown)) from None
    except yaml.YAMLError as error:
        rule = f"is no YAML: {' '.join(str(error).split())}"
        raise InputError(FileProblem(shown, ValueProblem(rule, "correct it"))) from None


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


def _broken(error: yaml.MarkedYAMLError, text: str, shown: str) -> FileProblem:
    mark = error.problem_mark or error.context_mark
    lines = text.splitlines()
    tab = _TAB.match(lines[mark.line]) if mark and mark.line < len(lines) else None
    if mark and tab:
        problem = ValueProblem("is indented with a tab, and YAML takes only spaces", "replace the tab with spaces")
        return FileProblem(shown, problem, "", mark.line + 1, tab.end())
    begun = error.context_mark
    since = f" (begun in line {begun.line + 1})" if begun and mark and begun.line != mark.line else ""
    reason = ", ".join(part for part in (error.context, error.problem) if part)
    problem = ValueProblem(f"is broken YAML: {reason}{since}", "correct it")
    return FileProblem(shown, problem, "", *((mark.line + 1, mark.column + 1) if mark else ()))
