"""Starts, stops and inspects sandboxes, for `azure-llama sandbox`, tests and pipelines."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, TypedDict

from azure_llama_sandbox import environment, hosts
from azure_llama_sandbox.command import run
from azure_llama_sandbox.home import DEFAULT_TIME_SCALE, Home, HomeError, Options, Record
from azure_llama_sandbox.identity import OWNER, Application, Identity, read_identity
from azure_llama_sandbox.process import end, launch
from azure_llama_sandbox.world import SUBSCRIPTION, TENANT

START_SECONDS = 60.0
"""The imports take two seconds; a busy machine may need many more."""
_FOLLOW_SECONDS = 0.1


class SandboxError(Exception):
    """The sandbox cannot do the requested action; the message states the reason and the remediation."""


class NotRunningError(SandboxError):
    """There is no running sandbox in that home."""

    def __init__(self, home: Home) -> None:
        super().__init__(f"no sandbox runs in {home.path}; start it with `azure-llama sandbox start`")


NOT_LED = (
    "Programs that ignore proxy variables reach real hosts (fetch in Node.js before 22.21, aiohttp without"
    " trust_env=True): run them without a network."
)
"""What `start` says about isolation."""


class Status(TypedDict):
    """The data of `status --format json`. Addresses are None, and `environment` is empty, while no sandbox runs."""

    running: bool
    home: str
    pid: int | None
    arm: str | None
    authority: str | None
    proxy: str | None
    provider: int | None
    ca: str
    subscription: str
    tenant: str
    timeScale: float | None
    asOf: str | None
    answersFrom: str | None
    requestLog: str
    serverLog: str
    faults: str
    conditions: str
    environment: dict[str, str]


def start(
    home: Path | None = None,
    *,
    time_scale: float | None = None,
    as_of: date | None = None,
    answers_from: str | None = None,
    answers_model: str | None = None,
    timeout: float = START_SECONDS,
) -> Status:
    """Start the sandbox and wait until it answers. One that runs already is left as it is.

    Args:
        home: Optional. Its folder; the default one when None.
        time_scale: Optional. Azure seconds in a real second, more than 0; 600 when None.
        as_of: Optional. The day that its catalogue lives in; today when None.
        answers_from: Optional. Base URL of an OpenAI-compatible server whose answers it gives; canned ones when None.
        answers_model: Optional. What that server calls the model; the first one that it lists when None.
        timeout: Optional. Seconds it may take.

    Raises:
        SandboxError: it fails to start, takes longer, or runs already with other options.
    """
    place = Home(home)
    if time_scale is not None and not 0 < time_scale < float("inf"):
        raise SandboxError(f"the time scale {time_scale} is not a number above 0")
    try:
        place.prepare()
        with place.changing():
            record = _running(place)
            if record is None:
                scale = DEFAULT_TIME_SCALE if time_scale is None else time_scale
                launch(place, Options(scale, as_of, answers_from, answers_model), timeout)
            else:
                _must_agree(place, record.options.contradiction((time_scale, as_of, answers_from, answers_model)))
    except HomeError as error:
        raise SandboxError(str(error)) from error
    return status(place.path)


def stop(home: Path | None = None) -> bool:
    """Stop the sandbox and wait until it is gone; its state stays. False when none was running.

    Raises:
        SandboxError: it cannot be stopped.
    """
    place = Home(home)
    if not place.path.is_dir():
        return False
    try:
        with place.changing():
            return end(place)
    except HomeError as error:
        raise SandboxError(str(error)) from error


def reset(home: Path | None = None, *, keep_stacks: bool = False) -> bool:
    """Forget all resources, soft-deleted names, the request log and the Pulumi stacks; keep identities and CA.

    A running sandbox is started again on the same ports with the same options.

    Args:
        home: Optional. Its folder; the default one when None.
        keep_stacks: Optional. Keep the Pulumi stacks: they then describe resources that somebody else deleted.

    Returns:
        Whether a sandbox runs now.

    Raises:
        SandboxError: it cannot be stopped or started again.
    """
    place = Home(home)
    if not place.path.is_dir():
        return False
    try:
        with place.changing():
            record = _running(place)
            end(place)
            for suffix in ("", "-wal", "-shm"):
                place.database.with_name(place.database.name + suffix).unlink(missing_ok=True)
            place.request_log.unlink(missing_ok=True)
            if not keep_stacks and place.pulumi_state.exists():
                shutil.rmtree(place.pulumi_state)
            if record is not None:
                place.prepare()
                launch(place, record.options, START_SECONDS)
    except HomeError as error:
        raise SandboxError(str(error)) from error
    return record is not None


def status(home: Path | None = None, *, path: Sequence[Path] = (), principal: str = OWNER) -> Status:
    """The sandbox of a home, its addresses, and the environment for its clients.

    Args:
        home: Optional. The folder; the default one when None.
        path: Optional. Folders that `exec` puts before the caller's PATH.
        principal: Optional. Who signs in under `exec`.

    Raises:
        SandboxError: there is no such principal, or the home is damaged.
    """
    place = Home(home)
    try:
        record = _running(place)
        identity = read_identity(place) if record else None
    except HomeError as error:
        raise SandboxError(str(error)) from error
    variables = {}
    if record and identity:
        variables = environment.variables(
            place,
            identity,
            record.ports,
            path=path,
            search_path=os.environ.get("PATH"),
            principal=known(place, identity, principal),
            provider=record.providers.get(principal),
        )
    return _status(place, record, variables)


def _status(place: Home, record: Record | None, variables: dict[str, str]) -> Status:
    host = hosts.LOOPBACK[1]
    url = f"https://{host}:{record.ports.arm}" if record else None
    as_of = record.options.as_of if record else None
    return {
        "running": record is not None,
        "home": str(place.path),
        "pid": record.pid if record else None,
        "arm": url,
        "authority": url,
        "proxy": f"http://{host}:{record.ports.proxy}" if record else None,
        "provider": record.ports.provider if record else None,
        "ca": str(place.ca),
        "subscription": SUBSCRIPTION,
        "tenant": TENANT,
        "timeScale": record.options.time_scale if record else None,
        "asOf": as_of.isoformat() if as_of else None,
        "answersFrom": record.options.answers_from if record else None,
        "requestLog": str(place.request_log),
        "serverLog": str(place.server_log),
        "faults": str(place.faults),
        "conditions": str(place.conditions),
        "environment": variables,
    }


def execute(
    command: Sequence[str], home: Path | None = None, *, path: Sequence[Path] = (), principal: str = OWNER
) -> int:
    """Run a command whose environment leads to the sandbox and nowhere else, and wait for its end.

    Args:
        command: Required. The command and its arguments.
        home, path, principal: Optional. As for `status`.

    Returns:
        As for `command.run`.

    Raises:
        NotRunningError: no sandbox runs there.
        FileNotFoundError, PermissionError: there is no such command, or it cannot be run.
    """
    now = status(home, path=path, principal=principal)
    if not now["running"]:
        raise NotRunningError(Home(home))
    return run(command, {**environment.scrubbed(os.environ), **now["environment"]})


def read_log(home: Path | None = None, *, follow: bool = False) -> Iterator[dict[str, Any]]:
    """The lines of the request log, oldest first; with `follow`, also those that come, for ever."""
    path = Home(home).request_log
    while True:
        with suppress(FileNotFoundError), path.open(encoding="utf-8") as file:
            inode = os.fstat(file.fileno()).st_ino
            rest = ""
            while True:
                rest += file.readline()
                if rest.endswith("\n"):
                    yield json.loads(rest)
                    rest = ""
                    continue
                # A reset puts a new file in the place of the old one.
                if not follow or path.stat().st_ino != inode:
                    break
                time.sleep(_FOLLOW_SECONDS)
        if not follow:
            return
        time.sleep(_FOLLOW_SECONDS)


def known(home: Home, identity: Identity, name: str) -> Application:
    """The principal of a name.

    Raises:
        SandboxError: there is none.
    """
    try:
        return identity.named(name)
    except KeyError:
        names = ", ".join(each.name for each in identity.applications)
        raise SandboxError(
            f"{name!r} is no principal of the sandbox in {home.path}, which has {names}; make one with"
            " `azure-llama sandbox principal create`"
        ) from None


def _running(home: Home) -> Record | None:
    """The record of the sandbox that runs now."""
    pid = home.serving_pid()
    if pid is None:
        return None
    record = home.read_record()
    # It answers once it has written its own record over that of the one before.
    return record if record is not None and record.pid == pid else None


def _must_agree(home: Home, contradiction: str | None) -> None:
    if contradiction is not None:
        raise SandboxError(
            f"a sandbox runs in {home.path} already, with {contradiction};"
            " stop it first (`azure-llama sandbox stop`; its state stays)"
        )
