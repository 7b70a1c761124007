"""The commands that need nothing but a stack's outputs: `azure-llama smoke` and `azure-llama snippet`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO, TypeVar

import click

FAILED = 1
NO_OUTPUTS = 3
INTERRUPTED = 130
CONNECT_SECONDS = 10.0

_Function = TypeVar("_Function", bound=Callable[..., Any])


def _outputs_options(function: _Function) -> _Function:
    stack = click.option("--stack", "-s", help="The stack whose outputs are read.  [default: the selected one]")
    file = click.option(
        "--outputs",
        type=click.File(encoding="utf-8"),
        help="Read the outputs from a file (- is stdin) instead: what `pulumi stack output --json` prints,"
        " with --show-secrets for keys.",
    )
    return stack(file(function))


@click.command()
@_outputs_options
@click.option("--endpoint", "-e", "names", multiple=True, help="Call this one; may be given again.  [default: all]")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "junit"]),
    default="table",
    show_default=True,
    help="How to show the results, on stdout.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=60.0,
    show_default=True,
    help="Seconds to wait for an endpoint's next word.",
)
@click.option(
    "--filter-probe",
    metavar="TEXT",
    help="Also send this text, which the content filter must refuse and a guard model must call unsafe.",
)
def smoke(
    stack: str | None,
    outputs: TextIO | None,
    names: tuple[str, ...],
    form: str,
    timeout: float,
    filter_probe: str | None,
) -> None:
    """Call every endpoint of a stack: health, an answer, a stream, a bad request, a caller without a key.

    Shows the time to the first token, tokens a second and what is known of the content filter. Progress goes to
    stderr. Secrets are never shown. For a stack in the sandbox, run it under `azure-llama sandbox exec --`.

    Exit codes: 0 all good, 1 an endpoint failed, 2 wrong usage, 3 no outputs to work on.
    """
    from azure_llama.inference.smoke import reports

    with _mistakes():
        found = _outputs(stack, outputs, secrets=True)
        results = _smoke(found, names, timeout, filter_probe)
    if form == "json":
        click.echo(reports.as_json(results))
    elif form == "junit":
        click.echo(reports.as_junit(results))
    elif sys.stdout.isatty():
        reports.show(results, click.echo)
    else:
        click.echo("\n".join(reports.as_lines(results)))
    sys.exit(0 if all(result.ok for result in results) else FAILED)


@click.command()
@_outputs_options
@click.argument("endpoint")
@click.option(
    "--client",
    required=True,
    type=click.Choice(["curl", "python", "openai", "langchain", "litellm"]),
    help="What the program calls the endpoint with.",
)
@click.option("--stream", is_flag=True, help="Show the answer while it comes.")
@click.option("--deployment", help="Ask this deployment of a managed endpoint, past the traffic split.")
def snippet(
    stack: str | None, outputs: TextIO | None, endpoint: str, client: str, stream: bool, deployment: str | None
) -> None:
    """Print a working program that asks ENDPOINT.

    The program reads the key when it runs, from an environment variable or from the stack; it is never printed.

    Exit codes: 0 printed, 2 wrong usage (no such endpoint, or not with this client), 3 no outputs to work on.
    """
    from azure_llama.catalog import Catalog
    from azure_llama.inference import snippets

    flags = (["--stack", stack] if stack else []) if outputs is None else None
    with _mistakes():
        found = _outputs(stack, outputs)
        try:
            text = snippets.render(
                found,
                endpoint,
                client,
                catalog=Catalog.of_project(Path()),
                stream=stream,
                deployment=deployment,
                stack_flags=flags,
            )
        except snippets.SnippetError as error:
            raise click.UsageError(str(error)) from error
    click.echo(text, nl=False)


def _outputs(stack: str | None, file: TextIO | None, *, secrets: bool = False) -> Any:
    from azure_llama.stack.outputs import OutputsError, stack_outputs

    if file is None:
        return stack_outputs(stack, secrets=secrets)
    if stack is not None:
        raise click.UsageError("--stack and --outputs name the same thing twice: give one of them")
    try:
        return json.load(file)
    except ValueError as error:
        raise OutputsError(
            f"--outputs {file.name} holds no JSON ({error}); give what `pulumi stack output --json` prints"
        ) from error


def _smoke(outputs: Any, names: tuple[str, ...], timeout: float, filter_probe: str | None) -> Any:
    import httpx
    from azure.identity import DefaultAzureCredential

    from azure_llama.catalog import Catalog
    from azure_llama.inference import smoke
    from azure_llama.inference.smoke.progress import Lines

    limits = httpx.Timeout(timeout, connect=min(timeout, CONNECT_SECONDS))
    with httpx.Client(timeout=limits) as http, Lines() as progress:
        return smoke.run(
            outputs,
            http=http,
            credential=DefaultAzureCredential,
            progress=progress,
            catalog=Catalog.of_project(Path()),
            names=names,
            filter_probe=filter_probe,
        )


@contextmanager
def _mistakes() -> Iterator[None]:
    """Turn what went wrong into a line on stderr and an exit code."""
    from azure_llama.engine import EngineError
    from azure_llama.inference.smoke.targets import NoEndpointsError, UnknownEndpointError

    try:
        yield
    except UnknownEndpointError as error:
        raise click.UsageError(str(error)) from error
    except (EngineError, NoEndpointsError) as error:
        click.echo(f"azure-llama: {error}", err=True)
        sys.exit(NO_OUTPUTS)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
