"""Pages that are generated whole: `docs/commands.md` from the commands, `docs/models.md` and
`docs/features.md` from the catalogue; and the table of `docs/failures.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

import click

from azure_llama.catalog import Catalog, Model
from azure_llama.catalog.deployment_failures import FAILURES
from azure_llama.cli.app import main as azure_llama
from scripts import features_page

ROOT: Final = Path(__file__).resolve().parents[1]
_FAILURES: Final = re.compile(r"(<!-- failures -->\n).*?(<!-- end -->)", re.DOTALL)
AS_OF: Final = date(2026, 11, 30)
"""The date of the table of models."""


def generated() -> dict[Path, str]:
    """The pages, by their path in the repository."""
    failures = Path("docs/failures.md")
    page = (ROOT / failures).read_text(encoding="utf-8")
    return {
        Path("docs/commands.md"): _commands(),
        failures: _FAILURES.sub(lambda block: f"{block[1]}{_failures()}{block[2]}", page),
        Path("docs/models.md"): _models(),
        Path("docs/features.md"): features_page.page(Catalog.package()),
    }


def _failures() -> str:
    rows = (f"| `{each.code}` | {each.cause} | {_log(each.container)} | {each.remedy} |\n" for each in FAILURES)
    return "| code | cause | log | edit |\n|---|---|---|---|\n" + "".join(rows)


def _log(container: str | None) -> str:
    return f"`{container}`" if container else ""


def _commands() -> str:
    parts = ["# Commands\n\nWhat `--help` prints for each command. Shell completion and exit codes are in it.\n"]
    for path, command in _each(azure_llama, ("azure-llama",)):
        # With the program's settings: click keeps a command's help option from its first use.
        settings = {**azure_llama.context_settings, "terminal_width": 100, "max_content_width": 100}
        context = click.Context(command, info_name=" ".join(path), **settings)
        parts.append(f"## {' '.join(path)}\n\n```text\n{command.get_help(context).rstrip()}\n```\n")
    return "\n".join(parts)


def _each(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if not isinstance(command, click.Group):
        yield path, command
        return
    for name in sorted(command.commands):
        yield from _each(command.commands[name], (*path, name))


def _models() -> str:
    catalog = Catalog.package()
    offered = catalog.serverless_models(None, AS_OF)
    managed = [model for model in catalog.models if model.managed.available]
    on_accounts = _on_accounts(catalog)
    shown = [each for each in catalog.models if each in offered or each in managed or each.name in on_accounts]
    rows = [_row(catalog, model, on_accounts.get(model.name, []), model in offered) for model in shown]
    return (
        "# Models that you can deploy\n\n"
        f"What the catalogue knows on {AS_OF}. `azure-llama catalog show models` prints every row with its\n"
        "sources, and [catalog.md](catalog.md) says how a project adds or corrects rows. The retirement date\n"
        "applies to pay-per-token deployments; whether it applies to managed compute is unknown. Azure's own answer\n"
        "takes precedence: `azure-llama preflight` asks for it.\n\n"
        "| model | Foundry account | serverless endpoint | managed compute | retirement | source of the date |\n"
        "|---|---|---|---|---|---|\n" + "".join(rows)
    )


def _on_accounts(catalog: Catalog) -> dict[str, list[str]]:
    """Versions that Azure offers on Foundry accounts, by the model's name; those whose date is past are left out."""
    versions: dict[str, list[str]] = {}
    for row in catalog.foundry.models:
        if row.version is not None and (row.retired is None or row.retired > AS_OF):
            versions.setdefault(row.name, []).append(row.version)
    return versions


def _row(catalog: Catalog, model: Model, versions: list[str], offered: bool) -> str:
    regions = len(model.serverless_regions(AS_OF) or ())
    lifecycle = model.lifecycle
    retired = (
        f"{lifecycle.retired}{'' if lifecycle.confirmed else ' (not confirmed by Microsoft)'}"
        if lifecycle.retired
        else ""
    )
    source = catalog.sources[lifecycle.retired_source].title if lifecycle.retired and lifecycle.retired_source else ""
    cells = (
        f"`{model.name}`",
        "version " + ", ".join(versions) if versions else "no",
        f"{regions} regions" if offered else "no",
        "yes" if model.managed.available else "no",
        retired or "unknown",
        source.split(" @")[0],
    )
    return "| " + " | ".join(cells) + " |\n"
