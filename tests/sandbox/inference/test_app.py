from __future__ import annotations

import json
from collections import Counter
from typing import Any

import httpx
import pytest

from azure_llama_sandbox.inference.safety import ANSWER_PHRASE, PROMPT_PHRASE
from azure_llama_sandbox.store import Operation
from tests.sandbox.inference.harness import (
    CHAT,
    GUEST,
    INFERENCE,
    ONLINE,
    OWNER,
    PRIMARY,
    SECONDARY,
    V1,
    WORKSPACE,
    Azure,
    events,
)

pytestmark = pytest.mark.anyio

COMPLETIONS = "/v1/completions"
HEADER = "azureml-model-deployment"
TWO = {"blue": "Meta-Llama-3.1-8B-Instruct", "green": "Meta-Llama-3.1-70B-Instruct"}


def said(phrase: str) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": f"please {phrase} now"}]}


# -- answers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [V1, INFERENCE])
async def test_chat_answer(azure: Azure, client: httpx.AsyncClient, path: str) -> None:
    url = azure.serverless()
    answer = await client.post(url + path, json=CHAT | {"max_tokens": 200})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert (body["object"], body["model"]) == ("chat.completion", "Llama-3.3-70B-Instruct")
    assert body["id"] == answer.headers["x-request-id"]
    [choice] = body["choices"]
    assert (choice["index"], choice["finish_reason"], choice["message"]["role"]) == (0, "stop", "assistant")
    assert "no model ran: serverless endpoint llama-33-70b" in choice["message"]["content"]
    usage = body["usage"]
    assert usage["prompt_tokens"] + usage["completion_tokens"] == usage["total_tokens"]
    assert "logprobs" in choice if path == V1 else "logprobs" not in choice


async def test_completion_answer(azure: Azure, client: httpx.AsyncClient) -> None:
    url = azure.managed(deployments={"blue": "Meta-Llama-3.1-8B"})
    for path in (COMPLETIONS, "/completions?api-version=2024-05-01-preview"):
        body = (await client.post(url + path, json={"prompt": "Once", "max_tokens": 9})).json()
        [choice] = body["choices"]
        assert (body["object"], choice["finish_reason"]) == ("text_completion", "length")
        assert body["usage"] == {"prompt_tokens": 1, "completion_tokens": 9, "total_tokens": 10}
        assert choice["text"]


async def test_llama_answer_has_sixteen_tokens_unless_asked_for_more(azure: Azure, client: httpx.AsyncClient) -> None:
    body = (await client.post(azure.serverless() + V1, json=CHAT)).json()
    assert body["usage"]["completion_tokens"] == 16
    assert body["choices"][0]["finish_reason"] == "length"


async def test_choices_of_several_prompts(azure: Azure, client: httpx.AsyncClient) -> None:
    url = azure.managed(deployments={"blue": "Meta-Llama-3.1-8B"})
    asked = {"prompt": ["one", "two"], "n": 2, "max_tokens": 90}
    choices = (await client.post(url + COMPLETIONS, json=asked)).json()["choices"]
    assert [choice["index"] for choice in choices] == [0, 1, 2, 3]
    assert len({choice["text"] for choice in choices}) == 4


async def test_same_question_same_answer(azure: Azure, client: httpx.AsyncClient) -> None:
    url = azure.serverless() + V1
    first, second = [(await client.post(url, json=CHAT)).json() for _ in range(2)]
    assert first["choices"] == second["choices"]
    assert first["id"] != second["id"]


async def test_json_object(azure: Azure, client: httpx.AsyncClient) -> None:
    asked = CHAT | {"response_format": {"type": "json_object"}}
    body = (await client.post(azure.serverless() + INFERENCE, json=asked)).json()
    assert json.loads(body["choices"][0]["message"]["content"])


async def test_trace_header_is_cleaned_and_returned(azure: Azure, client: httpx.AsyncClient) -> None:
    answer = await client.post(
        azure.serverless() + V1, json=CHAT, headers={"x-ms-client-request-id": "a b/c-1" + "x" * 50}
    )
    assert answer.headers["x-ms-client-request-id"] == ("abc-1" + "x" * 50)[:40]


async def test_guard_model_judges(azure: Azure, client: httpx.AsyncClient) -> None:
    url = azure.managed(deployments={"blue": "Llama-Guard-3-11B-Vision"}) + V1
    verdicts = [
        (await client.post(url, json=asked)).json()["choices"][0]["message"]["content"]
        for asked in (CHAT, said(PROMPT_PHRASE))
    ]
    assert verdicts == ["safe", "unsafe\nS1"]


# -- streams ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [V1, INFERENCE])
async def test_chat_stream(azure: Azure, client: httpx.AsyncClient, path: str) -> None:
    url = azure.serverless() + path
    whole = (await client.post(url, json=CHAT | {"max_tokens": 30})).json()
    answer = await client.post(url, json=CHAT | {"max_tokens": 30, "stream": True})
    assert answer.headers["content-type"] == "text/event-stream"
    chunks = events(answer.content)
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    assert len({chunk["id"] for chunk in chunks}) == 1
    choices = [chunk["choices"][0] for chunk in chunks]
    assert choices[0]["delta"] == {"role": "assistant", "content": ""}
    text = "".join(choice["delta"].get("content", "") for choice in choices)
    assert text == whole["choices"][0]["message"]["content"]
    assert [choice["finish_reason"] for choice in choices] == [None] * (len(choices) - 1) + ["length"]
    assert all("usage" not in chunk for chunk in chunks)


async def test_completion_stream_keeps_the_shape(azure: Azure, client: httpx.AsyncClient) -> None:
    url = azure.managed(deployments={"blue": "Meta-Llama-3.1-8B"}) + COMPLETIONS
    asked = {"prompt": "Once", "logprobs": 2}
    whole = (await client.post(url, json=asked)).json()["choices"][0]
    chunks = events((await client.post(url, json=asked | {"stream": True})).content)
    assert {chunk["object"] for chunk in chunks} == {"text_completion"}
    choices = [chunk["choices"][0] for chunk in chunks]
    assert "".join(choice["text"] for choice in choices) == whole["text"]
    offsets = [offset for choice in choices for offset in choice.get("logprobs", {}).get("text_offsets", [])]
    assert offsets == whole["logprobs"]["text_offsets"]


async def test_stream_usage_only_on_request(azure: Azure, client: httpx.AsyncClient) -> None:
    asked = CHAT | {"stream": True, "stream_options": {"include_usage": True}}
    last = events((await client.post(azure.serverless() + V1, json=asked)).content)[-1]
    assert last["choices"] == []
    assert last["usage"]["completion_tokens"] == 16


async def test_stream_is_ascii(azure: Azure, client: httpx.AsyncClient) -> None:
    url = azure.managed(name="llama-a", deployments={"blue": "Modèle\u2028"}) + V1
    assert (await client.post(url, json=CHAT | {"stream": True})).content.isascii()


async def test_stream_of_several_choices(azure: Azure, client: httpx.AsyncClient) -> None:
    chunks = events((await client.post(azure.serverless() + V1, json=CHAT | {"stream": True, "n": 2})).content)
    ends = [c["choices"][0]["index"] for c in chunks if c["choices"][0]["finish_reason"]]
    assert ends == [0, 1]


# -- logprobs --------------------------------------------------------------------------------------


async def test_logprobs(azure: Azure, client: httpx.AsyncClient) -> None:
    body = (await client.post(azure.serverless() + V1, json=CHAT | {"logprobs": 3, "max_tokens": 5})).json()
    choice = body["choices"][0]
    found = choice["logprobs"]
    assert "".join(found["tokens"]) == choice["message"]["content"]
    assert len(found["token_logprobs"]) == len(found["text_offsets"]) == 5
    assert all(value <= 0 for value in found["token_logprobs"])
    for token, value, top in zip(found["tokens"], found["token_logprobs"], found["top_logprobs"], strict=True):
        assert len(top) <= 4
        assert top[token] == max(top.values()) == value


# -- who may ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "name"), [(PRIMARY, "key:primary"), (SECONDARY, "key:secondary")])
async def test_both_keys(azure: Azure, key: str, name: str) -> None:
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await azure.app(scope, receive, send)
        seen.append(scope["azure_llama.principal"])

    for url in (azure.serverless(), azure.managed()):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
            answer = await client.post(url + V1, json=CHAT, headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code == 200
    assert seen == [name, name]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Bearer "},
        {"Authorization": PRIMARY},
        {"Authorization": f"Basic {PRIMARY}"},
        {"Authorization": "Bearer schlüssel".encode()},
        {"api-key": PRIMARY},
    ],
)
async def test_401_in_both_shapes(azure: Azure, headers: dict[str, Any]) -> None:
    for url in (azure.serverless(), azure.managed()):
        async with azure.client(None) as client:
            answer = await client.post(url + V1, json=CHAT, headers=headers)
        body = answer.json()
        assert answer.status_code == body["status"] == 401
        assert answer.headers["x-ms-error-code"] == body["error"]["code"] == body["code"] == "Unauthorized"
        assert body["error"]["message"] == body["message"]


async def test_401_in_the_flat_shape(azure: Azure) -> None:
    async with azure.client("wrong", flat=True) as client:
        body = (await client.post(azure.serverless() + V1, json=CHAT)).json()
    assert body.keys() == {"error", "message", "status"}
    assert body["error"] == "Unauthorized"


async def test_api_key_header_is_for_model_inference_routes(azure: Azure) -> None:
    url = azure.serverless()
    async with azure.client(None) as client:
        codes = [
            (await client.post(url + path, json=CHAT, headers={"api-key": PRIMARY})).status_code
            for path in (INFERENCE, V1)
        ]
    assert codes == [200, 401]


async def test_serverless_endpoint_takes_no_entra_token(azure: Azure) -> None:
    token = azure.tokens.issue(OWNER.client_id, "https://ml.azure.com")
    async with azure.client(token) as client:
        for auth in ("Key", "AAD", "KeyAndAAD"):
            assert (await client.post(azure.serverless(auth=auth) + V1, json=CHAT)).status_code == 401


@pytest.mark.parametrize(
    ("client_id", "audience", "status"),
    [
        (OWNER.client_id, "https://ml.azure.com", 200),
        (OWNER.client_id, "https://ai.azure.com/", 200),
        (OWNER.client_id, "https://management.azure.com", 401),
        (GUEST.client_id, "https://ml.azure.com", 401),
    ],
)
async def test_entra_token(azure: Azure, client_id: str, audience: str, status: int) -> None:
    url = azure.managed(auth="AADToken") + V1
    async with azure.client(azure.tokens.issue(client_id, audience)) as client:
        assert (await client.post(url, json=CHAT)).status_code == status
    async with azure.client(PRIMARY) as client:
        assert (await client.post(url, json=CHAT)).status_code == 401


async def test_role_assignment_lets_a_guest_score(azure: Azure) -> None:
    url = azure.managed(auth="AADToken") + V1
    data_scientist = "f6c7c914-8db3-469d-8ca1-694a8f32e121"
    azure.put(
        f"{WORKSPACE}/providers/Microsoft.Authorization/roleAssignments/one",
        "Microsoft.Authorization/roleAssignments",
        {"principalId": GUEST.object_id, "roleDefinitionId": f"/x/roleDefinitions/{data_scientist}"},
    )
    async with azure.client(azure.tokens.issue(GUEST.client_id, "https://ml.azure.com")) as client:
        assert (await client.post(url, json=CHAT)).status_code == 200


@pytest.mark.parametrize(
    ("client_id", "audience", "status"),
    [
        (OWNER.client_id, f"{WORKSPACE}/onlineEndpoints/llama-8b", 200),
        (OWNER.client_id, f"{WORKSPACE}/onlineEndpoints/other", 401),
        (OWNER.client_id, "https://ml.azure.com", 401),
        (GUEST.client_id, f"{WORKSPACE}/onlineEndpoints/llama-8b", 401),
    ],
)
async def test_aml_token_is_the_endpoints_own(azure: Azure, client_id: str, audience: str, status: int) -> None:
    url = azure.managed(auth="AMLToken") + V1
    async with azure.client(azure.tokens.issue(client_id, audience)) as client:
        assert (await client.post(url, json=CHAT)).status_code == status


# -- what is not served ----------------------------------------------------------------------------


async def test_unknown_host(azure: Azure, client: httpx.AsyncClient) -> None:
    azure.serverless()
    answer = await client.post("https://other.eastus2.models.ai.azure.com" + V1, json=CHAT)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "NotFound"


async def test_host_may_carry_a_port(azure: Azure, client: httpx.AsyncClient) -> None:
    assert (await client.post(azure.serverless() + ":8443" + V1, json=CHAT)).status_code == 200


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


# -- limits ----------------------------------------------------------------------------------------


async def test_requests_a_minute(azure: Azure, client: httpx.AsyncClient) -> None:
    url = azure.serverless() + V1
    codes = Counter([(await client.post(url, json=CHAT)).status_code for _ in range(1000)])
    assert codes == {200: 1000}
    azure.clock.times.append(azure.clock.now() + 20)
    refused = await client.post(url, json=CHAT)
    assert refused.status_code == 429
    assert refused.json()["error"]["code"] == "TooManyRequests"
    assert float(refused.headers["retry-after"]) == pytest.approx(40)
    azure.clock.times.append(azure.clock.now() + float(refused.headers["retry-after"]) + 0.01)
    assert (await client.post(url, json=CHAT)).status_code == 200


async def test_tokens_a_minute(azure: Azure, client: httpx.AsyncClient) -> None:
    url = azure.serverless() + V1
    asked = {"messages": [{"role": "user", "content": "llama " * 100_000}], "max_tokens": 1}
    codes = [(await client.post(url, json=asked)).status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    other = azure.serverless("llama-4", "Llama-4-Scout-17B-16E-Instruct") + V1
    assert (await client.post(other, json=CHAT)).status_code == 200


# -- deployments -----------------------------------------------------------------------------------


async def test_ten_thousand_calls_split_as_declared(azure: Azure) -> None:
    host = azure.managed(deployments=TWO, traffic={"blue": 93, "green": 7}).removeprefix("https://")
    body, statuses = json.dumps(CHAT).encode(), set()
    counts: Counter[str] = Counter()
    scope = {
        "type": "http",
        "method": "POST",
        "path": V1,
        "query_string": b"",
        "headers": [(b"host", host.encode()), (b"authorization", f"Bearer {PRIMARY}".encode())],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.add(message["status"])
            counts[dict(message["headers"])[HEADER.encode()].decode()] += 1

    for _ in range(10_000):
        await azure.app(dict(scope), receive, send)
    assert statuses == {200}
    assert counts["blue"] == pytest.approx(9300, abs=100)
    assert counts["green"] == pytest.approx(700, abs=7)


async def test_header_reaches_its_deployment(azure: Azure, client: httpx.AsyncClient) -> None:
    url = azure.managed(deployments=TWO, traffic={"blue": 100}) + V1
    for name, model in TWO.items():
        answer = await client.post(url, json=CHAT | {"max_tokens": 99}, headers={HEADER: name})
        assert (answer.headers[HEADER], answer.json()["model"]) == (name, model)
        assert f"deployment {name}" in answer.json()["choices"][0]["message"]["content"]
    plain = await client.post(url, json=CHAT)
    assert plain.headers[HEADER] == "blue"


async def test_refusals_of_a_deployment_name_it(azure: Azure, client: httpx.AsyncClient) -> None:
    url = azure.managed() + V1
    answer = await client.post(url, json=CHAT | {"n": 0})
    assert (answer.status_code, answer.headers[HEADER]) == (422, "blue")


async def test_header_with_an_unknown_deployment(azure: Azure, client: httpx.AsyncClient) -> None:
    answer = await client.post(azure.managed() + V1, json=CHAT, headers={HEADER: "red"})
    assert answer.status_code == 404
    assert "it has: blue" in answer.json()["message"]


@pytest.mark.parametrize("traffic", [{}, {"blue": 0}])
async def test_no_deployment_with_traffic(azure: Azure, client: httpx.AsyncClient, traffic: dict[str, int]) -> None:
    answer = await client.post(azure.managed(traffic=traffic) + V1, json=CHAT)
    assert answer.status_code == 404
    assert "no valid deployment with positive weight" in answer.json()["error"]["message"]


async def test_change_of_traffic_holds_at_once(azure: Azure, client: httpx.AsyncClient) -> None:
    url = azure.managed(deployments=TWO, traffic={"blue": 100}) + V1
    assert (await client.post(url, json=CHAT)).headers[HEADER] == "blue"
    azure.managed(deployments=TWO, traffic={"green": 100})
    assert (await client.post(url, json=CHAT)).headers[HEADER] == "green"


async def test_deployment_that_is_not_ready_gets_nothing(azure: Azure, client: httpx.AsyncClient) -> None:
    url = azure.managed(deployments=TWO, traffic={"blue": 50, "green": 50}) + V1
    green = f"{WORKSPACE}/onlineEndpoints/llama-8b/deployments/green"
    azure.put(green, f"{ONLINE}/deployments", {"model": "x", "provisioningState": "Creating"})
    assert {(await client.post(url, json=CHAT)).headers[HEADER] for _ in range(4)} == {"blue"}


async def test_what_is_due_has_happened_before_the_answer(azure: Azure, client: httpx.AsyncClient) -> None:
    url = azure.managed(deployments={}, traffic={"blue": 100}) + V1
    blue = f"{WORKSPACE}/onlineEndpoints/llama-8b/deployments/blue"
    azure.put(blue, f"{ONLINE}/deployments", {"model": "x", "provisioningState": "Creating"})
    now = azure.clock.now()
    detail = {"do": "put", "id": blue, "type": f"{ONLINE}/deployments"}
    azure.world.store.put_operation(Operation("one", blue.lower(), "PUT", now, now + 10, detail=detail))
    assert (await client.post(url, json=CHAT)).status_code == 404
    azure.clock.times.append(now + 10)
    assert (await client.post(url, json=CHAT)).headers[HEADER] == "blue"


async def test_mirrored_copies_are_in_the_log(azure: Azure, client: httpx.AsyncClient) -> None:
    url = azure.managed(deployments=TWO, traffic={"blue": 100}, mirror={"green": 20}) + V1
    for _ in range(20):
        assert (await client.post(url, json=CHAT)).headers[HEADER] == "blue"
    assert len(azure.log.lines) == 4
    assert azure.log.lines[0]["body"] == {HEADER: "green", "mirrorOf": "blue"}
    assert azure.log.lines[0]["principal"] == "key:primary"


# -- what an endpoint says about itself ------------------------------------------------------------


async def test_health(azure: Azure, client: httpx.AsyncClient) -> None:
    for url in (azure.serverless(), azure.managed(traffic={})):
        for path in ("/", "/health"):
            assert (await client.get(url + path)).json() == {"status": "Healthy"}
    async with azure.client(None) as stranger:
        assert (await stranger.get(azure.serverless() + "/health")).status_code == 401


async def test_info(azure: Azure, client: httpx.AsyncClient) -> None:
    query = "/info?api-version=2024-05-01-preview"
    assert (await client.get(azure.serverless() + query)).json() == {
        "model_name": "Llama-3.3-70B-Instruct",
        "model_type": "chat_completion",
        "model_provider_name": "Meta",
    }
    base = azure.managed(deployments={"blue": "Meta-Llama-3.1-8B"})
    assert (await client.get(base + query)).json()["model_type"] == "text_generation"


async def test_swagger_describes_the_routes_of_the_model(azure: Azure, client: httpx.AsyncClient) -> None:
    document = (await client.get(azure.managed() + "/swagger.json")).json()
    assert "/v1/chat/completions" in document["paths"]
    assert "/score" in document["paths"]
    assert "/v1/completions" not in document["paths"]
    schema = document["paths"]["/v1/chat/completions"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert schema == {"$ref": "#/components/schemas/LlamaChat"}
    assert document["components"]["schemas"]["LlamaChat"]["required"] == ["messages"]


# -- secrets ---------------------------------------------------------------------------------------


async def test_keys_are_in_no_answer_and_no_log(azure: Azure, client: httpx.AsyncClient) -> None:
    managed = azure.managed(deployments=TWO, traffic={"blue": 100}, mirror={"green": 50})
    seen = []
    for url in (azure.serverless(), managed):
        for path in (V1, INFERENCE, COMPLETIONS, "/nowhere", "/info?api-version=2024-05-01-preview", "/swagger.json"):
            for key in (PRIMARY, SECONDARY, PRIMARY + "x"):
                headers = {"Authorization": f"Bearer {key}", "api-key": key}
                for method in ("GET", "POST"):
                    body = CHAT | {"api_key": key}
                    answer = await client.request(method, url + path, json=body, headers=headers)
                    seen.append(answer.text + str(answer.headers))
    seen.append(repr(azure.log.lines))
    assert not any(PRIMARY in text or SECONDARY in text for text in seen)
