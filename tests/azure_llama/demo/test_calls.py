"""Each endpoint is asked by what the outputs say of it, and a failure is an answer too."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from azure_llama.demo.calls import call_all
from tests.catalogs import PACKAGE

OUTPUTS: dict[str, Any] = {
    "endpoints": {
        "chat": {
            "kind": "serverless",
            "model": "Llama-3.3-70B-Instruct",
            "uri": "https://chat.example",
            "chatUrl": "https://chat.example/v1/chat/completions",
            "completionsUrl": None,
            "auth": "Key",
        },
        "base": {
            "kind": "managed",
            "deployments": {"blue": {"model": "Meta-Llama-3.1-8B"}, "green": {"model": "Meta-Llama-3.1-8B"}},
            "uri": "https://base.example/score",
            "chatUrl": None,
            "completionsUrl": "https://base.example/v1/completions",
            "auth": "AADToken",
        },
    },
    "keys": {"chat": {"primary": "key-one", "secondary": "key-two"}},
}


def answering(request: httpx.Request) -> httpx.Response:
    body = json.loads(request.content)
    if "input_data" in body:
        texts = all(isinstance(item, str) for item in body["input_data"]["input_string"])
        return httpx.Response(200, json=[{"0": "a text"}] if texts else {"output": "a turn"})
    assert request.headers["authorization"] == ("Bearer key-one" if "messages" in body else "Bearer token")
    choice = {"message": {"content": " yes "}} if "messages" in body else {"text": "yes"}
    return httpx.Response(200, json={"choices": [choice]})


def test_keys_for_those_that_have_some_and_a_token_for_the_others() -> None:
    with httpx.Client(transport=httpx.MockTransport(answering)) as client:
        answers = call_all(OUTPUTS, client, lambda _: "token", PACKAGE)
    assert [(a.endpoint, a.model, a.text, a.ok) for a in answers] == [
        ("chat", "Llama-3.3-70B-Instruct", "yes", True),
        ("base", "Meta-Llama-3.1-8B", "yes", True),
    ]
    assert answers[1].url == "https://base.example/v1/completions"


@pytest.mark.parametrize("failure", [httpx.Response(503, text="busy"), httpx.ConnectError("nobody there")])
def test_an_endpoint_that_does_not_answer_says_why_and_shows_no_key(failure: Any) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        if isinstance(failure, Exception):
            raise failure
        return httpx.Response(failure.status_code, text=failure.text)

    with httpx.Client(transport=httpx.MockTransport(fail)) as client:
        answers = call_all(OUTPUTS, client, lambda _: "token", PACKAGE)
    assert not any(answer.ok for answer in answers)
    assert all("busy" in answer.text or "nobody there" in answer.text for answer in answers)
    assert "key-one" not in repr(answers)


def test_no_endpoints_no_calls() -> None:
    with httpx.Client(transport=httpx.MockTransport(answering)) as client:
        assert call_all({"endpoints": {}, "keys": {}}, client, lambda _: "token", PACKAGE) == []


@pytest.mark.parametrize(("model", "text"), [("Llama-2-7b-chat", "a turn"), ("Llama-2-7b", "a text")])
def test_a_model_with_no_other_route_is_asked_on_score(model: str, text: str) -> None:
    old = {**OUTPUTS["endpoints"]["base"], "completionsUrl": None, "deployments": {"blue": {"model": model}}}
    with httpx.Client(transport=httpx.MockTransport(answering)) as client:
        (answer,) = call_all({"endpoints": {"old": old}, "keys": {}}, client, lambda _: "token", PACKAGE)
    assert (answer.url, answer.text, answer.ok) == ("https://base.example/score", text, True)
