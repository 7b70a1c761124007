"""Azure ML's quota of cores, and requests for more: `azure-llama quota`."""

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
    """Azure ML's quota of cores: what there is, and what a stack needs beyond it.

    Exit codes: 0 done, 1 refused, 2 wrong usage, 4 Azure does not say it.
    """


@quota.command()
@stack_options
@click.option("--save", type=FILE, help="Keep it in this file, for the rule managed-quota of `azure-llama check`.")
def show(stack: str | None, directory: Path, config_file: Path | None, save: Path | None) -> None:
    """Show the cores of the stack's region, as JSON.

    Exit codes: 0 shown, 2 wrong usage, 4 Azure does not say it.
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
@click.option("--family", help="Only this family, by any of its names.  [default: all that lack cores]")
@click.option("--file", "file_", is_flag=True, help="File the requests with Azure (Microsoft.Quota), after asking.")
@click.option("--yes", is_flag=True, help="With --file: do not ask.")
def request(
    stack: str | None, directory: Path, config_file: Path | None, family: str | None, file_: bool, yes: bool
) -> None:
    """Print the increase of quota that the stack needs, or file it.

    Exit codes: 0 nothing is needed, or all was filed; 1 an increase is needed and was not filed, or Azure refused it;
    2 wrong usage; 4 Azure does not say what there is, or how much something takes is not known.
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
    from azure_llama.preflight import Reader, quota_requests

    async with ArmClient(who) as arm:
        azure = Reader(arm)
        wanted = await quota_requests.wanted(planned, azure, family)
        unclear = await quota_requests.unclear(planned, azure, family)
        for each in unclear:
            complain(f"unknown: {each.subject}: {each.evidence}")
        if not wanted:
            if not unclear:
                echo("No increase is needed.")
            return UNKNOWN if unclear else 0
        for one in wanted:
            echo(one.text)
        if not file_:
            echo("\nNothing was filed. File it with --file, or in the portal: Azure Machine Learning > Quotas.")
            return FAILED
        if not yes and not click.confirm(f"File {len(wanted)} request(s) with Azure?", err=True):
            return FAILED
        code = UNKNOWN if unclear else 0
        for one in wanted:
            try:
                echo(f"{one.family}: {await quota_requests.file(arm, one)}")
            except ArmError as error:
                complain(f"{one.family}: {error.reason}: {error}")
                code = FAILED
    return code
