"""What the commands of the sandbox share: its home, the form of an answer, one line for a mistake."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

FAILED = 1
NOT_RUNNING = 3
INTERRUPTED = 130

_Function = TypeVar("_Function", bound=Callable[..., Any])


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
        help="The sandbox's folder; each has one of its own.  [default: $XDG_STATE_HOME/azure-llama/sandbox, or"
        " ~/.local/state/azure-llama/sandbox]",
    )(function)


def format_option(function: _Function) -> _Function:
    """`--format`."""
    choice = click.Choice(["table", "json"])
    return click.option("--format", "form", type=choice, default="table", show_default=True, help="How to show it.")(
        function
    )


def home_of(context: click.Context) -> Path | None:
    """The folder that `--home` names; None without one."""
    home: Path | None = context.ensure_object(dict).get("home")
    return home


@contextmanager
def one_line() -> Iterator[None]:
    """Turn what went wrong into a line on stderr and an exit code."""
    from azure_llama.engine import EngineError
    from azure_llama.sandbox.control import NotRunningError, SandboxError

    try:
        yield
    except (SandboxError, EngineError) as error:
        click.echo(f"azure-llama: {error}", err=True)
        sys.exit(NOT_RUNNING if isinstance(error, NotRunningError) else FAILED)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
