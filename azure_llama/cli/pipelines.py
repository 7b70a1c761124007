"""What deploys many stacks on existing engines: `azure-llama pipelines`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from azure_llama.cli import completion
from azure_llama.cli.groups import Commands
from azure_llama.cli.options import FILE, directory_option
from azure_llama.cli.output import echo

_Function = TypeVar("_Function", bound=Callable[..., Any])


@click.group(cls=Commands)
def pipelines() -> None:
    """Pipelines, or objects of the Pulumi Kubernetes Operator, that deploy the stacks of a project.

    The first STACK is the canary: the others are deployed together once it is, and not at all when it fails.
    """


def _stacks(function: _Function) -> _Function:
    return click.argument("stacks", nargs=-1, required=True, metavar="STACK...", shell_complete=completion.stacks)(
        function
    )


@pipelines.command()
@_stacks
@directory_option
def github(stacks: tuple[str, ...], directory: Path) -> None:
    """Write workflows of GitHub Actions: check and preview of a pull request, deployment, drift.

    With their tools in deploy/tools. No file is ever replaced.

    Exit codes: 0 written, 2 wrong usage: a name is invalid, or a file exists.
    """
    _write("github", stacks, directory)


@pipelines.command("azure-devops")
@_stacks
@directory_option
def azure_devops(stacks: tuple[str, ...], directory: Path) -> None:
    """Write pipelines of Azure DevOps: check and preview of a pull request, deployment, drift.

    With their tools in deploy/tools. No file is ever replaced.

    Exit codes: 0 written, 2 wrong usage: a name is invalid, or a file exists.
    """
    _write("azure-devops", stacks, directory)


def _write(forge: str, stacks: tuple[str, ...], directory: Path) -> None:
    from azure_llama.scaffold import files
    from azure_llama.scaffold.pipelines import has_setup, pipelines

    texts = pipelines(forge, stacks, makefile=has_setup(directory))
    files.write(directory, texts)
    for path in texts:
        echo(f"written: {directory / path}")


@pipelines.command()
@_stacks
@click.option("--repository", required=True, metavar="URL", help="The project's Git repository.")
@click.option("--branch", default="main", show_default=True, help="The branch that is deployed.")
@click.option("--repository-directory", "repository_directory", help="The project's folder in it.  [default: the root]")
@click.option(
    "--backend", required=True, metavar="URL", help="Where the state is: azblob://CONTAINER?storage_account=NAME."
)
@click.option("--secrets-provider", metavar="URL", help="What encrypts secrets of a new stack: azurekeyvault://...")
@click.option("--client-id", required=True, help="Of the managed identity or application that deploys.")
@click.option("--tenant-id", required=True, help="Its tenant.")
@click.option("--subscription-id", required=True, help="The subscription to deploy to.")
@click.option("--namespace", default="default", show_default=True, help="The namespace of all objects.")
@click.option("--service-account", default="azure-llama", show_default=True, help="The service account of the pods.")
@click.option("--output", type=FILE, help="Write the objects to this file.  [default: stdout]")
def operator(stacks: tuple[str, ...], output: Path | None, repository_directory: str | None, **given: Any) -> None:
    """Print objects of the Pulumi Kubernetes Operator 2, as YAML: a Stack for each STACK, and a service account.

    Pods sign in to Azure with workload identity: no secret is stored.

    Exit codes: 0 printed, 2 wrong usage: a name is invalid, or the state would need a stored secret.
    """
    from azure_llama.scaffold.operator import Operated, text

    found = text(stacks, Operated(directory=repository_directory, **given))
    if output is None:
        click.echo(found, nl=False)
    else:
        output.write_text(found, encoding="utf-8")
