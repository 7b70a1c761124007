"""Generates pipelines that deploy many stacks: `azure-llama pipelines`."""

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
    """Generate pipelines, or Pulumi Kubernetes Operator objects, that deploy the stacks of a project.

    The first STACK is the canary: the other stacks are deployed together after it succeeds, and not at all if it fails.
    """


def _stacks(function: _Function) -> _Function:
    return click.argument("stacks", nargs=-1, required=True, metavar="STACK...", shell_complete=completion.stacks)(
        function
    )


@pipelines.command()
@_stacks
@directory_option
def github(stacks: tuple[str, ...], directory: Path) -> None:
    """Write GitHub Actions workflows: check and preview of a pull request, deployment, drift.

    Also writes the tools that they use to deploy/tools. No file is ever replaced.

    Exit codes: 0 written, 2 wrong usage: a name is invalid, or a file exists.
    """
    _write("github", stacks, directory)


@pipelines.command("azure-devops")
@_stacks
@directory_option
def azure_devops(stacks: tuple[str, ...], directory: Path) -> None:
    """Write Azure DevOps pipelines: check and preview of a pull request, deployment, drift.

    Also writes the tools that they use to deploy/tools. No file is ever replaced.

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
@click.option(
    "--repository-directory",
    "repository_directory",
    help="The project's folder in the repository.  [default: the root]",
)
@click.option(
    "--backend", required=True, metavar="URL", help="The state backend: azblob://CONTAINER?storage_account=NAME."
)
@click.option("--secrets-provider", metavar="URL", help="The secrets provider of a new stack: azurekeyvault://...")
@click.option("--client-id", required=True, help="Client id of the managed identity or application that deploys.")
@click.option("--tenant-id", required=True, help="Tenant id of that identity.")
@click.option("--subscription-id", required=True, help="The subscription to deploy to.")
@click.option("--namespace", default="default", show_default=True, help="The namespace of all objects.")
@click.option("--service-account", default="azure-llama", show_default=True, help="The service account of the pods.")
@click.option("--output", type=FILE, help="Write the objects to this file.  [default: stdout]")
def operator(stacks: tuple[str, ...], output: Path | None, repository_directory: str | None, **given: Any) -> None:
    """Print Pulumi Kubernetes Operator 2 objects as YAML: a Stack for each STACK, and a service account.

    Pods sign in to Azure with workload identity: no secret is stored.

    Exit codes: 0 printed, 2 wrong usage: a name is invalid, or the state backend would need a stored secret.
    """
    from azure_llama.scaffold.operator import Operated, text

    found = text(stacks, Operated(directory=repository_directory, **given))
    if output is None:
        click.echo(found, nl=False)
    else:
        output.write_text(found, encoding="utf-8")
