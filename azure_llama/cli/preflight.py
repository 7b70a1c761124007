"""What Azure will say to a stack, asked before it is deployed: `azure-llama preflight` and `azure-llama quota`."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from azure_llama.cli import stack as cli_stack
from azure_llama.cli.stack import FAILED, UNKNOWN, InputMistakeError, mistakes, stack_options

if TYPE_CHECKING:
    from azure_llama.arm import SignIn
    from azure_llama.cli.stack import Stack
    from azure_llama.preflight import Plan, Reader, Report, Snapshot
    from azure_llama.pricing import Estimate
    from azure_llama.stack.project import Project

_FILE = click.Path(dir_okay=False, path_type=Path)


def _day(_: click.Context, __: click.Parameter, value: datetime | None) -> date | None:
    return value.date() if value else None


@click.command()
@stack_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "markdown"]),
    default="table",
    show_default=True,
    help="How to show it, on stdout.",
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    callback=_day,
    help="Judge models as on this day (YYYY-MM-DD).  [default: today, UTC]",
)
@click.option("--save", type=_FILE, help="Keep Azure's answers in this file.")
@click.option(
    "--from", "kept", type=_FILE, help="Ask this file instead of Azure: answers that --save kept. Needs no credentials."
)
@click.option(
    "--state/--no-state",
    default=True,
    show_default=True,
    help="Whether to ask the Pulumi CLI, where there is one, what the stack has already.",
)
def preflight(
    stack: str | None,
    directory: Path,
    config_file: Path | None,
    form: str,
    as_of: date | None,
    save: Path | None,
    kept: Path | None,
    state: bool,
) -> None:
    """Ask Azure whether it would take a stack: rights, providers, quota, regions, names, purchases, models.

    Signs in as azure-native would: from `azure-native:*` of the stack, then ARM_* variables (client certificate or
    secret, OIDC, managed identity), then the Azure CLI. Changes nothing. Progress goes to
    stderr.

    Exit codes: 0 all pass, 1 something fails, 2 wrong usage (the stack, its configuration or a file has mistakes),
    4 nothing fails and something is unknown: Azure did not say, or could not be asked.
    """
    if save is not None and kept is not None:
        raise click.UsageError("--save and --from exclude each other: a file's answers are saved already")
    with mistakes():
        found = cli_stack.project_of(directory, stack, config_file)
        _savable(save)
        today = as_of or datetime.now(UTC).date()
        report, costs = _kept(found, kept, today) if kept else _live(found, today, save, state)
    _show(report, costs, form)
    sys.exit(report.exit_code)


def _live(found: Project, today: date, save: Path | None, state: bool) -> tuple[Report, Estimate]:
    import asyncio

    from azure_llama.preflight.plan import plan

    who = cli_stack.sign_in_of(found)
    stack = cli_stack.stack_of(found, who.subscription, who.tenant)
    held = cli_stack.held(found) if state else None
    planned = plan(stack.settings, stack.subscription, stack.resources, today, held, stack.unlisted)
    report, taken = asyncio.run(_ask(who, planned, keep=save is not None))
    if save is not None and taken is not None:
        _save(taken, save)
    return report, _costs(stack)


async def _ask(who: SignIn, planned: Plan, *, keep: bool) -> tuple[Report, Snapshot | None]:
    from azure_llama.arm import ArmClient
    from azure_llama.preflight import CHECKS, Reader, progress, run

    async with ArmClient(who) as arm:
        azure = Reader(arm)
        with progress.Lines(tuple(check.name for check in CHECKS)) as lines:
            report = await run(planned, azure, who=who.method, progress=lines.ended)
        taken = await _snapshot(planned, azure, report, who.tenant) if keep else None
        await azure.close()
    return report, taken


def _kept(found: Project, kept: Path, today: date) -> tuple[Report, Estimate]:
    import asyncio

    from azure_llama.preflight import Kept, Reader, SnapshotError, run, snapshot
    from azure_llama.preflight.plan import plan

    try:
        saved = snapshot.load(kept)
    except SnapshotError as error:
        raise InputMistakeError(str(error)) from error
    stack = cli_stack.stack_of(found, saved.subscription, saved.tenant)
    planned = plan(stack.settings, stack.subscription, stack.resources, today, unlisted=stack.unlisted)
    asked = run(planned, Reader(Kept(saved.answers)), who=saved.who, taken=saved.taken)
    return asyncio.run(asked), _costs(stack)


async def _snapshot(planned: Plan, azure: Reader, report: Report, tenant: str) -> Snapshot:
    from azure_llama.arm import ArmError
    from azure_llama.preflight import Snapshot, snapshot

    try:
        cores = await snapshot.read_quota(planned, azure, report.taken)
    except ArmError:
        cores = None
    quota = json.loads(cores.dump()) if cores else None
    return Snapshot(report.taken, report.subscription, tenant, report.who, azure.kept(), quota)


def _savable(path: Path | None) -> None:
    """Look at where answers will go before they are asked for."""
    if path is not None and not os.access(path.parent, os.W_OK):
        raise InputMistakeError(f"--save {path}: {path.parent} is no folder that can be written to")


def _save(taken: Snapshot, path: Path) -> None:
    try:
        taken.save(path)
    except OSError as error:
        raise InputMistakeError(f"--save {path}: {error.strerror}") from error


def _costs(stack: Stack) -> Estimate:
    from azure_llama import pricing

    return pricing.estimate(stack.settings)


def _month(costs: Estimate) -> str:
    """The month's cost in a line."""
    month = costs.monthly
    known = "not known" if month is None else f"{month.low:,.0f} {costs.currency}"
    if month is not None and month.high > month.low:
        known = f"{month.low:,.0f} to {month.high:,.0f} {costs.currency}"
    more = f", and {len(costs.unknown)} items of unknown cost" if costs.unknown else ""
    return f"cost of a month: {known}{more} (`azure-llama cost` has the items)"


def _show(report: Report, costs: Estimate, form: str) -> None:
    from azure_llama.preflight import reports

    if form == "json":
        month = costs.monthly
        cost = {
            "currency": costs.currency,
            "low": month and round(month.low, 2),
            "high": month and round(month.high, 2),
            "unknownItems": len(costs.unknown),
        }
        click.echo(json.dumps(json.loads(reports.as_json(report)) | {"monthlyCost": cost}, indent=2))
    elif form == "markdown":
        click.echo(f"{reports.as_markdown(report)}\n\n{_month(costs)}")
    elif sys.stdout.isatty():
        reports.show(report)
        click.echo(_month(costs))
    else:
        click.echo("\n".join([*reports.as_lines(report), f"# {reports.heading(report)}"]))
        click.echo(f"# {reports.summary(report)}\n# {_month(costs)}")


@click.group(no_args_is_help=True)
def quota() -> None:
    """Azure ML's quota of cores: what there is, and what a stack needs beyond it.

    Exit codes: 0 done, 1 refused, 2 wrong usage, 4 Azure does not say it.
    """


@quota.command()
@stack_options
@click.option("--save", type=_FILE, help="Keep it in this file, for the rule managed-quota of `azure-llama check`.")
def show(stack: str | None, directory: Path, config_file: Path | None, save: Path | None) -> None:
    """Show the cores of the stack's region, as JSON.

    Exit codes: 0 shown, 2 wrong usage, 4 Azure does not say it.
    """
    import asyncio

    with mistakes():
        found = cli_stack.project_of(directory, stack, config_file)
        _savable(save)
        who, planned = _planned(found)
        text = asyncio.run(_quota(who, planned))
        if save is not None:
            try:
                save.write_text(text, encoding="utf-8")
            except OSError as error:
                raise InputMistakeError(f"--save {save}: {error.strerror}") from error
    click.echo(text, nl=False)


def _planned(found: Project) -> tuple[SignIn, Plan]:
    from azure_llama.preflight.plan import plan

    who = cli_stack.sign_in_of(found)
    stack = cli_stack.stack_of(found, who.subscription, who.tenant)
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

    with mistakes():
        found = cli_stack.project_of(directory, stack, config_file)
        if family is not None and (wrong := quota_requests.mistake(family, found.catalog)):
            raise InputMistakeError(f"--family: {wrong}")
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
            click.echo(f"azure-llama: unknown: {each.subject}: {each.evidence}", err=True)
        if not wanted:
            if not unclear:
                click.echo("No increase is needed.")
            return UNKNOWN if unclear else 0
        for one in wanted:
            click.echo(one.text)
        if not file_:
            click.echo("\nNothing was filed. File it with --file, or in the portal: Azure Machine Learning > Quotas.")
            return FAILED
        if not yes and not click.confirm(f"File {len(wanted)} request(s) with Azure?", err=True):
            return FAILED
        code = UNKNOWN if unclear else 0
        for one in wanted:
            try:
                click.echo(f"{one.family}: {await quota_requests.file(arm, one)}")
            except ArmError as error:
                click.echo(f"azure-llama: {one.family}: {error.reason}: {error}", err=True)
                code = FAILED
    return code
