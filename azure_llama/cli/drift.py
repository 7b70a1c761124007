"""Detects changes made in Azure outside the stack: `azure-llama drift`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from azure_llama.cli.errors import DRIFT
from azure_llama.cli.options import FILE, format_option, stack_options
from azure_llama.cli.output import echo

if TYPE_CHECKING:
    from azure_llama.arm import SignIn
    from azure_llama.drift import Report
    from azure_llama.drift.templates import Stated
    from azure_llama.stack.project import Project


@click.command()
@stack_options
@format_option("table", "markdown", "json", "sarif")
@click.option("--output", "-o", type=FILE, help="Write the report to this file.  [default: stdout]")
def drift(stack: str | None, directory: Path, config_file: Path | None, form: str, output: Path | None) -> None:
    """Compare a deployed stack with Azure: tags, settings, traffic, deleted resources.

    Reads the stack's state and Azure, templates included, and changes neither. Ignores properties that Azure maintains
    and properties in the program's `ignore_changes`. Prints the command that restores the declared state.

    Exit codes: 0 no drift, 7 drift, 1 there is no Pulumi CLI, 2 wrong usage, 3 the stack is not deployed, 4 unknown:
    Pulumi or Azure did not answer.
    """
    from azure_llama.drift.reports import FORMS, summary
    from azure_llama.stack import project

    found = project.load(directory, stack, config_file)
    report = _report(found, found.backend_stack, config_file)
    text = FORMS[form](report).rstrip("\n")
    if output is None:
        echo(text)
    else:
        from azure_llama.documents.files import write_text

        write_text(output, f"{text}\n")
        echo(summary(report), err=True)
    sys.exit(DRIFT if report.resources else 0)


def _report(found: Project, stack: str, config_file: Path | None) -> Report:
    import asyncio

    from azure_llama.drift import Report, refresh
    from azure_llama.drift.report import drifted
    from azure_llama.drift.templates import stated
    from azure_llama.engine import EngineError, Pulumi
    from azure_llama.stack.sign_in import sign_in_of

    pulumi = Pulumi.find(found.root)
    if pulumi is None:
        raise EngineError("there is no Pulumi CLI; install it, or run `make setup`")
    given = str(config_file.resolve()) if config_file else None
    steps = refresh(pulumi, stack, given)
    in_templates = stated(steps)
    live = asyncio.run(_live(sign_in_of(found), in_templates)) if in_templates else {}
    compared = sum(bool(step.id) for step in steps)
    return Report(found.name, stack, compared, drifted(steps, live), given)


async def _live(who: SignIn, resources: list[Stated]) -> Mapping[str, Mapping[str, Any] | None]:
    """What Azure has of each resource; None where it has nothing."""
    import asyncio

    from azure_llama.arm import ArmClient, NotFoundError

    async with ArmClient(who) as arm:

        async def read(resource: Stated) -> Mapping[str, Any] | None:
            try:
                return await arm.get(resource.id, resource.api_version)
            except NotFoundError:
                return None

        found = await asyncio.gather(*map(read, resources))
    return dict(zip((resource.id for resource in resources), found, strict=True))
