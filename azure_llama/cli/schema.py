"""Prints the JSON Schema of a stack's file: `azure-llama schema`."""

from __future__ import annotations

from pathlib import Path

import click

from azure_llama.cli.options import FILE, directory_option


@click.command()
@directory_option
@click.option("--output", "-o", type=FILE, help="Write the schema to this file.  [default: stdout]")
def schema(directory: Path, output: Path | None) -> None:
    """Print the JSON Schema of Pulumi.<stack>.yaml, for completion and validation in an editor.

    It proposes the models, sizes and regions of the catalogue and of the project's llama-catalog.yaml. An editor with
    the YAML language server finds the schema through the first line of the stack's file:

    \b
        # yaml-language-server: $schema=./stack.schema.json

    Exit codes: 0 printed, 2 wrong usage, or llama-catalog.yaml has errors.
    """
    from azure_llama.catalog import Catalog
    from azure_llama.documents.files import write_text
    from azure_llama.settings.schema import text

    found = text(Catalog.of_project(directory))
    if output is None:
        click.echo(found, nl=False)
    else:
        write_text(output, found)
