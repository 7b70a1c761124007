"""Calls every endpoint of a stack once: `azure-llama smoke`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from azure_llama.cli import completion
from azure_llama.cli.errors import FAILED
from azure_llama.cli.options import format_option, outputs_of, outputs_options

if TYPE_CHECKING:
    from azure_llama.catalog import Catalog

CONNECT_SECONDS = 10.0


@click.command()
@outputs_options
@click.option(
    *("--endpoint", "-e", "names"),
    multiple=True,
    shell_complete=completion.endpoints,
    help="Call this endpoint; repeatable.  [default: all]",
)
@format_option("table", "json", "junit", "markdown")
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=60.0,
    show_default=True,
    help="Seconds to wait for the next data of an endpoint.",
)
@click.option(
    "--filter-probe",
    metavar="TEXT",
    help="Also send this text, which the content filter must reject and a guard model must classify as unsafe.",
)
@click.option(
    "--concurrency",
    metavar="N",
    type=click.IntRange(1, 1000),
    help="Also send N requests at the same time; fails when one is rejected with 429.",
)
@click.option(
    "--probe",
    is_flag=True,
    help="Also test tools, JSON, images and long answers of chat models, with at most 9 requests each, and compare"
    " with `catalog show features`. A difference does not fail the command.",
)
@click.option(
    "--repeat",
    type=click.IntRange(1, 1000),
    default=1,
    show_default=True,
    help="Number of streams of each endpoint, one after the other: shows percentiles and a histogram of the "
    "first-token latency.",
)
def smoke(stack: str | None, directory: Path, outputs: TextIO | None, form: str, **asked: Any) -> None:
    """Call every endpoint of a stack: health, an answer, a stream, an invalid request, a missing key.

    Shows the time to the first token, tokens per second and the known state of the content filter. Progress goes to
    stderr. Secrets are never shown. For a stack in the sandbox, run it under `azure-llama sandbox exec --`.

    Exit codes: 0 all endpoints passed, 1 an endpoint failed, 2 wrong usage, 3 no outputs to work on.
    """
    from azure_llama.catalog import Catalog
    from azure_llama.inference.smoke import reports

    found = outputs_of(stack, directory, outputs, secrets=True)
    results = _smoke(found, Catalog.of_project(directory), **asked)
    if form != "table":
        click.echo({"json": reports.as_json, "junit": reports.as_junit, "markdown": reports.as_markdown}[form](results))
    elif sys.stdout.isatty():
        reports.show(results, click.echo)
    else:
        click.echo("\n".join(reports.as_lines(results)))
    sys.exit(0 if all(result.ok for result in results) else FAILED)


def _smoke(outputs: Any, catalog: Catalog, names: tuple[str, ...], timeout: float, **extra: Any) -> Any:
    import httpx
    from azure.identity import DefaultAzureCredential

    from azure_llama.inference import smoke
    from azure_llama.inference.smoke.progress import Lines
    from azure_llama.inference.smoke.targets import UnknownEndpointError

    limits = httpx.Timeout(timeout, connect=min(timeout, CONNECT_SECONDS))
    try:
        with httpx.Client(timeout=limits, limits=httpx.Limits(max_connections=None)) as http, Lines() as progress:
            return smoke.run(
                outputs,
                http=http,
                credential=DefaultAzureCredential,
                progress=progress,
                catalog=catalog,
                names=names,
                extra=smoke.Extra(**extra),
            )
    except UnknownEndpointError as error:
        raise click.UsageError(str(error)) from error
