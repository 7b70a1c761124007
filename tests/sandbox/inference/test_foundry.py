"""The hosts of Foundry accounts: routes, keys and Entra ID, limits, content filters, refusals."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
import pytest

from azure_llama_sandbox.inference import safety
from tests.sandbox.inference.foundry_account import AI, ID, KEY, TYPE, Foundry, error
from tests.sandbox.inference.harness import CHAT, OWNER, Azure, events

pytestmark = pytest.mark.anyio

HOST = "https://contoso.openai.azure.com"
SERVICES = "https://contoso.services.ai.azure.com"
V1 = f"{HOST}/openai/v1/chat/completions"
DEPLOYMENT = f"{HOST}/openai/deployments/chat/chat/completions?api-version=2024-10-21"
MODELS = f"{SERVICES}/models/chat/completions?api-version=2024-05-01-preview"
PROJECT = f"{SERVICES}/api/projects/llama/openai/v1/chat/completions"
ASK: dict[str, Any] = CHAT | {"model": "chat"}
USER = "a97b65f3-24c7-4388-baec-2e87135dc908"
OPENAI_USER = "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd"


@pytest.fixture
def foundry(azure: Azure) -> Foundry:
    return Foundry(azure)


@pytest.fixture
async def client(foundry: Foundry) -> AsyncIterator[httpx.AsyncClient]:
    async with foundry.client() as client:
        yield client


BEARER, API_KEY = {"Authorization": f"Bearer {KEY}"}, {"api-key": KEY}


@pytest.mark.parametrize("header", [BEARER, API_KEY], ids=["bearer", "api-key"])
@pytest.mark.parametrize(
    "url", [V1, f"{SERVICES}/openai/v1/chat/completions", V1 + "?api-version=preview", DEPLOYMENT, MODELS]
)
async def test_routes_with_keys(client: httpx.AsyncClient, url: str, header: dict[str, str]) -> None:
    answer = await client.post(url, json=ASK, headers=header)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert "account contoso, deployment chat, model Llama-3.3-70B-Instruct." in body["choices"][0]["message"]["content"]
    assert body["prompt_filter_results"][0]["content_filter_results"]["hate"] == {
        "filtered": False,
        "severity": "safe",
    }
    assert set(body["choices"][0]["content_filter_results"]) == {"hate", "self_harm", "sexual", "violence"}
    assert answer.headers["x-ms-region"] == "East US 2"


@pytest.mark.parametrize("audience", [AI, "https://cognitiveservices.azure.com"])
@pytest.mark.parametrize("url", [V1, DEPLOYMENT, MODELS])
async def test_routes_with_entra(client: httpx.AsyncClient, foundry: Foundry, url: str, audience: str) -> None:
    foundry.grant(USER)
    answer = await client.post(url, json=ASK, headers=foundry.token(audience))
    assert answer.status_code == 200, answer.text


async def test_a_project_takes_entra_alone(client: httpx.AsyncClient, foundry: Foundry) -> None:
    foundry.grant(USER)
    assert (await client.post(PROJECT, json=ASK, headers=foundry.token())).status_code == 200
    assert error(await client.post(PROJECT, json=ASK, headers=API_KEY)) == (401, "401")
    wrong = foundry.token("https://cognitiveservices.azure.com")
    assert error(await client.post(PROJECT, json=ASK, headers=wrong)) == (401, "401")
    other = PROJECT.replace("/llama/", "/other/")
    assert error(await client.post(other, json=ASK, headers=foundry.token())) == (404, "NotFound")


async def test_a_caller_needs_a_data_action(client: httpx.AsyncClient, foundry: Foundry) -> None:
    denied = await client.post(V1, json=ASK, headers=foundry.token(principal=OWNER))
    assert error(denied) == (401, "PermissionDenied")
    assert OWNER.object_id in denied.json()["error"]["message"]
    foundry.grant(OPENAI_USER)
    assert error(await client.post(V1, json=ASK, headers=foundry.token())) == (401, "PermissionDenied")
    foundry.deploy("gpt", model="gpt-35-turbo", version="0125", format_="OpenAI", sku="Standard")
    answer = await client.post(V1, json=CHAT | {"model": "gpt"}, headers=foundry.token())
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    "header",
    [{}, {"api-key": "wrong"}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {KEY}"}],
    ids=["nothing", "api-key", "bearer", "basic"],
)
async def test_credentials_that_are_not_taken(client: httpx.AsyncClient, header: dict[str, str]) -> None:
    assert error(await client.post(V1, json=ASK, headers=header)) == (401, "401")


async def test_another_audience(client: httpx.AsyncClient, foundry: Foundry) -> None:
    foundry.grant(USER)
    refused = await client.post(V1, json=ASK, headers=foundry.token("https://management.azure.com"))
    assert error(refused) == (401, "401")
    assert "audience is incorrect" in refused.json()["error"]["message"]


async def test_an_account_without_keys(client: httpx.AsyncClient, foundry: Foundry) -> None:
    foundry.put(disableLocalAuth=True)
    foundry.grant(USER)
    for header in (BEARER, API_KEY):
        refused = await client.post(V1, json=ASK, headers=header)
        assert error(refused) == (403, "AuthenticationTypeDisabled")
        assert refused.json()["error"]["message"] == "Key based authentication is disabled for this resource."
    assert (await client.post(V1, json=ASK, headers=foundry.token())).status_code == 200


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ({"publicNetworkAccess": "Disabled"}, "Public access is disabled"),
        ({"networkAcls": {"defaultAction": "Deny"}}, "Virtual Network/Firewall rules"),
    ],
)
async def test_a_closed_network(
    client: httpx.AsyncClient, foundry: Foundry, properties: dict[str, Any], words: str
) -> None:
    foundry.put(**properties)
    refused = await client.post(V1, json=ASK, headers=API_KEY)
    assert error(refused) == (403, "403")
    assert words in refused.json()["error"]["message"]


async def test_callers_inside_the_network(foundry: Foundry) -> None:
    foundry.put(publicNetworkAccess="Disabled")
    async with foundry.client(inside=True) as client:
        assert (await client.post(V1, json=ASK, headers=API_KEY)).status_code == 403
        link = {"privateLinkServiceId": ID, "groupIds": ["account"], "privateLinkServiceConnectionState": {}}
        properties = {"privateLinkServiceConnections": [{"properties": link}], "resourceGuid": "guid"}
        type_ = "Microsoft.Network/privateEndpoints"
        foundry.azure.put(f"{ID.partition('/providers/')[0]}/providers/{type_}/pe", type_, properties)
        assert (await client.post(V1, json=ASK, headers=API_KEY)).status_code == 200


@pytest.mark.parametrize("name", ["Chat", "no"])
async def test_names_of_deployments_are_compared_letter_by_letter(client: httpx.AsyncClient, name: str) -> None:
    refused = await client.post(V1, json=CHAT | {"model": name}, headers=API_KEY)
    assert error(refused) == (404, "DeploymentNotFound")
    assert "does not exist. If you created the deployment within the last 5 minutes" in refused.text


@pytest.mark.parametrize(
    "url",
    [
        f"{SERVICES}/openai/v1/models/chat/completions",
        f"{HOST}/models/chat/completions?api-version=2024-05-01-preview",
        DEPLOYMENT.partition("?")[0],
        f"{HOST}/v1/chat/completions",
        f"{HOST}/chat/completions",
    ],
)
async def test_paths_that_are_no_routes(client: httpx.AsyncClient, url: str) -> None:
    refused = await client.post(url, json=ASK, headers=API_KEY)
    assert error(refused) == (404, "404")
    assert refused.json()["error"]["message"] == "Resource not found"


async def test_a_host_without_an_account(client: httpx.AsyncClient) -> None:
    refused = await client.post("https://nobody.openai.azure.com/openai/v1/chat/completions", json=ASK)
    assert error(refused) == (404, "404")


async def test_what_a_body_lacks(client: httpx.AsyncClient) -> None:
    assert error(await client.post(V1, json=CHAT, headers=API_KEY)) == (400, "invalid_request_error")
    assert error(await client.post(V1, content=b"{", headers=API_KEY)) == (400, "invalid_request_error")
    assert error(await client.post(V1, json={"model": "chat"}, headers=API_KEY)) == (400, "BadRequest")
    assert error(await client.post(MODELS, json={"model": "chat"}, headers=API_KEY))[0] == 422


async def test_a_retired_model(foundry: Foundry) -> None:
    async with foundry.client(date(2027, 2, 1)) as client:
        assert error(await client.post(V1, json=ASK, headers=API_KEY)) == (410, "ModelRetired")


async def test_completions_need_a_model_that_has_them(client: httpx.AsyncClient, foundry: Foundry) -> None:
    url = f"{HOST}/openai/v1/completions"
    body = {"model": "chat", "prompt": "A llama is", "max_completion_tokens": 5}
    assert error(await client.post(url, json=body, headers=API_KEY)) == (400, "OperationNotSupported")
    foundry.deploy("gpt", model="gpt-35-turbo", version="0125", format_="OpenAI", sku="Standard")
    answer = (await client.post(url, json=body | {"model": "gpt"}, headers=API_KEY)).json()
    assert (answer["choices"][0]["finish_reason"], answer["usage"]["completion_tokens"]) == ("length", 5)


async def test_a_stream_ends_with_usage(client: httpx.AsyncClient) -> None:
    options = {"stream": True, "stream_options": {"include_usage": True}, "max_completion_tokens": 10, "n": 1}
    answer = await client.post(V1, json=ASK | options, headers=API_KEY)
    chunks = events(answer.content)
    assert (chunks[0]["choices"], chunks[0]["prompt_filter_results"][0]["prompt_index"]) == ([], 0)
    assert (chunks[-1]["choices"], chunks[-1]["usage"]["completion_tokens"]) == ([], 10)
    said = "".join(choice["delta"].get("content", "") for chunk in chunks for choice in chunk["choices"])
    assert said.startswith("Sandbox answer, no model ran")
    assert chunks[2]["choices"][0]["content_filter_results"]["violence"]["severity"] == "safe"


async def test_unknown_parameters_are_dropped(client: httpx.AsyncClient) -> None:
    body = ASK | {"parallel_tool_calls": True, "tool_choice": "auto", "store": False}
    assert (await client.post(V1, json=body, headers=API_KEY)).status_code == 200


def harmful(phrase: str) -> dict[str, Any]:
    """A request that a content filter stops."""
    return {"model": "chat", "messages": [{"role": "user", "content": phrase}]}


async def test_a_prompt_that_is_filtered(client: httpx.AsyncClient) -> None:
    refused = await client.post(V1, json=harmful(safety.PROMPT_PHRASE), headers=API_KEY)
    assert error(refused) == (400, "content_filter")
    inner = refused.json()["error"]["innererror"]
    assert inner["code"] == "ResponsibleAIPolicyViolation"
    assert inner["content_filter_result"]["violence"] == {"filtered": True, "severity": "high"}


async def test_an_answer_that_is_filtered(client: httpx.AsyncClient) -> None:
    answer = await client.post(V1, json=harmful(safety.ANSWER_PHRASE), headers=API_KEY)
    (choice,) = answer.json()["choices"]
    assert choice["finish_reason"] == "content_filter"
    assert choice["content_filter_results"]["violence"]["filtered"] is True


async def test_a_content_filter_that_is_off(client: httpx.AsyncClient, foundry: Foundry) -> None:
    off = {"contentFilters": [{"name": "Hate", "enabled": False, "source": "Prompt"}]}
    foundry.azure.put(f"{ID}/raiPolicies/off", f"{TYPE}/raiPolicies", off)
    foundry.deploy("chat", raiPolicyName="off")
    answer = await client.post(V1, json=harmful(safety.PROMPT_PHRASE), headers=API_KEY)
    assert answer.status_code == 200
    assert "prompt_filter_results" not in answer.json()


async def test_requests_per_minute_are_those_of_the_capacity(client: httpx.AsyncClient, foundry: Foundry) -> None:
    foundry.deploy("chat", capacity=2)
    ask = ASK | {"max_tokens": 5}
    first = await client.post(V1, json=ask, headers=API_KEY)
    limits = {name: value for name, value in first.headers.items() if name.startswith("x-ratelimit-")}
    assert limits == {
        "x-ratelimit-limit-requests": "2",
        "x-ratelimit-remaining-requests": "1",
        "x-ratelimit-reset-requests": "60",
        "x-ratelimit-limit-tokens": "2000",
        "x-ratelimit-remaining-tokens": str(2000 - first.json()["usage"]["total_tokens"]),
        "x-ratelimit-reset-tokens": "60",
    }
    await client.post(V1, json=ask, headers=API_KEY)
    refused = await client.post(V1, json=ask, headers=API_KEY)
    assert error(refused) == (429, "429")
    assert (refused.headers["retry-after"], refused.headers["retry-after-ms"]) == ("60", "60000")
    assert refused.headers["policy-id"] == "DeploymentRatelimit-Request"
    foundry.azure.clock.times.append(foundry.azure.clock.now() + 61)
    assert (await client.post(V1, json=ask, headers=API_KEY)).status_code == 200


async def test_tokens_are_counted_when_a_request_arrives(client: httpx.AsyncClient, foundry: Foundry) -> None:
    foundry.deploy("chat", capacity=1)
    refused = await client.post(V1, json=ASK | {"max_tokens": 1000}, headers=API_KEY)
    assert error(refused) == (429, "429")
    assert refused.headers["policy-id"] == "DeploymentRatelimit-Token"


async def test_provisioned_units_weigh_answers(client: httpx.AsyncClient, foundry: Foundry) -> None:
    foundry.deploy("chat", sku="GlobalProvisionedManaged")
    answer = await client.post(V1, json=ASK | {"max_tokens": 5}, headers=API_KEY)
    used = answer.json()["usage"]
    left = 845_000 - used["prompt_tokens"] - 4 * used["completion_tokens"]
    assert answer.headers["x-ratelimit-remaining-tokens"] == str(left)
    assert "x-ratelimit-limit-requests" not in answer.headers


async def test_models(client: httpx.AsyncClient) -> None:
    for url in (f"{HOST}/openai/v1/models", f"{HOST}/openai/models?api-version=2024-10-21"):
        rows = (await client.get(url, headers=API_KEY)).json()["data"]
        assert "Llama-3.3-70B-Instruct" in {each["id"] for each in rows}
    one = await client.get(f"{HOST}/openai/v1/models/Llama-3.3-70B-Instruct", headers=API_KEY)
    assert one.json()["object"] == "model"
    assert error(await client.get(f"{HOST}/openai/v1/models/no", headers=API_KEY)) == (404, "404")
