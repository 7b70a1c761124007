"""What an endpoint does not serve, and what its content filter refuses."""

from __future__ import annotations

import httpx
import pytest

from azure_llama_sandbox.inference.safety import ANSWER_PHRASE, PROMPT_PHRASE
from tests.sandbox.inference.harness import (
    CHAT,
    INFERENCE,
    V1,
    WORKSPACE,
    Azure,
    events,
)
from tests.sandbox.inference.requests import COMPLETIONS, said

pytestmark = pytest.mark.anyio


# -- what is not served ----------------------------------------------------------------------------


async def test_unknown_host(azure: Azure, client: httpx.AsyncClient) -> None:
    azure.serverless()
    answer = await client.post("https://other.eastus2.models.ai.azure.com" + V1, json=CHAT)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "NotFound"


async def test_host_may_carry_a_port(azure: Azure, client: httpx.AsyncClient) -> None:
    assert (await client.post(azure.serverless() + ":8443" + V1, json=CHAT)).status_code == 200


async def test_a_managed_endpoint_without_public_network_access_answers_nobody_outside(
    azure: Azure, client: httpx.AsyncClient
) -> None:
    url = azure.managed()
    id_ = f"{WORKSPACE}/onlineEndpoints/llama-8b"
    endpoint = azure.world.store.get(id_)
    assert endpoint is not None
    azure.put(id_, endpoint.type, {**endpoint.properties, "publicNetworkAccess": "Disabled"})
    answer = await client.post(url + V1, json=CHAT)
    assert answer.status_code == 403
    assert "publicNetworkAccess is Disabled" in answer.json()["error"]["message"]


@pytest.mark.parametrize("state", ["Creating", "Suspended", "CreationFailed"])
async def test_serverless_endpoint_that_is_not_online(azure: Azure, client: httpx.AsyncClient, state: str) -> None:
    answer = await client.post(azure.serverless(state=state) + V1, json=CHAT)
    assert answer.status_code == 404
    assert state in answer.json()["message"]


async def test_retired_model(azure: Azure, client: httpx.AsyncClient) -> None:
    answer = await client.post(azure.serverless("old", "Llama-2-70b-chat") + V1, json=CHAT)
    assert answer.status_code == 404
    assert "retired since 2025" in answer.json()["message"]


async def test_managed_endpoint_answers_while_it_is_updated(azure: Azure, client: httpx.AsyncClient) -> None:
    for state, status in (("Updating", 200), ("Creating", 404), ("Failed", 404), ("Succeeded", 200)):
        assert (await client.post(azure.managed(state=state) + V1, json=CHAT)).status_code == status


@pytest.mark.parametrize(
    ("path", "model", "status"),
    [
        (COMPLETIONS, "Meta-Llama-3.1-8B-Instruct", 404),
        (V1, "Meta-Llama-3.1-8B", 404),
        (V1, "Prompt-Guard-86M", 404),
        ("/v1/chat/completions/chat/completions", "Meta-Llama-3.1-8B-Instruct", 404),
        ("/score/chat/completions", "Meta-Llama-3.1-8B-Instruct", 404),
        ("/v1/responses", "Meta-Llama-3.1-8B-Instruct", 404),
        ("/embeddings", "Meta-Llama-3.1-8B-Instruct", 404),
        ("/", "Meta-Llama-3.1-8B-Instruct", 405),
    ],
)
async def test_wrong_routes(azure: Azure, client: httpx.AsyncClient, path: str, model: str, status: int) -> None:
    url = azure.managed(deployments={"blue": model})
    answer = await client.post(url + path, json=CHAT | {"prompt": "hi"})
    assert answer.status_code == status
    assert answer.headers["x-ms-error-code"] == {404: "NotFound", 405: "MethodNotAllowed"}[status]


async def test_refused_route_names_those_that_are_served(azure: Azure, client: httpx.AsyncClient) -> None:
    body = (await client.post(azure.serverless() + COMPLETIONS, json={"prompt": "hi"})).json()
    assert "POST /v1/chat/completions" in body["message"]
    assert "/score" not in body["message"]


async def test_wrong_method(azure: Azure, client: httpx.AsyncClient) -> None:
    answer = await client.get(azure.serverless() + V1)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


async def test_score_is_not_a_serverless_route(azure: Azure, client: httpx.AsyncClient) -> None:
    assert (await client.post(azure.serverless() + "/score", json={})).status_code == 404


@pytest.mark.parametrize("query", ["", "?api-version=", "?api-version=latest"])
async def test_model_inference_routes_need_an_api_version(azure: Azure, client: httpx.AsyncClient, query: str) -> None:
    answer = await client.post(azure.serverless() + "/chat/completions" + query, json=CHAT)
    assert answer.status_code == 400
    assert "api-version=2024-05-01-preview" in answer.json()["message"]


async def test_422_has_the_documented_detail(azure: Azure, client: httpx.AsyncClient) -> None:
    answer = await client.post(azure.serverless() + V1, json=CHAT | {"temperature": 3})
    body = answer.json()
    assert (answer.status_code, body["status"], body["code"]) == (422, 422, "parameter_not_supported")
    assert body["detail"] == {"loc": ["body", "temperature"], "input": 3}


async def test_flat_422_has_no_error_key(azure: Azure) -> None:
    async with azure.client(flat=True) as client:
        body = (await client.post(azure.serverless() + V1, json=CHAT | {"temperature": 3})).json()
    assert body.keys() == {"status", "code", "message", "detail"}


async def test_extra_parameters_header(azure: Azure, client: httpx.AsyncClient) -> None:
    url, asked = azure.serverless() + INFERENCE, CHAT | {"n": 2}
    assert (await client.post(url, json=asked)).status_code == 400
    answer = await client.post(url, json=asked, headers={"extra-parameters": "pass-through"})
    assert len(answer.json()["choices"]) == 2


# -- content safety --------------------------------------------------------------------------------


async def test_harmful_prompt(azure: Azure, client: httpx.AsyncClient) -> None:
    answer = await client.post(azure.serverless() + V1, json=said(PROMPT_PHRASE) | {"stream": True})
    body = answer.json()
    assert answer.status_code == body["status"] == 400
    assert body["code"] == body["error"]["code"] == "content_filter"
    assert (body["param"], body["type"]) == ("messages", None)


async def test_harmful_answer(azure: Azure, client: httpx.AsyncClient) -> None:
    url = azure.serverless(safety=None) + V1
    body = (await client.post(url, json=said(ANSWER_PHRASE))).json()
    assert body["choices"][0]["finish_reason"] == "content_filter"
    assert body["choices"][0]["message"]["content"] == ""
    chunks = events((await client.post(url, json=said(ANSWER_PHRASE) | {"stream": True})).content)
    assert chunks[-1]["choices"][0]["finish_reason"] == "content_filter"


async def test_nothing_is_filtered_without_content_safety(azure: Azure, client: httpx.AsyncClient) -> None:
    for url in (azure.serverless(safety="Disabled"), azure.managed()):
        for phrase in (PROMPT_PHRASE, ANSWER_PHRASE):
            body = (await client.post(url + V1, json=said(phrase))).json()
            assert body["choices"][0]["finish_reason"] == "length"
