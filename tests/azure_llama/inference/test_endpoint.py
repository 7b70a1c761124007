from __future__ import annotations

from typing import Any

import pytest

from azure_llama.inference import Endpoint
from tests.azure_llama.inference.clients import KEY, MANAGED, SERVERLESS

URI = "https://llama.eastus2.models.ai.azure.com"
OUTPUT = {
    "kind": "serverless",
    "uri": URI,
    "chatUrl": f"{URI}/v1/chat/completions",
    "completionsUrl": None,
    "openaiBaseUrl": f"{URI}/v1",
    "model": "Llama-3.3-70B-Instruct",
    "auth": "Key",
    "something": "of tomorrow",
}
SCORE = "https://llama-8b.eastus2.inference.ml.azure.com/score"


def test_a_serverless_output_is_an_endpoint_with_the_documented_limits() -> None:
    endpoint = Endpoint.from_output("llama", OUTPUT, KEY)
    assert endpoint.key is not None
    assert endpoint.key.get_secret_value() == KEY
    assert (endpoint.tokens_per_minute, endpoint.requests_per_minute) == (200_000, 1_000)
    assert endpoint.url("chat") == f"{URI}/v1/chat/completions"
    assert endpoint.url("chat", "inference") == f"{URI}/chat/completions"
    assert endpoint.url("completions") is endpoint.url("completions", "inference") is endpoint.url("score") is None
    model = endpoint.answering()
    assert model is not None
    assert model.name == "Llama-3.3-70B-Instruct"


def test_a_managed_output_is_an_endpoint_without_limits_of_its_own() -> None:
    deployments = {"blue": {"model": "Meta-Llama-3.1-8B", "vmSize": "x"}, "green": {"model": "Meta-Llama-3.1-8B"}}
    output = {"kind": "managed", "uri": SCORE, "deployments": deployments, "auth": "AADToken"}
    endpoint = Endpoint.from_output("llama-8b", output)
    assert (endpoint.tokens_per_minute, endpoint.requests_per_minute) == (None, None)
    assert (endpoint.url("score"), endpoint.base_url) == (SCORE, SCORE.removesuffix("/score"))
    assert endpoint.deployments == {"blue": "Meta-Llama-3.1-8B", "green": "Meta-Llama-3.1-8B"}
    model = endpoint.answering()
    assert model is not None
    assert model.name == "Meta-Llama-3.1-8B"


def test_who_answers_is_unknown_where_several_may() -> None:
    assert MANAGED.answering() is None
    named = MANAGED.answering("green")
    assert named is not None
    assert named.name == "Llama-3.2-11B-Vision-Instruct"
    assert SERVERLESS.answering() is not None


@pytest.mark.parametrize("output", [{}, {"kind": "batch", "uri": URI}, {"kind": "managed", "uri": None}])
def test_what_is_no_endpoint_is_refused(output: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"llama: not an endpoint of the stack's outputs.*Is the stack deployed"):
        Endpoint.from_output("llama", output)


@pytest.mark.parametrize("uri", ["http://llama.example", "ftp://llama.example", "llama.example", "http://127.0.0.1.x"])
def test_a_key_does_not_travel_in_clear(uri: str) -> None:
    with pytest.raises(ValueError, match="is not https"):
        Endpoint(name="llama", kind="serverless", uri=uri)


@pytest.mark.parametrize("uri", ["http://127.0.0.1:80", "http://localhost:80/x", "http://[::1]:80"])
def test_loopback_needs_no_tls(uri: str) -> None:
    assert Endpoint(name="llama", kind="serverless", uri=uri).base_url == uri
