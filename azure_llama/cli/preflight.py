"""Checks in Azure whether a stack can be deployed: `azure-llama preflight`."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from azure_llama.cli.options import FILE, as_of_option, format_option, savable, stack_options, value_option
from azure_llama.cli.output import echo

if TYPE_CHECKING:
    from azure_llama.arm import SignIn
    from azure_llama.preflight import Plan, Reader, Report, Snapshot
    from azure_llama.pricing import Estimate
    from azure_llama.stack.planned import PlannedStack
    from azure_llama.stack.project import Project


@click.command()
@stack_options
@value_option
@format_option("table", "json", "markdown")
@as_of_option("Judge models as on this day (YYYY-MM-DD).  [default: today, UTC]")
@click.option("--save", type=FILE, help="Save Azure's answers to this file.")
@click.option(
    "--from",
    "kept",
    type=FILE,
    help="Read the answers from this file, written by --save, instead of Azure. Needs no credentials.",
)
@click.option(
    "--state/--no-state",
    default=True,
    show_default=True,
    help="Whether to read the existing resources of the stack with the Pulumi CLI, if it is installed.",
)
def preflight(
    stack: str | None,
    directory: Path,
    config_file: Path | None,
    given: dict[str, Any],
    form: str,
    as_of: date,
    save: Path | None,
    kept: Path | None,
    state: bool,
) -> None:
    """Check permissions, providers, quota, regions, names and models in Azure before you deploy a stack.

    Signs in as azure-native does: with `azure-native:*` of the stack, then ARM_* variables (client certificate or
    secret, OIDC, managed identity), then the Azure CLI. Changes nothing. Progress goes to stderr.

    Exit codes: 0 all pass, 1 something fails, 2 wrong usage (the stack, its configuration or a file has errors), 4
    nothing fails and something is unknown: Azure did not answer, or could not be reached.
    """
    from azure_llama.stack.planned import project_of

    if save is not None and kept is not None:
        raise click.UsageError("--save and --from exclude each other: a file's answers are saved already")
    found = project_of(directory, stack, config_file, given)
    savable(save)
    report, planned = _kept(found, kept, as_of) if kept else _live(found, as_of, save, state)
    _show(report, planned, form)
    sys.exit(report.exit_code)


def _live(found: Project, today: date, save: Path | None, state: bool) -> tuple[Report, PlannedStack]:
    import asyncio
    from dataclasses import replace

    from azure_llama.preflight.plan import plan
    from azure_llama.stack.members import member_stacks
    from azure_llama.stack.planned import plan_stack
    from azure_llama.stack.sign_in import sign_in_of
    from azure_llama.stack.state import deployed_ids

    who = sign_in_of(found)
    stack = plan_stack(found, who.subscription, who.tenant)
    held = deployed_ids(found) if state else None
    planned = plan(stack.settings, stack.subscription, stack.resources, today, held, stack.unlisted)
    planned = replace(planned, stacks=member_stacks(stack.settings, found.root) if state else None)
    report, taken = asyncio.run(_ask(who, planned, keep=save is not None))
    if save is not None and taken is not None:
        taken.save(save)
    return report, stack


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


def _kept(found: Project, kept: Path, today: date) -> tuple[Report, PlannedStack]:
    import asyncio

    from azure_llama.preflight import Kept, Reader, run, snapshot
    from azure_llama.preflight.plan import plan
    from azure_llama.stack.planned import plan_stack

    saved = snapshot.load(kept)
    stack = plan_stack(found, saved.subscription, saved.tenant)
    planned = plan(stack.settings, stack.subscription, stack.resources, today, unlisted=stack.unlisted)
    asked = run(planned, Reader(Kept(saved.answers)), who=saved.who, taken=saved.taken)
    return asyncio.run(asked), stack


async def _snapshot(planned: Plan, azure: Reader, report: Report, tenant: str) -> Snapshot:
    from azure_llama.arm import ArmError
    from azure_llama.preflight import Snapshot, snapshot

    try:
        cores = await snapshot.read_quota(planned, azure, report.taken)
    except ArmError:
        cores = None
    quota = json.loads(cores.dump()) if cores else None
    return Snapshot(report.taken, report.subscription, tenant, report.who, azure.kept(), quota)


def _month(costs: Estimate) -> str:
    """The monthly cost in one line."""
    month = costs.monthly
    known = "not known" if month is None else f"{month.low:,.0f} {costs.currency}"
    if month is not None and month.high > month.low:
        known = f"{month.low:,.0f} to {month.high:,.0f} {costs.currency}"
    beside = len(costs.unknown) + len(costs.by_use)
    more = f", and {beside} items by use or of unknown price" if beside else ""
    return f"cost of a month: {known}{more} (`azure-llama cost` has the items)"


def _show(report: Report, stack: PlannedStack, form: str) -> None:
    from azure_llama import pricing
    from azure_llama.documents.text import markdown
    from azure_llama.preflight import reports

    costs = pricing.estimate(stack.settings)
    notes = [f"note: {note}" for note in stack.notes]

    if form == "json":
        month = costs.monthly
        cost = {
            "currency": costs.currency,
            "low": month and round(month.low, 2),
            "high": month and round(month.high, 2),
            "unknownItems": len(costs.unknown),
        }
        more = {"monthlyCost": cost, "notes": list(stack.notes)}
        click.echo(json.dumps(json.loads(reports.as_json(report)) | more, indent=2))
    elif form == "markdown":
        echo("\n\n".join([reports.as_markdown(report), _month(costs), *map(markdown, notes)]))
    elif sys.stdout.isatty():
        reports.show(report)
        echo("\n".join([_month(costs), *notes]))
    else:
        echo("\n".join([*reports.as_lines(report), f"# {reports.heading(report)}"]))
        echo("\n".join(f"# {text}" for text in (reports.summary(report), _month(costs), *notes)))
