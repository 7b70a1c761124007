"""The prompts of `azure-llama init` on a terminal: one for each value that no option sets."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from azure_llama.catalog import Catalog
    from azure_llama.catalog.recognition import Recognition


def project_name(directory: Path) -> str:
    """The default project name: the folder's name, adapted to the naming rules of an Azure ML workspace."""
    from azure_llama.catalog import names

    text = re.sub(r"[^a-z0-9]+", "-", directory.resolve().name.lower()).strip("-")[: names.WORKSPACE.longest - 10]
    return text if len(text) >= names.WORKSPACE.shortest else "llama"


def complete(
    directory: Path, given: dict[str, Any], pipelines: str | None, catalog: Catalog
) -> tuple[dict[str, Any], str | None]:
    """Prompt for the missing answers and return all of them.

    Args:
        directory: Required. The project's folder.
        given: Required. The answers of the options, by the option's name; None or an empty tuple where there is none.
        pipelines: Required. The forge that the options name.
        catalog: Required. The catalogue that answers are looked up in.
    """
    from azure_llama.scaffold.configuration import NETWORKS
    from azure_llama.scaffold.kinds import KINDS
    from azure_llama.scaffold.pipelines import FORGES

    found = dict(given)
    found["name"] = found["name"] or click.prompt("Name of the project", default=project_name(directory), err=True)
    found["stack"] = found["stack"] or click.prompt("Name of the stack", default="dev", err=True)
    found["region"] = found["region"] or _region(catalog)
    kinds = [kind for kind in catalog.kinds if kind.name in KINDS]
    while not any(found[kind.name] for kind in kinds):
        for kind in kinds:
            question = f"Models of {kind.title}s, separated by commas (empty for none)"
            found[kind.name] = click.prompt(
                question, default="", show_default=False, value_proc=_models(catalog), err=True
            )
    found["network"] = found["network"] or _choice("Network", tuple(NETWORKS))
    if found["budget"] is None:
        amount = click.prompt("Budget a month (0 for none)", default=0, type=click.IntRange(0), err=True)
        found["budget"] = amount or None
    if found["budget"] and not found["contacts"]:
        found["contacts"] = (click.prompt("E-mail address that is notified of it", err=True),)
    if not found["callers"]:
        question = "Object id of a group that calls the endpoints (empty for none)"
        group = click.prompt(question, default="", show_default=False, err=True)
        found["callers"] = (f"{group}:Group",) if group else ()
    forge = pipelines or _choice("Pipelines (check, preview, deployment, drift)", ("none", *FORGES))
    return found, None if forge == "none" else forge


def _choice(question: str, answers: tuple[str, ...]) -> str:
    answer: str = click.prompt(question, type=click.Choice(answers), default=answers[0], err=True)
    return answer


def _region(catalog: Catalog) -> str:
    def known(text: str) -> str:
        return _recognised(text, catalog.recognise_region(text), "a region, such as eastus2")

    answer: str = click.prompt("Azure region", value_proc=known, err=True)
    return answer


def _models(catalog: Catalog) -> Callable[[str], tuple[str, ...]]:
    def known(texts: str) -> tuple[str, ...]:
        return tuple(_model(text.strip(), catalog) for text in texts.split(",") if text.strip())

    return known


def _model(text: str, catalog: Catalog) -> str:
    name, separator, choice = text.partition("@")
    if catalog.reference(name).asset is None and catalog.foundry.format_of(name) is None:
        name = _recognised(name, catalog.recognise_model(name), "a model, such as Llama-3.3-70B-Instruct")
    return name + separator + choice


def _recognised(text: str, recognition: Recognition, example: str) -> str:
    if recognition.found is None:
        raise click.UsageError(f"{text!r} is not in the catalogue; {recognition.question or f'write {example}'}")
    return recognition.found
