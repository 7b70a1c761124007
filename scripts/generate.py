"""`make generate`: write every file that is derived from code and data, and delete those that no longer are.

Two kinds of generated files have their own commands: the locks (`make lock`), and the output of commands that need the
real Pulumi engine (`make docs`).

    python -m scripts.generate [--check]
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from click.testing import CliRunner

from azure_llama.cli.app import main as azure_llama
from azure_llama.settings import reference, schema
from azure_llama_components.serve import Provider
from azure_llama_policies import pages
from scripts import field_tables, reference_pages
from scripts.blocks import with_output
from tests.components import registrations
from tests.policies import messages
from tests.policies.cases import SAID

ROOT: Final = Path(__file__).resolve().parents[1]
AS_OF = "2026-11-25"
"""The day on which the stack of the documentation is checked."""
NOTES: Final = {
    SAID: "the messages of rules: read the diff as a user would",
    registrations.RECORDS: "what the examples register: each changed line is a change to the deployed stacks of users",
}
"""What to look at when a generated file changes, by its folder."""

Files = Mapping[Path, str]
"""Texts by path in the repository."""


def outputs() -> Files:
    """The pages that show what commands print of the dev stack."""
    shown = {
        Path("README.md"): {"check": _check()},
        Path("docs/cost.md"): {"cost": _printed("cost", "--tokens", "llama-33-70b=50M/10M")},
        Path("docs/graph.md"): {"graph": _printed("graph")},
    }
    return {page: with_output((ROOT / page).read_text(encoding="utf-8"), blocks) for page, blocks in shown.items()}


def _printed(command: str, *options: str) -> str:
    """What a command prints of the dev stack."""
    place = ["-C", str(ROOT), "--stack", "dev"]
    done = CliRunner().invoke(azure_llama, [command, *place, *options], catch_exceptions=False)
    if done.exit_code not in (0, 1):
        raise RuntimeError(f"azure-llama {command} ended with {done.exit_code}: {done.output}")
    return done.stdout


def _check() -> str:
    """The errors and the summary of a check of the dev stack in a region without its serverless model."""
    text = (ROOT / "Pulumi.dev.yaml").read_text(encoding="utf-8")
    text = text.replace("location: eastus2", "location: westeurope").replace("instances: 1", "instances: 2")
    with tempfile.TemporaryDirectory() as folder:
        stack = Path(folder) / "Pulumi.dev.yaml"
        stack.write_text(text, encoding="utf-8")
        printed = _printed("check", "--config-file", str(stack), "--as-of", AS_OF)
    lines = printed.replace(str(stack), stack.name).splitlines()
    shown = [line for line in lines if re.search(r":\d+: +(error|not seen) ", line)]
    return "\n".join([*shown, "...", *lines[-2:]]) + "\n"


GENERATORS: Final[Mapping[str, Callable[[], Files]]] = {
    "pages and configurations of the rules": lambda: pages.generated(ROOT),
    "messages of the rules": messages.generated,
    "programs of the examples": registrations.generated,
    "output of commands": outputs,
    "schema of the components": lambda: {Path("plugin/schema.json"): Provider().described + "\n"},
    "tables of options": lambda: reference.generated(ROOT),
    "schema of the stack's file": schema.generated,
    "pages of commands, models and features": reference_pages.generated,
    "tables of the fields of az ml": lambda: field_tables.generated(ROOT),
}
PARTS: Final = frozenset(
    {
        *("output of commands", "schema of the components", "tables of options"),
        *("pages of commands, models and features", "tables of the fields of az ml"),
    }
)
"""Generators that own no folder: parts of pages, and files beside others that are written by hand."""


def changes(name: str) -> dict[Path, str | None]:
    """The files of a generator that are out of date, with the text that they must have; None for one to delete."""
    files = GENERATORS[name]()
    changed: dict[Path, str | None] = {
        path: text for path, text in files.items() if not (ROOT / path).exists() or _read(path) != text
    }
    folders = set() if name in PARTS else {path.parent for path in files}
    present = (path.relative_to(ROOT) for folder in folders for path in (ROOT / folder).glob("*") if path.is_file())
    return changed | dict.fromkeys(path for path in present if path not in files and path not in pages.WRITTEN_BY_HAND)


def _read(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files, or list those that are out of date."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 when a file is out of date")
    check = parser.parse_args(arguments).check
    changed: dict[Path, str | None] = {}
    try:
        for name in GENERATORS:
            changed |= changes(name)
    except messages.CasesError as error:
        sys.stderr.write(f"make generate: {error}\n")
        return 1
    for path, text in sorted(changed.items()):
        sys.stdout.write(f"{'delete' if text is None else 'write'} {path}\n")
        if not check:
            _apply(ROOT / path, text)
    for folder in sorted({ROOT / path.parent for path in changed} & NOTES.keys()):
        sys.stdout.write(f"{folder.relative_to(ROOT)}: {NOTES[folder]}\n")
    if check and changed:
        sys.stdout.write("Generated files are out of date; run `make generate`\n")
    return int(check and bool(changed))


def _apply(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
