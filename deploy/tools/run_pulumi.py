"""Run Pulumi in a pipeline, signed in with the pipeline's own token: no secret is stored anywhere.

    .venv/bin/python deploy/tools/run_pulumi.py preflight|preview|up|drift [--output FILE] [--stop "ENDPOINT ..."]

--stop deploys these managed endpoints without machines (`stopped: true`); the stack's file stays as it is. Names of
endpoints of other stacks are left out, since one list serves all stacks.

preview and up run with the policy pack; drift and preflight are the commands of azure-llama, with the same sign-in.

Variables: PULUMI_STACK; AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_SUBSCRIPTION_ID (in Azure DevOps the service
connection has the first two); PULUMI_BACKEND_URL, such as azblob://state?storage_account=NAME; without it Pulumi Cloud,
and then PULUMI_ORG for the exchange of the token, or PULUMI_ACCESS_TOKEN.

Exit codes: Pulumi's own (0 done, 1 and others failed), or those of drift (7 drift found) and preflight; 2 something is
not configured.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import token_bridge
import yaml

from azure_llama.arm import oidc
from azure_llama.arm.errors import ArmError
from azure_llama.engine import EngineError, Pulumi, cache_folder
from azure_llama.engine.process import follow
from azure_llama_policies import folder as packs

PROJECT = Path(__file__).resolve().parents[2]
PACK = "policies"
NOT_CONFIGURED = 2
_KEPT_FRESH = 240.0
"""Seconds. GitHub's token lives five minutes, Azure DevOps' ten; a deployment of a large model takes longer."""
_READ_BY_AZURE_NATIVE = ("ARM_OIDC_TOKEN", "ARM_OIDC_TOKEN_FILE_PATH", "ACTIONS_ID_TOKEN_REQUEST_URL")
_QUIET = ("--non-interactive", "--color", "never")
_VERBS = {
    "preflight": ("azure-llama", "preflight"),
    "preview": ("pulumi", "preview", "--diff", *_QUIET),
    "up": ("pulumi", "up", "--yes", "--skip-preview", *_QUIET),
    "drift": ("azure-llama", "drift"),
}
_WITH_PACK = frozenset({"preview", "up"})


class NotConfiguredError(Exception):
    """Something that the pipeline has to set is missing. The text says what."""


def main() -> int:
    """Run one verb; returns the exit code."""
    parser = argparse.ArgumentParser(description="Run Pulumi in a pipeline, signed in with the pipeline's own token.")
    parser.add_argument("verb", choices=sorted(_VERBS))
    parser.add_argument("--output", type=Path, help="write what Pulumi prints to this file, too")
    parser.add_argument("--stop", default="", help="managed endpoints to deploy without machines, between spaces")
    arguments = parser.parse_args()
    try:
        pulumi = Pulumi.find(PROJECT)
        if pulumi is None:
            raise NotConfiguredError("there is no Pulumi CLI: run `make setup` first")
        folder = PROJECT / PACK if (PROJECT / PACK).is_dir() else packs.locate(cache_folder())
        pack = str(pulumi.installation.policy_pack(folder))
        command = [*_command(arguments.verb), *_pack(arguments.verb, pack)]
        environment = replace(pulumi, environment=_environment(os.environ)).variables
        with _signed_in(environment) as signed_in, tempfile.TemporaryDirectory() as copies:
            _log_in(signed_in)
            command += _stopped(arguments.stop.split(), Path(copies))
            return _run(command, signed_in, arguments.output)
    except (ArmError, EngineError, NotConfiguredError) as error:
        sys.stderr.write(f"{error}\n")
        return NOT_CONFIGURED


def _command(verb: str) -> list[str]:
    stack = os.environ.get("PULUMI_STACK", "")
    if not stack:
        raise NotConfiguredError("PULUMI_STACK is not set: it names the stack, such as dev or organization/dev")
    return [*_VERBS[verb], "--stack", stack]


def _pack(verb: str, pack: str) -> list[str]:
    return ["--policy-pack", pack] if verb in _WITH_PACK else []


def _stopped(endpoints: Sequence[str], folder: Path) -> list[str]:
    """The option with a copy of the stack's file, in the folder, that stops those of the endpoints that it has."""
    stack = os.environ.get("PULUMI_STACK", "").rpartition("/")[2]
    file = PROJECT / f"Pulumi.{stack}.yaml"
    if not endpoints or not file.is_file():
        return []
    stated = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    own = (stated.get("config") or {}).get("azure-llama:managed") or {}
    for name in endpoints:
        if name in own:
            own[name]["stopped"] = True
        else:
            sys.stderr.write(f"stack {stack} has no managed endpoint {name!r}; it is not stopped here\n")
    # Pulumi's --config-path would take an endpoint's other keys away.
    copy = folder / file.name
    copy.write_text(yaml.safe_dump(stated, sort_keys=False), encoding="utf-8")
    return ["--config-file", str(copy)]


def _environment(caller: Mapping[str, str]) -> dict[str, str]:
    """The caller's variables, with those by which azure-native signs in."""
    found = {name: value for name, value in caller.items() if value or not name.startswith(("PULUMI_", "AZURE_"))}
    for name in ("CLIENT_ID", "TENANT_ID", "SUBSCRIPTION_ID"):
        value = found.get(f"AZURE_{name}") or found.get(f"AZURESUBSCRIPTION_{name}")
        if not value:
            raise NotConfiguredError(f"AZURE_{name} is not set; docs/pipelines.md says where it is from")
        found[f"AZURE_{name}"] = found[f"ARM_{name}"] = value
    found["ARM_USE_OIDC"] = "true"
    return found


@contextmanager
def _signed_in(environment: dict[str, str]) -> Iterator[dict[str, str]]:
    """The environment with all that azure-native and the backend's client need to get new tokens while Pulumi runs."""
    with ExitStack() as stack:
        if environment.get("SYSTEM_OIDCREQUESTURI") and not any(map(environment.get, _READ_BY_AZURE_NATIVE)):
            issuer = oidc.azure_devops(environment)
            environment = environment | stack.enter_context(token_bridge.serve(issuer))
        else:
            issuer = oidc.issuer(lambda _, variable: environment.get(variable, ""), environment)
        file = stack.enter_context(_token_file(issuer))
        yield {**environment, "AZURE_FEDERATED_TOKEN_FILE": str(file)}


@contextmanager
def _token_file(issuer: oidc.Issuer) -> Iterator[Path]:
    """Keep a valid token in a file, which the backend's client reads whenever it needs one."""
    over = threading.Event()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "token"

        def refresh() -> None:
            fresh = file.with_suffix(".new")
            fresh.touch(mode=0o600)
            fresh.write_text(issuer.fetch())
            fresh.replace(file)

        def keep() -> None:
            while not over.wait(_KEPT_FRESH):
                try:
                    refresh()
                except ArmError as error:
                    # The token of before may still do; if not, Pulumi says so itself.
                    sys.stderr.write(f"the pipeline's token could not be renewed: {error}\n")

        refresh()
        keeper = threading.Thread(target=keep, daemon=True)
        keeper.start()
        try:
            yield file
        finally:
            over.set()
            keeper.join()


def _log_in(environment: dict[str, str]) -> None:
    """Exchange the pipeline's token for one of Pulumi Cloud; other backends need no login."""
    backend = environment.get("PULUMI_BACKEND_URL", "https://api.pulumi.com")
    if not backend.startswith("https://") or environment.get("PULUMI_ACCESS_TOKEN"):
        return
    organization = environment.get("PULUMI_ORG", "")
    if not organization:
        raise NotConfiguredError(
            "neither PULUMI_BACKEND_URL (azblob://...) nor PULUMI_ORG (for Pulumi Cloud) is set; one of them must be"
        )
    wanted = {"ARM_OIDC_AUDIENCE": f"urn:pulumi:org:{organization}"}
    issuer = oidc.issuer(lambda _, variable: wanted.get(variable, environment.get(variable, "")), environment)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "token"
        file.touch(mode=0o600)
        file.write_text(issuer.fetch())
        login = ["pulumi", "login", backend, "--oidc-token", f"file://{file}", "--oidc-org", organization]
        if follow([*login, "--non-interactive"], env=environment, cwd=PROJECT):
            raise NotConfiguredError(f"Pulumi Cloud does not take the pipeline's token for {organization}")


def _run(command: list[str], environment: dict[str, str], output: Path | None) -> int:
    """Run a command and show its output line by line; returns its exit code."""
    lines: list[str] = []

    def show(line: str) -> None:
        sys.stdout.write(line)
        sys.stdout.flush()
        lines.append(line)

    code = follow(command, env=environment, cwd=PROJECT, on_line=show)
    if output is not None:
        output.write_text("".join(lines), encoding="utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main())
