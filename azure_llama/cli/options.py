"""Options that several commands share."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TextIO, TypeVar

import click

from azure_llama.cli import completion

FILE = click.Path(path_type=Path)
_Function = TypeVar("_Function", bound=Callable[..., Any])


def directory_option(function: _Function) -> _Function:
    """`--directory`, the folder of the project."""

    def folder(_: click.Context, __: click.Parameter, value: Path) -> Path:
        if not value.is_dir():
            from azure_llama.documents.errors import InputError

            raise InputError(f"{value}: is no folder; give the one that holds Pulumi.yaml")
        return value

    return click.option(
        "--directory",
        "-C",
        type=FILE,
        default=Path(),
        callback=folder,
        help="A folder of the project.  [default: the current one]",
    )(function)


def stack_option(function: _Function) -> _Function:
    """`--stack`."""
    return click.option(
        "--stack",
        "-s",
        shell_complete=completion.stacks,
        help="The stack.  [default: PULUMI_STACK, else the stack that `pulumi stack select` selected, else the only "
        "stack with a file Pulumi.<stack>.yaml]",
    )(function)


def stack_options(function: _Function) -> _Function:
    """`--stack`, `--directory` and `--config-file`."""
    file = click.option("--config-file", type=FILE, help="Read the stack's configuration from this file instead.")
    return stack_option(directory_option(file(function)))


def value_option(function: _Function) -> _Function:
    """`--value`, for values that are unknown without the Pulumi CLI."""

    def read(_: click.Context, __: click.Parameter, stated: tuple[str, ...]) -> dict[str, Any]:
        from azure_llama.documents.positions import parse

        values = {}
        for text in stated:
            key, separator, value = text.partition("=")
            if not separator or not key.strip():
                raise click.BadParameter(f"{key!r} has no value; write KEY=VALUE")
            values[key.strip()] = parse(value, f"--value {key}").data
        return values

    return click.option(
        "--value",
        "given",
        multiple=True,
        metavar="KEY=VALUE",
        callback=read,
        help="A value of the stack's configuration, as YAML, such as azure-llama:workspace.id=/subscriptions/...: for "
        "secrets, values of ESC environments and experiments. Repeatable.",
    )(function)


def outputs_options(function: _Function) -> _Function:
    """`--stack`, `--directory` and `--outputs`, for commands that work on a stack's outputs."""
    file = click.option(
        "--outputs",
        type=click.File(encoding="utf-8"),
        help="Read the outputs from a file (- is stdin) instead: the output of `pulumi stack output --json`, with "
        "--show-secrets for keys.",
    )
    return stack_option(directory_option(file(function)))


def format_option(*forms: str, text: str = "How to show it, on stdout.") -> Callable[[_Function], _Function]:
    """`--format`; the first form is the default."""
    return click.option("--format", "form", type=click.Choice(forms), default=forms[0], show_default=True, help=text)


def as_of_option(text: str, *, today: bool = True) -> Callable[[_Function], _Function]:
    """`--as-of`, a day.

    Args:
        text: Required. The help.
        today: Optional. Whether the day is today (UTC) unless given; None otherwise.
    """

    def day(_: click.Context, __: click.Parameter, value: datetime | None) -> date | None:
        if value is None:
            return datetime.now(UTC).date() if today else None
        return value.date()

    return click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", callback=day, help=text)


def home_option(function: _Function) -> _Function:
    """`--home`, before or after the name of the command."""

    def keep(context: click.Context, _: click.Parameter, value: Path | None) -> None:
        if value is not None:
            context.ensure_object(dict)["home"] = value

    return click.option(
        "--home",
        type=click.Path(file_okay=False, path_type=Path),
        expose_value=False,
        callback=keep,
        help="The sandbox's folder; each sandbox needs a separate folder.  [default: "
        "$XDG_STATE_HOME/azure-llama/sandbox, or ~/.local/state/azure-llama/sandbox]",
    )(function)


def home_of(context: click.Context) -> Path | None:
    """The folder that `--home` names; None without one."""
    home: Path | None = context.ensure_object(dict).get("home")
    return home


def outputs_of(stack: str | None, directory: Path, file: TextIO | None, *, secrets: bool = False) -> Any:
    """The outputs that `outputs_options` name.

    Raises:
        OutputsError: they cannot be read.
    """
    from azure_llama.stack.outputs import parse, stack_outputs

    if file is None:
        return stack_outputs(stack, folder=directory, secrets=secrets)
    if stack is not None:
        raise click.UsageError("--stack and --outputs name the same thing twice: give one of them")
    return parse(file.read(), file.name)


def savable(path: Path | None) -> None:
    """Reject a path for `--save` that cannot be written, before any request.

    Raises:
        InputError: its folder cannot be written to.
    """
    if path is not None and not os.access(path.parent, os.W_OK):
        from azure_llama.documents.errors import InputError

        raise InputError(f"--save {path}: {path.parent} is no folder that can be written to")
