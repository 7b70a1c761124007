"""Groups of commands whose `--help` shows the whole first sentence of each command."""

from __future__ import annotations

import sys

import click


class Commands(click.Group):
    """A group that wraps a long summary of a command instead of cutting it with an ellipsis."""

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a row for each command: its name and the first sentence of its help."""
        rows = [(name, self.summary(context, name)) for name in self.list_commands(context)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def summary(self, context: click.Context, name: str) -> str:
        """The first sentence of a command's help."""
        command = self.get_command(context, name)
        return command.get_short_help_str(limit=sys.maxsize) if command else ""
