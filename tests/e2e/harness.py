"""The real engine, the real program, a sandbox of the test's own: what a person types, run by a test."""

from __future__ import annotations

import json
import os
import shutil
import ssl
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml

from azure_llama import engine
from azure_llama_sandbox import control

ROOT = Path(__file__).resolve().parents[2]
AZURE_LLAMA = Path(sys.executable).with_name("azure-llama")
DEV: Mapping[str, Any] = yaml.safe_load((ROOT / "Pulumi.dev.yaml").read_text())["config"]
FAST = 4000.0
"""Azure seconds in a second: a 20-minute deployment takes 0.3 s."""


def created_twice(requests: Iterable[Mapping[str, Any]]) -> list[str]:
    """Paths that were created (201) more than once.

    A template's deployment may be, and the endpoint in it is: Azure ML answers an update of an endpoint with 201 too.
    """
    made = Counter(
        line["path"].lower()
        for line in requests
        if (line["method"], line["status"]) == ("PUT", 201) and "traffic" not in line["body"].get("properties", {})
    )
    return [path for path, times in made.items() if times > 1 and "/microsoft.resources/deployments/" not in path]


@dataclass
class Run:
    """What a command did: `text` is all that it printed."""

    code: int
    text: str


class Azure:
    """A sandbox in a folder of its own, and the commands of a person who uses it."""

    project = ROOT

    def __init__(self, home: Path, stack: str = "dev", config: Mapping[str, Any] = DEV) -> None:
        self.home = home
        self.stack = stack
        self.stack_file = home / f"Pulumi.{stack}.yaml"
        self.write(config)

    def write(self, config: Mapping[str, Any]) -> None:
        """Give the stack another configuration."""
        self.stack_file.parent.mkdir(parents=True, exist_ok=True)
        self.stack_file.write_text(yaml.safe_dump({"config": dict(config)}, sort_keys=False))

    def change(self, edit: Callable[[dict[str, Any]], None]) -> None:
        """Edit the dev stack's configuration."""
        config = deepcopy(dict(DEV))
        edit(config)
        self.write(config)

    def command(self, *arguments: str) -> list[str]:
        """`azure-llama sandbox ...` for this home."""
        return [str(AZURE_LLAMA), "sandbox", "--home", str(self.home), *arguments]

    def cli(self, *arguments: str, check: bool = True, env: Mapping[str, str] | None = None) -> Run:
        """Run an `azure-llama sandbox` command to its end."""
        done = subprocess.run(
            self.command(*arguments),
            cwd=ROOT,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=900,  # a loaded machine is slow, not wrong
        )
        run = Run(done.returncode, done.stdout)
        assert not check or run.code == 0, run.text
        return run

    def start(self, scale: float = FAST, as_of: str | None = None) -> None:
        """Start (or start again) the sandbox."""
        self.cli("start", "--time-scale", str(scale), *(("--as-of", as_of) if as_of else ()))

    def exec(self, *arguments: str, check: bool = True, env: Mapping[str, str] | None = None) -> Run:
        """Run any command with the environment that points at the sandbox."""
        return self.cli("exec", "--", *arguments, check=check, env=env)

    def pulumi_arguments(self, verb: str, *arguments: str) -> list[str]:
        """A non-interactive Pulumi command on this test's stack."""
        yes = [] if verb == "preview" or "--preview-only" in arguments else ["--yes"]
        return [
            *("pulumi", verb, "--stack", self.stack, "--non-interactive", "--color", "never"),
            *("--config-file", str(self.stack_file)),
            *yes,
            *arguments,
        ]

    def init(self) -> None:
        """Create the stack, from a folder of its own: `stack init` writes a salt into the project's stack file."""
        folder = self.home / "init"
        folder.mkdir(exist_ok=True)
        shutil.copy(ROOT / "Pulumi.yaml", folder)
        self.exec("pulumi", "--cwd", str(folder), "stack", "init", self.stack, "--non-interactive")

    def pulumi(self, verb: str, *arguments: str, check: bool = True) -> Run:
        """Run Pulumi as a person does, with a policy pack where a person would give one."""
        return self.exec(*self.pulumi_arguments(verb, *arguments), check=check)

    def drift(self, *arguments: str, code: int = 0) -> Run:
        """Run `azure-llama drift` on this test's stack; it has to end with a code."""
        place = ("-C", str(self.project), "--stack", self.stack, "--config-file", str(self.stack_file))
        run = self.exec(str(AZURE_LLAMA), "drift", *place, *arguments, check=False)
        assert run.code == code, run.text
        return run

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs, secrets in clear."""
        text = self.exec("pulumi", "stack", "output", "--stack", self.stack, "--json", "--show-secrets").text
        outputs: dict[str, Any] = json.loads(text)
        return outputs

    def state(self) -> str:
        """The state file as it lies on disk."""
        return next(self.home.rglob(f"stacks/azure-llama/{self.stack}.json")).read_text()

    @property
    def status(self) -> dict[str, Any]:
        """What `azure-llama sandbox status` shows, without a process of its own: most requests read it three times."""
        status = dict(control.status(self.home, path=engine.search_path(engine.find())))
        assert status["running"], f"no sandbox runs in {self.home}"
        return status

    def requests(self) -> list[dict[str, Any]]:
        """The request log."""
        return [json.loads(line) for line in Path(self.status["requestLog"]).read_text().splitlines()]

    def client(self) -> httpx.Client:
        """An HTTP client as an application under `exec` would have it."""
        status = self.status
        return httpx.Client(
            proxy=status["proxy"], verify=ssl.create_default_context(cafile=status["ca"]), trust_env=False, timeout=20
        )

    def token(self, audience: str) -> str:
        """A token of the sandbox's default principal."""
        status = self.status
        env = status["environment"]
        with self.client() as client:
            answer = client.post(
                f"https://login.microsoftonline.com/{status['tenant']}/oauth2/v2.0/token",
                data={
                    "grant_type": "client_credentials",
                    "client_id": env["AZURE_CLIENT_ID"],
                    "client_secret": env["AZURE_CLIENT_SECRET"],
                    "scope": f"{audience}/.default",
                },
            )
        return str(answer.raise_for_status().json()["access_token"])

    def arm(self, path: str, api_version: str = "2025-12-01") -> httpx.Response:
        """GET from the sandbox's ARM under Azure's own name."""
        return self._ask("GET", path, api_version)

    def put(self, path: str, body: Mapping[str, Any], api_version: str) -> httpx.Response:
        """PUT to the sandbox's ARM under Azure's own name."""
        return self._ask("PUT", path, api_version, dict(body))

    def delete(self, path: str, api_version: str) -> None:
        """Delete a resource by hand, and wait until it is gone."""
        assert self._ask("DELETE", path, api_version).status_code in (200, 202, 204)
        end = time.monotonic() + 60
        while self.arm(path, api_version).status_code != 404:
            assert time.monotonic() < end, f"{path} is still there"
            time.sleep(0.1)

    def _ask(self, method: str, path: str, api_version: str, body: Any = None) -> httpx.Response:
        with self.client() as client:
            return client.request(
                method,
                f"https://management.azure.com{path}",
                params={"api-version": api_version},
                headers={"Authorization": f"Bearer {self.token('https://management.azure.com')}"},
                json=body,
            )
