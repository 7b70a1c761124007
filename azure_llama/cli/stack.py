"""What `preflight`, `quota` and `purge` know of a stack before they ask Azure: settings, resources, state."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from azure_llama.arm import SignIn
    from azure_llama.preflight import Planned
    from azure_llama.settings import Settings
    from azure_llama.stack.project import Project

FAILED = 1
BAD_INPUT = 2
UNKNOWN = 4
INTERRUPTED = 130
NOBODY = "00000000-0000-0000-0000-000000000000"
"""The subscription of a caller who has none."""

_LIMIT = 60.0
"""Seconds that the Pulumi CLI may take: a backend may be far away."""
_NATIVE = "azure-native:"
_Function = TypeVar("_Function", bound=Callable[..., Any])


class InputMistakeError(Exception):
    """Something that was given cannot be worked with; the text says what, and the way out."""


@contextmanager
def mistakes() -> Iterator[None]:
    """Turn what went wrong into a line on stderr and an exit code."""
    from azure_llama.arm import ArmError

    try:
        yield
    except InputMistakeError as error:
        click.echo(f"azure-llama: {error}", err=True)
        sys.exit(BAD_INPUT)
    except ArmError as error:
        click.echo(f"azure-llama: unknown: {error.reason}: {error}", err=True)
        sys.exit(UNKNOWN)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def stack_options(function: _Function) -> _Function:
    """`--stack`, `--directory` and `--config-file`, as `azure-llama check` has them."""
    place = click.Path(path_type=Path)
    stack = click.option(
        "--stack",
        "-s",
        envvar="PULUMI_STACK",
        help="The stack.  [default: the only one with a file Pulumi.<stack>.yaml]",
    )
    directory = click.option(
        "--directory", "-C", type=place, default=Path(), help="A folder of the project.  [default: the current one]"
    )
    file = click.option("--config-file", type=place, help="Use the stack's configuration in this file instead.")
    return stack(directory(file(function)))


@dataclass(frozen=True)
class Stack:
    """A stack, and who asks for it.

    Attributes:
        project: Required. The project with the stack's configuration.
        settings: Required. The stack's settings.
        subscription: Required. Id of the subscription.
        tenant: Required. Id of the tenant; empty when it is not known.
        resources: Required. What the program declares in Azure.
        unlisted: Required. Types of azure-native in the program whose ARM ids are not known.
    """

    project: Project
    settings: Settings
    subscription: str
    tenant: str
    resources: tuple[Planned, ...]
    unlisted: tuple[str, ...] = ()


def project_of(directory: Path, stack: str | None, config_file: Path | None) -> Project:
    """The project of a folder.

    Raises:
        InputMistakeError: there is none, or a file of it has mistakes.
    """
    from azure_llama.catalog.overlay import OverlayError
    from azure_llama.documents.errors import InputError
    from azure_llama.stack import project

    try:
        found = project.load(directory, stack, config_file)
        found.catalog  # noqa: B018 - read here, so that its errors are reported before Azure is asked
    except (InputError, OverlayError) as error:
        raise InputMistakeError(str(error)) from error
    return found


def sign_in_of(found: Project) -> SignIn:
    """The principal that azure-native would deploy as.

    Raises:
        InputMistakeError: its configuration is not whole.
        ArmError: the cloud's description cannot be read.
    """
    from azure_llama.arm import ConfigurationError, sign_in
    from azure_llama.arm.tls import check_environment

    hidden = [key for key in found.secret_keys if key.startswith(_NATIVE)]
    config = {key: value for key, value in found.config.items() if key.startswith(_NATIVE) and key not in hidden}
    if found.environments:
        # What the stack's environments say of azure-native is in Pulumi Cloud.
        config |= {key: text for key, text in _opened(found)[0].items() if key.startswith(_NATIVE)}
    if hidden:
        config |= _secrets(found, hidden)
    try:
        check_environment()
        return sign_in(config)
    except ConfigurationError as error:
        raise InputMistakeError(str(error)) from error


def _secrets(found: Project, keys: Sequence[str]) -> dict[str, str]:
    """Secrets of azure-native in the stack's file, in clear, by the Pulumi CLI: it alone can open them."""
    named = ", ".join(keys)
    values, reason = _opened(found)
    if not values:
        variables = ", ".join("ARM_" + _upper(key.removeprefix(_NATIVE)) for key in keys)
        raise InputMistakeError(
            f"{named}: a secret of the stack's file, which only the Pulumi CLI can open ({reason}); set {variables}"
            " instead"
        )
    return {key: values[key] for key in keys if key in values}


def _opened(found: Project) -> tuple[dict[str, str], str]:
    """The configuration in clear, by the Pulumi CLI; nothing, and why, when it does not give it."""
    said, reason = _pulumi(found, "config", "--show-secrets", "--json")
    values = _json(said) if said is not None else None
    if not isinstance(values, dict):
        return {}, reason
    return {key: str(each["value"]) for key, each in values.items() if isinstance(each, dict) and "value" in each}, ""


def _upper(name: str) -> str:
    return "".join(f"_{letter}" if letter.isupper() else letter.upper() for letter in name)


def stack_of(found: Project, subscription: str, tenant: str = "") -> Stack:
    """Run the program, and take the names of its resources from it.

    Raises:
        InputMistakeError: the configuration or the program has mistakes.
    """
    from azure_llama.check import checking
    from azure_llama.documents.errors import InputError
    from azure_llama.preflight import arm_ids
    from azure_llama.settings import SettingsError, load

    subscription = subscription or NOBODY
    # The stack's names depend on the subscription: another one has other names.
    known = {f"{_NATIVE}subscriptionId": subscription} | ({f"{_NATIVE}tenantId": tenant} if tenant else {})
    here = replace(found, config={**found.config, **known})
    try:
        ran = checking.plan(here)
        settings = load(here.config, found.catalog)
    except (InputError, SettingsError) as error:
        raise InputMistakeError(str(error)) from error
    new = [each for each in ran.resources if each.urn not in ran.read]
    rows = [(each.type, each.name, dict(each.props)) for each in new]
    unlisted = tuple(sorted({type_ for type_, _, _ in rows if arm_ids.is_azure(type_) and not arm_ids.known(type_)}))
    planned = arm_ids.planned(rows, subscription, group_of(settings))
    return Stack(here, settings, subscription, tenant, tuple(planned), unlisted)


def group_of(settings: Settings) -> str | None:
    """The resource group of a workspace that exists; None when the program makes its own."""
    id_ = settings.workspace.id
    return id_.split("/")[4] if id_ else None


def held(found: Project) -> frozenset[str] | None:
    """ARM ids in the stack's state; none for a stack that was never deployed; None when nobody can say."""
    said, reason = _pulumi(found, "stack", "export")
    if said is None:
        return frozenset() if "no stack named" in reason else None
    body = _json(said)
    if not isinstance(body, dict) or "deployment" not in body:
        return None
    resources = (body["deployment"] or {}).get("resources") or []
    return frozenset(str(each["id"]) for each in resources if isinstance(each, dict) and each.get("id"))


def _pulumi(found: Project, *command: str) -> tuple[str | None, str]:
    """What a command of the Pulumi CLI says about the stack; None, and why, when it cannot be asked."""
    from azure_llama.engine import EngineError, find, search_path
    from azure_llama.engine.process import AttemptError, run

    try:
        room = find()
        if room is None:
            return None, "there is no Pulumi CLI"
        path = os.pathsep.join([*map(str, search_path(room)), os.environ.get("PATH", "")])
        line = [str(room.bin), *command, "--stack", found.stack, "--non-interactive", "--color", "never"]
        if command[0] == "config" and found.file is not None:
            line += ["--config-file", found.file.shown]
        env = {**os.environ, "PATH": path, "PULUMI_SKIP_UPDATE_CHECK": "true"}
        return run(line, limit=_LIMIT, env=env, cwd=found.root), ""
    except (EngineError, AttemptError) as error:
        return None, str(error)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
