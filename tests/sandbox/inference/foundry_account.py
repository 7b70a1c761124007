"""A Foundry account that a test makes without ARM, and calls."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import httpx

from azure_llama_sandbox.conditions import Conditions
from azure_llama_sandbox.inference.foundry import build
from azure_llama_sandbox.store import Resource
from azure_llama_sandbox.world import SUBSCRIPTION, Principal
from tests.sandbox.inference.harness import GUEST, Azure, StoppedClock

TYPE = "Microsoft.CognitiveServices/accounts"
ID = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-llama/providers/{TYPE}/contoso"
KEY = "key-one-0123456789abcdef"
AI = "https://ai.azure.com"


class Foundry:
    """An account with a deployment and a project, and its callers."""

    def __init__(self, azure: Azure) -> None:
        self.azure = azure
        self.put()
        self.deploy("chat")
        azure.put(f"{ID}/projects/llama", f"{TYPE}/projects", {})

    def put(self, **properties: Any) -> None:
        """Write the account."""
        domains = ("openai.azure.com", "services.ai.azure.com", "cognitiveservices.azure.com")
        urls = {name: f"https://contoso.{name}/" for name in domains}
        given = {"endpoint": urls[domains[2]], "endpoints": urls, "provisioningState": "Succeeded"} | properties
        body = {"kind": "AIServices", "location": "eastus2", "properties": given}
        self.azure.world.store.put(Resource(ID, TYPE, body, {"key1": KEY, "key2": "key-two"}))

    def deploy(
        self,
        name: str,
        *,
        model: str = "Llama-3.3-70B-Instruct",
        version: str = "9",
        format_: str = "Meta",
        capacity: int = 100,
        sku: str = "GlobalStandard",
        **properties: Any,
    ) -> None:
        """Write a deployment."""
        named = {"format": format_, "name": model, "version": version}
        body = {
            "sku": {"name": sku, "capacity": capacity},
            "properties": {"model": named, "currentCapacity": capacity} | properties,
        }
        self.azure.world.store.put(Resource(f"{ID}/deployments/{name}", f"{TYPE}/deployments", body))

    def grant(self, role: str, principal: Principal = GUEST) -> None:
        """Give a role on the account."""
        scope = f"{ID}/providers/Microsoft.Authorization/roleAssignments/{role}"
        properties = {"principalId": principal.object_id, "roleDefinitionId": f"/roleDefinitions/{role}"}
        self.azure.put(scope, "Microsoft.Authorization/roleAssignments", properties)

    def token(self, audience: str = AI, principal: Principal = GUEST) -> dict[str, str]:
        """The header of a caller with a token."""
        return {"Authorization": f"Bearer {self.azure.tokens.issue(principal.client_id, audience)}"}

    def client(self, as_of: date | None = None, **conditions: Any) -> httpx.AsyncClient:
        """A client that carries nothing, on another day or under other circumstances."""
        current = Conditions.model_validate({"foundry": conditions})
        clock = StoppedClock(scale=1200, as_of=as_of) if as_of else self.azure.clock
        world = replace(self.azure.world, clock=clock, conditions=lambda: current)
        return httpx.AsyncClient(transport=httpx.ASGITransport(build(world)))


def error(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal, which has Azure's envelope."""
    body = answer.json()
    assert set(body) == {"error"}
    assert body["error"]["message"]
    return answer.status_code, body["error"]["code"]
