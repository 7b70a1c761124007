"""Tools, JSON and images by the OpenAI client and LangChain, unmodified, plain and streamed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openai
import pytest
from jsonschema import validate
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from pydantic import BaseModel, SecretStr

from azure_llama_sandbox.inference import build as build_endpoints
from azure_llama_sandbox.inference.foundry import build
from tests.sandbox.inference.foundry_account import KEY, Foundry
from tests.sandbox.inference.harness import CHAT, PRIMARY, WORKSPACE, Azure
from tests.sandbox.inference.openai_server import PIECES, openai_server
from tests.sandbox.inference.wire import Wire, wired

pytestmark = pytest.mark.anyio

MESSAGES: Any = CHAT["messages"]
IMAGE: Any = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}


class Weather(BaseModel):
    """The weather of a city."""

    city: str
    degrees: int
    days: list[str]


@tool
def weather(city: str, days: int) -> str:
    """The weather of a city."""
    return f"{days} days of sun in {city}"


TOOL: Any = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather of a city.",
        "parameters": Weather.model_json_schema(),
    },
}
FORMAT: Any = {"type": "json_schema", "json_schema": {"name": "weather", "schema": Weather.model_json_schema()}}


def own_container(azure: Azure, image: str = "example.azurecr.io/server:1", **variables: str) -> str:
    """A managed endpoint with an own container; returns its URL."""
    environment = f"{WORKSPACE}/environments/own/versions/1"
    azure.put(environment, "Microsoft.MachineLearningServices/workspaces/environments/versions", {"image": image})
    return azure.managed(environmentId=environment, environmentVariables=variables, model=None)


async def called(app: Any, certificate: Path, patch: pytest.MonkeyPatch, call: Callable[[Wire], Any]) -> Any:
    """What a client that does not await gets from an application under Azure's names."""
    async with wired(app, certificate, patch) as wire:
        return await asyncio.to_thread(call, wire)


def langchain(wire: Wire, base: str, key: str = PRIMARY, model: str = "m") -> ChatOpenAI:
    return ChatOpenAI(
        base_url=base, api_key=SecretStr(key), model=model, http_client=wire.http(), max_retries=0, stream_usage=True
    )


def rounds(client: openai.OpenAI, model: str = "m") -> tuple[Any, str, Any]:
    """A call of a tool, the answer to what it said, and the same call from a stream."""
    chat = client.chat.completions
    first = chat.create(model=model, messages=MESSAGES, tools=[TOOL]).choices[0]
    assert first.finish_reason == "tool_calls"
    assert first.message.tool_calls
    (call,) = first.message.tool_calls
    result = {"role": "tool", "tool_call_id": call.id, "content": "21 degrees"}
    said: Any = [*MESSAGES, first.message.model_dump(exclude_none=True), result]
    second = chat.create(model=model, messages=said, tools=[TOOL]).choices[0]
    assert second.finish_reason == "stop"
    name, arguments, ended = "", "", None
    for chunk in chat.create(model=model, messages=MESSAGES, tools=[TOOL], stream=True):
        for choice in chunk.choices:
            for piece in choice.delta.tool_calls or ():
                assert piece.function
                name += piece.function.name or ""
                arguments += piece.function.arguments or ""
            ended = choice.finish_reason or ended
    assert (name, ended) == ("weather", "tool_calls")
    assert call.type == "function"
    assert call.function.arguments == arguments
    return json.loads(arguments), str(second.message.content), first


async def test_openai_calls_tools_of_an_own_container(
    azure: Azure, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = own_container(azure)
    arguments, answer, _ = await called(azure.app, certificate, monkeypatch, lambda wire: rounds(wire.sync(url)))
    validate(arguments, Weather.model_json_schema())
    assert answer.endswith("The tool answered: 21 degrees")


async def test_openai_calls_tools_of_a_foundry_deployment_that_has_them(
    azure: Azure, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    azure.state({"features": {"Llama-3.3-70B-Instruct": {"tools": "called", "jsonSchema": True}}})
    Foundry(azure)

    def call(wire: Wire) -> Any:
        base = wire.base("https://contoso.openai.azure.com", "/openai/v1")
        with openai.OpenAI(base_url=base, api_key=KEY, http_client=wire.http(), max_retries=0) as client:
            rounds(client, "chat")
            chat = client.chat.completions
            return chat.create(model="chat", messages=MESSAGES, response_format=FORMAT).choices[0].message.content

    validate(json.loads(await called(build(azure.world), certificate, monkeypatch, call)), Weather.model_json_schema())


async def test_openai_gets_json_plain_and_streamed(
    azure: Azure, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = own_container(azure)

    def call(wire: Wire) -> tuple[Any, Any, Any]:
        chat = wire.sync(url).chat.completions
        some = chat.create(model="m", messages=MESSAGES, response_format={"type": "json_object"})
        parsed = wire.sync(url).chat.completions.parse(model="m", messages=MESSAGES, response_format=Weather)
        stream = chat.create(model="m", messages=MESSAGES, response_format=FORMAT, stream=True)
        pieces = "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)
        return json.loads(some.choices[0].message.content or ""), parsed.choices[0].message.parsed, json.loads(pieces)

    some, parsed, streamed = await called(azure.app, certificate, monkeypatch, call)
    assert "Sandbox answer" in some["answer"]
    assert isinstance(parsed, Weather)
    assert Weather.model_validate(streamed) == parsed


@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings:UserWarning")  # of LangChain's own message
async def test_langchain_calls_tools_and_gets_structured_output(
    azure: Azure, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = own_container(azure)

    def call(wire: Wire) -> list[Any]:
        model = langchain(wire, wire.base(url))
        bound = model.bind_tools([weather])
        (plain,) = bound.invoke("What is the weather?").tool_calls
        whole: Any = None
        for chunk in bound.stream("What is the weather?"):
            whole = chunk if whole is None else whole + chunk
        (streamed,) = whole.tool_calls
        assert weather.invoke(plain["args"]) == weather.invoke(streamed["args"])
        forms = [
            model.with_structured_output(Weather, method=method).invoke("What is the weather?")
            for method in ("json_schema", "function_calling")
        ]
        loose = model.with_structured_output(None, method="json_mode").invoke("What is the weather?")
        *_, last = model.with_structured_output(Weather, method="json_schema").stream("What is the weather?")
        return [*forms, last, loose]

    *forms, loose = await called(azure.app, certificate, monkeypatch, call)
    assert [type(form) for form in forms] == [Weather] * 3
    assert "Sandbox answer" in loose["answer"]


TRIES: dict[str, tuple[str, dict[str, Any]]] = {
    "ignored": ("text", {"tools": [TOOL]}),
    "demanded": ("text", {"tools": [TOOL], "tool_choice": "required"}),
    "schema": ("text", {"response_format": FORMAT}),
    "extra": ("text", {"parallel_tool_calls": False}),
    "no parser": ("vision", {"tools": [TOOL]}),
    "one image": ("maverick", {"messages": [{"role": "user", "content": [IMAGE]}]}),
    "two images": ("maverick", {"messages": [{"role": "user", "content": [IMAGE, IMAGE]}]}),
}


def tried(wire: Wire, deployed: dict[str, str]) -> dict[str, Any]:
    """What each of `TRIES` gets: an answer or an error."""
    found: dict[str, Any] = {}
    for name, (endpoint, asked) in TRIES.items():
        client = openai.OpenAI(
            base_url=wire.base(deployed[endpoint], ""),
            api_key=PRIMARY,
            http_client=wire.http(),
            max_retries=0,
            default_query={"api-version": "2024-05-01-preview"},
        )
        try:
            found[name] = client.chat.completions.create(**{"model": "m", "messages": MESSAGES, **asked})
        except openai.APIStatusError as error:
            found[name] = error
    return found


async def test_the_real_refusals_of_serverless_endpoints(
    azure: Azure, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed = {
        "text": azure.serverless(),
        "vision": azure.serverless("vision", "Llama-3.2-90B-Vision-Instruct"),
        "maverick": azure.serverless("maverick", "Llama-4-Maverick-17B-128E-Instruct-FP8"),
    }
    # A day on which none of the models is retired.
    early = replace(azure.world, clock=replace(azure.clock, as_of=date(2025, 6, 1)))
    found = await called(build_endpoints(early), certificate, monkeypatch, lambda wire: tried(wire, deployed))
    assert found["ignored"].choices[0].message.tool_calls is None
    assert found["ignored"].choices[0].finish_reason == "stop"
    assert (found["demanded"].status_code, found["schema"].status_code) == (422, 422)
    assert "Extra parameters ['parallel_tool_calls'] are not allowed when extra-parameters" in str(found["extra"])
    assert found["no parser"].status_code == 400
    assert json.loads(found["no parser"].body["message"]) == {
        "object": "error",
        "message": '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
        "type": "BadRequestError",
        "param": None,
        "code": 400,
    }
    assert found["one image"].choices
    assert "At most 1 image(s) may be provided in one request." in str(found["two images"])


@pytest.mark.parametrize(
    ("arguments", "calls"),
    [("--served-model-name qwen", False), ("--enable-auto-tool-choice --tool-call-parser hermes", True)],
)
async def test_vllm_calls_tools_only_with_its_options(
    azure: Azure, certificate: Path, monkeypatch: pytest.MonkeyPatch, arguments: str, calls: bool
) -> None:
    url = own_container(azure, "vllm/vllm-openai:v0.11.0", VLLM_ARGS=arguments)

    def call(wire: Wire) -> Any:
        try:
            return wire.sync(url).chat.completions.create(model="m", messages=MESSAGES, tools=[TOOL])
        except openai.APIStatusError as error:
            return error

    found = await called(azure.app, certificate, monkeypatch, call)
    if calls:
        assert found.choices[0].finish_reason == "tool_calls"
    else:
        assert (found.status_code, found.response.headers["ms-azureml-model-error-statuscode"]) == (424, "400")
        assert "--enable-auto-tool-choice" in found.message


async def test_a_stream_of_the_users_server_stays_a_stream(
    azure: Azure, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with openai_server() as (url, script):
        azure.answer_from(url)
        endpoint = azure.serverless()
        script.wait.clear()

        def call(wire: Wire) -> list[str]:
            stream = wire.sync(endpoint).chat.completions.create(model="m", messages=MESSAGES, stream=True)
            pieces = []
            for chunk in stream:
                pieces.append(chunk.choices[0].delta.content or "")
                # The server goes on only now: what came did not wait for the rest.
                script.wait.set()
            return pieces

        assert await called(azure.app, certificate, monkeypatch, call) == [*PIECES, ""]
