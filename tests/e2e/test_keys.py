"""`azure-llama keys rotate` on the real engine, while callers of every kind of endpoint go on."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import jwt
import pytest

from azure_llama_sandbox.world import SUBSCRIPTION
from tests.e2e.harness import AZURE_LLAMA, ROOT, Azure

pytestmark = pytest.mark.engine

GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-llama-keys-eastus2/providers"
HUB = f"{GROUP}/Microsoft.MachineLearningServices/workspaces/llama-keys-hub"
SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
MODEL_8B = {"model": "Meta-Llama-3.1-8B-Instruct", "vmSize": "Standard_NC24ads_A100_v4"}
CONFIG: dict[str, Any] = {
    "azure-native:location": "eastus2",
    "azure-llama:workspace": {"name": "llama-keys", "diagnostics": False},
    "azure-llama:serverless": {
        "llama-33-70b": {"model": "Llama-3.3-70B-Instruct", "connections": {"to-llama": {"workspace": HUB}}}
    },
    "azure-llama:managed": {"llama-8b": {"auth": "Key", "contentSafety": False, "deployments": {"blue": MODEL_8B}}},
    "azure-llama:foundry": {
        "contoso-llama": {
            "auth": "Key",
            "deployments": {"chat": {"model": "Llama-3.3-70B-Instruct", "modelVersion": "5", "capacity": 100}},
        }
    },
    "azure-llama:secrets": {"expiresOn": "2027-12-01"},
}
ENTRIES = {"llama-33-70b": "llama-33-70b", "llama-8b": "llama-8b", "contoso-llama/chat": "contoso-llama"}
"""The endpoint of each kind, by its entry in the stack's outputs."""
UPDATES = {"llama-33-70b": ()}
WAIT = 2.0
"""Seconds of `--wait`; callers read the vault at least that often."""
PAUSE = 0.8
"""Seconds between two calls, which stay below the endpoint's limit of requests."""


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azure]:
    """A deployed stack with an endpoint of each kind, whose vault callers may read."""
    azure = Azure(tmp_path_factory.mktemp("keys") / "home", "keys", CONFIG)
    azure.start()
    try:
        azure.init()
        azure.pulumi("up")
        _let_callers_read(azure)
        yield azure
    finally:
        azure.cli("stop", check=False)


def _resources(azure: Azure, kind: str) -> dict[str, str]:
    state = json.loads(azure.state())
    resources = state["checkpoint"]["latest"]["resources"]
    return {each["id"].rsplit("/", 1)[-1]: each["id"] for each in resources if each["type"] == f"azure-native:{kind}"}


def _let_callers_read(azure: Azure) -> None:
    (vault,) = _resources(azure, "keyvault:Vault").values()
    owner = jwt.decode(azure.token("https://vault.azure.net"), options={"verify_signature": False})["oid"]
    role = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{SECRETS_USER}"
    body = {"properties": {"roleDefinitionId": role, "principalId": owner, "principalType": "ServicePrincipal"}}
    name = "11111111-0000-4000-8000-000000000001"
    answer = azure.put(f"{vault}/providers/Microsoft.Authorization/roleAssignments/{name}", body, "2022-04-01")
    assert answer.status_code in (200, 201), answer.text


class Caller:
    """A client that follows the recipe: it reads the primary secret again before `--wait` seconds have passed."""

    def __init__(self, azure: Azure, endpoint: str, output: dict[str, Any]) -> None:
        (vault,) = _resources(azure, "keyvault:Vault")
        self.secret = f"https://{vault}.vault.azure.net/secrets/{endpoint}-primary-key"
        self.output = output
        self.token = azure.token("https://vault.azure.net")
        self.http = azure.client()
        self.statuses: list[int] = []
        self.keys: set[str] = set()
        self._read_at = 0.0
        self._key = ""

    def key(self) -> str:
        if time.monotonic() - self._read_at > WAIT / 2:
            begun = time.monotonic()
            headers = {"Authorization": f"Bearer {self.token}"}
            answer = self.http.get(self.secret, params={"api-version": "7.4"}, headers=headers)
            self._key, self._read_at = answer.raise_for_status().json()["value"], begun
            self.keys.add(self._key)
        return self._key

    def call(self) -> int:
        body = {"model": self.output["modelName"], "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 4}
        headers = {"Authorization": f"Bearer {self.key()}"}
        return self.http.post(self.output["chatUrl"], json=body, headers=headers).status_code


@contextmanager
def calling(caller: Caller) -> Iterator[Caller]:
    """Calls in a thread, one after the other, from before the command begins until it has ended."""
    stop = threading.Event()

    def run() -> None:
        while not stop.wait(PAUSE):
            caller.statuses.append(caller.call())

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield caller
    finally:
        stop.set()
        thread.join()
        caller.http.close()


def rotating(azure: Azure, *arguments: str) -> subprocess.Popen[str]:
    place = ("--stack", "keys", "--config-file", str(azure.stack_file), "--wait", str(WAIT))
    command = azure.command("exec", "--", str(AZURE_LLAMA), "keys", "rotate", *arguments, *place)
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_no_call_fails_while_the_keys_of_an_endpoint_of_each_kind_are_rotated(azure: Azure) -> None:
    before = azure.outputs()
    with ExitStack() as calls:
        callers = {
            entry: calls.enter_context(calling(Caller(azure, endpoint, before["endpoints"][entry])))
            for entry, endpoint in ENTRIES.items()
        }
        # The outputs are updated once, for the serverless endpoint: a stack has one update at a time.
        runs = {entry: rotating(azure, entry, "--json", *UPDATES.get(entry, ("--no-update",))) for entry in ENTRIES}
        done = {entry: (*run.communicate(timeout=300), run.returncode) for entry, run in runs.items()}
    for entry, (out, err, code) in done.items():
        assert code == 0, err
        caller, old = callers[entry], before["keys"][entry]
        assert set(caller.statuses) == {200}, (entry, caller.statuses)
        report = json.loads(out)
        assert (report["rotated"], report["left"]) == (["secondary", "primary"], [])
        assert old["primary"] in caller.keys
        assert len(caller.keys) == 3, "the old primary key, the new secondary one, the new primary one"
        assert not any(key in out + err for key in (*caller.keys, *old.values()))
    after = azure.outputs()["keys"]["llama-33-70b"]
    assert set(after.values()) < callers["llama-33-70b"].keys
    (connection,) = _resources(azure, "machinelearningservices:WorkspaceConnection").values()
    assert json.loads(done["llama-33-70b"][0])["connections"] == [connection]
