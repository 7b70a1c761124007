"""Converts other forms of a deployment to the YAML of a stack: `azure-llama convert`."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from azure_llama.cli.errors import FAILED
from azure_llama.cli.options import as_of_option, directory_option, format_option
from azure_llama.cli.output import complain, echo

if TYPE_CHECKING:
    from azure_llama.documents.positions import Document
    from azure_llama.documents.problems import FileProblem

_OF_FILES = {"workspace": "--workspace", "location": "--location", "form": "--format"}
_OF_STACK = {"account": "--account", "tokens": "--tokens", "as_of": "--as-of"}
_STDIN = "-"


@click.command()
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--workspace", metavar="ID", help="With FILE: the ARM id of the workspace.  [default: from the files]")
@click.option("--location", metavar="REGION", help="With FILE: the region.  [default: from the files]")
@format_option("yaml", "json", text="With FILE: yaml has the notes on stderr, json has configuration and notes in one.")
@click.option("--from-serverless", "stack", metavar="STACK", help="Instead of FILE: a stack with serverless endpoints.")
@click.option(
    "--account",
    help="With --from-serverless: the name of the Foundry account, globally unique in Azure.  [default: "
    "WORKSPACE-foundry]",
)
@click.option(
    "--tokens",
    multiple=True,
    metavar="ENDPOINT=INPUT/OUTPUT",
    help="With --from-serverless: tokens per month, as for `cost`.",
)
@as_of_option("With --from-serverless: the day for which models are offered or retired.  [default: today, UTC]")
@directory_option
def convert(files: tuple[Path, ...], stack: str | None, directory: Path, **given: Any) -> None:
    """Convert `az ml` files, or serverless endpoints that retire, to the YAML of a stack.

    Two ways:

    \b
      azure-llama convert endpoint.yml blue.yml     files for `az ml`, to a stack
      azure-llama convert --from-serverless dev     a stack's serverless endpoints, to Foundry deployments

    FILE is the YAML of an online endpoint, an online deployment, a serverless endpoint or a marketplace subscription,
    or the output of `az ml online-endpoint show --output yaml` and similar commands; - is stdin. Pass all files of an
    endpoint together. The YAML is printed to stdout. Notes on stderr list values to fill in, assets to register, fields
    that are not converted, differences, and values that the stack's configuration rejects. docs/from-elsewhere.md lists
    all fields.

    With --from-serverless, comments describe the changes for callers, the order of the steps, and the cost before and
    after. docs/migration.md describes the steps. The command changes nothing in Azure or in the stack.

    Exit codes: 0 converted, 1 the stack's configuration rejects a value, or no deployment for an endpoint is known in
    the region, 2 wrong usage, or a file has errors.
    """
    _check_way(files, stack)
    _check_options(_OF_FILES if stack else _OF_STACK, "FILE" if stack else "--from-serverless")
    if stack:
        complete = _convert_stack(stack, directory, given["account"], given["tokens"], given["as_of"])
    else:
        complete = _convert_files(files, directory, given["workspace"], given["location"], given["form"])
    sys.exit(0 if complete else FAILED)


def _check_way(files: tuple[Path, ...], stack: str | None) -> None:
    """Require either files or --from-serverless, not both.

    Raises:
        UsageError: both or neither are given.
    """
    if files and stack:
        raise click.UsageError("FILE and --from-serverless exclude each other; give one of the two")
    if not files and not stack:
        raise click.UsageError("nothing to convert; give FILE, or --from-serverless STACK")


def _check_options(others: dict[str, str], way: str) -> None:
    """Reject options that belong to the other form of the command.

    Raises:
        UsageError: there are some.
    """
    context = click.get_current_context()
    stated = [
        option for name, option in others.items() if context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    ]
    if stated:
        raise click.UsageError(f"{', '.join(stated)}: only with {way}")


def _convert_stack(stack: str, directory: Path, account: str | None, tokens: tuple[str, ...], as_of: date) -> bool:
    """Print the Foundry deployments of a stack's serverless endpoints; false when one has none in the region."""
    from azure_llama.cli.serverless_conversion import convert_serverless

    lines, complete = convert_serverless(stack, directory, account, tokens, as_of)
    echo("\n".join(lines))
    return complete


def _convert_files(
    files: tuple[Path, ...], directory: Path, workspace: str | None, location: str | None, form: str
) -> bool:
    """Print files for `az ml` as YAML; false when the stack's configuration refuses a value."""
    from azure_llama.catalog import Catalog
    from azure_llama.conversion import report
    from azure_llama.conversion.stack import convert as to_stack
    from azure_llama.documents.errors import InputError

    documents: list[Document] = []
    problems: list[str | FileProblem] = []
    for file in files:
        try:
            documents.append(_read(file))
        except InputError as error:
            problems += error.problems
    conversion = to_stack(documents, Catalog.of_project(directory), workspace, location, unread=problems)
    if form == "json":
        echo(report.as_json(conversion))
    else:
        echo(report.as_yaml(conversion).rstrip("\n"))
        complain("\n".join(report.as_text(conversion)))
    return not conversion.is_refused


def _read(file: Path) -> Document:
    from azure_llama.documents import positions
    from azure_llama.documents.errors import InputError
    from azure_llama.documents.files import decoded, shown

    if str(file) == _STDIN:
        return positions.parse(decoded(sys.stdin.buffer.read(), "stdin"), "stdin")
    if file.is_dir():
        raise InputError(f"{file}: is a folder; give its files, such as {file}/*.yml")
    return positions.read(file, shown(file))
