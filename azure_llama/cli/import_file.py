"""Imports resources that exist in Azure but not in the stack's state: `azure-llama import-file`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from azure_llama.cli.options import FILE, savable, stack_options
from azure_llama.cli.output import echo

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from azure_llama.stack.import_file import Filled
    from azure_llama.stack.planned import PlannedStack


@click.command("import-file")
@stack_options
@click.option("--output", "-o", type=FILE, default=Path("import.json"), show_default=True, help="The file to write.")
def import_file(stack: str | None, directory: Path, config_file: Path | None, output: Path) -> None:
    """Write an import file for declared resources that exist in Azure but not in the stack's state.

    Use it after an interrupted run, and for endpoints that were created elsewhere. It runs `pulumi preview` and reads
    from Azure; it changes nothing. Role assignments, role definitions, locks, budgets and diagnostic settings are
    listed instead: azure-native imports their scope without its leading slash, and would replace them. So are resources
    whose ids depend on the outputs of other stacks.

    Exit codes: 0 done, also when there is nothing to import, 2 wrong usage, or `pulumi preview` fails, 4 Azure does not
    report what exists.
    """
    from azure_llama.stack import import_file as files
    from azure_llama.stack.planned import plan_stack, project_of
    from azure_llama.stack.sign_in import sign_in_of

    savable(output)
    found = project_of(directory, stack, config_file)
    who = sign_in_of(found)
    planned = plan_stack(found, who.subscription, who.tenant)
    document = files.to_create(found, output.resolve())
    filled = _filled(planned, document)
    output.write_text(json.dumps(filled.document, indent=4) + "\n", encoding="utf-8")
    echo(_lines(filled, output))
    sys.exit(0)


def _filled(planned: PlannedStack, document: Mapping[str, Any]) -> Filled:
    import asyncio

    from azure_llama.arm import ArmClient
    from azure_llama.stack.import_file import fill
    from azure_llama.stack.sign_in import sign_in_of

    async def ask() -> Filled:
        async with ArmClient(sign_in_of(planned.project)) as arm:
            return await fill(document, planned.resources, arm)

    return asyncio.run(ask())


def _lines(filled: Filled, output: Path) -> str:
    lines = [f"{each['type']}  {each['id']}" for each in filled.resources]
    if filled.resources:
        lines += [
            f"{output} has {len(filled.resources)} of them. Import them, then look at the plan:",
            f"  pulumi import --file {output} --generate-code=false --protect=false",
            "  pulumi preview --diff",
        ]
    else:
        lines.append("Azure has nothing that the stack would create and that can be imported.")
    if filled.leftovers:
        lines.append("azure-native cannot import these. Delete them; `pulumi up` creates them again:")
        lines += [f"  az resource delete --ids {each.id}" for each in filled.leftovers]
    if filled.unknown:
        lines.append(
            "The ids of these depend on the outputs of other stacks, and were not looked up. If `pulumi up` reports"
            " that one exists already, delete it with the id of that message:"
        )
        lines += [f"  {each}" for each in filled.unknown]
    return "\n".join(lines)
