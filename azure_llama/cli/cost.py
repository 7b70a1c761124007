"""What a stack costs in a month: `azure-llama cost`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from azure_llama.cli.options import FILE, format_option, stack_options, value_option
from azure_llama.cli.output import echo


@click.command()
@stack_options
@value_option
@click.option(
    "--tokens",
    multiple=True,
    metavar="ENDPOINT=INPUT/OUTPUT",
    help="Tokens a month, of prompts and of answers, of a serverless endpoint (llama-33-70b=50M/10M; k, M or B) or of a"
    " Foundry deployment (ACCOUNT/DEPLOYMENT=50M/10M). May be given again.",
)
@click.option(
    "--volume",
    type=FILE,
    help="The same as a YAML file: `llama-33-70b: {inputTokens: 50M, outputTokens: 10M}`; --tokens goes before it.",
)
@click.option("--live", is_flag=True, help="Ask the Azure Retail Prices API; without an answer, the dated prices hold.")
@format_option("table", "json", "markdown")
def cost(
    stack: str | None,
    directory: Path,
    config_file: Path | None,
    given: dict[str, Any],
    tokens: tuple[str, ...],
    volume: Path | None,
    live: bool,
    form: str,
) -> None:
    """Estimate what a stack costs in a month of 730 hours.

    From the dated prices of the catalogue and of llama-catalog.yaml, each shown with its source and date; low and high
    where sources differ or a deployment scales. What has no known price is listed as unknown, and never counted as 0.

    Exit codes: 0 estimated (see `unknown`), 2 wrong usage: the stack, its configuration or a volume has errors.
    """
    from azure_llama import pricing
    from azure_llama.pricing import volumes
    from azure_llama.stack import settings as stack_settings
    from azure_llama.stack.planned import project_of

    found = project_of(directory, stack, config_file, given)
    settings, notes = stack_settings.load_known(found)
    stated = volumes.stated(tokens, volume, pricing.paid_by_token(settings))

    def estimated(book: pricing.PriceBook) -> pricing.Estimate:
        return pricing.estimate(settings, volumes=stated, prices=book)

    book: pricing.PriceBook = pricing.CataloguePrices(found.catalog)
    if live:
        from azure_llama.arm.tls import check_environment
        from azure_llama.pricing.live import live_prices

        check_environment()
        book = live_prices(estimated, found.catalog)
    show = {"table": pricing.as_lines, "json": pricing.as_json, "markdown": pricing.as_markdown}[form]
    estimate = estimated(book)
    echo(show(replace(estimate, notes=(*estimate.notes, *notes))))
