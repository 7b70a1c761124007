"""Configures a router over the endpoints of several stacks: `azure-llama router`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from azure_llama.cli import completion
from azure_llama.cli.groups import Commands
from azure_llama.cli.options import FILE, directory_option, outputs_of
from azure_llama.cli.output import echo

if TYPE_CHECKING:
    from azure_llama.inference.litellm_router import StackOutputs

_Parse = Callable[[click.Context, click.Parameter, tuple[str, ...]], dict[str, int]]


@click.group(cls=Commands)
def router() -> None:
    """Generate router configurations over the endpoints of several stacks."""


def _numbers(least: int) -> _Parse:
    """Create a callback that parses `STACK=N`, once for each stack."""

    def read(_: click.Context, __: click.Parameter, texts: tuple[str, ...]) -> dict[str, int]:
        numbers = {}
        for text in texts:
            stack, _separator, number = text.rpartition("=")
            if not stack or not number.isdecimal() or int(number) < least:
                raise click.BadParameter(f"{text!r} must be STACK=N, where N is a whole number of at least {least}")
            numbers[stack] = int(number)
        return numbers

    return read


@router.command()
@click.argument("stacks", nargs=-1, metavar="[STACK]...", shell_complete=completion.stacks)
@directory_option
@click.option(
    "--outputs",
    "files",
    multiple=True,
    type=click.File(encoding="utf-8", lazy=True),
    help="Read the outputs of a stack from a file instead: the output of `pulumi stack output --json`. The file's "
    "name without .json is the stack's name. Repeatable.",
)
@click.option("--endpoint", "-e", "names", multiple=True, help="Only this endpoint; repeatable.  [default: all]")
@click.option(
    "--order",
    "orders",
    multiple=True,
    metavar="STACK=N",
    callback=_numbers(1),
    help="The priority of a stack: those of order 2 are called when all of order 1 fail. Repeatable.",
)
@click.option(
    "--weight",
    "weights",
    multiple=True,
    metavar="STACK=N",
    callback=_numbers(0),
    help="The weight of each endpoint of a stack. Repeatable.  [default: by tokens per minute]",
)
@click.option("--output", type=FILE, help="Write the configuration to this file.  [default: stdout]")
def litellm(
    stacks: tuple[str, ...],
    directory: Path,
    files: tuple[TextIO, ...],
    names: tuple[str, ...],
    orders: dict[str, int],
    weights: dict[str, int],
    output: Path | None,
) -> None:
    """Print the configuration of a LiteLLM proxy over the endpoints of one or more stacks, as YAML.

    Endpoints of the same model share its name: the proxy balances over them, and retries another one when one fails.
    The YAML contains no keys: it names environment variables. stderr lists them with the command that sets each.

    Exit codes: 0 printed, 2 wrong usage, or LiteLLM cannot call an endpoint, 3 no outputs to work on.
    """
    from azure_llama.catalog import Catalog
    from azure_llama.inference.litellm_router import RouterError, configuration

    members = _members(stacks, directory, files, orders, weights)
    try:
        found = configuration(members, Catalog.of_project(directory), names)
    except RouterError as error:
        raise click.UsageError(str(error)) from error
    if output is None:
        click.echo(found.text, nl=False)
    else:
        output.write_text(found.text, encoding="utf-8")
    for line in (*(f"left out: {note}" for note in found.notes), *found.variables.values()):
        echo(line, err=True)


def _members(
    stacks: tuple[str, ...],
    directory: Path,
    files: tuple[TextIO, ...],
    orders: dict[str, int],
    weights: dict[str, int],
) -> list[StackOutputs]:
    """The stacks with their outputs.

    Raises:
        UsageError: no stack is named, one is named twice, or an option names another one.
        OutputsError: the outputs of one or more cannot be read.
    """
    from azure_llama.inference.litellm_router import StackOutputs
    from azure_llama.stack.outputs import OutputsError

    names = [*stacks, *(Path(file.name).stem for file in files)]
    _require_names(names, [*orders, *weights])
    members, problems = [], []
    for name, file in zip(names, [*[None] * len(stacks), *files], strict=True):
        try:
            outputs = outputs_of(None if file else name, directory, file)
        except OutputsError as error:
            problems.append(str(error))
            continue
        flags = None if file else ("--stack", name)
        members.append(
            StackOutputs(name=name, outputs=outputs, flags=flags, order=orders.get(name), weight=weights.get(name))
        )
    if problems:
        raise OutputsError("\n".join(problems))
    return members


def _require_names(names: list[str], optional: list[str]) -> None:
    if not names:
        raise click.UsageError("no stack is named; give STACK, or --outputs FILE")
    twice = sorted({name for name in names if names.count(name) > 1})
    problems = [f"stack {name!r} is given twice; each stack must have a name of its own" for name in twice]
    unknown = sorted({name for name in optional if name not in names})
    problems += [f"--order or --weight names {name!r}; the stacks are: {', '.join(names)}" for name in unknown]
    if problems:
        raise click.UsageError("\n".join(problems))
