"""What a stack costs in a month: `azure-llama cost`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from azure_llama.cli.stack import stack_options

INTERRUPTED = 130


@click.command()
@stack_options
@click.option(
    "--tokens",
    multiple=True,
    metavar="ENDPOINT=INPUT/OUTPUT",
    help="Tokens a month of a serverless endpoint, of prompts and of answers: llama-33-70b=50M/10M (k, M or B). May be"
    " given again.",
)
@click.option(
    "--volume",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The same as a YAML file: `llama-33-70b: {inputTokens: 50M, outputTokens: 10M}`; --tokens goes before it.",
)
@click.option("--live", is_flag=True, help="Ask the Azure Retail Prices API; without an answer, the dated prices hold.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "markdown"]),
    default="table",
    show_default=True,
    help="How to show it, on stdout.",
)
def cost(
    stack: str | None,
    directory: Path,
    config_file: Path | None,
    tokens: tuple[str, ...],
    volume: Path | None,
    live: bool,
    form: str,
) -> None:
    """Estimate what a stack costs in a month of 730 hours.

    From the dated prices of the catalogue and of llama-catalog.yaml, each shown with its source and date; low and high
    where sources differ or a deployment scales. What has no known price is listed as unknown, and never counted as 0.

    Exit codes: 0 estimated (see `unknown`), 2 wrong usage: the stack, its configuration or a volume has mistakes.
    """
    from azure_llama import pricing
    from azure_llama.check.places import with_lines
    from azure_llama.documents.errors import InputError
    from azure_llama.pricing import volumes
    from azure_llama.settings import SettingsError, load
    from azure_llama.stack import project

    try:
        found = project.load(directory, stack, config_file)
        catalog = found.catalog
        try:
            settings = load(found.config, catalog)
        except SettingsError as error:
            raise InputError(with_lines(str(error).splitlines(), found)) from error
        stated = volumes.stated(tokens, volume, settings.serverless)
    except (InputError, volumes.VolumeError) as error:
        click.echo(f"azure-llama: {error}", err=True)
        sys.exit(2)

    def estimated(book: pricing.PriceBook) -> pricing.Estimate:
        return pricing.estimate(settings, volumes=stated, prices=book)

    book: pricing.PriceBook = pricing.CataloguePrices(catalog)
    try:
        if live:
            from azure_llama.arm import ConfigurationError
            from azure_llama.arm.tls import check_environment
            from azure_llama.pricing.live import live_prices

            try:
                check_environment()
            except ConfigurationError as error:
                click.echo(f"azure-llama: {error}", err=True)
                sys.exit(2)
            book = live_prices(estimated, catalog)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    show = {"table": pricing.as_lines, "json": pricing.as_json, "markdown": pricing.as_markdown}[form]
    click.echo(show(estimated(book)))
