"""What a deployment's containers printed: `azure-llama logs`."""

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
    help="The container that serves, or the one before it that downloads the model.",
)
@click.option("--tail", type=click.IntRange(min=1), default=100, show_default=True, help="The number of last lines.")
def logs(
    stack: str | None,
    directory: Path,
    config_file: Path | None,
    deployment: str,
    container: Container,
    tail: int,
) -> None:
    """Print the log of a container of a managed deployment, and why the deployment failed.

    State, Azure's error, its cause and what to change go to stderr, the log to stdout. It runs the stack's program for
    the ids, and reads from Azure; nothing is changed. The deployment may be one that is no longer in the stack.

    Exit codes: 0 printed, 2 wrong usage, 3 Azure has no such deployment, 4 Azure gives no answer.
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
