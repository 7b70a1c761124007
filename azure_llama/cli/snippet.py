"""Prints a program that calls an endpoint: `azure-llama snippet`."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

import click

from azure_llama.cli import completion
from azure_llama.cli.options import outputs_of, outputs_options


@click.command()
@outputs_options
@click.argument("endpoint", shell_complete=completion.endpoints)
@click.option(
    "--client",
    required=True,
    type=click.Choice(["curl", "python", "openai", "langchain", "litellm"]),
    help="The client library or tool that the program uses.",
)
@click.option("--stream", is_flag=True, help="Stream the answer.")
@click.option(
    "--deployment", help="Call this deployment of a managed endpoint directly, regardless of the traffic split."
)
def snippet(
    stack: str | None,
    directory: Path,
    outputs: TextIO | None,
    endpoint: str,
    client: str,
    stream: bool,
    deployment: str | None,
) -> None:
    """Print a working program that calls ENDPOINT.

    The program reads the key at run time, from an environment variable or from the stack; the key is never printed.

    Exit codes: 0 printed, 2 wrong usage (no such endpoint, or the client cannot call it), 3 no outputs to work on.
    """
    from azure_llama.catalog import Catalog
    from azure_llama.inference import snippets
    from azure_llama.inference.smoke.targets import UnknownEndpointError

    flags = (["--stack", stack] if stack else []) if outputs is None else None
    found = outputs_of(stack, directory, outputs)
    try:
        text = snippets.render(
            found,
            endpoint,
            client,
            catalog=Catalog.of_project(directory),
            stream=stream,
            deployment=deployment,
            stack_flags=flags,
        )
    except (snippets.SnippetError, UnknownEndpointError) as error:
        raise click.UsageError(str(error)) from error
    click.echo(text, nl=False)
