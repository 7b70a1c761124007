"""The `azure-llama` command: the group of all commands, and how each of them ends.

Each command is a module beside this one that is imported when the command is run or listed. It imports what it needs in
its body, so that `--help` stays quick.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import click

from azure_llama import __version__
from azure_llama.cli.errors import reported
from azure_llama.cli.groups import Commands
from azure_llama.cli.output import ready_stdout

COMMANDS = (
    *("catalog", "check", "cost", "demo", "drift", "graph", "import-file", "init", "pack", "preflight", "purge"),
    *("quota", "sandbox", "schema", "smoke", "snippet"),
)
"""The names of all commands. The module of a command, and the command in it, have its name with `_` for `-`."""


class _Modules(Mapping[str, click.Command]):
    """The commands by name, each imported when it is looked up."""

    def __getitem__(self, name: str) -> click.Command:
        if name not in COMMANDS:
            raise KeyError(name)
        name = name.replace("-", "_")
        command: click.Command = getattr(import_module(f"azure_llama.cli.{name}"), name)
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class _Program(Commands):
    """All commands: UTF-8 on stdout, and one line on stderr with an exit code for an error."""

    def make_context(self, *arguments: Any, **settings: Any) -> click.Context:
        """Parse the options. `--help` and `--version` print and end here."""
        ready_stdout()
        with reported():
            return super().make_context(*arguments, **settings)

    def invoke(self, context: click.Context) -> Any:
        """Run the command."""
        with reported():
            return super().invoke(context)


@click.group(
    cls=_Program,
    commands=_Modules(),
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
)
@click.version_option(__version__, prog_name="azure-llama", message="%(prog)s %(version)s")
def main() -> None:
    """Meta Llama on Azure Machine Learning."""
