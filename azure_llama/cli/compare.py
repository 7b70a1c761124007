"""`azure-llama sandbox compare`: how the sandbox differs from recorded traffic of Azure."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from azure_llama.cli.errors import FAILED
from azure_llama.cli.options import format_option, home_of, home_option
from azure_llama.cli.output import echo

if TYPE_CHECKING:
    from azure_llama_sandbox.compare import Report


@click.command("compare")
@home_option
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--mask",
    "masked",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="OUT",
    help="Also write the exchanges to OUT as JSON lines, with secrets masked and ids and names replaced.",
)
@format_option("table", "json")
@click.pass_context
def compare(context: click.Context, file: Path, masked: Path | None, form: str) -> None:
    """Replay recorded traffic of Azure against the running sandbox and report the differences.

    FILE is HAR, as mitmproxy writes it, or JSON lines: docs/fidelity.md describes how to record your own deployment.
    Differences of kind A (status, polling headers, presence of a body, missing properties, types, letter case) are
    those that can make a client fail.

    Exit codes: 0 no difference of kind A, 1 there are some, 2 wrong usage or FILE cannot be read, 3 no sandbox runs.
    """
    from azure_llama_sandbox import compare as comparing

    exchanges = comparing.load(file)
    if masked is not None:
        exchanges = comparing.mask(exchanges)
        comparing.save(exchanges, masked)
    report = comparing.replay(exchanges, home_of(context))
    if form == "json":
        click.echo(json.dumps(report.as_json(), indent=2))
    else:
        echo(_table(report))
    if report.tripping:
        sys.exit(FAILED)


def _table(report: Report) -> str:
    from azure_llama_sandbox.compare import KIND_A

    lines = []
    for exchange, differing in report.found:
        lines.append(f"{exchange.method} {exchange.path} ({exchange.api_version})")
        for each in sorted(differing, key=lambda each: each.kind not in KIND_A):
            mark = "A" if each.kind in KIND_A else " "
            lines.append(f"  {mark} {each.kind:<12} {each.where or '-'}: {each.azure or '-'} -> {each.sandbox or '-'}")
    for exchange, reason in report.skipped:
        lines.append(f"{exchange.method} {exchange.path}: skipped, {reason}")
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(report.kinds.items()))
    lines.append(
        f"Compared {report.compared} exchanges, skipped {len(report.skipped)}: {report.tripping} differ in kind A"
        + (f" ({kinds})." if kinds else ".")
    )
    return "\n".join(lines)
