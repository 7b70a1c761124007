"""The policies that a gateway's component writes are those that the sandbox interprets."""

from __future__ import annotations

import pytest

from azure_llama_components import gateway_policy
from azure_llama_components.gateway_backends import FAILURES
from azure_llama_sandbox.arm.api_management.policy_language import EXPRESSIONS, expression, problems, repeats


def test_every_expression_of_the_component_is_interpreted() -> None:
    assert set(gateway_policy.EXPRESSIONS) == set(EXPRESSIONS)
    for name, text in gateway_policy.EXPRESSIONS.items():
        names = '"a", "b"' if name == "is-not-of-team" else "a"
        found = expression(text % names if "%s" in text else text)
        assert found is not None, text
        assert found.name == name


def test_breakers_count_what_the_policy_repeats() -> None:
    retry = gateway_policy.EXPRESSIONS["retry"]
    for status in range(200, 600):
        assert repeats(retry, status) == any(low <= status <= high for low, high in FAILURES), status


@pytest.mark.parametrize("metrics", [True, False])
@pytest.mark.parametrize("audience", [None, "https://ai.azure.com"])
@pytest.mark.parametrize("members", [1, 3])
def test_the_policy_of_an_api_is_taken(members: int, audience: str | None, metrics: bool) -> None:
    routes = [
        gateway_policy.Route(model="llama-33.70b", pool="a", members=members, audience=audience, deployment="other"),
        gateway_policy.Route(model="llama_31", pool="b", members=1),
    ]
    assert problems(gateway_policy.api_policy(routes, timeout=240, metrics=metrics)) == []


@pytest.mark.parametrize("minute", [None, 1000])
@pytest.mark.parametrize("month", [None, 500_000_000])
@pytest.mark.parametrize("models", [(), ("llama-33", "llama-31")])
def test_the_policy_of_a_product_is_taken(minute: int | None, month: int | None, models: tuple[str, ...]) -> None:
    policy = gateway_policy.product_policy(tokens_per_minute=minute, tokens_per_month=month, models=models)
    assert problems(policy) == []
