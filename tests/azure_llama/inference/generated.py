"""Requests by the documents' tables alone: neither the package's models nor the sandbox's are looked at.

A valid request draws each parameter's value from what its row allows; an invalid one is a valid one with one of
its rows broken.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

Api = Literal["llama", "inference"]
Route = Literal["chat", "completions"]
Draw = Callable[[random.Random], Any]

WORDS = ["llama", "walks", "over", "a", "high", "pass", "and", "asks", "its", "friend", "for", "news", "river"]
CONTEXT = 131_072
FAR_TOO_MANY = "over " * (CONTEXT + 10_000)


@dataclass(frozen=True)
class Row:
    """A parameter: values that its row allows, and values that it does not."""

    right: Draw
    wrong: Draw


def _one_of(*values: Any) -> Draw:
    return lambda chance: chance.choice(values)


def _between(low: float, high: float) -> Draw:
    return lambda chance: chance.choice([low, high, round(chance.uniform(low, high), 3)])


def _text(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=chance.randint(1, 12)))


def _texts(chance: random.Random) -> list[str]:
    return [_text(chance) for _ in range(chance.randint(1, 3))]


_NOT_NUMBERS: tuple[Any, ...] = ("warm", [], {}, True)
_NOT_FLAGS: tuple[Any, ...] = ("yes", 1, 0, [], "true")
_NOT_STOPS: tuple[Any, ...] = (5, {"a": 1}, ["ok", 7], True)
_TEMPERATURE = Row(_between(0, 2), _one_of(-0.1, 2.01, 7, -3, *_NOT_NUMBERS))
_PENALTY = Row(_between(-2, 2), _one_of(-2.1, 2.5, 9, *_NOT_NUMBERS))
_TOP_P = Row(_between(0.05, 1), _one_of(1.01, -0.5, 3, *_NOT_NUMBERS))
_STOP = Row(lambda chance: chance.choice([_text(chance), _texts(chance), None]), _one_of(*_NOT_STOPS))
_COUNT: tuple[Any, ...] = (0, -1, 1.5, "ten", [], {}, True)

_LLAMA: dict[str, Row] = {
    "max_tokens": Row(_one_of(1, 16, 64), _one_of(CONTEXT + 1, 10**7, *_COUNT)),
    "top_p": _TOP_P,
    "temperature": _TEMPERATURE,
    "n": Row(_one_of(1, 2, 3), _one_of(*_COUNT)),
    "stop": _STOP,
    "logprobs": Row(_one_of(0, 1, 5, None), _one_of(-1, 2.5, "three", [])),
    "presence_penalty": Row(lambda chance: chance.choice([None, _between(-2, 2)(chance)]), _PENALTY.wrong),
    "ignore_eos": Row(_one_of(True, False), _one_of(*_NOT_FLAGS)),
    "stop_token_ids": Row(_one_of(None, [1], [128009, 7]), _one_of(5, "7", ["a"], {}, [1.5])),
    "skip_special_tokens": Row(_one_of(None, True, False), _one_of("no", 2, [])),
}
_INFERENCE: dict[str, Row] = {
    "temperature": _TEMPERATURE,
    "top_p": _TOP_P,
    "stop": _STOP,
    "seed": Row(_one_of(0, 7, 123456), _one_of("seven", [], 1.5)),
    "frequency_penalty": Row(_PENALTY.right, _one_of(*_NOT_NUMBERS)),
    "presence_penalty": Row(_PENALTY.right, _one_of(*_NOT_NUMBERS)),
}
# A chat's temperature is "non-negative": no upper bound is documented.
_CHAT: dict[str, Row] = {
    **_INFERENCE,
    "temperature": Row(_between(0, 3), _one_of(-0.1, -3, *_NOT_NUMBERS)),
    "max_tokens": Row(_one_of(None, 1, 64), _one_of(CONTEXT + 1, 10**7, -1, 1.5, "ten", [])),
    "response_format": Row(
        _one_of({"type": "text"}, {"type": "json_object"}), _one_of({"type": "yaml"}, {}, 5, {"kind": "text"})
    ),
}
_FUNCTION = {"type": "function", "function": {"name": "look-up_1", "parameters": {"type": "object"}}}
_TOOLS = Row(
    _one_of([_FUNCTION], [{"type": "function", "function": {"name": "a" * 64, "description": "asks"}}]),
    _one_of(
        5,
        [{"type": "function"}],
        [{"type": "function", "function": {"name": "a" * 65}}],
        [{"type": "function", "function": {"name": "two words"}}],
        [{"type": "magic", "function": {"name": "a"}}],
    ),
)
# "required" is documented, but 422 where a model cannot; which Llama can is in no document.
_TOOL_CHOICE = Row(_one_of("none", "auto", None), _one_of("maybe", 5, []))
_COMPLETION: dict[str, Row] = {
    **_INFERENCE,
    "max_tokens": Row(_one_of(1, 256), _one_of(CONTEXT + 1, -1, 1.5, "ten", [])),
}


def _messages(chance: random.Random) -> list[dict[str, Any]]:
    system = [{"role": "system", "content": _text(chance)}] if chance.random() < 0.4 else []
    talk = [{"role": role, "content": _text(chance)} for role in ("user", "assistant") * chance.randint(0, 2)]
    return [*system, *talk, {"role": "user", "content": _text(chance)}]


def _bad_messages(chance: random.Random, api: Api) -> Any:
    good = _messages(chance)
    bad: list[Any] = [
        [],
        "hello",
        5,
        {"role": "user", "content": "hello"},
        [*good, {"role": "user"}],
        [*good, {"content": "hello"}],
        [*good, {"role": "wizard", "content": "hello"}],
        [*good, {"role": "user", "content": 5}],
        [*good, {"role": "user", "content": None}],
        [*good, "hello"],
        [*good, {"role": 7, "content": "hello"}],
        [{"role": "user", "content": [{"type": "smell", "smell": "hay"}]}],
        [{"role": "user", "content": [{"type": "text"}]}],
        [{"role": "user", "content": FAR_TOO_MANY}],
    ]
    if api == "llama":
        bad.append([*good, {"role": "tool", "content": "hello"}])
    return chance.choice(bad)


def _prompt(chance: random.Random, api: Api) -> Any:
    return _text(chance) if api == "llama" else chance.choice([_text(chance), _texts(chance), [1, 2, 3]])


def _bad_prompt(chance: random.Random) -> Any:
    return chance.choice([5, None, {"text": "hello"}, True, FAR_TOO_MANY])


def _rows(api: Api, route: Route) -> dict[str, Row]:
    if api == "llama":
        return _LLAMA
    return _CHAT if route == "chat" else _COMPLETION


def valid(chance: random.Random, api: Api, route: Route) -> dict[str, Any]:
    """A request that every row allows."""
    body: dict[str, Any] = {"messages": _messages(chance)} if route == "chat" else {"prompt": _prompt(chance, api)}
    for name, row in _rows(api, route).items():
        if chance.random() < 0.3:
            body[name] = row.right(chance) if chance.random() < 0.9 else None
    if chance.random() < 0.3:
        body["stream"] = chance.random() < 0.5
    if api == "llama" and not body.get("stream") and chance.random() < 0.4:
        body["best_of"] = (body.get("n") or 1) + chance.randint(1, 3)
        if chance.random() < 0.3:
            body |= {"use_beam_search": True, "temperature": 0}
    if (api, route) == ("inference", "chat") and chance.random() < 0.3:
        body["tools"] = _TOOLS.right(chance)
        if chance.random() < 0.5:
            body["tool_choice"] = _TOOL_CHOICE.right(chance)
    return body


def _break(chance: random.Random, api: Api, route: Route, body: dict[str, Any]) -> None:
    ways: list[Callable[[], None]] = []
    for name, row in _rows(api, route).items():
        ways.append(lambda name=name, row=row: body.update({name: row.wrong(chance)}))  # type: ignore[misc]
    asked = "messages" if route == "chat" else "prompt"
    wrong = _bad_messages(chance, api) if route == "chat" else _bad_prompt(chance)
    ways += [lambda: body.update({asked: wrong})] * 3
    ways += [lambda: body.update(stream=chance.choice(_NOT_FLAGS)), lambda: body.pop(asked)]
    if api == "llama":
        ways += [
            lambda: body.update(n=2, best_of=2),
            lambda: body.update(n=3, best_of=2),
            lambda: body.update(n=1, best_of=3, stream=True),
            lambda: body.update(n=1, use_beam_search=True, best_of=1, temperature=0),
            lambda: body.update(n=1, use_beam_search=True, best_of=2, temperature=0.7, stream=False),
            lambda: body.update(use_beam_search="yes"),
            lambda: body.update(best_of=chance.choice(_COUNT)),
            lambda: body.update({chance.choice(["top_k", "temprature", "logit_bias", "tools", "min_p"]): 1}),
        ]
    else:
        ways += [lambda: body.update({chance.choice(["top_k", "n", "best_of", "temprature", "logit_bias"]): 1})]
    if (api, route) == ("inference", "chat"):
        ways += [
            lambda: body.update(tools=_TOOLS.wrong(chance)),
            lambda: body.update(tool_choice=_TOOL_CHOICE.wrong(chance)),
        ]
    chance.choice(ways)()


def invalid(chance: random.Random, api: Api, route: Route) -> dict[str, Any]:
    """A request that breaks a row."""
    body = valid(chance, api, route)
    _break(chance, api, route, body)
    return body


def requests(seed: int, number: int) -> Iterator[tuple[Api, Route, dict[str, Any], bool]]:
    """Requests, every second one invalid: whose route, which, the body, and whether it is valid."""
    chance = random.Random(seed)
    kinds: list[tuple[Api, Route]] = [
        ("llama", "chat"),
        ("llama", "completions"),
        ("inference", "chat"),
        ("inference", "completions"),
    ]
    for index in range(number):
        api, route = kinds[index // 2 % len(kinds)]
        good = index % 2 == 0
        yield api, route, (valid if good else invalid)(chance, api, route), good
