"""Identifies the project and stack that a command works on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from azure_llama.documents.errors import InputError
from azure_llama.documents.files import PROJECT, check_readable, find_upwards
from azure_llama.documents.positions import Document, Path_, read
from azure_llama.stack.selection import choose, stacks

STACK_KEYS: tuple[Path_, ...] = (("stackConfigDir",), ("backend", "url"))


@dataclass(frozen=True)
class Identity:
    """The selected project and stack, whether or not their files are valid.

    Attributes:
        path: `Pulumi.yaml`.
        name: The project's name; the folder's while `Pulumi.yaml` does not say it.
        stack: The stack's name, without organization and project.
        file: The stack's YAML.
        qualified: The stack's name as it is stated, for the backend.
    """

    path: Path
    name: str
    stack: str
    file: Path
    qualified: str

    @property
    def root(self) -> Path:
        """The folder of `Pulumi.yaml`."""
        return self.path.parent


def identify(directory: Path, stack: str | None = None, config_file: Path | None = None) -> Identity:
    """Find the project and the stack; the arguments are those of `load`.

    Raises:
        InputError: there is no project or no such stack, or a file cannot be read.
    """
    path = _project_file(directory)
    name, where, qualified = _choose(path, stack, config_file)
    chosen = qualified.rsplit("/", 1)[-1]
    file = config_file or where / f"Pulumi.{chosen}.yaml"
    if config_file is None and not file.exists():
        have = stacks(where)
        known = f"the stacks here are {', '.join(have)}" if have else "no stack here has a file"
        what = f"so no stack {chosen!r}" if stack else f"and the selected stack is {chosen!r}"
        remedy = "" if stack else "; give --stack, or select another one with `pulumi stack select`"
        raise InputError(f"{file.name}: there is no such file, {what}; {known}{remedy}")
    check_readable(file, shown(file, path.parent))
    return Identity(path, name, chosen, file, qualified)


def _choose(path: Path, stack: str | None, config_file: Path | None) -> tuple[str, Path, str]:
    """The project's name, the folder of its stacks' files, and the stack's name for the backend."""
    try:
        document = read(path, path.name)
        name = map_at(document, (), "the project").get("name")
        folder, backend = (text_at(document, key, "") for key in STACK_KEYS)
    except InputError:
        name, folder, backend = None, "", ""
    name = name if isinstance(name, str) and name else path.parent.name
    where = path.parent / (folder or ".")
    return name, where, stack or choose(path, name, where, backend or None, config_file)


def selected_stack(directory: Path) -> str | None:
    """The stack that a command works on in a folder when none is named, for the backend; None outside a project.

    Raises:
        InputError: the project has no stack, or several and none is selected.
    """
    path = find_upwards(directory.resolve(), PROJECT)
    return _choose(path, None, None)[2] if path else None


def _project_file(directory: Path) -> Path:
    if not directory.is_dir():
        raise InputError(f"{directory}: is no folder; give the one that holds Pulumi.yaml")
    file = find_upwards(directory.resolve(), PROJECT)
    if file is None:
        raise InputError(
            f"{directory}: there is no Pulumi.yaml here or above; give --directory with the project's folder"
        )
    return file


def shown(path: Path, root: Path) -> str:
    """The path from the project's folder, with slashes; as given when it lies elsewhere."""
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return path.as_posix()


def map_at(document: Document, path: Path_, what: str) -> Mapping[str, Any]:
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
    return {dict: "a map", list: "a list", str: "a text", bool: "a boolean"}.get(type(value), "a number")


def text_at(document: Document, path: Path_, default: str) -> str:
    data: Any = document.data
    for part in path:
        data = data.get(part) if isinstance(data, dict) else None
    if data is None:
        return default
    if not isinstance(data, str):
        raise InputError(f"{document.value(path)}: {'.'.join(map(str, path))} is {_kind(data)}, not a text")
    return data
