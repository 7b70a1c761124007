"""Prints the logs of a deployment's containers: `azure-llama logs`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from azure_llama.catalog.deployment_failures import CONTAINERS, Container
from azure_llama.cli import completion
from azure_llama.cli.options import stack_options
from azure_llama.cli.output import echo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from azure_llama.arm import SignIn
    from azure_llama.stack.deployment_log import DeploymentLog


@click.command()
@stack_options
@click.argument("deployment", metavar="ENDPOINT/DEPLOYMENT", shell_complete=completion.endpoints)
@click.option(
    "--container",
    type=click.Choice(sorted(CONTAINERS)),
    default="inference-server",
    show_default=True,
    help="The container: inference-server serves the model, storage-initializer downloads it.",
)
@click.option(
    "--tail",
    type=click.IntRange(min=1),
    default=100,
    show_default=True,
    help="The number of lines to print, from the end of the log.",
)
def logs(
    stack: str | None,
    directory: Path,
    config_file: Path | None,
    deployment: str,
    container: Container,
    tail: int,
) -> None:
    """Print the container log of a managed deployment, and the reason if the deployment failed.

    Prints the log to stdout; prints the state, Azure's error, its cause and the remediation to stderr. Runs the stack's
    program to get the ids, and reads from Azure; changes nothing. The deployment may be one that is no longer in the
    stack.

    Exit codes: 0 printed, 2 wrong usage, 3 Azure has no such deployment, 4 Azure did not answer.
    """
    from azure_llama.stack.deployment_log import deployment_id
    from azure_llama.stack.planned import plan_stack, project_of
    from azure_llama.stack.sign_in import sign_in_of

    found = project_of(directory, stack, config_file)
    who = sign_in_of(found)
    id_ = deployment_id(plan_stack(found, who.subscription, who.tenant).resources, deployment)
    log = _read(who, id_, container, tail)
    echo("\n".join(_about(deployment, log)), err=True)
    echo(log.text.rstrip("\n"))


def _read(who: SignIn, deployment: str, container: Container, tail: int) -> DeploymentLog:
    import asyncio

    from azure_llama.arm import ArmClient
    from azure_llama.stack.deployment_log import read_log

    async def ask() -> DeploymentLog:
        async with ArmClient(who) as arm:
            return await read_log(arm, deployment, container, tail)

    return asyncio.run(ask())


def _about(deployment: str, log: DeploymentLog) -> Iterator[str]:
    yield f"{deployment}: {log.state}"
    if log.error:
        yield f"Azure's error: {log.error}"
    if log.failure is not None:
        yield f"Cause: {log.failure.cause}"
        yield f"What to do: {log.failure.remedy}"
