"""Reads files for `az ml`: the kind of each, and the values of its fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from azure_llama.catalog.kinds import MANAGED
from azure_llama.conversion.fields import Field, Kind
from azure_llama.conversion.kinds import (
    KINDS,
    MARKETPLACE_SUBSCRIPTION,
    ONLINE_DEPLOYMENT,
    ONLINE_ENDPOINT,
    SERVERLESS_ENDPOINT,
)
from azure_llama.conversion.notes import About, Note, at
from azure_llama.conversion.values import BadValueError
from azure_llama.documents.positions import Document
from azure_llama.documents.problems import FileProblem, ValueProblem, listed
from azure_llama.documents.spelling import fold, nearest

Keys = tuple[str, ...]

_SCHEMA = re.compile(r"([A-Za-z]+)(\.schema)?\.json$")
_OF_OTHERS = {"mini_batch_size", "job_definition", "image", "conda_file", "build", "path", "version", "command", "jobs"}
"""Fields of batch deployments, environments, models, data and jobs."""
_READ = "`azure-llama convert` reads online endpoints, online deployments, serverless endpoints and subscriptions"


@dataclass
class Source:
    """A file.

    Attributes:
        document: Required. Its YAML.
        kind: Required. A key of `kinds.KINDS`.
        values: The stack's values by the field's path, without those that are not carried.
        notes: What is not carried.
        problems: What is wrong with it.
    """

    document: Document
    kind: str
    values: dict[Keys, Any] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    problems: list[FileProblem] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name of what it describes."""
        return str(self.document.data.get("name") or "")

    @property
    def endpoint(self) -> str:
        """The name of its endpoint."""
        return str(self.document.data.get("endpoint_name") or "") if self.kind == ONLINE_DEPLOYMENT else self.name

    def get(self, path: str, default: Any = None) -> Any:
        """The value of a field."""
        return self.values.get(tuple(path.split(".")), default)

    def below(self, path: str) -> dict[Keys, Any]:
        """The values of the fields below a path."""
        above = tuple(path.split("."))
        return {keys: value for keys, value in self.values.items() if keys[: len(above)] == above and keys != above}

    def note(self, path: str, about: About, text: str, command: str = "") -> None:
        """Add a note about a field."""
        self.notes.append(at(self.document, tuple(path.split(".")), about, text, command))

    def ask(self, path: str, key: str, text: str, command: str = "") -> None:
        """Add a note that a key of the deployment is to be filled in, because of a field."""
        self.notes.append(at(self.document, tuple(path.split(".")), About.FILL, text, command, self.place(key)))

    def place(self, key: str) -> str:
        """The place of a key of the deployment in the stack's configuration."""
        return f"{MANAGED.setting}.{self.endpoint}.deployments.{self.name}.{key}"


def read_source(document: Document) -> Source | Note:
    """A file for `az ml`, or the note that it is for a command of `az ml` that makes nothing of a stack.

    The source has the problems of the file.
    """
    if not isinstance(document.data, dict):
        return _unknown(document, ValueProblem("is not a map", _READ))
    schema = _SCHEMA.search(str(document.data.get("$schema") or ""))
    kind = _of_schema(schema[1]) if schema else _of_fields(document)
    if kind is None and schema:
        text = f"a file of the schema {schema[1]!r} is not converted: {_READ}"
        return Note(About.DROPPED, text, file=document.shown)
    if kind is None:
        near = f"its keys are {listed(list(document.data))}"
        return _unknown(document, ValueProblem(f"is of no known kind: {near}", f"{_READ}; set $schema"))
    source = Source(document, kind)
    _walk(source, KINDS[kind], (), document.data)
    for key in ("name", "endpoint_name") if kind == ONLINE_DEPLOYMENT else ("name",):
        if not document.data.get(key):
            source.problems.append(document.problem((key,), ValueProblem("is missing", "set it")))
    return source


def _unknown(document: Document, problem: ValueProblem) -> Source:
    return Source(document, "", problems=[document.problem((), problem)])


def _of_schema(name: str) -> str | None:
    return next((key for key, kind in KINDS.items() if fold(name) in map(fold, kind.schemas)), None)


def _of_fields(document: Document) -> str | None:
    """The kind of a file without `$schema`."""
    keys = set(document.data)
    if keys & _OF_OTHERS:
        return None
    if "endpoint_name" in keys or "instance_type" in keys:
        return ONLINE_DEPLOYMENT
    if "model_id" in keys:
        # Both have a name and a model, and Microsoft's examples tell them apart by the file's name.
        stem = PurePath(document.shown).stem.casefold()
        said = "marketplace_plan" in keys or "subscription" in stem or "marketplace" in stem
        return MARKETPLACE_SUBSCRIPTION if said else SERVERLESS_ENDPOINT
    known = {each.keys[0] for each in KINDS[ONLINE_ENDPOINT].fields}
    return ONLINE_ENDPOINT if "name" in keys and 2 * len(keys & known) >= len(keys) else None


def _walk(source: Source, kind: Kind, above: Keys, data: Mapping[str, Any]) -> None:
    for key, value in data.items():
        keys = (*above, key)
        known = kind.at(keys)
        deeper = any(kind.below(keys))
        if value in (None, {}, []):
            continue
        if deeper and isinstance(value, dict):
            _walk(source, kind, keys, value)
        elif known is not None:
            _keep(source, known, keys, value)
        elif deeper:
            problem = ValueProblem("must be a map", "write it as `az ml` has it")
            source.problems.append(source.document.problem(keys, problem))
        else:
            source.problems.append(source.document.problem(keys, _misspelt(kind, keys)))


def _misspelt(kind: Kind, keys: Keys) -> ValueProblem:
    names = list(dict.fromkeys(_siblings(kind, keys[:-1])))
    near = nearest(keys[-1], names)
    remedy = f"did you mean {near!r}?" if near else f"the fields here are {listed(names)}"
    return ValueProblem(f"is not a field of {kind.title}s", remedy, nearest=near)


def _siblings(kind: Kind, above: Keys) -> Iterator[str]:
    for each in kind.below(above):
        yield each.keys[len(above)]


def _keep(source: Source, known: Field, keys: Keys, value: Any) -> None:
    if known.ignored or (known.usual is not None and fold(str(value)) == fold(known.usual)):
        return
    if not known.key:
        source.notes.append(at(source.document, keys, About.DROPPED, known.note))
        return
    try:
        source.values[keys] = known.read(value)
    except BadValueError as error:
        source.problems.append(source.document.problem(keys, error.problem))
