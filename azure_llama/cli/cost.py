"""Estimates the monthly cost of a stack: `azure-llama cost`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from azure_llama.cli.options import FILE, format_option, stack_options, value_option
from azure_llama.cli.output import echo

if TYPE_CHECKING:
    from azure_llama.pricing import Estimate
    from azure_llama.settings import Settings
    from azure_llama.stack.project import Project


@click.command()
@stack_options
@value_option
@click.option(
    "--tokens",
    multiple=True,
    metavar="ENDPOINT=INPUT/OUTPUT",
    help="Input and output tokens per month of a serverless endpoint (llama-33-70b=50M/10M; k, M or B) or of a "
    "Foundry deployment (ACCOUNT/DEPLOYMENT=50M/10M). Repeatable.",
)
@click.option(
    "--volume",
    type=FILE,
    help="The same as a YAML file: `llama-33-70b: {inputTokens: 50M, outputTokens: 10M}`; --tokens takes precedence.",
)
@click.option(
    "--use",
    multiple=True,
    metavar="KIND=NUMBER",
    help="Monthly usage of a resource that is billed by usage, in the unit of its price: logAnalytics=20 "
    "(gigabytes). Repeatable.",
)
@click.option(
    "--live", is_flag=True, help="Query the Azure Retail Prices API; if it does not answer, the dated prices apply."
)
@click.option(
    "--against",
    metavar="BASE",
    help="Show the difference from the stack's files in BASE: a Git revision such as origin/main, or a folder.",
)
@format_option("table", "json", "markdown")
def cost(
    stack: str | None, directory: Path, config_file: Path | None, given: dict[str, Any], form: str, **asked: Any
) -> None:
    """Estimate the monthly cost of a stack (730 hours).

    Uses the dated prices of the catalogue and of llama-catalog.yaml, and shows the source and date of each. Shows a low
    and a high amount where sources differ or a deployment scales. A resource that is billed by usage shows its price,
    and no amount until you state the usage. A resource without a known price is listed as unknown. Neither is counted
    as 0.

    Exit codes: 0 estimated (see `byUse` and `unknown`), 2 wrong usage: the stack, its configuration, a volume or the
    base is invalid.
    """
    from azure_llama import pricing
    from azure_llama.pricing import comparison
    from azure_llama.stack.planned import project_of

    found = project_of(directory, stack, config_file, given)
    against = asked.pop("against")
    if against is None:
        show = {"table": pricing.as_lines, "json": pricing.as_json, "markdown": pricing.as_markdown}[form]
        echo(show(_Asked(**asked).estimate(found)))
        return
    show_changes = {"table": comparison.as_lines, "json": comparison.as_json, "markdown": comparison.as_markdown}[form]
    echo(show_changes(_compared(found, against, given, **asked)))


@dataclass(frozen=True)
class _Asked:
    """The options that an estimate depends on."""

    tokens: tuple[str, ...]
    volume: Path | None
    use: tuple[str, ...]
    live: bool

    def estimate(self, found: Project, others: tuple[str, ...] = ()) -> Estimate:
        """The estimate of a project's stack.

        Args:
            found: Required. The project.
            others: Optional. Endpoints whose volume may be stated though the stack does not have them.
        """
        from azure_llama import pricing
        from azure_llama.pricing import volumes
        from azure_llama.stack.settings import load_known

        settings, notes = load_known(found)
        own = pricing.paid_by_token(settings)
        stated = volumes.stated(self.tokens, self.volume, dict.fromkeys((*own, *others)))
        estimate = self._at_prices(
            found, settings, {name: volume for name, volume in stated.items() if name in own}, volumes.used(self.use)
        )
        return replace(estimate, notes=(*estimate.notes, *notes))

    def _at_prices(
        self, found: Project, settings: Settings, stated: dict[str, Any], used: dict[str, float]
    ) -> Estimate:
        from azure_llama import pricing

        def estimated(book: pricing.PriceBook) -> Estimate:
            return pricing.estimate(settings, volumes=stated, use=used, prices=book)

        book: pricing.PriceBook = pricing.CataloguePrices(found.catalog)
        if self.live:
            from azure_llama.arm.tls import check_environment
            from azure_llama.pricing.live import live_prices

            check_environment()
            book = live_prices(estimated, found.catalog)
        return estimated(book)


def _compared(found: Project, against: str, given: dict[str, Any], **asked: Any) -> Any:
    from azure_llama import pricing
    from azure_llama.pricing.comparison import Comparison
    from azure_llama.stack.base import base_of

    with base_of(found, against, given) as base:
        options = _Asked(**asked)
        if base is None:
            after = options.estimate(found)
            return Comparison(against, replace(after, lines=()), after)
        names = [tuple(pricing.paid_by_token(_settings(project))) for project in (found, base)]
        return Comparison(against, options.estimate(base, names[0]), options.estimate(found, names[1]))


def _settings(found: Project) -> Settings:
    from azure_llama.stack.settings import load_known

    return load_known(found)[0]
