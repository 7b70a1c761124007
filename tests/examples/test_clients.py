"""Every published client, as its example uses it: both endpoint kinds, keys and Entra ID, sync and async, streamed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.examples.conftest import CLIENTS, Stack

pytestmark = pytest.mark.engine

Spoken = Callable[[str], dict[str, dict[str, str]]]

WEB = {"answer", "stream"}
FULL = {"answer", "stream", "async answer", "async stream"}
SPEAKERS = {
    "llama-33-70b": "serverless endpoint llama-33-70b, model Llama-3.3-70B-Instruct.",
    "llama-8b": "endpoint llama-8b, deployment {deployment}, model Meta-Llama-3.1-8B-Instruct.",
    "llama-8b-key": "endpoint llama-8b-key, deployment {deployment}, model Meta-Llama-3.1-8B-Instruct.",
    "llama-base": "endpoint llama-base, deployment {deployment}, model Meta-Llama-3-8B.",
}
CHAT = ("llama-33-70b", "llama-8b", "llama-8b-key")
"""Serverless with keys, managed with Entra ID, managed with keys."""


def answer(name: str, text: str, deployment: str = "green") -> bool:
    """Whether a text is a whole answer of the endpoint, and of one deployment of it."""
    said = re.fullmatch(r"Sandbox answer, no model ran: (.+?\.) Prompt [0-9a-f]{8}\. .+\.", text)
    return said is not None and said[1] == SPEAKERS[name].format(deployment=deployment)


@pytest.mark.parametrize(
    ("example", "names", "forms"),
    [
        ("openai_chat.py", CHAT, FULL),
        ("langchain_chat.py", CHAT, FULL),
        ("langchain_azure_ai_chat.py", CHAT, FULL),
        ("langchain_score.py", CHAT[1:], {"answer", "async answer"}),
        ("litellm_chat.py", CHAT, FULL),
        ("azure_ai_inference_chat.py", CHAT, FULL),
        ("web_requests.py", CHAT[:1], WEB),
        ("web_requests.py", CHAT[1:], WEB | {"score"}),
    ],
)
def test_a_chat_client_gets_the_same_answer_in_every_form(
    stack: Stack, spoken: Spoken, example: str, names: tuple[str, ...], forms: set[str]
) -> None:
    run = stack.run(example, *names, "--deployment", "green")
    said = spoken(run.text)
    assert {name: set(found) for name, found in said.items()} == dict.fromkeys(names, forms), run.text
    assert [(name, found) for name, found in said.items() if len(set(found.values())) > 1] == []
    assert [found for name, found in said.items() if not answer(name, found["answer"])] == []
    assert [key[:4] for key in stack.keys if key in run.text] == []


@pytest.mark.parametrize(
    ("example", "forms"),
    [
        ("openai_completions.py", FULL),
        ("langchain_completions.py", FULL),
        ("litellm_completions.py", FULL),
        ("web_requests.py", WEB | {"score"}),
    ],
)
def test_a_base_model_completes_a_text(stack: Stack, spoken: Spoken, example: str, forms: set[str]) -> None:
    run = stack.run(example, "llama-base")
    found = spoken(run.text)["llama-base"]
    assert set(found) == forms, run.text
    assert len(set(found.values())) == 1
    assert answer("llama-base", found["answer"], "blue")


@pytest.mark.parametrize(
    ("name", "deployment"),
    [("llama-33-70b", ""), ("llama-8b", "blue"), ("llama-8b-key", "green"), ("llama-base", "blue")],
)
def test_curl_gets_an_answer_a_stream_and_a_score(stack: Stack, name: str, deployment: str) -> None:
    run = stack.azure.exec("sh", str(CLIENTS / "curl.sh"), name, str(stack.file))
    lines = run.text.splitlines()
    said = lines[0].removeprefix("answer: ")
    assert answer(name, said, deployment), run.text
    events = [line.removeprefix("data: ") for line in lines if line.startswith("data: ")]
    assert events[-1] == "[DONE]"
    choices: list[Any] = [json.loads(event)["choices"][0] for event in events[:-1]]
    assert "".join(choice.get("text") or choice.get("delta", {}).get("content") or "" for choice in choices) == said
    scores = [line.removeprefix("score: ") for line in lines if line.startswith("score: ")]
    assert scores == ([] if name == "llama-33-70b" else [said])
    assert [key[:4] for key in stack.keys if key in run.text] == []


def test_an_example_asks_pulumi_when_it_has_no_file(stack: Stack, spoken: Spoken) -> None:
    command = f"PULUMI_STACK=dev exec python {CLIENTS / 'web_requests.py'} llama-33-70b"
    run = stack.azure.exec("sh", "-c", command)
    assert answer("llama-33-70b", spoken(run.text)["llama-33-70b"]["answer"]), run.text


def test_an_unknown_endpoint_is_named_with_those_that_there_are(stack: Stack) -> None:
    run = stack.run("web_requests.py", "llama", check=False)
    assert run.code == 2
    assert "no endpoint llama in the outputs; there are: " in run.text
    assert "llama-33-70b" in run.text
    assert "Traceback" not in run.text
