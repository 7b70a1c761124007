"""The `azure-llama` command: the group of all commands, and how each of them ends.

Each command is a module beside this one, and imports what it needs in its body, so that `--help` stays quick.
"""

from __future__ import annotations

from typing import Any

import click

from azure_llama import __version__
from azure_llama.cli import (
    catalog,
    check,
    cost,
    demo,
    drift,
    import_file,
    pack,
    preflight,
    purge,
    quota,
    sandbox,
    serverless_conversion,
    smoke,
    snippet,
)
from azure_llama.cli.errors import reported
from azure_llama.cli.output import ready_stdout


class _Commands(click.Group):
    """All commands: UTF-8 on stdout, and one line on stderr with an exit code for an error."""

    def invoke(self, context: click.Context) -> Any:
        """Run the command."""
        ready_stdout()
        with reported():
            return super().invoke(context)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=True)
@click.version_option(__version__, prog_name="azure-llama", message="%(prog)s %(version)s")
def main() -> None:
    """Meta Llama on Azure Machine Learning."""


for _command in (
    *(
        catalog.catalog,
        check.check,
        serverless_conversion.convert,
        cost.cost,
        demo.demo,
        drift.drift,
        import_file.import_file,
        pack.pack,
        preflight.preflight,
        purge.purge,
    ),
    *(quota.quota, sandbox.sandbox, smoke.smoke, snippet.snippet),
):
    main.add_command(_command)
