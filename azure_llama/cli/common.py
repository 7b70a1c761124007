"""What the commands of the sandbox share: its home, the form of an answer, one line for a mistake."""

from __future__ import annotations

import io
import os
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


def ready_stdout() -> None:
    """Make stdout take every character, and be there even where the caller closed it."""
    if sys.stdout is None:
        # The lowest free descriptor is stdout's own: no other file or connection may come to stand in its place.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - a device, open until the end
    elif isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.encoding.replace("-", "").lower() != "utf8":
        # Reports are UTF-8 in files and pipes, also where the locale is not; a terminal shows what it can.
        if sys.stdout.isatty():
            sys.stdout.reconfigure(errors="replace")
        else:
            sys.stdout.reconfigure(encoding="utf-8")


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
    from azure_llama_sandbox.control import NotRunningError, SandboxError

    try:
        yield
    except (SandboxError, EngineError) as error:
        click.echo(f"azure-llama: {error}", err=True)
        sys.exit(NOT_RUNNING if isinstance(error, NotRunningError) else FAILED)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
