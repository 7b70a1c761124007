"""Releases names that soft-deleted resources hold: `azure-llama purge`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from azure_llama.cli.errors import FAILED, UNKNOWN
from azure_llama.cli.options import format_option, stack_options
from azure_llama.cli.output import echo

if TYPE_CHECKING:
    from azure_llama.arm import SignIn
    from azure_llama.arm.soft_deleted import Name
    from azure_llama.purge import NameFinding

_TROUBLE = {"kept": FAILED, "protected": FAILED, "refused": FAILED, "unknown": UNKNOWN}


@click.command()
@stack_options
@click.option("--yes", is_flag=True, help="Purge the resources. Purged resources cannot be restored.")
@format_option("table", "json")
def purge(stack: str | None, directory: Path, config_file: Path | None, yes: bool, form: str) -> None:
    """List the stack's names that soft-deleted resources hold, and release them with --yes.

    Azure keeps deleted workspaces for 14 days, key vaults for 7 to 90 days, and AI services accounts, Foundry accounts
    and API Management services for 48 hours, and their names with them; until then, `pulumi up` fails. Without --yes
    nothing is changed. Secrets, keys and models of purged resources cannot be restored.

    Exit codes: 0 all names are free, 1 a name is held (or could not be released), 2 wrong usage, 4 Azure did not
    answer.
    """
    import asyncio

    from azure_llama.purge import names
    from azure_llama.stack.planned import plan_stack, project_of
    from azure_llama.stack.sign_in import sign_in_of

    found = project_of(directory, stack, config_file)
    who = sign_in_of(found)
    asked = plan_stack(found, who.subscription, who.tenant)
    wanted = names.of(((each.type, each.id) for each in asked.resources), asked.settings.location)
    findings = asyncio.run(_work(who, wanted, act=yes))
    echo(_json(findings) if form == "json" else _lines(findings, acted=yes))
    codes = {_TROUBLE.get(each.outcome.value, 0) for each in findings}
    sys.exit(FAILED if FAILED in codes else max(codes, default=0))


async def _work(who: SignIn, wanted: list[Name], *, act: bool) -> list[NameFinding]:
    from azure_llama.arm import ArmClient
    from azure_llama.purge import find_all, free

    async with ArmClient(who) as arm:
        findings = await find_all(arm, wanted)
        return await free(arm, findings) if act else findings


def _lines(findings: list[NameFinding], *, acted: bool) -> str:
    if not findings:
        return "The stack has no names that a deletion keeps."
    lines = []
    for each in findings:
        lines.append(f"{each.outcome.value:<9}  {each.name.kind.value} {each.name.name}: {each.said}")
        if each.outcome.value == "kept" and each.deleted is not None:
            lines.append(f"{'':<11}by hand: {each.deleted.command}")
    kept = sum(each.outcome.value == "kept" for each in findings)
    if kept and not acted:
        what = f"{kept} name{'s' if kept > 1 else ''}"
        lines.append(f"Nothing was changed. `azure-llama purge --yes` sets {what} free, permanently.")
    return "\n".join(lines)


def _json(findings: list[NameFinding]) -> str:
    rows = [
        {
            "kind": each.name.kind.value,
            "name": each.name.name,
            "id": each.name.id,
            "outcome": each.outcome.value,
            "said": each.said,
            "deleted": each.deleted.deleted.isoformat() if each.deleted and each.deleted.deleted else None,
            "free": each.deleted.free.isoformat() if each.deleted and each.deleted.free else None,
            "purgeProtected": each.deleted.protected if each.deleted else None,
        }
        for each in findings
    ]
    return json.dumps({"names": rows}, indent=2)
