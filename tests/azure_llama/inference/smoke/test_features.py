"""What an endpoint supports: asked for, and compared with the catalogue."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest

from azure_llama.catalog.features import Feature
from azure_llama.inference import smoke
from azure_llama.inference.smoke import reports
from azure_llama_sandbox.conditions import Conditions
from tests.azure_llama.inference.smoke.harness import KEY, ONE, Said, Scene, answering, run

REFUSAL = httpx.Response(400, json={"error": {"code": "Bad Request", "message": "not here"}})
IMAGE = "image_url"


def choice(content: str | None = "a llama", **message: Any) -> dict[str, Any]:
    said = {"role": "assistant", "content": content, **message}
    return {"index": 0, "message": said, "finish_reason": "stop"}


def endpoint(answers: Callable[[Mapping[str, Any]], httpx.Response | dict[str, Any]]) -> Callable[..., httpx.Response]:
    """An endpoint whose chat answers a function gives: a response, or a choice."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/info":
            return httpx.Response(404)
        said = answers(json.loads(request.content))
        if isinstance(said, httpx.Response):
            return said
        return httpx.Response(200, json={"id": "1", "created": 1, "model": "m", "choices": [said]})

    return answer


def observed(result: smoke.Result) -> dict[str, str]:
    return {each.feature.value: each.observed for each in result.features}


def test_only_asked_for_on_request_and_only_of_models_that_chat(scene: Scene) -> None:
    assert not scene.smoke("chat")["chat"].features
    results = scene.smoke("base", "guard", "old", probe=True)
    assert all(not result.features for result in results.values())


def test_the_sandbox_answers_as_the_catalogue_says(scene: Scene) -> None:
    told = Said()
    result = scene.smoke("chat", probe=True, progress=told)["chat"]
    found = {each.feature: each for each in result.features}
    assert list(found) == list(Feature)
    assert (found[Feature.TOOLS].observed, found[Feature.TOOLS].agrees) == ("ignored", True)
    assert found[Feature.TOOL_CHOICE].observed == "refused"
    assert (found[Feature.JSON_OBJECT].observed, found[Feature.JSON_OBJECT].agrees) == ("yes", None)
    assert found[Feature.JSON_SCHEMA].observed == "refused"
    assert found[Feature.IMAGES].observed == "0"
    assert (found[Feature.OUTPUT_TOKENS].observed, found[Feature.OUTPUT_TOKENS].agrees) == ("unknown", None)
    assert result.ok
    assert told.lines[-1] == "chat supports output_tokens unknown"


def test_a_model_that_has_everything_on_a_foundry_account(scene: Scene) -> None:
    features = {"Llama-3.3-70B-Instruct": {"tools": "called", "jsonObject": True, "jsonSchema": True}}
    conditions = Conditions.model_validate({"features": features})
    result = scene.foundry("contoso/Chat", conditions, probe=True)
    found = {each.feature.value: (each.observed, each.comparison) for each in result.features}
    assert found == {
        "tools": ("yes", "-"),  # sources contradict each other
        "tool_choice": ("yes", "-"),
        "json_object": ("yes", "DIFFERS"),
        "json_schema": ("yes", "DIFFERS"),
        "images": ("0", "agrees"),
        "output_tokens": ("8192", "agrees"),
    }


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (lambda _: choice("plain"), "ignored ignored ignored ignored several unknown"),
        (
            lambda body: REFUSAL if {"tools", "response_format"} & body.keys() else choice(),
            "refused refused refused refused several unknown",
        ),
        (lambda body: choice('{"animal": "llama"}'), "ignored ignored yes ignored several unknown"),
        (lambda body: choice('{"animal": "llama", "legs": 4}'), "ignored ignored yes yes several unknown"),
        (
            lambda body: {**choice('{"ani'), "finish_reason": "length"},
            "ignored ignored unknown unknown several unknown",
        ),
        (
            lambda body: REFUSAL if json.dumps(body).count('"image_url":') > 1 else choice(),
            "ignored ignored ignored ignored 1 unknown",
        ),
        (lambda _: httpx.Response(500, text="broken"), "unknown unknown unknown unknown unknown unknown"),
    ],
)
def test_what_an_answer_means(answers: Any, expected: str) -> None:
    (result,) = run(ONE, answering(endpoint(answers)), probe=True)
    assert " ".join(observed(result).values()) == expected


def test_parameters_are_handed_to_the_model_and_the_key_is_not_shown() -> None:
    headers: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if b'"tools"' in request.content:
            headers.append(request.headers.get("extra-parameters"))
        return endpoint(lambda _: choice(f"you sent {KEY}"))(request)

    (result,) = run(ONE, answering(answer), probe=True)
    assert headers == ["pass-through"] * 2
    assert KEY not in reports.as_json([result])


def test_reports_show_what_was_observed_beside_the_catalogue() -> None:
    (result,) = run(ONE, answering(endpoint(lambda _: choice())), probe=True)
    lines = reports.as_lines([result])
    assert lines[-7].split() == ["endpoint", "feature", "observed", "catalogue", "comparison", "answer"]
    assert lines[-6].split()[:5] == ["one", "tools", "ignored", "ignored", "agrees"]
    assert lines[-4].split()[:5] == ["one", "json_object", "ignored", "unknown", "-"]
    first = json.loads(reports.as_json([result]))["endpoints"][0]["features"][0]
    assert (first["feature"], first["observed"], first["catalogue"], first["agrees"]) == (
        *("tools", "ignored", "ignored"),
        True,
    )
    assert first["readings"][0]["asOf"] == "2025-01-17"
    assert "json_schema" in reports.as_markdown([result])
    (silent,) = run(ONE, answering(endpoint(lambda _: choice())))
    assert json.loads(reports.as_json([silent]))["endpoints"][0]["features"] is None
