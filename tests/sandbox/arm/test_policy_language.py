"""The expressions of policies that the sandbox interprets: those of a gateway's component, and no other."""

from __future__ import annotations

import pytest

from azure_llama_sandbox.arm.api_management.policy_language import EXPRESSIONS, expression, repeats

RETRY = EXPRESSIONS["retry"]


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_forms(name: str) -> None:
    names = '"a", "b-1.c"' if name == "is-not-of-team" else "b-1.c"
    text = EXPRESSIONS[name] % names if "%s" in EXPRESSIONS[name] else EXPRESSIONS[name]
    found = expression(text)
    assert found is not None
    assert found.name == name
    assert found.names == tuple(each for each in ("a", "b-1.c") if f'"{each}"' in text)
    assert expression(text.replace("context", "contexts")) is None
    assert expression(f"{text} ") is None


@pytest.mark.parametrize("name", ['a"; throw', "", "a b", "a{b}"])
def test_names_are_letters_digits_and_dots(name: str) -> None:
    assert expression(EXPRESSIONS["is-model"] % name) is None


def test_which_responses_are_repeated() -> None:
    assert [repeats(RETRY, status) for status in (None, 200, 400, 401, 403, 404, 429, 499, 500, 503)] == [
        *(True, False, False, True, True, True, True, False, True, True)
    ]
    other = "@(context.Response.StatusCode == 404 || context.Response.StatusCode >= 502)"
    assert expression(other) is not None
    assert [repeats(other, status) for status in (None, 404, 429, 500, 502)] == [False, True, False, False, True]
