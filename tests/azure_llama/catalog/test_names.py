from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_llama.catalog import names
from tests.catalogs import PACKAGE

RULES = [value for value in vars(names).values() if isinstance(value, names.NameRule)]


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        (names.WORKSPACE, "llama-dev"),
        (names.WORKSPACE, "0_a"),
        (names.WORKSPACE, "a" * 33),
        (names.MARKETPLACE_SUBSCRIPTION, "Llama-3-3-70B-Instruct"),
        (names.SERVERLESS_ENDPOINT, "a"),
        (names.SERVERLESS_ENDPOINT, "a-"),
        (names.SERVERLESS_ENDPOINT, "a" * 52),
        (names.ONLINE_ENDPOINT, "llama-8b"),
        (names.ONLINE_ENDPOINT, "a" * 32),
        (names.COMPUTE, "box-a1"),
    ],
)
def test_legal_names(rule: names.NameRule, name: str) -> None:
    assert rule.problem(name) is None


@pytest.mark.parametrize(
    ("rule", "name", "says"),
    [
        (names.WORKSPACE, "ab", "has 2 characters"),
        (names.WORKSPACE, "a" * 34, "has 34 characters, and the name of a workspace has 3 to 33"),
        (names.WORKSPACE, "-ab", "beginning with a letter or digit"),
        (names.WORKSPACE, "abc\n", "letters"),
        (names.MARKETPLACE_SUBSCRIPTION, "Llama-3.3-70B-Instruct", "no dots"),
        (names.SERVERLESS_ENDPOINT, "", "has 0 characters"),
        (names.SERVERLESS_ENDPOINT, "a" * 53, "has 53 characters"),
        (names.SERVERLESS_ENDPOINT, "3a", "beginning with a letter"),
        (names.SERVERLESS_ENDPOINT, "llama_3", "no underscores"),
        (names.ONLINE_ENDPOINT, "llama-", "ending with a letter or digit"),
        (names.ONLINE_ENDPOINT, "lla--ma", "single dashes"),
        (names.COMPUTE, "box-1", "not ending with a dash and digits"),
    ],
)
def test_illegal_names(rule: names.NameRule, name: str, says: str) -> None:
    assert says in str(rule.problem(name))


def test_a_suggestion_keeps_what_it_can() -> None:
    assert names.SERVERLESS_ENDPOINT.suggestion("llama_3.3 70b") == "llama-3-3-70b"
    assert names.ONLINE_ENDPOINT.suggestion("--") is None


def test_every_model_has_a_legal_subscription_name() -> None:
    assert all(names.MARKETPLACE_SUBSCRIPTION.suggestion(each.name) for each in PACKAGE.models)


@given(st.sampled_from(RULES), st.text())
def test_suggestions_are_legal(rule: names.NameRule, name: str) -> None:
    suggested = rule.suggestion(name)
    assert suggested is None or rule.problem(suggested) is None
