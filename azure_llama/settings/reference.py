"""The tables of options in the documentation, written from the settings."""

from __future__ import annotations

import inspect
import re
from collections.abc import Collection, Iterator
from datetime import date, datetime, time
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import AfterValidator
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo

from azure_llama.settings import Settings
from azure_llama.settings.base import StrictModel
from azure_llama.settings.checks import Range
from azure_llama.settings.wire import ANY, EACH, Option, options

SECTIONS = {option.section.__name__: option.section for option in options(Settings) if option.section}
"""All parts of the settings by the name of their class."""

_BLOCK = re.compile(r"(<!-- options: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_HEAD = "| key | type | default | property in Azure | description |\n|---|---|---|---|---|\n"
_ATTRIBUTE = re.compile(r"^(\w+): (.*?)(?=^\w+: |\Z)", re.MULTILINE | re.DOTALL)
_NEED = re.compile(r"(Required|Optional|Conditional)\.\s*")
_NAME = re.compile(r"(?<=`)[a-z]+(?:_[a-z]+)+(?=`)")
_TYPES = {
    bool: "`true` or `false`",
    int: "integer",
    float: "number",
    str: "string",
    datetime: "date and time",
    date: "date",
    time: "time",
    dict: "map",
}


def generated(root: Path) -> dict[Path, str]:
    """The pages that have tables, by their path in the repository, with these tables as they must be.

    The table of a class is in the block `<!-- options: CLASS -->` ... `<!-- end -->` of a page. A section that has no
    such block is in the table of the settings above it.
    """
    pages = {path: path.read_text(encoding="utf-8") for path in sorted((root / "docs").glob("*.md"))}
    tables = {block[2] for text in pages.values() for block in _BLOCK.finditer(text)}
    return {path.relative_to(root): with_tables(text, tables) for path, text in pages.items() if _BLOCK.search(text)}


def with_tables(page: str, tables: Collection[str]) -> str:
    """A page with its tables written again.

    Args:
        page: Required. The text of the page.
        tables: Required. The names of all classes that have a table on some page.
    """
    return _BLOCK.sub(lambda block: f"{block[1]}{table(SECTIONS[block[2]], tables)}{block[3]}", page)


def descriptions(settings: type[StrictModel]) -> dict[type[StrictModel], dict[str, str]]:
    """The descriptions of the options of a class and its nested classes, by class and key, with `Required.` or
    similar.
    """
    texts: dict[type[StrictModel], dict[str, str]] = {}
    for option in options(settings):
        need, text = description(option.owner, option.names[-1])
        texts.setdefault(option.owner, {})[option.keys[-1]] = f"{need}. {text}"
    return texts


def table(settings: type[StrictModel], tables: Collection[str] = ()) -> str:
    """The options of a part of the settings as a table in Markdown.

    Args:
        settings: Required. The part.
        tables: Optional. The names of the classes that have a table elsewhere.
    """
    rows = (_cells(option, settings.wire_resource) for option in _options(settings, tables))
    return _HEAD + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _options(settings: type[StrictModel], tables: Collection[str]) -> Iterator[Option]:
    elsewhere: list[tuple[str, ...]] = []
    for option in options(settings):
        if any(option.keys[: len(keys)] == keys for keys in elsewhere):
            continue
        if option.section and option.section.__name__ in tables:
            elsewhere.append(option.keys)
        yield option


def _cells(option: Option, resource: str | None) -> tuple[str, ...]:
    keys = ".".join("NAME" if key == ANY else key for key in option.keys).replace(f".{EACH}", EACH)
    need, text = description(option.owner, option.names[-1])
    default = "" if need == "Required" else _default(option.field)
    return f"`{keys}`", _type(option.field), default or need, _property(option, resource), text


def description(owner: type[StrictModel], name: str) -> tuple[str, str]:
    """Whether an option is required, and what it is, from the docstring of its class or of one that this extends.

    Args:
        owner: Required. The class that has its field.
        name: Required. The field.
    """
    texts: dict[str, str] = {}
    for class_ in reversed(owner.__mro__):
        _, _, attributes = inspect.cleandoc(class_.__doc__ or "").partition("Attributes:\n")
        texts |= dict(_ATTRIBUTE.findall(inspect.cleandoc(attributes)))
    text = " ".join(texts[name].split())
    need = _NEED.match(text)
    assert need, f"{owner.__name__}.{name} must start with Required., Optional. or Conditional."
    return need[1], _NAME.sub(lambda name: to_camel(name[0]), text[need.end() :])


def _type(field: FieldInfo) -> str:
    return _type_of(field.annotation, field.metadata)


def _type_of(annotation: Any, metadata: list[Any]) -> str:
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _type_of(parts[0], [*metadata, *parts[1:]])
    if origin in (Union, UnionType):
        return _type_of(next(part for part in parts if part is not NoneType), metadata)
    if origin is Literal:
        *first, last = (f"`{part}`" for part in parts)
        return f"{', '.join(first)} or {last}" if first else last
    if isinstance(annotation, type) and issubclass(annotation, StrictModel):
        return "map"
    if origin is list:
        inner, comma, limits = _type_of(parts[0], []).partition(", ")
        return "list" if inner == "map" or inner.startswith("`") else f"list of {inner}s{comma}{limits}"
    ranges = [str(each.func) for each in metadata if isinstance(each, AfterValidator) and isinstance(each.func, Range)]
    return ", ".join([_TYPES[origin or annotation], *ranges])


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True)
    match value:
        case StrictModel() | None:
            return ""
        case bool():
            return f"`{str(value).lower()}`"
        case list() | dict():
            return f"`[{', '.join(map(str, value))}]`" if value else ""
        case time():
            return f'`"{value:%H:%M}"`'
    return f"`{value}`"


def _property(option: Option, resource: str | None) -> str:
    """The first property that an option decides, after its type of resource where that is not the table's."""
    if not option.wires:
        return ""
    wire = option.wires[0]
    other = None if wire.resource == resource else wire.resource
    return ": ".join(f"`{part}`" for part in (other, wire.path) if part)
