from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from azure_llama_sandbox.inference import asking
from azure_llama_sandbox.inference.asking import Ask, Family
from azure_llama_sandbox.inference.endpoints import Served
from azure_llama_sandbox.inference.errors import RefusalError

TEXT = Served("Llama", chat=True, completion=False, safety=False, images=False, context_length=1000)
VISION = Served("Llama-Vision", chat=True, completion=False, safety=False, images=True, context_length=128_000)
MESSAGES = [{"role": "user", "content": "hi"}]
IMAGE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA", "detail": "low"}}


def chat(family: Family = Family.LLAMA, extra: str | None = None, served: Served = TEXT, **body: Any) -> Ask:
    return asking.chat(json.dumps({"messages": MESSAGES} | body).encode(), family, extra, served)


def completion(family: Family = Family.LLAMA, extra: str | None = None, **body: Any) -> Ask:
    return asking.completion(json.dumps({"prompt": "hi"} | body).encode(), family, extra, TEXT)


def refused(call: Callable[..., Ask], **body: Any) -> RefusalError:
    with pytest.raises(RefusalError) as caught:
        call(**body)
    return caught.value


def test_defaults_of_the_four_routes() -> None:
    assert chat().max_tokens == completion().max_tokens == 16
    assert chat(Family.INFERENCE).max_tokens is None
    assert completion(Family.INFERENCE).max_tokens == 256
    plain = chat()
    assert (plain.n, plain.stream, plain.usage, plain.logprobs, plain.stops) == (1, False, False, None, ())


def test_explicit_nulls_are_absent() -> None:
    assert chat(max_tokens=None, temperature=None, seed=None, logprobs=None, best_of=None) == chat()


@pytest.mark.parametrize("family", Family)
@pytest.mark.parametrize(
    "wrong",
    [
        {"temperature": -0.1},
        {"temperature": "0.5"},
        {"top_p": 1.1},
        {"top_p": -0.1},
        {"max_tokens": 0},
        {"max_tokens": 1.5},
        {"max_tokens": True},
        {"presence_penalty": 2.1},
        {"presence_penalty": -2.1},
        {"stop": 7},
        {"stream": "yes"},
        {"messages": []},
        {"messages": "hi"},
        {"messages": [{"role": "user"}]},
        {"messages": [{"role": "robot", "content": "hi"}]},
        {"messages": [{"role": "user", "content": [{"type": "audio"}]}]},
    ],
)
def test_wrong_values_are_422(family: Family, wrong: dict[str, Any]) -> None:
    refusal = refused(chat, family=family, **wrong)
    assert (refusal.status, refusal.code) == (422, "parameter_not_supported")
    assert refusal.fields["detail"]["loc"][:2] == ["body", next(iter(wrong))]


@pytest.mark.parametrize(
    "wrong",
    [
        {"temperature": 2.1},
        {"n": 0},
        {"logprobs": -1},
        {"logprobs": True},
        {"best_of": 2, "n": 2},
        {"best_of": 1, "n": 2},
        {"stream": True, "best_of": 2},
        {"use_beam_search": True},
        {"use_beam_search": True, "best_of": 2},
        {"use_beam_search": True, "temperature": 0},
        {"stop_token_ids": ["a"]},
        {"messages": [{"role": "tool", "content": "hi"}]},
    ],
)
def test_rules_of_the_llama_route(wrong: dict[str, Any]) -> None:
    assert refused(chat, **wrong).status == 422


@pytest.mark.parametrize(
    "right",
    [
        {"temperature": 0},
        {"temperature": 2},
        {"n": 2, "best_of": 3},
        {"n": 1, "best_of": 1},
        {"n": 3},
        {"use_beam_search": True, "best_of": 2, "temperature": 0},
        {"presence_penalty": -2, "logprobs": 0, "stop": ["a", "b"], "stop_token_ids": [1], "skip_special_tokens": True},
        {"model": "any name", "stream": True, "stream_options": {"include_usage": True}},
    ],
)
def test_what_the_llama_route_takes(right: dict[str, Any]) -> None:
    chat(**right)


def test_candidates_are_best_of() -> None:
    assert (chat(n=2, best_of=5).n, chat(n=2, best_of=5).candidates) == (2, 5)


@pytest.mark.parametrize(
    "wrong",
    [
        {"frequency_penalty": 3},
        {"seed": 1.5},
        {"response_format": {"type": "json_schema"}},
        {"tools": [{"type": "function", "function": {"name": "not a name"}}]},
        {"tools": [{"type": "function", "function": {"name": "x" * 65}}]},
        {"tool_choice": "sometimes"},
        {"tool_choice": "required"},
        {"tool_choice": {"type": "function", "function": {"name": "f"}}},
        {"messages": [{"role": "assistant", "content": None}]},
    ],
)
def test_rules_of_the_inference_route(wrong: dict[str, Any]) -> None:
    assert refused(chat, family=Family.INFERENCE, **wrong).status == 422


@pytest.mark.parametrize(
    "right",
    [
        {"temperature": 3, "frequency_penalty": 2, "seed": 7},
        {"tools": [{"type": "function", "function": {"name": "f", "parameters": {}}}], "tool_choice": "auto"},
        {"messages": [*MESSAGES, {"role": "assistant", "tool_calls": [{}]}, {"role": "tool", "content": "4"}]},
    ],
)
def test_what_the_inference_route_takes(right: dict[str, Any]) -> None:
    chat(Family.INFERENCE, **right)


def test_json_answer_on_request() -> None:
    assert chat(Family.INFERENCE, response_format={"type": "json_object"}).form.as_json
    assert not chat(Family.INFERENCE, response_format={"type": "text"}).form.as_json


@pytest.mark.parametrize("extra", [None, "error"])
@pytest.mark.parametrize("family", [Family.LLAMA, Family.INFERENCE])
def test_extra_parameters_are_400_by_default(family: Family, extra: str | None) -> None:
    refusal = refused(chat, family=family, extra=extra, top_k=4, azure_ad_token="hush")
    assert refusal.status == 400
    assert "['azure_ad_token', 'top_k']" in refusal.message
    assert "Set extra-parameters to 'pass-through'" in refusal.message
    assert "hush" not in str(refusal.body(flat=False))


@pytest.mark.parametrize("extra", ["drop", "ignore"])
def test_extra_parameters_can_be_dropped(extra: str) -> None:
    assert chat(Family.INFERENCE, extra, n=3, top_k=4).n == 1


def test_extra_parameters_can_reach_the_model() -> None:
    ask = chat(Family.INFERENCE, "pass-through", n=3, top_k=4, stream=True, stream_options={"include_usage": True})
    assert (ask.n, ask.usage) == (3, True)
    assert refused(chat, family=Family.INFERENCE, extra="pass-through", n=0).status == 422


def test_header_of_extra_parameters_is_checked() -> None:
    assert refused(chat, extra="maybe").status == 400


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"messages": "\\ud800"}'])
def test_broken_json_is_400(body: bytes) -> None:
    with pytest.raises(RefusalError) as caught:
        asking.chat(body, Family.LLAMA, None, TEXT)
    assert caught.value.status == 400


def test_body_must_be_an_object() -> None:
    with pytest.raises(RefusalError) as caught:
        asking.chat(b"[]", Family.LLAMA, None, TEXT)
    assert caught.value.status == 422


@pytest.mark.parametrize(
    ("prompt", "tokens"),
    [("a b", [2]), (["a b", "c"], [2, 1]), ([1, 2, 3], [3]), ([[1, 2], [3]], [2, 1])],
)
def test_prompts(prompt: Any, tokens: list[int]) -> None:
    assert [each.tokens for each in completion(prompt=prompt).prompts] == tokens


@pytest.mark.parametrize("prompt", [None, [], 7, [[]], ["a", 1]])
def test_wrong_prompts_are_422(prompt: Any) -> None:
    assert refused(completion, prompt=prompt).status == 422


def test_prompt_and_answer_fit_the_context() -> None:
    words = " ".join(["llama"] * 900)
    assert completion(prompt=words, max_tokens=100).max_tokens == 100
    refusal = refused(completion, prompt=words, max_tokens=101)
    assert (refusal.status, refusal.code) == (400, "context_length_exceeded")
    chat(Family.INFERENCE, messages=[{"role": "user", "content": words}])


def test_images_are_for_vision_models() -> None:
    messages = [{"role": "user", "content": [{"type": "text", "text": "what?"}, IMAGE]}]
    assert refused(chat, messages=messages).status == 422
    assert chat(served=VISION, messages=messages).prompts[0].tokens > asking.IMAGE_TOKENS


def test_different_images_are_different_prompts() -> None:
    other = IMAGE | {"image_url": {"url": "data:image/png;base64,BBBB"}}
    texts = {chat(served=VISION, messages=[{"role": "user", "content": [i]}]).prompts[0].text for i in (IMAGE, other)}
    assert len(texts) == 2
