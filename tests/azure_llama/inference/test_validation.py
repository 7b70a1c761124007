from __future__ import annotations

from typing import Any

import pytest

from azure_llama.inference.parameters import InferenceChat, InferenceCompletion, LlamaChat, LlamaCompletion
from azure_llama.inference.validation import InvalidError, texts, validate
from tests.catalogs import PACKAGE

USER = [{"role": "user", "content": "hi"}]


def problems(api: Any, route: Any, name: str | None = None, /, **body: Any) -> dict[str, str]:
    try:
        validate(api, route, body, PACKAGE.model(name) if name else None)
    except InvalidError as error:
        return {problem.where: str(problem) for problem in error.problems}
    return {}


def test_the_article_s_defaults() -> None:
    for body in (LlamaChat(messages=USER), LlamaCompletion(prompt="hi")):  # type: ignore[arg-type]
        given = body.model_dump(exclude={"messages", "prompt"})
        assert given == {
            "model": None,
            "stream": False,
            "max_tokens": 16,
            "top_p": 1,
            "temperature": 1,
            "n": 1,
            "stop": None,
            "best_of": 1,
            "logprobs": None,
            "presence_penalty": None,
            "ignore_eos": True,
            "use_beam_search": False,
            "stop_token_ids": None,
            "skip_special_tokens": None,
        }


def test_the_other_family_s_defaults() -> None:
    chat, completion = InferenceChat(messages=USER), InferenceCompletion(prompt="hi")  # type: ignore[arg-type]
    assert (chat.max_tokens, completion.max_tokens) == (None, 256)
    assert (chat.frequency_penalty, chat.presence_penalty, chat.temperature, chat.top_p) == (0, 0, 1, 1)


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ({"best_of": 2, "n": 2}, "best_of (2) must be greater than n (2)"),
        ({"best_of": 1, "n": 2}, "best_of (1) must be greater than n (2)"),
        ({"best_of": 2, "stream": True}, "best_of (2) cannot be streamed"),
        ({"use_beam_search": True, "temperature": 0}, "use_beam_search needs best_of above 1 (it is 1)"),
        ({"use_beam_search": True, "best_of": 2}, "use_beam_search needs temperature 0 (it is 1)"),
    ],
)
def test_cross_rules(body: dict[str, Any], rule: str) -> None:
    assert rule in problems("llama", "completions", prompt="hi", **body)[""]


@pytest.mark.parametrize(
    "body",
    [
        {"best_of": 1},
        {"best_of": 1, "stream": True},
        {"n": 3},
        {"n": 2, "best_of": 3},
        {"use_beam_search": True, "best_of": 2, "temperature": 0},
        {"use_beam_search": False, "temperature": None},
    ],
)
def test_cross_rules_that_are_kept(body: dict[str, Any]) -> None:
    assert problems("llama", "completions", prompt="hi", **body) == {}


def test_all_broken_cross_rules_are_named_at_once() -> None:
    text = problems("llama", "chat", messages=USER, n=2, best_of=2, stream=True, use_beam_search=True)[""]
    assert text.count(";") == 5  # three rules, each with its remediation


@pytest.mark.parametrize(
    ("body", "where", "says"),
    [
        ({"temperature": 2.1}, "temperature", "temperature (2.1): should be less than or equal to 2"),
        ({"presence_penalty": -2.5}, "presence_penalty", "greater than or equal to -2"),
        ({"top_p": True}, "top_p", "should be a valid number"),
        ({"max_tokens": "16"}, "max_tokens", "should be a valid integer"),
        ({"stop": 5}, "stop", "should be a valid string, or should be a valid list"),
        ({"temprature": 1}, "temprature", "did you mean 'temperature'?"),
        ({"xyz": 1}, "xyz", "pass it in `extra`"),
        ({"messages": []}, "messages", "should have at least 1 item"),
        ({"messages": [{"role": "user"}]}, "messages[0].content", "is required; give it"),
        ({"messages": [*USER, {"role": "tool", "content": "x"}]}, "messages[1]", "'system', 'user', 'assistant'"),
        ({"messages": [{"role": "user", "content": [{"type": "text"}]}]}, "messages[0].content[0].text", "is required"),
    ],
)
def test_a_problem_says_where_what_and_the_rule(body: dict[str, Any], where: str, says: str) -> None:
    found = problems("llama", "chat", **{"messages": USER, **body})
    assert list(found) == [where]
    assert says in found[where]


CALL = {"id": "1", "type": "function", "function": {"name": "look", "arguments": "{}"}}


@pytest.mark.parametrize(
    "messages",
    [
        [{"role": "user", "content": "hi", "name": "ann"}],
        [*USER, {"role": "assistant", "content": None, "tool_calls": [CALL]}],
        [*USER, {"role": "tool", "content": "5", "tool_call_id": "1"}],
        [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://x", "detail": "low"}}]}],
    ],
)
def test_messages_of_the_other_family(messages: list[Any]) -> None:
    assert problems("inference", "chat", messages=messages) == {}


@pytest.mark.parametrize(
    ("message", "where"),
    [
        ({"role": "assistant"}, "messages[0]"),
        ({"role": "tool", "content": "5"}, "messages[0].tool_call_id"),
        ({"role": "user", "content": []}, "messages[0].content"),
        (
            {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x", "detail": "huge"}}]},
            "messages[0].content[0].image_url.detail",
        ),
    ],
)
def test_messages_that_are_refused(message: dict[str, Any], where: str) -> None:
    assert list(problems("inference", "chat", messages=[message])) == [where]


def test_tools_and_formats() -> None:
    tool = {"type": "function", "function": {"name": "look_up", "parameters": {}}}
    choice = {"type": "function", "function": {"name": "look_up"}}
    body = {"messages": USER, "tools": [tool], "tool_choice": choice, "response_format": {"type": "json_object"}}
    assert problems("inference", "chat", **body) == {}
    bad = {"type": "function", "function": {"name": "a b"}}
    found = problems("inference", "chat", messages=USER, tools=[bad], response_format={"type": "xml"})
    assert set(found) == {"tools[0].function.name", "response_format.type"}


LENGTH = 128_000
LLAMA = "Llama-3.3-70B-Instruct"


@pytest.mark.parametrize(
    ("words", "max_tokens", "fits"),
    [(1, LENGTH - 1, True), (1, LENGTH, False), (LENGTH - 16, None, True), (LENGTH, None, False)],
)
def test_prompt_and_answer_fit_the_context(words: int, max_tokens: int | None, fits: bool) -> None:
    body = {"messages": [{"role": "user", "content": "hay " * words}], "max_tokens": max_tokens}
    found = problems("llama", "chat", LLAMA, **body)
    assert found == {} if fits else "128000 tokens; shorten" in found["max_tokens"]
    assert problems("llama", "chat", **body) == {}  # without a model there is no limit to hold it against


def test_each_of_several_prompts_has_a_context_of_its_own() -> None:
    half = "hay " * (LENGTH * 2 // 3)
    assert problems("inference", "completions", LLAMA, prompt=[half, half]) == {}
    assert list(problems("inference", "completions", LLAMA, prompt=["hay", half * 2], max_tokens=1)) == ["max_tokens"]


def test_an_unknown_context_is_no_limit() -> None:
    assert problems("inference", "completions", "Llama-4-Scout-17B-16E", prompt="hi", max_tokens=10**9) == {}


@pytest.mark.parametrize(
    ("api", "route", "body", "expected"),
    [
        ("llama", "completions", {"prompt": "hi"}, ["hi"]),
        ("inference", "completions", {"prompt": ["a", "b"]}, ["a", "b"]),
        ("inference", "completions", {"prompt": [[1], [2]]}, []),
        (
            "llama",
            "chat",
            {"messages": [*USER, {"role": "user", "content": [{"type": "text", "text": "b"}]}]},
            ["hi", "b"],
        ),
    ],
)
def test_texts(api: Any, route: Any, body: dict[str, Any], expected: list[str]) -> None:
    assert texts(validate(api, route, body)) == expected


@pytest.mark.parametrize(
    ("api", "route", "body", "most"),
    [
        ("llama", "completions", {"prompt": "hi", "n": 2, "best_of": 4, "max_tokens": 10}, 40),
        ("llama", "completions", {"prompt": "hi", "n": 3}, 48),
        ("inference", "completions", {"prompt": ["a", "b"]}, 512),
        ("inference", "completions", {"prompt": [1, 2]}, 256),
        ("inference", "chat", {"messages": USER}, None),
        ("inference", "chat", {"messages": USER, "max_tokens": 9}, 9),
    ],
)
def test_the_most_that_is_generated(api: Any, route: Any, body: dict[str, Any], most: int | None) -> None:
    assert validate(api, route, body).most_new_tokens == most
