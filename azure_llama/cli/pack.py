"""Prints the path of the policy pack for the Pulumi CLI: `azure-llama pack`."""

from __future__ import annotations

import click

from azure_llama.cli.errors import BAD_INPUT, end


@click.command()
@click.option(
    "--form",
    type=click.Choice(["auto", "directory", "executable"]),
    default="auto",
    show_default=True,
    help="directory for a Pulumi CLI with its own Python language host, executable for a host that is too old to "
    "start one; auto inspects the Pulumi CLI on the PATH.",
)
@click.option(
    "--config",
    metavar="NAME",
    help="Print the file to pass to --policy-pack-config instead: default, trial or hardened.",
)
def pack(form: str, config: str | None) -> None:
    """Print the path to pass to `pulumi preview --policy-pack`.

    In a checkout, it is the folder `policies` of the checkout. For an installed package, it is a folder in the user's
    cache folder that uses the virtual environment of this command.

    Exit codes: 0 done, 1 the folder cannot be written or the Pulumi CLI cannot be used, 2 wrong usage.
    """
    from azure_llama import engine
    from azure_llama_policies import folder as packs

    folder = packs.locate(engine.cache_folder())
    if config is not None:
        configurations = packs.configurations(folder)
        if config not in configurations:
            end(f"--config {config}: must be one of {', '.join(configurations)}", BAD_INPUT)
        click.echo(configurations[config])
        return
    if form == "auto":
        pulumi = engine.find()
        form = pulumi.policy_pack_form if pulumi else "directory"
    click.echo(folder / packs.EXECUTABLE if form == "executable" else folder)
