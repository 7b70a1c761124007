"""A deployment of a Foundry account, as clients and printed programs call it."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from azure_llama.inference import Client, Endpoint
from azure_llama.inference.smoke.targets import targets
from azure_llama.inference.snippets import CLIENTS, render
from tests.catalogs import PACKAGE

BASE = "https://contoso-llama.openai.azure.com/openai/v1"
ENTRY: dict[str, Any] = {
    "kind": "foundry",
    "uri": BASE,
    "chatUrl": f"{BASE}/chat/completions",
    "completionsUrl": None,
    "openaiBaseUrl": f"{BASE}/",
    "model": "Llama-3.3-70B-Instruct",
    "auth": "AADToken",
    "modelName": "chat",
}
OUTPUTS: dict[str, Any] = {"endpoints": {"contoso-llama/chat": ENTRY}}


@pytest.mark.parametrize("api", ["llama", "inference"])
def test_requests_name_the_deployment(api: Any) -> None:
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(400, json={"error": {"code": "BadRequest", "message": "no"}})

    endpoint = Endpoint.from_output("contoso-llama/chat", ENTRY, "a-key")
    with httpx.Client(transport=httpx.MockTransport(answer)) as http:
        client = Client(endpoint, http=http, api=api)
        with pytest.raises(Exception, match="no"):
            client.chat("Hello")
    assert json.loads(sent[0].content)["model"] == "chat"
    assert str(sent[0].url).startswith(f"{BASE}/chat/completions")


def test_targets_are_the_deployments() -> None:
    (target,) = targets(OUTPUTS, PACKAGE)
    assert (target.name, target.sent_model, target.access.names_model) == ("contoso-llama/chat", "chat", True)


@pytest.mark.parametrize("client", CLIENTS)
def test_programs_name_the_deployment_and_the_audience(client: str) -> None:
    text = render(OUTPUTS, "contoso-llama/chat", client)
    assert "https://cognitiveservices.azure.com" in text
    assert "ml.azure.com" not in text
    assert '"openai/chat"' in text if client == "litellm" else '"chat"' in text
