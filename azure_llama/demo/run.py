"""Runs the CLI as a user would, in the sandbox's environment, and shows the results."""

from __future__ import annotations

import json
import os
import ssl
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
from azure.identity import ClientSecretCredential

from azure_llama import engine
from azure_llama.catalog import Catalog
from azure_llama.demo.calls import Answer, call_all
from azure_llama.demo.names import free_names
from azure_llama.demo.report import STACK, next_steps, say, show
from azure_llama.engine import stack_files
from azure_llama.engine.process import AttemptError
from azure_llama.stack import outputs
from azure_llama_sandbox import control, environment
from azure_llama_sandbox.home import Home
from azure_llama_sandbox.store import Store

PROJECT = Path(__file__).resolve().parents[2]
TIME_SCALE = 1200.0
"""A 20-minute deployment takes a second."""
CALL_SECONDS = 30.0


class DemoError(control.SandboxError):
    """The demo cannot continue; the message states the reason and the remediation."""


def up(home: Path | None = None) -> bool:
    """Deploy the dev stack with its policy pack into the sandbox, ask every endpoint, print the answers.

    Args:
        home: Optional. The sandbox's folder; the default one when None.

    Returns:
        Whether every endpoint answered.

    Raises:
        DemoError: when a command on the way fails; its own output has been shown by then.
        SandboxError: when the sandbox does not start.
    """
    _require_checkout()
    room = _engine_room()
    names_kept = _keeps_names(home)
    _start(home)
    if names_kept:
        status = control.status(home)
        for finding in free_names(PROJECT, STACK, status, _credential(status)):
            say(f"Purged the deleted {finding.name.kind.value} {finding.name.name} of an earlier demo.")
    pulumi = _Pulumi(home, room)
    pulumi.select()
    rules = PROJECT / "policies"
    settings = rules / "configs" / "trial.json"
    pack = ("--policy-pack", str(room.policy_pack(rules)), "--policy-pack-config", str(settings))
    pulumi.run("up", "--yes", "--suppress-outputs", *pack)
    answers = _ask(home, pulumi.outputs())
    show(answers)
    say(next_steps(home))
    return all(answer.ok for answer in answers)


def down(home: Path | None = None) -> None:
    """Destroy the dev stack and stop the sandbox. What Azure soft-deletes keeps its name.

    Args:
        home: Optional. The sandbox's folder; the default one when None.

    Raises:
        DemoError: when the destroy fails: the sandbox then goes on, and nothing is lost.
        SandboxError: when the sandbox does not start or stop.
    """
    _require_checkout()
    room = _engine_room()
    if not control.status(home)["running"] and _is_empty(home):
        say("There is no demo to take down.")
        return
    _start(home)
    pulumi = _Pulumi(home, room)
    if pulumi.has_stack():
        pulumi.run("destroy", "--yes")
    control.stop(home)
    say("The sandbox is stopped. The next `make demo` purges the names that the deleted resources keep.")


def _require_checkout() -> None:
    if not (PROJECT / "Pulumi.yaml").is_file():
        raise DemoError(
            "the demo deploys the dev stack of a checkout, which an installed package does not have;"
            " clone the repository and run `make demo` in it"
        )


def _engine_room() -> engine.Installation:
    room = engine.find()
    if room is None:
        raise DemoError("there is no Pulumi CLI here yet: run `make setup`")
    return room


def _start(home: Path | None) -> None:
    if not control.status(home)["running"]:
        control.start(home, time_scale=TIME_SCALE)


def _is_empty(home: Path | None) -> bool:
    database = Home(home).database
    if not database.exists():
        return True
    with closing(Store(database)) as store:
        return not store.below("/subscriptions")


def _keeps_names(home: Path | None) -> bool:
    """Whether the sandbox holds soft-deleted resources."""
    database = Home(home).database
    if not database.exists():
        return False
    with closing(Store(database)) as store:
        return bool(store.soft_deleted())


def _credential(status: Mapping[str, Any]) -> ClientSecretCredential:
    own = status["environment"]
    return ClientSecretCredential(
        own["AZURE_TENANT_ID"],
        own["AZURE_CLIENT_ID"],
        own["AZURE_CLIENT_SECRET"],
        proxies={"https": status["proxy"]},
        connection_verify=status["ca"],
    )


def _ask(home: Path | None, deployed: dict[str, Any]) -> list[Answer]:
    now = control.status(home)
    credential = _credential(now)
    trust = ssl.create_default_context(cafile=now["ca"])
    with httpx.Client(proxy=now["proxy"], verify=trust, trust_env=False, timeout=CALL_SECONDS) as client:
        return call_all(
            deployed,
            client,
            lambda scope: credential.get_token(scope).token,
            Catalog.of_project(PROJECT),
        )


class _Pulumi:
    """The CLI on the dev stack, with the environment that `azure-llama sandbox exec` gives it."""

    def __init__(self, home: Path | None, room: engine.Installation) -> None:
        sandbox = control.status(home, path=engine.search_path(room))["environment"]
        self._cli = engine.Pulumi(room, PROJECT, {**environment.scrubbed(os.environ), **sandbox})
        self._state = Home(home).pulumi_state

    def run(self, verb: str, *arguments: str) -> None:
        """Run a command, its output shown as it comes.

        Raises:
            DemoError: when it fails.
        """
        say(f"$ pulumi {verb} --stack {STACK} {' '.join(arguments)}")
        with stack_files.kept(PROJECT, self._state):
            code = self._cli.show(verb, "--stack", STACK, *arguments)
        if code:
            raise DemoError(
                f"`pulumi {verb}` ended with code {code}; its output is above."
                " What it made is kept: fix the cause and run the same again"
            )

    def select(self) -> None:
        """Make the stack the current one, creating it where there is none.

        Raises:
            DemoError: when Pulumi refuses.
        """
        try:
            self._read("stack", "select", STACK, "--create")
        except AttemptError as error:
            raise DemoError(f"`pulumi stack select {STACK}` failed: {error}") from error

    def has_stack(self) -> bool:
        """Whether the stack exists."""
        try:
            return any(stack["name"] == STACK for stack in json.loads(self._read("stack", "ls", "--json")))
        except AttemptError:
            return False

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs, secrets in clear; for use, not for show.

        Raises:
            DemoError: when Pulumi refuses.
        """
        try:
            with stack_files.kept(PROJECT, self._state):
                return outputs.read(self._cli, STACK, secrets=True)
        except outputs.OutputsError as error:
            raise DemoError(str(error)) from error

    def _read(self, *arguments: str) -> str:
        with stack_files.kept(PROJECT, self._state):
            return self._cli.read(*arguments)
