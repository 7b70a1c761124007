"""The policy pack as a path for the Pulumi CLI: `azure-llama pack`."""

from __future__ import annotations

import click

from azure_llama.cli.errors import BAD_INPUT, end


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
