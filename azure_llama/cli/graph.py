"""Draws the resources of a stack: `azure-llama graph`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from azure_llama.cli.options import format_option, stack_options, value_option
from azure_llama.cli.output import echo

if TYPE_CHECKING:
    from azure_llama.stack.graph import Graph


@click.command()
@stack_options
@value_option
@click.option(
    "--against",
    metavar="BASE",
    help="Mark the differences from the project in BASE: a Git revision such as origin/main, or a folder.",
)
@format_option("mermaid", "markdown", text="Mermaid alone, or in Markdown with its legend, for a pull request.")
def graph(
    stack: str | None,
    directory: Path,
    config_file: Path | None,
    given: dict[str, Any],
    against: str | None,
    form: str,
) -> None:
    """Draw the resources of a stack as a Mermaid flowchart, which GitHub and Azure DevOps render.

    Runs the program as `azure-llama check` does: without the Pulumi CLI, credentials or network.

    Exit codes: 0 drawn, 2 wrong usage: the stack, its configuration, the program or the base is invalid.
    """
    from azure_llama.documents.errors import InputError
    from azure_llama.stack.base import base_of
    from azure_llama.stack.graph import draw
    from azure_llama.stack.planned import project_of
    from azure_llama.stack.program import plan

    found = project_of(directory, stack, config_file, given)
    if against is None:
        drawn = draw(plan(found))
    else:
        with base_of(found, against, given) as base:
            try:
                earlier = plan(base) if base else None
            except InputError as error:
                raise InputError([f"--against {against}: {line}" for line in error.lines]) from error.__cause__
            drawn = draw(plan(found), earlier)
    echo(_markdown(drawn, against) if form == "markdown" else drawn.text)


def _markdown(drawn: Graph, against: str | None) -> str:
    from azure_llama.documents.text import counted, markdown

    total = sum(number for state, number in drawn.counts.items() if state != "removed")
    out = [f"**{counted(total, 'resource')}**"]
    if against is not None:
        signs = {"added": "+", "changed": "~", "removed": "-"}
        marks = [f"`{sign}` {drawn.counts.get(state, 0)} {state}" for state, sign in signs.items()]
        out = [f"{out[0]}, against {markdown(against)}: {', '.join(marks)}"]
    return "\n".join(["### Resources", "", *out, "", "```mermaid", drawn.text, "```"])
