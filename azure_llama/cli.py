"""The `azure-llama` command: arguments in, one line for a mistake, exit codes out. Everything else lives elsewhere.

A command imports what it needs in its body, so that `--help` stays quick.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from azure_llama import cli_catalog, cli_check, cli_cost, cli_inference, cli_preflight, cli_purge

if TYPE_CHECKING:
    from azure_llama.engine import Installation

FAILED = 1
NOT_RUNNING = 3
NOT_EXECUTABLE = 126
NOT_FOUND = 127
INTERRUPTED = 130

_Function = TypeVar("_Function", bound=Callable[..., Any])


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=True)
def main() -> None:
    """Meta Llama on Azure Machine Learning."""


main.add_command(cli_catalog.catalog)
main.add_command(cli_check.check)
main.add_command(cli_cost.cost)
main.add_command(cli_inference.smoke)
main.add_command(cli_inference.snippet)
main.add_command(cli_preflight.preflight)
main.add_command(cli_preflight.quota)
main.add_command(cli_purge.purge)


def _home_option(function: _Function) -> _Function:
    """`--home`, before or after the name of the command."""

    def keep(context: click.Context, _: click.Parameter, value: Path | None) -> None:
        if value is not None:
            context.ensure_object(dict)["home"] = value

    return click.option(
        "--home",
        type=click.Path(file_okay=False, path_type=Path),
        expose_value=False,
        callback=keep,
        help="The sandbox's folder; each has one of its own.  [default: $XDG_STATE_HOME/azure-llama/sandbox, or"
        " ~/.local/state/azure-llama/sandbox]",
    )(function)


def _format_option(function: _Function) -> _Function:
    choice = click.Choice(["table", "json"])
    return click.option("--format", "form", type=choice, default="table", show_default=True, help="How to show it.")(
        function
    )


def _home(context: click.Context) -> Path | None:
    home: Path | None = context.ensure_object(dict).get("home")
    return home


@contextmanager
def _one_line() -> Iterator[None]:
    """Turn what went wrong into a line on stderr and an exit code."""
    from azure_llama.engine import EngineError
    from azure_llama.sandbox.control import NotRunningError, SandboxError

    try:
        yield
    except (SandboxError, EngineError) as error:
        click.echo(f"azure-llama: {error}", err=True)
        sys.exit(NOT_RUNNING if isinstance(error, NotRunningError) else FAILED)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


@main.group(no_args_is_help=True)
@_home_option
def sandbox() -> None:
    """A local Azure on loopback, to deploy into and to call.

    Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 no sandbox runs.
    """


def _date(_: click.Context, __: click.Parameter, value: datetime | None) -> Any:
    return value.date() if value else None


@sandbox.command()
@_home_option
@click.option(
    "--time-scale",
    type=click.FloatRange(0, min_open=True),
    help="Azure seconds that pass in one second; 1 is real time.  [default: 600, 20 minutes in 2 seconds]",
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    callback=_date,
    help="The day (YYYY-MM-DD) its catalogue lives in.  [default: today]",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=60.0,
    show_default=True,
    help="Seconds it may take to start.",
)
@click.pass_context
def start(context: click.Context, time_scale: float | None, as_of: Any, timeout: float) -> None:
    """Start it in the background and wait until it answers; what it held is still there.

    Exit codes: 0 it runs (now, or before), 1 it does not, or with other options than asked, 2 wrong usage.
    """
    from azure_llama.sandbox import control

    with _one_line():
        now = control.start(_home(context), time_scale=time_scale, as_of=as_of, timeout=timeout)
    click.echo(f"The sandbox runs: {now['arm']}, home {now['home']}")


@sandbox.command()
@_home_option
@click.pass_context
def stop(context: click.Context) -> None:
    """Stop it; what it holds stays.

    Exit codes: 0 nothing runs any more, 1 it does not end, 2 wrong usage.
    """
    from azure_llama.sandbox import control

    with _one_line():
        ended = control.stop(_home(context))
    click.echo("The sandbox is stopped." if ended else "No sandbox was running.")


@sandbox.command()
@_home_option
@_format_option
@click.pass_context
def status(context: click.Context, form: str) -> None:
    """Show where it answers. JSON has the environment that `exec` sets, with the sandbox's secrets.

    Exit codes: 0 it runs, 2 wrong usage, 3 it does not.
    """
    from azure_llama.engine import search_path
    from azure_llama.sandbox import control

    room = _engine()
    with _one_line():
        now = control.status(_home(context), path=search_path(room))
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
            click.echo(f"{name:<13} {'-' if value is None else value}")
    sys.exit(0 if now["running"] else NOT_RUNNING)


@sandbox.command()
@_home_option
@click.option("--keep-stacks", is_flag=True, help="Keep the Pulumi stacks, which then describe what is gone.")
@click.pass_context
def reset(context: click.Context, keep_stacks: bool) -> None:
    """Forget every resource, soft-deleted name, request and stack; a running sandbox goes on, empty.

    Exit codes: 0 done, 1 it cannot be stopped or started again, 2 wrong usage.
    """
    from azure_llama.sandbox import control

    with _one_line():
        runs = control.reset(_home(context), keep_stacks=keep_stacks)
    click.echo("The sandbox is empty" + (", and runs." if runs else "."))


@sandbox.command()
@_home_option
@_format_option
@click.option("--follow", "-f", is_flag=True, help="Go on with the requests that come, until Ctrl-C.")
@click.pass_context
def log(context: click.Context, form: str, follow: bool) -> None:
    """Show every request that it got, oldest first; secrets are masked.

    Exit codes: 0 done, 2 wrong usage, 130 Ctrl-C.
    """
    from azure_llama.sandbox import control

    with _one_line():
        for line in control.read_log(_home(context), follow=follow):
            if form == "json":
                click.echo(json.dumps(line, separators=(",", ":")))
                continue
            when = datetime.fromtimestamp(line["time"]).astimezone().strftime("%H:%M:%S.%f")[:-3]
            version = f"?api-version={line['apiVersion']}" if line["apiVersion"] else ""
            # What a CONNECT asks for is a host and a port already.
            place = line["path"] if line["method"] == "CONNECT" else line["host"] + line["path"]
            click.echo(f"{when} {line['status']} {line['method']:<7} {place}{version}")


@sandbox.command("exec", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@_home_option
@click.option(
    "--principal",
    metavar="NAME",
    default="owner",
    show_default=True,
    help="Who signs in, the Pulumi provider included: the subscription's owner, a guest with no role but those"
    " assigned, or one that `principal create` made.",
)
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
@click.pass_context
def exec_(context: click.Context, principal: str, command: tuple[str, ...]) -> None:
    """Run COMMAND so that Azure's own names lead to the sandbox, and no other name anywhere.

    The caller's credentials for Azure and Pulumi are taken away; the sandbox's are put in their place.

    Exit codes: COMMAND's own; 1 the Pulumi CLI named for use cannot be used, or there is no such principal, 2 wrong
    usage, 3 no sandbox runs, 126 COMMAND cannot be run, 127 there is no such COMMAND.
    """
    from azure_llama.engine import search_path
    from azure_llama.sandbox import control

    try:
        with _one_line():
            control.execute(command, _home(context), path=search_path(_engine()), principal=principal)
    except FileNotFoundError:
        click.echo(f"azure-llama: {command[0]}: no such command on PATH", err=True)
        sys.exit(NOT_FOUND)
    except OSError as error:
        click.echo(f"azure-llama: {command[0]}: {error.strerror}", err=True)
        sys.exit(NOT_EXECUTABLE)


@sandbox.group(no_args_is_help=True)
@_home_option
def principal() -> None:
    """Who may sign in, beside the owner and the guest, and with which roles.

    Exit codes: 0 done, 1 refused, 2 wrong usage, 3 no sandbox runs.
    """


@principal.command("create")
@_home_option
@click.argument("name")
@click.option(
    "--sign-in",
    type=click.Choice(["client-secret", "github", "azure-devops", "managed-identity"]),
    default="client-secret",
    show_default=True,
    help="How it proves who it is; `exec --principal NAME` sets the variables that go with it.",
)
@click.option("--issuer", help="Whose tokens are taken for it, with github and azure-devops.  [default: an example's]")
@click.option("--subject", help="The subject that those tokens must have.  [default: an example's]")
@click.option("--role", "roles", multiple=True, help="A role to give it, by name; may be given again.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    help="ARM id of where it has the role: one for each --role, or one for all.  [default: the subscription]",
)
@click.pass_context
def create_principal(
    context: click.Context,
    name: str,
    sign_in: str,
    issuer: str | None,
    subject: str | None,
    roles: tuple[str, ...],
    scopes: tuple[str, ...],
) -> None:
    """Let NAME sign in to the running sandbox.

    Exit codes: 0 done, 1 the name is taken or a role cannot be given, 2 wrong usage, 3 no sandbox runs.
    """
    from azure_llama.sandbox import principals
    from azure_llama.sandbox.identity import DEFAULT_FEDERATIONS, Federation, SignIn

    method = SignIn(sign_in)
    example = DEFAULT_FEDERATIONS.get(method)
    if example is None and (issuer or subject):
        raise click.UsageError("--issuer and --subject go with --sign-in github or azure-devops.")
    if len(scopes) not in (0, 1, len(roles)) or (scopes and not roles):
        raise click.UsageError(
            f"{len(roles)} --role and {len(scopes)} --scope: give as many, or one --scope."
        )
    where = scopes or (principals.SCOPE,)
    given = list(zip(roles, where * len(roles) if len(where) == 1 else where, strict=True))
    federation = example and Federation(issuer or example.issuer, subject or example.subject)
    with _one_line():
        made = principals.create(name, _home(context), sign_in=method, federation=federation, roles=given)
    click.echo(f"{made.name} can sign in: client id {made.client_id}, object id {made.object_id}")


@principal.command("list")
@_home_option
@_format_option
@click.pass_context
def list_principals(context: click.Context, form: str) -> None:
    """Show who may sign in, without secrets.

    Exit codes: 0 done, 1 the home is damaged, 2 wrong usage.
    """
    from azure_llama.sandbox import principals

    with _one_line():
        found = principals.principals(_home(context))
    if form == "json":
        rows = [{"name": a.name, "signIn": a.sign_in, "clientId": a.client_id, "objectId": a.object_id} for a in found]
        click.echo(json.dumps(rows, indent=2))
        return
    for each in found:
        click.echo(f"{each.name:<16} {each.sign_in:<16} {each.client_id} {each.object_id}")


@main.group(no_args_is_help=True)
@_home_option
def demo() -> None:
    """The dev stack in a local Azure: what `make demo` and `make demo-down` run.

    Exit codes: 0 done, 1 something failed (what it made is kept; run the same again), 2 wrong usage.
    """


@demo.command()
@_home_option
@click.pass_context
def up(context: click.Context) -> None:
    """Start the sandbox, deploy the dev stack with its policy pack, call every endpoint, show the answers.

    Exit codes: 0 every endpoint answered, 1 something failed (run the same again), 2 wrong usage.
    """
    from azure_llama import demo as play

    with _one_line():
        answered = play.up(_home(context))
    sys.exit(0 if answered else FAILED)


@demo.command()
@_home_option
@click.pass_context
def down(context: click.Context) -> None:
    """Destroy the dev stack and stop the sandbox; soft-deleted names are all that stays.

    Exit codes: 0 done, 1 something failed (the sandbox goes on), 2 wrong usage.
    """
    from azure_llama import demo as play

    with _one_line():
        play.down(_home(context))


def _engine() -> Installation | None:
    from azure_llama import engine

    try:
        return engine.find()
    except engine.EngineError as error:
        click.echo(f"azure-llama: {error}", err=True)
        sys.exit(FAILED)


def _describe(room: Installation | None) -> dict[str, Any] | None:
    if room is None:
        return None
    return {
        "version": room.version,
        "origin": room.origin,
        "path": [str(entry) for entry in room.path_entries],
        "policyPackForm": room.policy_pack_form,
    }
