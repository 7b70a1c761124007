"""Fills in a Pulumi import file with the ARM ids of declared resources that exist in Azure."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from azure_llama.arm import ArmClient, NotFoundError, versions
from azure_llama.documents.errors import InputError
from azure_llama.engine.cli import Pulumi
from azure_llama.stack.arm_ids import Planned, on_scope
from azure_llama.stack.project import Project

Entry = dict[str, Any]


@dataclass(frozen=True)
class Filled:
    """An import file, and what it leaves out.

    Attributes:
        document: The file's content, in the form of `pulumi preview --import-file`.
        resources: Entries of it that are resources of Azure.
        leftovers: Resources that exist and cannot be imported: azure-native would replace them.
        unknown: Type and name of the resources whose ids depend on the outputs of other stacks: not looked up.
    """

    document: Mapping[str, Any]
    resources: tuple[Entry, ...]
    leftovers: tuple[Planned, ...]
    unknown: tuple[str, ...] = ()


def to_create(project: Project, path: Path) -> Mapping[str, Any]:
    """The resources that the next `pulumi up` would create, as the Pulumi CLI lists them.

    Args:
        project: Required. The project with its stack.
        path: Required. The file that the CLI writes.

    Raises:
        InputError: there is no CLI, or its preview fails.
    """
    pulumi = Pulumi.find(project.root)
    if pulumi is None:
        raise InputError("there is no Pulumi CLI; install it, or run `make setup`")
    config = ["--config-file", project.file.shown] if project.file is not None else []
    lines: list[str] = []
    arguments = ("preview", "--import-file", str(path), "--stack", project.backend_stack, "--color", "never", *config)
    if pulumi.show(*arguments, on_line=lines.append) != 0:
        raise InputError(f"`pulumi preview` fails:\n{''.join(lines).rstrip()}")
    document: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


async def fill(document: Mapping[str, Any], planned: Iterable[Planned], arm: ArmClient) -> Filled:
    """Keep the entries that exist in Azure, with their ids and the components that they are in.

    Args:
        document: Required. What is to be created, from `to_create`.
        planned: Required. The resources that the program declares.
        arm: Required. Where they are looked up.

    Raises:
        ArmError: Azure does not answer whether one exists.
    """
    by_name = {(each.pulumi_type, each.logical_name): each for each in planned}
    entries = [(entry, by_name.get((entry["type"], _logical(entry)))) for entry in document.get("resources") or ()]
    found = await asyncio.gather(*(_exists(arm, each) for _, each in entries))
    there = [(entry, each) for (entry, each), exists in zip(entries, found, strict=True) if exists and each]
    resources = [{**entry, "id": each.id} for entry, each in there if not on_scope(entry["type"])]
    leftovers = tuple(each for entry, each in there if on_scope(entry["type"]))
    unknown = tuple(f"{entry['type']} {_logical(entry)}" for entry, each in entries if each and each.guessed)
    parents = _parents([entry for entry, _ in entries], resources)
    kept = [entry for entry, _ in entries if entry.get("component") and _logical(entry) in parents]
    return Filled({**document, "resources": [*kept, *resources]}, tuple(resources), leftovers, unknown)


async def _exists(arm: ArmClient, planned: Planned | None) -> bool:
    version = versions.of_type(planned.type) if planned else None
    if planned is None or planned.guessed or version is None:
        return False
    try:
        await arm.get(planned.id, version)
    except NotFoundError:
        return False
    return True


def _parents(entries: list[Entry], resources: list[Entry]) -> set[str]:
    """Names of the components that the resources are in, at any depth."""
    above = {_logical(entry): entry.get("parent") for entry in entries if entry.get("component")}
    names: set[str] = set()
    todo = [entry.get("parent") for entry in resources]
    while todo:
        name = todo.pop()
        if name in above and name not in names:
            names.add(name)
            todo.append(above[name])
    return names


def _logical(entry: Entry) -> str:
    return str(entry.get("logicalName") or entry.get("name"))
