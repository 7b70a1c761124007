"""The project and its stack's configuration, as the Pulumi CLI would hand them to the program."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from azure_llama.catalog import Catalog
from azure_llama.catalog.kinds import KINDS, EndpointKind
from azure_llama.documents.errors import InputError
from azure_llama.documents.files import PROJECT, find_upwards
from azure_llama.documents.positions import Document, Path_, read
from azure_llama.stack.selection import choose, stacks

HIDDEN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""Stands for a secret of the stack's file: what Pulumi itself writes for a value that is not known yet."""

_HIDDEN_ONE = "(a secret, which a check does not have)"


@dataclass(frozen=True)
class Project:
    """A Pulumi project with one of its stacks.

    Attributes:
        root: The folder of `Pulumi.yaml`.
        name: The project's name.
        stack: The stack's name, without organization and project.
        main: The folder or file that is the program.
        config: Full key to raw text, objects as JSON, as the language host gets it; secrets are `HIDDEN`.
        secret_keys: Full keys whose value is, or holds, a secret.
        file: The stack's YAML; None when the stack has none.
        written: The full key of each entry of the stack's YAML, with the key as it is written there.
        environments: ESC environments that the stack names: their values are in Pulumi Cloud and are not seen.
        kinds: The kinds of endpoint that the stack can have.
    """

    root: Path
    name: str
    stack: str
    main: Path
    config: Mapping[str, str]
    secret_keys: tuple[str, ...]
    file: Document | None
    written: Mapping[str, str]
    environments: tuple[str, ...] = ()
    kinds: tuple[EndpointKind, ...] = KINDS

    @cached_property
    def catalog(self) -> Catalog:
        """The catalogue with the project's `llama-catalog.yaml`.

        Raises:
            OverlayError: that file has errors.
        """
        return Catalog.of_project(self.root, self.kinds)


def load(directory: Path, stack: str | None = None, config_file: Path | None = None) -> Project:
    """The project that a folder belongs to.

    Args:
        directory: Required. A folder of the project, or one below it.
        stack: Optional. The stack, `organization/project/` before it or not; the selected one by default, as
            `azure_llama.stack.selection` finds it.
        config_file: Optional. The stack's configuration, instead of that file.

    Raises:
        InputError: there is no project, no such stack, or a file that is wrong. The text has file, line and way out.
    """
    path = _project_file(directory)
    root = path.parent
    document = read(path, path.name)
    project = _map(document, (), "the project")
    name = project.get("name")
    if not isinstance(name, str) or not name:
        raise InputError(f"{document.shown}: has no 'name'; write the project's name")
    folder = root / _text(document, ("stackConfigDir",), ".")
    if stack:
        chosen = stack.rsplit("/", 1)[-1]
    else:
        chosen = choose(path, name, folder, _text(document, ("backend", "url"), "") or None, config_file)
    file, entries, environments = _stack_file(root, folder, chosen, config_file)
    values, written = _qualified(file, entries, name)
    defaults = _defaults(document, name, values)
    texts: dict[str, str] = {}
    secrets = []
    for key in sorted({*values, *defaults}):
        value, hidden = _open(values[key] if key in values else defaults[key])
        texts[key] = _raw(value)
        if hidden:
            secrets.append(key)
    return Project(root, name, chosen, _main(document, root), texts, tuple(secrets), file, written, tuple(environments))


def selected_stack(directory: Path) -> str | None:
    """The stack that a command works on in a folder when none is named; None outside a project, or without one."""
    try:
        return load(directory).stack
    except InputError:
        return None


def readable(text: str) -> str:
    """A text for people: what stands for a secret is called one."""
    return text.replace(HIDDEN, _HIDDEN_ONE)


def _project_file(directory: Path) -> Path:
    if not directory.is_dir():
        raise InputError(f"{directory}: is no folder; give the one that holds Pulumi.yaml")
    file = find_upwards(directory.resolve(), PROJECT)
    if file is None:
        raise InputError(
            f"{directory}: there is no Pulumi.yaml here or above; give --directory with the project's folder"
        )
    return file


def _stack_file(
    root: Path, folder: Path, stack: str, config_file: Path | None
) -> tuple[Document | None, Mapping[str, Any], list[str]]:
    path = config_file or folder / f"Pulumi.{stack}.yaml"
    if config_file is None and not path.exists():
        have = stacks(folder)
        known = f"the stacks here are {', '.join(have)}" if have else "no stack here has a file"
        raise InputError(f"{path.name}: there is no such file, so no stack {stack!r}; {known}")
    document = read(path, _shown(path, root))
    if document.data is None:
        return document, {}, []
    data = _map(document, (), "the stack's file")
    named = data.get("environment")
    return document, _map(document, ("config",), "config") if data.get("config") is not None else {}, _names(named)


def _shown(path: Path, root: Path) -> str:
    """The path from the project's folder, with slashes; as given when it lies elsewhere."""
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return path.as_posix()


def _names(environment: Any) -> list[str]:
    if isinstance(environment, Mapping):
        environment = environment.get("imports", ["(written in the stack's file)"])
    return [str(each) for each in environment] if isinstance(environment, list) else []


def _map(document: Document, path: Path_, what: str) -> Mapping[str, Any]:
    data = document.data
    for part in path:
        data = data[part]
    if not isinstance(data, dict):
        where = document.value(path) or document.shown
        raise InputError(f"{where}: {what} is {_kind(data)}, not a map; write keys and values")
    return data


def _kind(value: Any) -> str:
    if value is None:
        return "empty"
    return {dict: "a map", list: "a list", str: "a text", bool: "a truth value"}.get(type(value), "a number")


def _text(document: Document, path: Path_, default: str) -> str:
    data: Any = document.data
    for part in path:
        data = data.get(part) if isinstance(data, dict) else None
    if data is None:
        return default
    if not isinstance(data, str):
        raise InputError(f"{document.value(path)}: {'.'.join(map(str, path))} is {_kind(data)}, not a text")
    return data


def _main(document: Document, root: Path) -> Path:
    runtime = document.data.get("runtime")
    language = runtime.get("name") if isinstance(runtime, dict) else runtime
    if language != "python":
        where = document.value(("runtime",)) or document.shown
        raise InputError(f"{where}: the runtime is {language!r}; only python programs can be checked")
    main = root / _text(document, ("main",), ".")
    if not (main.is_file() or (main / "__main__.py").is_file()):
        raise InputError(
            f"{main / '__main__.py'}: there is no such program; write it, or say 'main' in {document.shown}"
        )
    return main


def _qualified(
    document: Document | None, entries: Mapping[str, Any], project: str
) -> tuple[dict[str, Any], dict[str, str]]:
    values: dict[str, Any] = {}
    written: dict[str, str] = {}
    for key, value in entries.items():
        full = _full(key, project)
        if full in values:
            raise InputError(
                f"{document and document.key(('config', key))}: {key!r} and {written[full]!r} are one key; remove one"
            )
        values[full], written[full] = value, key
    return values, written


def _full(key: str, project: str) -> str:
    # `pulumi config` still writes the old form `project:config:key` at times.
    parts = key.split(":")
    if len(parts) == 3 and parts[1] == "config":
        parts = [parts[0], parts[2]]
    return ":".join(parts) if len(parts) > 1 else f"{project}:{key}"


def _defaults(document: Document, project: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """What the project says of configuration: values, and defaults where the stack says nothing."""
    declared = document.data.get("config")
    if declared is None:
        return {}
    found: dict[str, Any] = {}
    missing = []
    for key, schema in _map(document, ("config",), "config").items():
        full = _full(key, project)
        if not isinstance(schema, dict):
            found[full] = schema
        elif "value" in schema or "default" in schema:
            found[full] = schema["value"] if "value" in schema else schema["default"]
        elif full not in values:
            missing.append(
                f"{document.key(('config', key))}: the stack has no value for {full!r}, and it has no default"
            )
    if missing:
        raise InputError(missing)
    return found


def _open(value: Any) -> tuple[Any, bool]:
    """A value with `HIDDEN` for each `secure:` in it, and whether there was one."""
    if isinstance(value, dict):
        if set(value) == {"secure"} and isinstance(value["secure"], str):
            return HIDDEN, True
        inside = {key: _open(each) for key, each in value.items()}
        return {key: each for key, (each, _) in inside.items()}, any(hidden for _, hidden in inside.values())
    if isinstance(value, list):
        items = [_open(each) for each in value]
        return [each for each, _ in items], any(hidden for _, hidden in items)
    return value, False


def _raw(value: Any) -> str:
    """The text that the language host gets: JSON of maps and lists, scalars as they are."""
    match value:
        case None:
            return ""
        case str():
            return value
        case _:
            return json.dumps(value, separators=(",", ":"), sort_keys=True)
