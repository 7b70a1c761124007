"""The local Azure emulator: `azure-llama sandbox`."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from azure_llama.cli import compare, principals
from azure_llama.cli.errors import NOT_EXECUTABLE, NOT_FOUND, NOT_THERE, end
from azure_llama.cli.groups import Commands
from azure_llama.cli.options import as_of_option, format_option, home_of, home_option
from azure_llama.cli.output import echo
from azure_llama.documents.errors import InputError

if TYPE_CHECKING:
    from azure_llama.engine import Installation


@click.group(cls=Commands, no_args_is_help=True)
@home_option
def sandbox() -> None:
    """Run a local Azure emulator on loopback, to deploy to and to call.

    Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 no sandbox runs.
    """


def _base_url(_: click.Context, __: click.Parameter, url: str | None) -> str | None:
    from azure_llama_sandbox.answer_source import UrlError, base_url

    try:
        return None if url is None else base_url(url)
    except UrlError as error:
        raise click.BadParameter(str(error)) from error


@sandbox.command()
@home_option
@click.option(
    "--time-scale",
    type=click.FloatRange(0, min_open=True),
    help="Simulated Azure seconds per second; 1 is real time.  [default: 600, 20 minutes in 2 seconds]",
)
@as_of_option("The day (YYYY-MM-DD) its catalogue lives in.  [default: today]", today=False)
@click.option(
    "--answers-from",
    metavar="URL",
    callback=_base_url,
    help="Forward chat and completion requests to an OpenAI-compatible server (Ollama, llama.cpp, vLLM), such as "
    "http://127.0.0.1:11434/v1.  [default: canned answers]",
)
@click.option(
    "--answers-model", metavar="NAME", help="The model's name on that server.  [default: the first that it lists]"
)
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=60.0,
    show_default=True,
    help="Seconds to wait for the start.",
)
@click.pass_context
def start(context: click.Context, /, timeout: float, **options: Any) -> None:
    """Start the sandbox in the background and wait until it answers; it keeps its data.

    Exit codes: 0 it runs, 1 it did not start, or it already runs with other options, 2 wrong usage.
    """
    from azure_llama_sandbox import answer_source, control

    if options["answers_model"] and not options["answers_from"]:
        raise click.UsageError("--answers-model needs --answers-from")
    now = control.start(home_of(context), timeout=timeout, **options)
    echo(f"The sandbox runs: {now['arm']}, home {now['home']}")
    if now["answersFrom"]:
        echo(f"Answers come from {now['answersFrom']}, the one host that it connects to.")
        if problem := answer_source.problem(now["answersFrom"]):
            echo(f"{problem} Until then callers get 502.", err=True)
    echo(control.NOT_LED, err=True)


@sandbox.command()
@home_option
@click.pass_context
def stop(context: click.Context) -> None:
    """Stop the sandbox; it keeps its data.

    Exit codes: 0 it does not run, 1 it did not stop, 2 wrong usage.
    """
    from azure_llama_sandbox import control

    ended = control.stop(home_of(context))
    echo("The sandbox is stopped." if ended else "No sandbox was running.")


@sandbox.command()
@home_option
@format_option("table", "json")
@click.pass_context
def status(context: click.Context, form: str) -> None:
    """Show the sandbox's addresses. JSON includes the environment that `exec` sets, with the sandbox's secrets.

    Exit codes: 0 it runs, 2 wrong usage, 3 it does not run.
    """
    from azure_llama import engine
    from azure_llama_sandbox import control

    room = engine.find()
    now = control.status(home_of(context), path=engine.search_path(room))
    if form == "json":
        click.echo(json.dumps({**now, "pulumi": _describe(room)}, indent=2))
    else:
        variables = len(now["environment"])
        rows = {
            **now,
            "running": "yes" if now["running"] else "no",
            "environment": f"{variables} variables, see --format json" if variables else None,
            "pulumi": f"{room.version}, {room.origin}" if room else "none found: run `make setup`",
        }
        for name, value in rows.items():
            echo(f"{name:<13} {'-' if value is None else value}")
    sys.exit(0 if now["running"] else NOT_THERE)


@sandbox.command()
@home_option
@click.option("--keep-stacks", is_flag=True, help="Keep the Pulumi stacks, whose state then lists deleted resources.")
@click.pass_context
def reset(context: click.Context, keep_stacks: bool) -> None:
    """Delete every resource, soft-deleted name, request and stack; a running sandbox keeps running.

    Exit codes: 0 done, 1 it cannot be stopped or started again, 2 wrong usage.
    """
    from azure_llama_sandbox import control

    runs = control.reset(home_of(context), keep_stacks=keep_stacks)
    echo("The sandbox is empty" + (", and runs." if runs else "."))


@sandbox.command()
@home_option
@format_option("table", "json")
@click.option("--follow", "-f", is_flag=True, help="Continue with new requests, until Ctrl-C.")
@click.pass_context
def log(context: click.Context, form: str, follow: bool) -> None:
    """Show every request that the sandbox received, oldest first; secrets are masked.

    Exit codes: 0 done, 2 wrong usage, 130 Ctrl-C.
    """
    from azure_llama_sandbox import control

    for line in control.read_log(home_of(context), follow=follow):
        if form == "json":
            click.echo(json.dumps(line, separators=(",", ":")))
            continue
        when = datetime.fromtimestamp(line["time"]).astimezone().strftime("%H:%M:%S.%f")[:-3]
        version = f"?api-version={line['apiVersion']}" if line["apiVersion"] else ""
        # What a CONNECT asks for is a host and a port already.
        place = line["path"] if line["method"] == "CONNECT" else line["host"] + line["path"]
        echo(f"{when} {line['status']} {line['method']:<7} {place}{version}")


@sandbox.command("exec", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@home_option
@click.option(
    "--principal",
    metavar="NAME",
    default="owner",
    show_default=True,
    help="The principal that signs in, also for the Pulumi provider: the subscription's owner, a guest with only "
    "the assigned roles, or one that `principal create` created.",
)
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
@click.pass_context
def exec_(context: click.Context, principal: str, command: tuple[str, ...]) -> None:
    """Run COMMAND so that Azure's host names resolve to the sandbox, and all other host names are blocked.

    Replaces the caller's credentials for Azure and Pulumi with those of the sandbox.

    Removes the sandbox's `encryptionsalt` from the stack files of the project, unless they have secrets.

    Exit codes: that of COMMAND; 1 the configured Pulumi CLI cannot be used, or there is no such principal, 2 wrong
    usage, 3 no sandbox runs, 126 COMMAND cannot be run, 127 there is no such COMMAND.
    """
    from azure_llama import engine
    from azure_llama.engine import stack_files
    from azure_llama_sandbox import control
    from azure_llama_sandbox.command import leave
    from azure_llama_sandbox.home import Home

    home, room = home_of(context), engine.find()
    if room is not None and (refusal := room.refused_pack(command)):
        raise InputError(refusal)
    path = engine.search_path(room)
    try:
        with stack_files.kept(stack_files.project_folder(Path.cwd()), Home(home).pulumi_state):
            code = control.execute(command, home, path=path, principal=principal)
    except FileNotFoundError:
        end(f"{command[0]}: no such command on PATH", NOT_FOUND)
    except OSError as error:
        end(f"{command[0]}: {error.strerror}", NOT_EXECUTABLE)
    leave(code)


sandbox.add_command(principals.principal)
sandbox.add_command(compare.compare)


def _describe(room: Installation | None) -> dict[str, Any] | None:
    if room is None:
        return None
    return {
        "version": room.version,
        "origin": room.origin,
        "path": [str(entry) for entry in room.path_entries],
        "policyPackForm": room.policy_pack_form,
    }
