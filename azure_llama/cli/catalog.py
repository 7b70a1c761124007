"""Shows the catalogue of Azure facts and refreshes it from Azure: `azure-llama catalog`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from azure_llama.cli import completion
from azure_llama.cli.errors import FAILED
from azure_llama.cli.groups import Commands
from azure_llama.cli.options import as_of_option, directory_option, format_option
from azure_llama.cli.output import complain, echo

if TYPE_CHECKING:
    from azure_llama.arm import SignIn
    from azure_llama.catalog import Catalog
    from azure_llama.catalog.tables import Row
    from azure_llama.pricing.refresh import Found

_CELL = 40
"""Characters of a cell in the table that fits a terminal: the longest name of a model."""
_KINDS = ("models", "foundry-models", "features", "regions", "sizes", "prices", "roles", "limits")


@click.group(cls=Commands, no_args_is_help=True)
def catalog() -> None:
    """Show models, features, regions, sizes, prices, roles and limits, each with its source and date.

    To add or correct entries, write llama-catalog.yaml beside Pulumi.yaml.
    """


@catalog.command()
@click.argument("kind", type=click.Choice(_KINDS))
@directory_option
@click.option(
    "--name",
    default="",
    shell_complete=completion.models,
    help="Only rows whose name contains this text, in any letter case.",
)
@click.option("--region", help="Only rows that apply to this region: models offered serverless, sizes, prices.")
@as_of_option("The day (YYYY-MM-DD) that lifecycles and region tables are read on.  [default: today, UTC]")
@click.option("--wide", is_flag=True, help="Show all columns of the table.  [default: those that fit a terminal]")
@format_option("table", "json", "markdown")
def show(kind: str, directory: Path, name: str, region: str | None, as_of: date, wide: bool, form: str) -> None:
    """Show the rows of KIND, including those of the project's llama-catalog.yaml.

    The table cites sources by number and lists them below. In the tables `?` is unknown and `-` is none; in JSON both
    are null.

    Exit codes: 0 shown (an empty table too), 2 wrong usage, or the overlay has errors.
    """
    from azure_llama.catalog import Catalog, tables

    project = Catalog.of_project(directory)
    rows = tables.table(project, kind, tables.Asked(name, _region(region, project) if region else None, as_of))
    if form == "json":
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    elif form == "markdown":
        echo(_markdown(rows))
    else:
        echo(_plain(rows, None if wide else tables.BRIEF[kind]) or f"No {kind} of that kind.")


@catalog.command()
@directory_option
@click.option(
    "--stack",
    "-s",
    shell_complete=completion.stacks,
    help="The stack whose azure-native:* settings define the sign-in.  [default: as for `azure-llama check`; with "
    "several stacks and none selected, the environment variables]",
)
@click.option(
    "--location", "locations", multiple=True, help="A region; repeatable.  [default: the regions of the stacks]"
)
@click.option("--prices-only", is_flag=True, help="Read only prices, which needs no sign-in.")
def refresh(directory: Path, stack: str | None, locations: tuple[str, ...], prices_only: bool) -> None:
    """Read GPU sizes, their prices and Foundry models from Azure, and write them to llama-catalog.yaml.

    Entries that you wrote and comments are kept; unchanged entries are not rewritten. The installed package is never
    changed.

    Exit codes: 0 all facts were read and written, 1 some facts could not be read (the others are written) or the file
    cannot be changed, 2 wrong usage: no project, or an invalid stack, region or overlay.
    """
    from azure_llama.arm.tls import check_environment
    from azure_llama.catalog import Catalog, overlay

    project = Catalog.of_project(directory)
    place = overlay.place(directory)
    if place is None:
        raise click.UsageError(f"{directory}: there is no Pulumi.yaml here or above; give --directory")
    wanted = [_region(each, project) for each in locations] or _own_regions(place.parent, project)
    check_environment()
    sign_in, failure = (None, None) if prices_only else _sign_in(directory, stack)
    found = _ask(wanted, sign_in, project)
    told = _write(place, found)
    for line in told:
        echo(line)
    failures = [*([f"sizes and models: {failure}"] if failure else []), *found.failures]
    for line in failures:
        complain(f"not asked: {line}")
    sys.exit(FAILED if failures else 0)


def _region(text: str, project: Catalog) -> str:
    recognition = project.recognise_region(text)
    if recognition.found is None:
        way_out = recognition.question or "`azure-llama catalog show regions` lists them"
        raise click.UsageError(f"{text!r} is not a region of the catalogue; {way_out}")
    return recognition.found


def _own_regions(root: Path, project: Catalog) -> list[str]:
    """The regions of the project's stacks."""
    from azure_llama.documents import positions as documents

    found = []
    for file in sorted(root.glob("Pulumi.?*.yaml")):
        data = documents.read(file).data
        config = data.get("config") if isinstance(data, dict) else None
        location = config.get("azure-native:location") if isinstance(config, dict) else None
        if isinstance(location, str):
            found.append(_region(location, project))
    if not found:
        raise click.UsageError("no stack here names a region (azure-native:location); give --location")
    return list(dict.fromkeys(found))


def _sign_in(directory: Path, stack: str | None) -> tuple[SignIn | None, str | None]:
    from azure_llama.arm import ArmError, sign_in
    from azure_llama.documents.errors import InputError
    from azure_llama.stack import project

    try:
        config = project.load(directory, stack).config
    except InputError:
        if stack:
            raise
        config = {}
    try:
        return sign_in(config), None
    except ArmError as error:
        return None, f"{error}; or ask for prices alone with --prices-only"


def _ask(locations: list[str], sign_in: SignIn | None, project: Catalog) -> Found:
    import asyncio

    from azure_llama.arm import ArmClient
    from azure_llama.pricing.refresh import ask
    from azure_llama.pricing.retail import RetailPrices

    now = datetime.now(UTC)

    async def asked() -> Found:
        async with RetailPrices(now=now) as retail:
            if sign_in is None:
                return await ask(locations, project, arm=None, subscription="", retail=retail, today=now.date())
            async with ArmClient(sign_in) as arm:
                subscription = sign_in.subscription
                return await ask(
                    locations, project, arm=arm, subscription=subscription, retail=retail, today=now.date()
                )

    return asyncio.run(asked())


def _write(path: Path, found: Found) -> list[str]:
    """Update the overlay, and return the lines to print about it."""
    from azure_llama.catalog.overlay.reading import load, parse, understood
    from azure_llama.catalog.overlay.writing import edited, write
    from azure_llama.pricing.refresh import news

    data = load(path).data if path.exists() else None
    text = path.read_bytes().decode("utf-8-sig") if path.exists() else ""
    changes, kept = news(data, found.changes)
    told = [*kept, *found.notes]
    if not changes:
        return [*told, f"{path.name}: nothing new."] if found.changes else told
    after = edited(text, changes, path.name)
    understood(parse(after, path.name))
    write(path, after)
    number = len(changes)
    lines = [f"  {'.'.join(where)}" for where, _ in changes]
    return [*told, f"{path.name}: {number} entr{'y' if number == 1 else 'ies'} added or changed:", *lines]


def _plain(rows: list[Row], brief: Sequence[str] | None) -> str:
    """A table with its sources below. A long list shows its length and its first item.

    Args:
        rows: Required. The rows.
        brief: Required. The columns beside source and date; all when None.
    """
    from azure_llama.catalog.tables import cell
    from azure_llama.documents.text import columns

    if not rows:
        return ""
    sources = list(dict.fromkeys(str(row["source"]) for row in rows))
    cited: list[Row] = [{**row, "source": f"[{sources.index(str(row['source'])) + 1}]"} for row in rows]
    shown = (*brief, "source", "asOf") if brief else tuple(rows[0])
    table = [shown, *([_short(row[key], cell(key, row[key]), cut=brief is not None) for key in shown] for row in cited)]
    return "\n".join([*columns(table), *(f"[{number}] {source}" for number, source in enumerate(sources, 1))])


def _short(value: Any, text: str, *, cut: bool) -> str:
    from azure_llama.documents.text import shortened

    text = f"{len(value)}: {value[0]}, ..." if isinstance(value, list) and len(value) > 1 else text
    return shortened(text, _CELL) if cut else text


def _markdown(rows: list[Row]) -> str:
    from azure_llama.catalog.tables import cell

    if not rows:
        return "None."
    lines = [list(rows[0]), ["---"] * len(rows[0])]
    lines += [[cell(key, value).replace("|", "\\|") for key, value in row.items()] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
