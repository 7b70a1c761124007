"""Selects a project's stack when none is named, as the Pulumi CLI does.

In this order: `PULUMI_STACK`; the name of a file that `--config-file` gives; the stack that `pulumi stack select` chose
in this folder for the backend in use; the only stack that has a file `Pulumi.<stack>.yaml`.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from azure_llama.documents.errors import InputError


def choose(project_file: Path, name: str, folder: Path, backend: str | None, config_file: Path | None) -> str:
    """The stack to work on, with organization and project where its name is stated with them.

    Args:
        project_file: Required. The project's `Pulumi.yaml`.
        name: Required. The project's name.
        folder: Required. Where the files `Pulumi.<stack>.yaml` are.
        backend: Optional. The URL of the backend that the project names.
        config_file: Optional. The configuration that is used instead of such a file.

    Raises:
        InputError: the project has no stack, or several and none is selected.
    """
    if named := os.environ.get("PULUMI_STACK"):
        return named
    if config_file is not None:
        return _name_of(config_file)
    found = stacks(folder)
    if selected := _selected(project_file, name, backend):
        return selected
    if len(found) == 1:
        return found[0]
    if not found:
        raise InputError(f"{folder}: there is no Pulumi.<stack>.yaml; give --stack or --config-file")
    raise InputError(f"{folder}: there are several stacks ({', '.join(found)}); give --stack with one of them")


def stacks(folder: Path) -> list[str]:
    """The stacks that have a file."""
    return sorted(each.name.removeprefix("Pulumi.").removesuffix(".yaml") for each in folder.glob("Pulumi.?*.yaml"))


def _name_of(config_file: Path) -> str:
    name = config_file.name
    known = name.startswith("Pulumi.") and name.endswith((".yaml", ".yml")) and name.count(".") > 1
    return name.split(".", 1)[1].rsplit(".", 1)[0] if known else "dev"


def _selected(project_file: Path, name: str, backend: str | None) -> str | None:
    """What `pulumi stack select` wrote into its workspace file; None when nothing is selected."""
    home = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    url = os.environ.get("PULUMI_BACKEND_URL") or backend or _read(home / "credentials.json").get("current")
    for path in _spellings(project_file):
        # SHA-1 is Pulumi's own way to a file name.
        digest = hashlib.sha1(str(path).encode(), usedforsecurity=False).hexdigest()
        workspace = _read(home / "workspaces" / f"{name}-{digest}-workspace.json")
        by_backend = workspace.get("stacks")
        selected = by_backend.get(url) if isinstance(by_backend, dict) else workspace.get("stack")
        if isinstance(selected, str) and selected:
            return selected
    return None


def _spellings(project_file: Path) -> Iterator[Path]:
    """The path without links, and as the shell shows it: the CLI takes the shell's."""
    yield project_file
    shell, current = os.environ.get("PWD"), Path.cwd()
    if shell and shell != str(current) and Path(shell).exists() and Path(shell).samefile(current):
        for folder in (Path(shell), *Path(shell).parents):
            candidate = folder / project_file.name
            if candidate.exists() and candidate.samefile(project_file):
                yield candidate


def _read(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}
