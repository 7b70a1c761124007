"""From the text of `llama-catalog.yaml` to what it says, or to one report of everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from azure_llama.catalog.overlay import Mistake, OverlayError
from azure_llama.catalog.overlay.relations import Finding, Where, everywhere
from azure_llama.catalog.overlay.schema import Overlay
from azure_llama.catalog.text import nearest

LARGEST = 8 * 2**20
"""Bytes of a file that is read at all."""
_LONGEST = 60
_DEEPEST = 50
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_KEY = "[key]"
_WANTED = {
    "string_type": "a text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "dict_type": "a map",
    "model_type": "a map",
    "list_type": "a list",
    "date_type": "a date, such as 2026-11-25",
    "date_from_datetime_inexact": "a date, such as 2026-11-25",
}
_KINDS = {bool: "a truth value", int: "a whole number", float: "a number", str: "a text", list: "a list", dict: "a map"}


class Document:
    """The file's data, and the line of every key in it."""

    def __init__(self, shown: str, text: str) -> None:
        self.shown = shown
        self._lines: dict[Where, int] = {}
        self._twice: list[tuple[Where, int]] = []
        loader = _LOADER(text)
        try:
            node = loader.get_single_node()
            if node is not None:
                self._walk(node, (), set())
            self.data: Any = None if node is None else loader.construct_document(node)
        finally:
            loader.dispose()

    def _walk(self, node: yaml.Node, where: Where, seen: set[int]) -> None:
        if id(node) in seen:
            return
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            names: set[str] = set()
            for key, value in node.value:
                path = (*where, str(key.value) if isinstance(key, yaml.ScalarNode) else "?")
                if path[-1] in names:
                    self._twice.append((path, key.start_mark.line + 1))
                names.add(path[-1])
                self._lines.setdefault(path, key.start_mark.line + 1)
                self._walk(value, path, seen)
        elif isinstance(node, yaml.SequenceNode):
            for index, value in enumerate(node.value):
                self._lines.setdefault((*where, str(index)), value.start_mark.line + 1)
                self._walk(value, (*where, str(index)), seen)

    def line(self, where: Where) -> int | None:
        """The line of a place, or of the nearest thing around it that the file has; None for the whole file."""
        while where and where not in self._lines:
            where = where[:-1]
        return self._lines.get(where)

    def repeated(self) -> Iterator[Mistake]:
        """Keys that the file has twice; YAML would keep the last of them without a word."""
        for where, line in self._twice:
            first = self._lines[where]
            yield Mistake(self.shown, line, ".".join(where), f"is here twice, first in line {first}", "remove one")

    def mistake(self, where: Where, finding: Finding) -> Mistake:
        """A finding, with where it is."""
        return Mistake(self.shown, self.line(where), ".".join(where), finding.rule, finding.way_out)


def understood(document: Document) -> Overlay:
    """What a file says.

    Args:
        document: Required. Its YAML.

    Raises:
        OverlayError: it says something that it may not.
    """
    problems = list(document.repeated())
    data = {} if document.data is None else document.data
    try:
        overlay = Overlay.model_validate(data, by_alias=True)
    except ValidationError as error:
        problems += [document.mistake(*_translate(each)) for each in error.errors(include_url=False)]
    else:
        problems += [document.mistake(where, finding) for where, finding in everywhere(overlay)]
        if not problems:
            return overlay
    raise OverlayError(_sorted(problems))


def load(path: Path) -> Document:
    """Read a file's YAML, whatever it says.

    Args:
        path: Required. The file.

    Raises:
        OverlayError: it cannot be read, or is broken YAML.
    """
    return parse(*text_of(path))


def parse(text: str, shown: str) -> Document:
    """Read YAML, whatever it says.

    Args:
        text: Required. The YAML.
        shown: Required. What reports call the file.

    Raises:
        OverlayError: it is broken YAML.
    """
    try:
        # Nodes are composed by a recursion in C that ends the process; events are not.
        if _depth(text) > _DEEPEST:
            raise _whole(shown, "is nested too deeply", "write maps in maps, as docs/catalog.md shows")
        return Document(shown, text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = ", ".join(part for part in (error.context, error.problem) if part)
        raise _whole(shown, f"is broken YAML: {said}", "mend it", mark.line + 1 if mark else None) from None
    except (yaml.YAMLError, ValueError) as error:
        raise _whole(shown, f"is no YAML: {' '.join(str(error).split())}", "mend it") from None


def _depth(text: str) -> int:
    depth = deepest = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            deepest = max(deepest, depth)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if deepest > _DEEPEST:
            break
    return deepest


def _whole(shown: str, rule: str, way_out: str, line: int | None = None) -> OverlayError:
    return OverlayError([Mistake(shown, line, "", rule, way_out)])


def _sorted(problems: Iterable[Mistake]) -> list[Mistake]:
    return sorted(dict.fromkeys(problems), key=lambda each: each.line or 0)


def _shown(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def text_of(path: Path) -> tuple[str, str]:
    """The text of a file, and what reports call the file.

    Raises:
        OverlayError: it cannot be read.
    """
    shown = _shown(path)
    try:
        if path.is_file() and path.stat().st_size > LARGEST:
            raise _whole(shown, f"is larger than {LARGEST // 2**20} MiB", "give the file that was meant")
        return path.read_bytes().decode("utf-8-sig"), shown
    except OSError as error:
        raise _whole(shown, f"cannot be read: {error.strerror or error}", "mend or remove it") from None
    except UnicodeDecodeError as error:
        raise _whole(shown, f"is not UTF-8 (byte {error.start})", "save it as UTF-8") from None


def show(value: Any) -> str:
    """A value as a report prints it."""
    text = "empty" if value is None else str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "..."


def _keys_at(where: Where) -> tuple[str, ...]:
    """The keys that the overlay has at a place; none where they are names of one's own."""
    declared: Any = Overlay
    for part in where:
        declared = get_args(declared)[1] if get_origin(declared) is dict else _field(declared, part)
    return tuple(field.alias or name for name, field in _fields(declared).items())


def _fields(declared: Any) -> dict[str, FieldInfo]:
    model = next((each for each in (declared, *get_args(declared)) if isinstance(each, type)), None)
    return model.model_fields if model and issubclass(model, BaseModel) else {}


def _field(declared: Any, part: str) -> Any:
    return next((field.annotation for field in _fields(declared).values() if field.alias == part), None)


def _description(where: Where) -> str:
    for model in _all_models():
        for name, field in model.model_fields.items():
            if (field.alias or name) == where[-1] and field.description:
                return field.description
    return "it"


def _all_models() -> Iterator[type[BaseModel]]:
    from azure_llama.catalog.overlay import schema as overlay_schema

    kinds = [each for each in vars(overlay_schema).values() if isinstance(each, type)]
    yield from (each for each in kinds if issubclass(each, BaseModel))


def _translate(error: ErrorDetails) -> tuple[Where, Finding]:
    """Where pydantic found something, and the finding in sentences that a person with a YAML file can use."""
    where = tuple(str(part) for part in error["loc"] if part != _KEY)
    kind, value, context = error["type"], error["input"], error.get("ctx", {})
    if error["loc"][-1:] == (_KEY,):
        return where, Finding(f"{show(value)} is no name", "put it in quotes")
    match kind:
        case "missing":
            return where, Finding("is missing", f"write {_description(where)}")
        case "extra_forbidden":
            keys = _keys_at(where[:-1])
            near = nearest(where[-1], keys)
            return where, Finding(
                "is not a key here", f"did you mean {near!r}?" if near else f"the keys here are {', '.join(keys)}"
            )
        case "literal_error":
            return where, Finding(f"is {show(value)}", f"write {context.get('expected')}")
        case "greater_than":
            return where, Finding(f"is {show(value)}, not more than 0", "write what it is, or leave it out")
        case "finite_number":
            return where, Finding(f"is {show(value)}, which is no number", "write what it is, or leave it out")
        case "string_too_short":
            return where, Finding("is empty", "write a text, or leave it out")
        case _ if kind in _WANTED:
            given = "empty" if value is None else _KINDS.get(type(value), show(value))
            return where, Finding(f"is {given}, not {_WANTED[kind]}", f"write {_WANTED[kind]}")
        case _:
            return where, Finding(f"is {show(value)}: {error['msg']}", "compare with docs/catalog.md")
