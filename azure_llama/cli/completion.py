"""Shell completion for names of stacks, endpoints and models. On an error it completes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click


def stacks(context: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Stacks of the project that have a file."""
    from azure_llama.documents.files import PROJECT, find_upwards
    from azure_llama.stack.selection import stacks as with_files

    project = find_upwards(_directory(context).resolve(), PROJECT)
    return _matching(incomplete, with_files(project.parent) if project else ())


def endpoints(context: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Endpoints in the stack's file."""
    return _matching(incomplete, _endpoints(_directory(context), context.params.get("stack")))


def models(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    """Models of the package's catalogue."""
    from azure_llama.catalog import Catalog

    return _matching(incomplete, (model.name for model in Catalog.package().models))


def _directory(context: click.Context) -> Path:
    return Path(context.params.get("directory") or ".")


def _endpoints(directory: Path, stack: str | None) -> Iterator[str]:
    from azure_llama.catalog.kinds import KINDS
    from azure_llama.documents.errors import InputError
    from azure_llama.documents.positions import read
    from azure_llama.stack.identity import identify

    try:
        data: Any = read(identify(directory, stack).file).data
    except InputError:
        return
    config = data.get("config") if isinstance(data, dict) else None
    if isinstance(config, dict):
        named = (config.get(kind.setting) for kind in KINDS)
        yield from (name for names in named if isinstance(names, dict) for name in names)


def _matching(incomplete: str, names: Any) -> list[str]:
    return [name for name in names if name.casefold().startswith(incomplete.casefold())]
