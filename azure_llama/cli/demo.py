"""Runs the dev stack in the sandbox: `azure-llama demo`."""

from __future__ import annotations

import sys

import click

from azure_llama.cli.errors import FAILED
from azure_llama.cli.groups import Commands
from azure_llama.cli.options import home_of, home_option


@click.group(cls=Commands, no_args_is_help=True)
@home_option
def demo() -> None:
    """Run the dev stack in the local Azure emulator, as `make demo` and `make demo-down` do.

    Exit codes: 0 done, 1 a step failed (created resources are kept; run the command again), 2 wrong usage.
    """


@demo.command()
@home_option
@click.pass_context
def up(context: click.Context) -> None:
    """Start the sandbox, deploy the dev stack with its policy pack, call every endpoint, show the answers.

    Exit codes: 0 every endpoint answered, 1 a step failed (run the command again), 2 wrong usage.
    """
    from azure_llama import demo as play

    answered = play.up(home_of(context))
    sys.exit(0 if answered else FAILED)


@demo.command()
@home_option
@click.pass_context
def down(context: click.Context) -> None:
    """Destroy the dev stack and stop the sandbox; only soft-deleted names remain.

    Exit codes: 0 done, 1 a step failed (the sandbox keeps running), 2 wrong usage.
    """
    from azure_llama import demo as play

    play.down(home_of(context))
