"""The models of a gateway are called like endpoints, with the key of a team in a header of its own."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from azure_llama.inference import Client, Endpoint, gateways
from azure_llama.inference.failures import secret_of
from azure_llama.inference.smoke.targets import NoEndpointsError, UnknownEndpointError, endpoints_of, targets
from azure_llama.inference.snippets import CLIENTS, render
from tests.catalogs import PACKAGE

KEY = "a-teams-key"
NAME = "gateway/llama-33-70b"
OUTPUTS: dict[str, Any] = {
    "endpoints": {},
    "keys": {},
    "gateway": {
        "baseUrl": "https://contoso.azure-api.net/openai/v1/",
        "models": {"llama-33-70b": {"kind": "foundry"}, "drafts": {"kind": "foundry"}},
        "teams": {"writers": {"models": ["drafts"]}, "search": {"models": ["llama-33-70b", "drafts"]}},
    },
    "gatewayKeys": {"writers": {"primary": "other"}, "search": {"primary": KEY, "secondary": "second"}},
}


def test_each_model_is_an_entry_with_the_key_of_a_team_that_may_call_it() -> None:
    found = {target.name: target for target in targets(OUTPUTS, PACKAGE)}
    assert list(found) == [NAME, "gateway/drafts"]
    assert (found[NAME].key, found["gateway/drafts"].key) == (KEY, "other")
    assert found[NAME].url == "https://contoso.azure-api.net/openai/v1/chat/completions"
    assert found[NAME].sent_model == "llama-33-70b"


def test_a_stack_without_a_gateway_has_no_such_entries() -> None:
    plain = {"endpoints": {"chat": {"kind": "serverless"}}}
    assert list(endpoints_of(plain)) == ["chat"]
    assert gateways.entries({"gateway": {"models": {"a": {}}}}) == {}
    assert gateways.team(plain, "chat") is None
    with pytest.raises(UnknownEndpointError):
        targets(OUTPUTS, PACKAGE, ["gateway/llama"])


def test_masked_keys_are_reported() -> None:
    with pytest.raises(NoEndpointsError, match="masked"):
        targets({**OUTPUTS, "gatewayKeys": "[secret]"}, PACKAGE)


def test_the_client_sends_the_key_in_the_gateways_header() -> None:
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        message = {"role": "assistant", "content": "A llama."}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        body = {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
        return httpx.Response(200, json=body)

    endpoint = Endpoint.from_output(NAME, endpoints_of(OUTPUTS)[NAME], KEY)
    with Client(endpoint, http=httpx.Client(transport=httpx.MockTransport(answer))) as client:
        assert client.chat("What is a llama?", max_tokens=8).text == "A llama."
    assert sent[0].headers["api-key"] == KEY
    assert "Authorization" not in sent[0].headers
    assert secret_of(sent[0]) == KEY


@pytest.mark.parametrize("client", CLIENTS)
def test_a_program_reads_the_key_of_the_team_and_sends_it_in_the_header(client: str) -> None:
    text = render(OUTPUTS, NAME, client, stack_flags=("--stack", "gateway"))
    assert "gatewayKeys" in text
    assert '["search"]["primary"]' in text
    assert "api-key" in text
    assert "Bearer" not in text
    assert KEY not in text
    assert ('api_key="unused"' in text) is (client in ("openai", "langchain", "litellm"))
