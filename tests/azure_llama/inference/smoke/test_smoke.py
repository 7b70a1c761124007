"""What is asked of each kind of endpoint, and what counts as good."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from azure_llama.inference import Client, Endpoint, smoke
from azure_llama.inference.smoke import CHECKS, NoEndpointsError, Outcome, UnknownEndpointError
from azure_llama.inference.smoke.access import EndpointTokenCredential
from azure_llama.inference.smoke.probes import Probe
from azure_llama.inference.smoke.targets import Target
from azure_llama_sandbox.inference import safety
from tests.azure_llama.inference.smoke.harness import (
    KEY,
    ONE,
    PROBE,
    SERVERLESS,
    Credential,
    Said,
    Scene,
    answering,
    run,
)

PASSED, FAILED, UNKNOWN = Outcome.PASSED, Outcome.FAILED, Outcome.UNKNOWN
ANSWER = {"id": "1", "object": "chat.completion", "created": 1, "model": "m"}


def outcomes(result: smoke.Result) -> dict[str, Outcome]:
    return {check.name: check.outcome for check in result.checks}


def test_every_endpoint_is_called_and_one_with_several_deployments_by_each(scene: Scene) -> None:
    told = Said()
    results = scene.smoke(
        "chat", "entra", "base", "split", "vision", "guard", "guard-vision", "prompt-guard", "old", progress=told
    )
    assert list(results) == [
        *("chat", "entra", "base", "split/blue", "split/green"),
        *("vision", "guard", "guard-vision", "prompt-guard", "old"),
    ]
    for result in results.values():
        assert result.ok, result
        assert outcomes(result)["answer"] is PASSED, result
        assert [check.name for check in result.checks] == list(CHECKS)
    assert results["chat"].url == "https://chat.eastus2.models.ai.azure.com/v1/chat/completions"
    assert results["base"].url.endswith("/v1/completions")
    assert results["old"].url.endswith("/score")
    assert "deployment green" in results["split/green"].checks[1].detail
    assert told.lines[:3] == ["chat health?", "chat health passed", "chat answer?"]


def test_requests_at_once_show_the_limit_of_a_managed_deployment() -> None:
    managed = {**SERVERLESS, "kind": "managed", "deployments": {"blue": {"model": "Llama-3.3-70B-Instruct"}}}
    lock, left = threading.Lock(), [2]

    def answer(request: httpx.Request) -> httpx.Response:
        with lock:
            left[0] -= 1
            admitted = left[0] >= 0
        if not admitted:
            return httpx.Response(429, json={"error": {"code": "TooManyRequests", "message": "pending"}})
        choice = {"index": 0, "message": {"role": "assistant", "content": "a llama"}, "finish_reason": "stop"}
        return httpx.Response(200, json={**ANSWER, "choices": [choice]})

    asked = Target("one", managed, "Llama-3.3-70B-Instruct", key=KEY)
    outputs = {"endpoints": {"one": managed}, "keys": {"one": {"primary": KEY}}}
    (result,) = run({**outputs}, answering(answer))
    assert "concurrency" not in outcomes(result)
    left[0] = 2
    with answering(answer) as http:
        endpoint = Endpoint.from_output("one", managed, KEY)
        probe = Probe(asked, lambda **options: Client(endpoint, http=http, **options), http, concurrency=12)
        outcome, detail = probe.run("concurrency")
        assert outcome is FAILED
        assert detail.startswith("12 at once: 2 answered, 10 rejected with 429 (Azure takes 2 x maxConcurrentRequests")
        left[0] = 12
        assert probe.run("concurrency")[1].startswith("12 at once: all answered within ")


def test_a_model_of_ones_own_is_named_in_each_question() -> None:
    deployment = {"model": "azureml:bot:3", "modelName": "bot", "base": "Llama-3.3-70B-Instruct"}
    managed = {**SERVERLESS, "kind": "managed", "model": None, "deployments": {"blue": deployment}}
    asked: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append((request.url.path, json.loads(request.content) if request.content else None))
        return httpx.Response(404, json={"error": {"message": "none"}})

    (result,) = run({"endpoints": {"one": managed}, "keys": {"one": {"primary": KEY}}}, answering(answer))
    assert result.model == "bot"
    questions = [body for path, body in asked if body and "messages" in body and body["max_tokens"] > 1]
    assert questions
    assert all(body["model"] == "bot" for body in questions)


def test_a_failure_of_another_kind_is_no_limit() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(500, json={"error": {"message": "broken"}})

    (result,) = run(ONE, answering(answer), concurrency=3)
    assert result.checks[-1].outcome is FAILED
    assert "broken" in result.checks[-1].detail


def test_what_streams_is_measured(scene: Scene) -> None:
    results = scene.smoke("chat", "old")
    speed = results["chat"].speed
    assert speed is not None
    assert speed.first_token_seconds > 0
    assert speed.tokens_per_second is None or speed.tokens_per_second > 0
    assert results["old"].speed is None
    assert outcomes(results["old"])["stream"] is UNKNOWN


def test_repeated_streams_are_measured_each(scene: Scene) -> None:
    results = scene.smoke("chat", "old", repeat=3)
    chat, old = results["chat"], results["old"]
    assert len(chat.repeated) == 3
    assert chat.speed == chat.repeated[0]
    assert (chat.checks[-1].name, chat.checks[-1].outcome, chat.checks[-1].detail) == ("repeat", PASSED, "3 streams")
    assert old.repeated == ()
    assert old.checks[-1].outcome is UNKNOWN
    assert scene.smoke("chat")["chat"].repeated == ()


def test_a_repeated_stream_that_fails_fails_the_check() -> None:
    streams = 0

    def answer(request: httpx.Request) -> httpx.Response:
        nonlocal streams
        if b'"stream"' not in request.content:
            return httpx.Response(200, json={**ANSWER, "choices": [{"message": {"content": "hi"}, "index": 0}]})
        streams += 1
        if streams == 3:
            return httpx.Response(400, json={"error": {"message": "no"}})
        chunk = {**ANSWER, "choices": [{"delta": {"content": "hi"}, "index": 0, "finish_reason": "stop"}]}
        text = f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n"
        return httpx.Response(200, text=text, headers={"content-type": "text/event-stream"})

    (result,) = run(ONE, answering(answer), repeat=4)
    check = result.checks[-1]
    assert (check.outcome, len(result.repeated)) == (FAILED, 3)
    assert check.detail.startswith("1 of 4 streams failed, the first with: ")


def test_the_content_filter_is_seen_at_work(scene: Scene) -> None:
    assert PROBE == safety.PROMPT_PHRASE
    results = scene.smoke("chat", "entra", "guard", "guard-vision", filter_probe=PROBE)
    assert all(result.ok for result in results.values()), results
    assert (results["chat"].content_filter.declared, results["chat"].content_filter.observed) == (True, True)
    assert str(results["entra"].content_filter) == "off (seen)"
    assert str(scene.smoke("chat")["chat"].content_filter) == "on (declared)"
    assert str(scene.smoke("entra")["entra"].content_filter) == "not declared"


@pytest.mark.parametrize("declared", [True, False])
def test_a_filter_that_is_not_as_declared_fails(scene: Scene, declared: bool) -> None:
    scene.outputs["endpoints"]["chat"]["contentSafety"] = declared
    probe = "a harmless text" if declared else PROBE
    (result,) = scene.smoke("chat", filter_probe=probe).values()
    assert outcomes(result)["content filter"] is FAILED
    assert ("the stack has it on" if declared else "the stack has it off") in result.checks[-1].detail


def test_a_guard_that_calls_the_probe_safe_fails(scene: Scene) -> None:
    (result,) = scene.smoke("guard", filter_probe="How do I knit?").values()
    assert result.checks[-1].detail == "the probe was called safe, not unsafe"
    assert not result.ok


def test_a_missing_key_or_token_fails_and_says_so(scene: Scene) -> None:
    del scene.outputs["keys"]["chat"]
    (result,) = scene.smoke("chat").values()
    assert "no key of chat" in result.checks[0].detail
    assert [check.outcome for check in result.checks] == [FAILED] + [UNKNOWN] * 5
    (refused,) = scene.smoke("entra", credential=lambda: Credential("nobody")).values()
    assert "401" in refused.checks[0].detail
    assert not refused.ok


def test_a_retired_model_fails(scene: Scene) -> None:
    body = {"modelSettings": {"modelId": "azureml://registries/azureml-meta/models/Meta-Llama-3.1-405B-Instruct"}}
    resource = scene.world.store.below(
        "/subscriptions", "Microsoft.MachineLearningServices/workspaces/serverlessEndpoints"
    )[0]
    resource.properties.update(body)
    scene.world.store.put(resource)
    assert not scene.smoke("chat")["chat"].ok


def refusing(_: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("nobody there")


def test_nobody_there_is_asked_once() -> None:
    (result,) = run(ONE, answering(refusing))
    assert [check.outcome for check in result.checks] == [FAILED] + [UNKNOWN] * 5
    assert result.checks[1].detail.startswith("not asked")


def chatty(change: Callable[[httpx.Request, dict[str, Any]], httpx.Response | None]) -> httpx.Client:
    """An endpoint that does everything right but for one thing."""

    def answer(request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content or b"{}")
        changed = change(request, body)
        if changed is not None:
            return changed
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return httpx.Response(401, json={"error": "Unauthorized"})
        if request.method == "GET":
            return httpx.Response(404, json={"message": "no such route"})
        if "messages" not in body:
            return httpx.Response(422, json={"code": "parameter_not_supported", "message": "messages"})
        if body.get("stream"):
            return stream("Hello", "stop")
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Hello"}}
        return httpx.Response(200, json={**ANSWER, "choices": [choice]})

    return answering(answer)


def stream(text: str, finish_reason: str | None, done: bytes = b"data: [DONE]\n\n") -> httpx.Response:
    head = {**ANSWER, "object": "chat.completion.chunk"}
    chunks = [{"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": None}]
    if finish_reason:
        chunks.append({"index": 0, "delta": {}, "finish_reason": finish_reason})
    events = b"".join(b"data: " + json.dumps({**head, "choices": [chunk]}).encode() + b"\n\n" for chunk in chunks)
    return httpx.Response(200, content=events + done, headers={"content-type": "text/event-stream"})


def test_an_endpoint_without_info_is_healthy() -> None:
    (result,) = run(ONE, chatty(lambda *_: None))
    assert result.ok, result


def _answer(content: str, finish_reason: str = "stop") -> httpx.Response:
    message = {"role": "assistant", "content": content}
    return httpx.Response(
        200, json={**ANSWER, "choices": [{"index": 0, "finish_reason": finish_reason, "message": message}]}
    )


@pytest.mark.parametrize(
    ("check", "change", "text"),
    [
        ("answer", lambda r, b: _answer(" ") if "messages" in b and "stream" not in b else None, "empty"),
        (
            "answer",
            lambda r, b: _answer("", "content_filter") if "messages" in b and "stream" not in b else None,
            "content filter withheld",
        ),
        ("answer", lambda r, b: httpx.Response(200, text="<html>") if "messages" in b else None, ""),
        ("stream", lambda r, b: stream("", "stop") if b.get("stream") else None, "no text"),
        ("stream", lambda r, b: stream("Hel", None, b"") if b.get("stream") else None, ""),
        ("bad request", lambda r, b: _answer("Hi") if b and "messages" not in b else None, "was served"),
        ("bad request", lambda r, b: httpx.Response(500, text="oh") if b and "messages" not in b else None, "500"),
        ("no key", lambda r, b: _answer("Hi") if "authorization" not in r.headers else None, "was served"),
        ("no key", lambda r, b: httpx.Response(404) if "authorization" not in r.headers else None, "404"),
    ],
)
def test_what_is_not_as_it_should_be_fails(check: str, change: Any, text: str) -> None:
    (result,) = run(ONE, chatty(change))
    found = result.check(check)
    assert found is not None
    assert (found.outcome, result.ok) == (FAILED, False)
    assert text in found.detail


def test_no_report_holds_the_key_even_if_the_endpoint_does() -> None:
    (result,) = run(ONE, chatty(lambda r, b: _answer(f"Your key is {KEY}") if "messages" in b else None))
    assert KEY not in repr(result)
    assert "Your key is ***" in repr(result)


def test_a_token_of_the_endpoint_comes_from_resource_manager(scene: Scene) -> None:
    seen: list[httpx.Request] = []

    def arm(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"accessToken": "aml", "expiryTimeUtc": 4_000_000_000})

    workspace = scene.outputs["workspace"]["id"]
    credential = EndpointTokenCredential(workspace, "aml", http=answering(arm), credential=Credential("entra"))
    assert [credential.get_token("any").token, credential.get_token("any").token] == ["aml", "aml"]
    (request,) = seen
    assert request.headers["authorization"] == "Bearer entra"
    assert request.url.path == f"{workspace}/onlineEndpoints/aml/token"


@pytest.mark.parametrize(
    ("outputs", "text"),
    [
        ([], "no JSON object"),
        ({}, "outputs: none at all"),
        ({"workspace": {}}, "outputs: workspace"),
        ({"endpoints": {}}, "deploy the stack"),
        ({"endpoints": {"a": "https://a"}}, "another program's stack"),
        ({"endpoints": {"one": SERVERLESS}, "keys": "[secret]"}, "--show-secrets"),
    ],
)
def test_outputs_that_name_no_endpoints_are_refused(outputs: Any, text: str) -> None:
    with pytest.raises(NoEndpointsError, match=text):
        run(outputs, answering(refusing))


def test_a_name_that_is_not_there_is_refused_before_anything_is_asked() -> None:
    with pytest.raises(UnknownEndpointError, match=r"no endpoint 'won'.*the stack has: one"):
        run(ONE, answering(refusing), "one", "won")


@pytest.mark.parametrize(("names", "stopped"), [(("one", "two"), "two"), (("two", "three"), "two, three")])
def test_a_stopped_endpoint_that_is_named_is_reported(names: tuple[str, ...], stopped: str) -> None:
    asleep = {"kind": "managed", "deployments": {"blue": {"stopped": True}}}
    outputs = {"endpoints": {"one": SERVERLESS, "two": asleep, "three": asleep}}
    with pytest.raises(NoEndpointsError, match=f"all deployments of {stopped} are stopped"):
        run(outputs, answering(refusing), *names)
    assert {result.endpoint for result in run(outputs, answering(refusing))} == {"one"}


def test_an_endpoint_that_forbids_the_caller_is_asked_once_and_says_why() -> None:
    (result,) = run(ONE, answering(lambda _: httpx.Response(403, json={"error": {"message": "not from here"}})))
    health, *others = result.checks
    assert health.outcome is FAILED
    assert "not from here" in health.detail
    assert "publicNetworkAccess: Disabled" in health.detail
    assert {check.outcome for check in others} == {UNKNOWN}
