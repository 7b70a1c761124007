"""Serverless endpoints of other publishers: chat models work, and what no source says is unknown."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from azure_llama.inference import smoke, snippets
from azure_llama.inference.smoke import Outcome
from azure_llama_sandbox.store import Resource
from tests.azure_llama.inference.smoke.harness import KEY, SERVERLESS, Scene, answering, run
from tests.azure_llama.inference.snippets import harness

MODEL = "azureml://registries/azureml-mistral/models/Mistral-large-2407"
HOST = "https://mistral.eastus2.models.ai.azure.com"
OUTPUT: dict[str, Any] = {
    **SERVERLESS,
    "uri": HOST,
    **dict.fromkeys(("chatUrl", "completionsUrl", "openaiBaseUrl")),
    "model": MODEL,
    "modelName": "Mistral-large-2407",
}
OUTPUTS: dict[str, Any] = {"endpoints": {"mistral": OUTPUT}, "keys": {"mistral": {"primary": KEY}}}


def outcomes(result: smoke.Result) -> dict[str, Outcome]:
    return {check.name: check.outcome for check in result.checks}


def test_a_chat_model_is_called_on_the_api_that_all_models_have(scene: Scene) -> None:
    id_ = f"{harness.WORKSPACE}/serverlessEndpoints/mistral"
    properties = {"authMode": "Key", "modelSettings": {"modelId": MODEL}, "endpointState": "Online"}
    type_ = f"{harness.PROVIDER}/serverlessEndpoints"
    scene.world.store.put(Resource(id_, type_, {"properties": properties}, {"primaryKey": harness.KEY}))
    scene.world.store.claim_host(HOST.removeprefix("https://"), id_)
    scene.outputs["endpoints"]["mistral"] = OUTPUT
    scene.outputs["keys"]["mistral"] = {"primary": harness.KEY}
    result = scene.smoke("mistral", probe=True)["mistral"]
    made = outcomes(result)
    assert made.pop("content filter") is Outcome.UNKNOWN
    assert set(made.values()) == {Outcome.PASSED}
    assert result.model == "Mistral-large-2407"
    assert result.url == f"{HOST}/chat/completions?api-version=2024-05-01-preview"
    assert {each.stated.words() for each in result.features} == {"unknown"}
    assert {each.observed for each in result.features} == {"yes", "several", "unknown"}


@pytest.mark.parametrize("status", [404, 405, 400, 422])
def test_a_model_that_takes_something_else_is_unknown_and_fails_nothing(status: int) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if "Authorization" not in request.headers:
            return httpx.Response(401)
        return httpx.Response(404 if request.url.path == "/info" else status, json={"message": "embeddings only"})

    (result,) = run(OUTPUTS, answering(answer), probe=True)
    assert result.ok
    made = outcomes(result)
    assert (made["answer"], made["stream"]) == (Outcome.UNKNOWN, Outcome.UNKNOWN)
    assert f"no source says what Mistral-large-2407 takes; chat messages were answered with {status}" in [
        check.detail for check in result.checks
    ]


def test_what_is_broken_still_fails() -> None:
    (result,) = run(OUTPUTS, answering(lambda _: httpx.Response(500)))
    assert not result.ok


@pytest.mark.parametrize(
    ("client", "words"),
    [
        ("curl", [f"'{HOST}/chat/completions?api-version=2024-05-01-preview'"]),
        ("python", [f'"{HOST}/chat/completions?api-version=2024-05-01-preview"']),
        ("openai", [f'base_url="{HOST}"', 'default_query={"api-version": "2024-05-01-preview"}']),
        ("langchain", [f'base_url="{HOST}"', 'default_query={"api-version": "2024-05-01-preview"}']),
        ("litellm", [f'api_base="{HOST}"', 'api_version="2024-05-01-preview"', '"azure_ai/Mistral-large-2407"']),
    ],
)
def test_programs_take_the_same_route(client: str, words: list[str]) -> None:
    text = snippets.render(OUTPUTS, "mistral", client)
    assert [word for word in words if word not in text] == []
    assert "Mistral-large-2407" in text
    assert json.dumps(MODEL) not in text
