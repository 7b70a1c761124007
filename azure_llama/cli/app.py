"""The `azure-llama` command: the group of all commands, and how each of them ends.

Each command is a module beside this one, and imports what it needs in its body, so that `--help` stays quick.
"""

from __future__ import annotations

import io
import os
import sys
from typing import Any

import click

from azure_llama.cli import catalog, check, cost, demo, preflight, purge, quota, sandbox, smoke, snippet
from azure_llama.cli.errors import reported


class _Commands(click.Group):
    """All commands: UTF-8 on stdout, and one line on stderr with an exit code for an error."""

    def invoke(self, context: click.Context) -> Any:
        """Run the command."""
        _ready_stdout()
        with reported():
            return super().invoke(context)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=True)
def main() -> None:
    """Meta Llama on Azure Machine Learning."""


for _command in (
    *(catalog.catalog, check.check, cost.cost, demo.demo, preflight.preflight, purge.purge, quota.quota),
    *(sandbox.sandbox, smoke.smoke, snippet.snippet),
):
    main.add_command(_command)


def _ready_stdout() -> None:
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
