"""Shows the core quota of Azure ML and requests increases: `azure-llama quota`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from azure_llama.cli.errors import FAILED, UNKNOWN
from azure_llama.cli.groups import Commands
from azure_llama.cli.options import FILE, savable, stack_options
from azure_llama.cli.output import complain, echo

if TYPE_CHECKING:
    from azure_llama.arm import SignIn
    from azure_llama.preflight import Plan
    from azure_llama.stack.project import Project


@click.group(cls=Commands, no_args_is_help=True)
def quota() -> None:
    """Show the core quota of Azure ML, and request the increase that a stack needs.

    Exit codes: 0 done, 1 refused, 2 wrong usage, 4 Azure did not answer.
    """


@quota.command()
@stack_options
@click.option("--save", type=FILE, help="Save it to this file, for the rule managed-quota of `azure-llama check`.")
def show(stack: str | None, directory: Path, config_file: Path | None, save: Path | None) -> None:
    """Show the core quota of the stack's region as JSON.

    Exit codes: 0 shown, 2 wrong usage, 4 Azure did not answer.
    """
    import asyncio

    from azure_llama.documents.files import write_text
    from azure_llama.stack.planned import project_of

    found = project_of(directory, stack, config_file)
    savable(save)
    who, planned = _planned(found)
    text = asyncio.run(_quota(who, planned))
    if save is not None:
        write_text(save, text)
    click.echo(text, nl=False)


def _planned(found: Project) -> tuple[SignIn, Plan]:
    from azure_llama.preflight.plan import plan
    from azure_llama.stack.planned import plan_stack
    from azure_llama.stack.sign_in import sign_in_of

    who = sign_in_of(found)
    stack = plan_stack(found, who.subscription, who.tenant)
    today = datetime.now(UTC).date()
    return who, plan(stack.settings, stack.subscription, stack.resources, today, unlisted=stack.unlisted)


async def _quota(who: SignIn, planned: Plan) -> str:
    from azure_llama.arm import ArmClient, HalfAnswerError
    from azure_llama.preflight import Reader, snapshot
    from azure_llama.preflight.reader import now

    async with ArmClient(who) as arm:
        cores = await snapshot.read_quota(planned, Reader(arm), now())
    if cores is None:
        raise HalfAnswerError("the usages API lists no family of VM sizes")
    return cores.dump()


@quota.command()
@stack_options
@click.option("--family", help="Only this quota: a family by any of its names, or a usage name of Foundry models.")
@click.option(
    "--file", "file_", is_flag=True, help="Send the requests to Azure (Microsoft.Quota), after a confirmation."
)
@click.option("--yes", is_flag=True, help="With --file: do not ask for confirmation.")
def request(
    stack: str | None, directory: Path, config_file: Path | None, family: str | None, file_: bool, yes: bool
) -> None:
    """Print the quota increase that the stack needs, or request it. An increase for Foundry models needs a web form.

    Exit codes: 0 nothing is needed, or all increases were requested; 1 an increase is needed and was not requested, or
    Azure refused it; 2 wrong usage; 4 Azure did not report the quota, or the quota that a resource needs is unknown.
    """
    import asyncio

    from azure_llama.preflight import quota_requests
    from azure_llama.stack.planned import project_of

    found = project_of(directory, stack, config_file)
    if family is not None and (wrong := quota_requests.problem(family, found.catalog)):
        from azure_llama.documents.errors import InputError

        raise InputError(f"--family: {wrong}")
    who, planned = _planned(found)
    sys.exit(asyncio.run(_request(who, planned, family, file_, yes)))


async def _request(who: SignIn, planned: Plan, family: str | None, file_: bool, yes: bool) -> int:
    from azure_llama.arm import ArmClient, ArmError
    from azure_llama.preflight import Reader, model_quota_requests, quota_requests

    async with ArmClient(who) as arm:
        azure = Reader(arm)
        wanted = await quota_requests.wanted(planned, azure, family)
        models = await model_quota_requests.wanted(planned, azure, family)
        unclear = await quota_requests.unclear(planned, azure, family)
        for result in unclear:
            complain(f"unknown: {result.subject}: {result.evidence}")
        for text in (*(each.text for each in wanted), *(each.text for each in models)):
            echo(text)
        if not wanted:
            if not unclear and not models:
                echo("No increase is needed.")
            return FAILED if models else UNKNOWN if unclear else 0
        if not file_:
            echo("\nNothing was filed. File it with --file, or in the portal: Azure Machine Learning > Quotas.")
            return FAILED
        if not yes and not click.confirm(f"File {len(wanted)} request(s) with Azure?", err=True):
            return FAILED
        code = FAILED if models else UNKNOWN if unclear else 0
        for one in wanted:
            try:
                echo(f"{one.family}: {await quota_requests.file(arm, one)}")
            except ArmError as error:
                complain(f"{one.family}: {error.reason}: {error}")
                code = FAILED
    return code
