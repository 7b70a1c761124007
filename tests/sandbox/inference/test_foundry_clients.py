"""Published clients, unmodified, against a Foundry account and a gateway that ARM made in a running sandbox."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from azure_llama_sandbox import control
from azure_llama_sandbox.control import Status
from azure_llama_sandbox.world import SUBSCRIPTION
from tests.sandbox.arm import gateway
from tests.sandbox.harness import azure_llama, connect, sign_in
from tests.sandbox.inference.gateways import api_policy

CALLERS = Path(__file__).with_name("foundry_callers.py")
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-foundry"
ACCOUNT = f"{GROUP}/providers/Microsoft.CognitiveServices/accounts/contoso"
ROLE = "a97b65f3-24c7-4388-baec-2e87135dc908"
SERVICE = f"{GROUP}/providers/Microsoft.ApiManagement/service/contoso-gateway"
CLIENTS = 22


class Arm:
    """Resource Manager of a running sandbox, as its owner calls it."""

    def __init__(self, client: httpx.Client, status: Status) -> None:
        self._client = client
        self.headers = sign_in(client, status)

    def send(self, method: str, path: str, body: Any = None, version: str = "2025-06-01") -> httpx.Response:
        """A request, and the end of what it starts."""
        url = f"https://management.azure.com{path}"
        answer = self._client.request(
            method, url, params={"api-version": version}, json=body, headers=self.headers
        ).raise_for_status()
        address = answer.headers.get("Azure-AsyncOperation")
        while address and self._client.get(address, headers=self.headers).json()["status"] == "InProgress":
            pass
        return answer

    @property
    def object_id(self) -> str:
        """The caller's."""
        claims = self.headers["Authorization"].split(".")[1]
        return str(json.loads(base64.urlsafe_b64decode(claims + "=="))["oid"])


def put_gateway(arm: Arm, key: str) -> str:
    """A gateway over the account; the key of a team."""
    member = gateway.member_body(
        "https://contoso.openai.azure.com/openai/v1", credentials={"header": {"api-key": ["{{llama-key}}"]}}
    )
    named = {"properties": {"displayName": "llama-key", "secret": True, "value": key}}
    product, api = f"{SERVICE}/products/team-a", f"{SERVICE}/apis/openai"
    parts: dict[str, dict[str, Any]] = {
        SERVICE: gateway.service_body(),
        f"{SERVICE}/namedValues/llama-key": named,
        f"{SERVICE}/backends/pool": member,
        api: gateway.api_body(),
        f"{api}/operations/chat": gateway.operation_body(),
        f"{api}/policies/policy": api_policy(members=1, model="Chat"),
        product: gateway.product_body(),
        f"{product}/apiLinks/openai": {"properties": {"apiId": api}},
        f"{SERVICE}/subscriptions/team-a": gateway.subscription_body(product),
    }
    for path, body in parts.items():
        arm.send("PUT", path, body, "2024-05-01")
    return str(
        arm.send("POST", f"{SERVICE}/subscriptions/team-a/listSecrets", version="2024-05-01").json()["primaryKey"]
    )


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, list[str]]]:
    """What every client got."""
    home = tmp_path_factory.mktemp("foundry") / "home"
    status = control.start(home, time_scale=100_000)
    try:
        with connect(status) as client:
            arm = Arm(client, status)
            arm.send("PUT", GROUP, {"location": "eastus2"}, "2024-03-01")
            properties = {"customSubDomainName": "contoso", "allowProjectManagement": True}
            account = {"kind": "AIServices", "sku": {"name": "S0"}, "location": "eastus2", "properties": properties}
            arm.send("PUT", ACCOUNT, account)
            arm.send("PUT", f"{ACCOUNT}/projects/llama", {"location": "eastus2"})
            model = {"format": "Meta", "name": "Llama-3.3-70B-Instruct", "version": "9"}
            deployment = {"sku": {"name": "GlobalStandard", "capacity": 100}, "properties": {"model": model}}
            arm.send("PUT", f"{ACCOUNT}/deployments/Chat", deployment)
            definition = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{ROLE}"
            grant = {"properties": {"principalId": arm.object_id, "roleDefinitionId": definition}}
            arm.send("PUT", f"{ACCOUNT}/providers/Microsoft.Authorization/roleAssignments/{ROLE}", grant, "2022-04-01")
            key = arm.send("POST", f"{ACCOUNT}/listKeys").json()["key1"]
            team = put_gateway(arm, key)
        run = azure_llama(
            *("sandbox", "--home", str(home), "exec", "--", "python", "-P", str(CALLERS), "contoso"),
            env={"FOUNDRY_KEY": key, "GATEWAY_KEY": team},
            timeout=200,
        )
        rows = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("[")]
        assert len(rows) == CLIENTS, run.stdout + run.stderr
        yield {name: texts for name, *texts in rows}
    finally:
        control.stop(home)


def test_every_client_gets_its_answer_plain_and_streamed(said: dict[str, list[str]]) -> None:
    right = "Sandbox answer, no model ran: account contoso, deployment Chat, model Llama-3.3-70B-Instruct."
    wrong = {name: texts for name, texts in said.items() if [text[: len(right)] for text in texts] != [right, right]}
    assert wrong == {}


def test_plain_and_streamed_answers_are_the_same(said: dict[str, list[str]]) -> None:
    assert {text for texts in said.values() for text in texts if text.startswith("Sandbox")} == {said["openai key"][0]}
