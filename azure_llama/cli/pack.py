"""The policy pack as a path for the Pulumi CLI: `azure-llama pack`."""

from __future__ import annotations

import sys

import click

from azure_llama.cli.common import FAILED, one_line

BAD_INPUT = 2


@click.command()
@click.option(
    "--form",
    type=click.Choice(["auto", "directory", "executable"]),
    default="auto",
    show_default=True,
    help="directory for a Pulumi CLI with its own Python language host, executable for a host that is too old to start"
    " one; auto looks at the Pulumi CLI that it finds.",
)
@click.option(
    "--config",
    metavar="NAME",
    help="Print the file to give to --policy-pack-config instead: default, trial or hardened.",
)
def pack(form: str, config: str | None) -> None:
    """Print the path to give to `pulumi preview --policy-pack`.

    In a checkout, it is the checkout's folder `policies`. An installed package has its own folder below the user's
    cache folder, whose virtual environment is the one of this command.

    Exit codes: 0 done, 1 the folder cannot be written or the Pulumi CLI cannot be used, 2 wrong usage.
    """
    from azure_llama import engine
    from azure_llama_policies import folder as packs

    try:
        folder = packs.locate(engine.cache_folder())
    except packs.FolderError as error:
        click.echo(f"azure-llama: {error}", err=True)
        sys.exit(FAILED)
    if config is not None:
        configurations = packs.configurations(folder)
        if config not in configurations:
            click.echo(f"azure-llama: --config {config}: must be one of {', '.join(configurations)}", err=True)
            sys.exit(BAD_INPUT)
        click.echo(configurations[config])
        return
    if form == "auto":
        with one_line():
            pulumi = engine.find()
        form = pulumi.policy_pack_form if pulumi else "directory"
    click.echo(folder / packs.EXECUTABLE if form == "executable" else folder)
