"""Rotates the keys of an endpoint: `azure-llama keys rotate`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from azure_llama.cli import completion
from azure_llama.cli.errors import FAILED, INTERRUPTED
from azure_llama.cli.groups import Commands
from azure_llama.cli.options import stack_options
from azure_llama.cli.output import complain, echo

if TYPE_CHECKING:
    from azure_llama.keys import KeyTarget, Rotation, Step
    from azure_llama.stack.project import Project

WAIT = 60.0
_LINES_SHOWN = 20


@click.group(cls=Commands)
def keys() -> None:
    """Rotate the keys of an endpoint without interrupting its callers."""


@keys.command()
@click.argument("endpoint", shell_complete=completion.endpoints)
@stack_options
@click.option(
    "--key",
    "which",
    type=click.Choice(["both", "secondary", "primary"]),
    default="both",
    show_default=True,
    help="The key to rotate; `primary` continues a rotation that stopped after the secondary key.",
)
@click.option(
    "--wait",
    type=click.FloatRange(0),
    default=WAIT,
    show_default=True,
    help="Seconds that callers may cache a key before they read the vault or the outputs again.",
)
@click.option(
    "--update/--no-update",
    default=True,
    show_default=True,
    help="Whether to update the stack's outputs with `pulumi up --target`.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the steps to stdout as JSON.")
def rotate(
    endpoint: str,
    stack: str | None,
    directory: Path,
    config_file: Path | None,
    which: str,
    wait: float,
    update: bool,
    as_json: bool,
) -> None:
    """Regenerate the keys of ENDPOINT: the secondary key first, then the primary one.

    Before a key is regenerated, the vault's secrets and the connections of the stack hold the other key for --wait
    seconds, so that no caller uses an invalid key. Then they and the stack's outputs get the new key. Keys are never
    printed. Progress goes to stderr. docs/keys.md describes what callers must do.

    After a failure or Ctrl-C, every copy of a key is still valid, and the command to continue is printed.

    Exit codes: 0 rotated, 1 a step failed, 2 wrong usage (no such endpoint, or its callers send Entra tokens), 3 the
    stack is not deployed, 4 Azure did not answer.
    """
    from azure_llama.keys import ORDER, Rotation, key_target
    from azure_llama.stack import project

    found = project.load(directory, stack, config_file)
    target = key_target(endpoint, _resources(found), found.catalog.kinds)
    wanted = ORDER if which == "both" else (which,)
    publish = _publisher(found, target, config_file) if update else None
    done = Rotation()
    code = _rotate(found, target, wanted, wait, publish, done)
    left = [key for key in wanted if key not in done.rotated]
    if as_json:
        click.echo(_json(target, done, left, updated=update))
    elif not left:
        echo(f"{target.name}: both keys are new" if which == "both" else f"{target.name}: the {which} key is new")
        if not update:
            echo(f"The stack's outputs still have the old one: run {_command(found, target, config_file)}")
    if left:
        complain(f"{target.name}: to continue, run `{_continuation(target, left)}`")
    sys.exit(code)


def _resources(found: Project) -> list[dict[str, object]]:
    from azure_llama.stack import state
    from azure_llama.stack.outputs import OutputsError

    resources = state.resources(found)
    if resources is None:
        raise OutputsError(
            f"the state of stack {found.backend_stack} cannot be read: run `pulumi stack export` in the project's"
            " folder to see why (`azure-llama sandbox exec -- ...` for a stack in the sandbox)"
        )
    if not resources:
        raise OutputsError(f"stack {found.backend_stack} is not deployed; deploy it with `pulumi up`")
    return resources


def _rotate(
    found: Project,
    target: KeyTarget,
    wanted: tuple[str, ...],
    wait: float,
    publish: Callable[[], None] | None,
    done: Rotation,
) -> int:
    """Rotate the keys, print the reason if the rotation stops, and return the exit code."""
    import asyncio

    from azure_llama.arm import ArmClient, ArmError, RefusedError
    from azure_llama.cli.errors import UNKNOWN
    from azure_llama.keys import rotate
    from azure_llama.stack.sign_in import sign_in_of

    who = sign_in_of(found)

    async def work() -> None:
        async with ArmClient(who) as arm:
            await rotate(arm, target, keys=wanted, wait=wait, publish=publish, progress=_show, done=done)

    try:
        asyncio.run(work())
    except KeyboardInterrupt:
        complain(f"{target.name}: interrupted")
        return INTERRUPTED
    except ArmError as error:
        complain(f"{target.name}: {error.reason}: {error}")
        return FAILED if isinstance(error, RefusedError) else UNKNOWN
    except _UpdateError as error:
        complain(f"{target.name}: {error}")
        return FAILED
    return 0


def _show(step: Step) -> None:
    echo(f"{step.key}: {step.what} ({step.seconds:.1f} s)", err=True)


class _UpdateError(Exception):
    """`pulumi up` of the resources that use the keys failed. The message has the last lines of Pulumi's output."""


def _arguments(found: Project, target: KeyTarget, config_file: Path | None) -> list[str]:
    file = ["--config-file", str(config_file)] if config_file else []
    targets = [part for urn in target.urns for part in ("--target", urn)]
    return ["up", "--yes", "--skip-preview", "--stack", found.backend_stack, *file, *targets]


def _command(found: Project, target: KeyTarget, config_file: Path | None) -> str:
    import shlex

    return f"`pulumi {shlex.join(_arguments(found, target, config_file))}`"


def _publisher(found: Project, target: KeyTarget, config_file: Path | None) -> Callable[[], None]:
    """Updates the stack's outputs, its vault's secrets and its connections, and nothing else of the stack."""
    from azure_llama.engine import EngineError, Pulumi

    pulumi = Pulumi.find(found.root)
    if pulumi is None:
        raise EngineError("there is no Pulumi CLI to update the outputs with: run `make setup`, or set --no-update")
    file = config_file.absolute() if config_file else None
    arguments = [*_arguments(found, target, file), "--color", "never"]

    def publish() -> None:
        lines: list[str] = []
        if pulumi.show(*arguments, on_line=lines.append):
            said = "".join(lines[-_LINES_SHOWN:])
            raise _UpdateError(
                f"`pulumi up` of the outputs failed; {_command(found, target, file)} repeats it:\n{said}"
            )

    return publish


def _continuation(target: KeyTarget, left: list[str]) -> str:
    """The command that rotates the keys that are left, with the options of this one."""
    import shlex

    context = click.get_current_context()
    words = ["azure-llama", "keys", "rotate", target.name]
    for parameter in context.command.params:
        name = parameter.name or ""
        given = context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if not given or not isinstance(parameter, click.Option) or name == "which":
            continue
        value = context.params[name]
        if parameter.is_flag:
            words += parameter.opts if value else parameter.secondary_opts
        else:
            words += [parameter.opts[0], str(value)]
    return shlex.join([*words, *(["--key", left[0]] if len(left) == 1 else [])])


def _json(target: KeyTarget, done: Rotation, left: list[str], *, updated: bool) -> str:
    steps = [{"key": each.key, "step": each.what, "seconds": round(each.seconds, 2)} for each in done.steps]
    body = {
        "endpoint": target.name,
        "kind": target.kind.name,
        "id": target.id,
        "rotated": done.rotated,
        "left": left,
        "vaultSecrets": list(target.secrets.values()),
        "connections": list(target.connections),
        "outputsUpdated": updated and not left,
        "steps": steps,
    }
    return json.dumps(body, indent=2)
