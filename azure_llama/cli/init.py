"""Creates a project: `azure-llama init`."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from azure_llama.catalog.kinds import KINDS
from azure_llama.cli import completion, questions
from azure_llama.cli.options import FILE
from azure_llama.cli.output import echo
from azure_llama.scaffold.kinds import KINDS as NEW_ENDPOINTS
from azure_llama.scaffold.pipelines import FORGES

if TYPE_CHECKING:
    from azure_llama.catalog import Catalog
    from azure_llama.scaffold.configuration import Answers
    from azure_llama.settings import Settings

_Function = TypeVar("_Function", bound=Callable[..., Any])
_OFFERED = tuple(kind for kind in KINDS if kind.name in NEW_ENDPOINTS)


def _endpoint_options(function: _Function) -> _Function:
    """An option for each kind of endpoint, named like the kind."""
    for kind in reversed(_OFFERED):
        new = NEW_ENDPOINTS[kind.name]
        function = click.option(
            f"--{kind.name}",
            multiple=True,
            shell_complete=completion.models,
            metavar=f"MODEL[@{new.choice}]" if new.choice else "MODEL",
            help=" ".join(filter(None, (f"A {kind.title} with this model.", new.help, "Repeatable."))),
        )(function)
    return function


@click.command()
@click.option(
    *("--directory", "-C"), type=FILE, default=Path(), help="The folder of the new project.  [default: the current one]"
)
@click.option("--name", help="The name of the project and of its workspace.  [default: the folder's name]")
@click.option("--stack", "-s", help="The name of the stack.  [default: dev]")
@click.option("--region", help="The Azure region, such as eastus2.")
@_endpoint_options
@click.option(
    "--network",
    type=click.Choice(["public", "private"]),
    help="private: the workspace, managed endpoints and Foundry account are reachable only through private "
    "endpoints.  [default: public]",
)
@click.option(
    "--budget",
    type=click.IntRange(1),
    help="Monthly budget, in whole units of the billing currency; requires --contact.",
)
@click.option(
    "--contact", "contacts", multiple=True, metavar="EMAIL", help="Email address for budget notifications; repeatable."
)
@click.option(
    "--caller",
    "callers",
    multiple=True,
    metavar="OBJECT_ID:TYPE",
    help="An Entra ID principal that calls the endpoints: its object id and Group, User or ServicePrincipal.",
)
@click.option("--pipelines", type=click.Choice(list(FORGES)), help="Also write pipelines for this CI system.")
@click.option("--no-input", is_flag=True, help="Do not prompt.  [default: prompt on a terminal for missing values]")
def init(directory: Path, pipelines: str | None, no_input: bool, **given: Any) -> None:
    """Create a project: Pulumi.yaml, a program, the stack's file and the schema for an editor.

    Prompts for values that no option sets. All values are checked before a file is written, and no file is ever
    replaced. Shows the cost of the stack, the quota that it needs, and the next three commands.

    Exit codes: 0 written, 2 wrong usage: a value is missing or invalid, or a file exists.
    """
    from azure_llama.catalog import Catalog
    from azure_llama.scaffold.configuration import configuration
    from azure_llama.scaffold.files import files, write
    from azure_llama.settings import load
    from azure_llama.stack.values import raw_text

    catalog = Catalog.package()
    if _asks(no_input):
        given, pipelines = questions.complete(directory, given, pipelines, catalog)
    answers = _answers(directory, given)
    config = configuration(answers, catalog, datetime.now(UTC).date())
    settings = load({key: raw_text(value) for key, value in config.items()}, catalog)
    texts = files(answers, config, catalog, pipelines)
    write(directory, texts)
    echo("\n".join(_summary(directory, texts, answers.stack, settings, catalog)))


def _asks(no_input: bool) -> bool:
    return not no_input and sys.stdin.isatty()


def _answers(directory: Path, given: dict[str, Any]) -> Answers:
    """The answers, after a check that none is missing.

    Raises:
        UsageError: some are; the text names all of them.
    """
    from azure_llama.scaffold.configuration import Answers, EndpointRequest

    endpoints = []
    for kind in _OFFERED:
        for text in given.get(kind.name) or ():
            model, _, choice = text.partition("@")
            endpoints.append(EndpointRequest(kind.name, model, choice or None))
    options = " or ".join(f"--{kind.name} MODEL" for kind in _OFFERED)
    missing = [] if given["region"] else ["--region REGION"]
    missing += [] if endpoints else [options]
    missing += ["--contact EMAIL"] if given["budget"] and not given["contacts"] else []
    if missing:
        raise click.UsageError(f"an answer is missing; give {', '.join(missing)}")
    return Answers(
        project=given["name"] or questions.project_name(directory),
        stack=given["stack"] or "dev",
        region=given["region"],
        endpoints=tuple(endpoints),
        network=given["network"] or "public",
        budget=given["budget"],
        contacts=tuple(given["contacts"]),
        callers=tuple(_caller(text) for text in given["callers"]),
    )


def _caller(text: str) -> tuple[str, str]:
    id_, separator, type_ = text.partition(":")
    if not separator:
        raise click.UsageError(f"--caller {text}: has no type; write {text}:Group, :User or :ServicePrincipal")
    return id_, type_


def _summary(directory: Path, texts: Iterable[str], stack: str, settings: Settings, catalog: Catalog) -> Iterator[str]:
    """The summary: written files, cost, quota and the next commands."""
    from azure_llama import pricing

    yield from (f"written: {directory / path}" for path in texts)
    yield ""
    yield f"Cost: {pricing.summary(pricing.estimate(settings))} (`azure-llama cost` has the items)"
    needs = [
        line for each in settings.endpoints() for line in NEW_ENDPOINTS[each.kind.name].quota(each, settings, catalog)
    ]
    yield from (f"Quota: {line}" for line in needs or ["none"])
    yield ""
    yield "Next:"
    if directory.resolve() != Path.cwd():
        yield f"  cd {shlex.quote(str(directory))}"
    steps = {
        f"azure-llama check --stack {stack}": "the rules of the policy pack; seconds, no account",
        "azure-llama sandbox start": "a local Azure",
        f"azure-llama sandbox exec -- sh -c 'pulumi stack select --create {stack} && pulumi up'": "deploy into it",
    }
    yield from (f"  {command}\n      {what}" for command, what in steps.items())
    yield "On real Azure: `azure-llama preflight`, then `pulumi up`."
