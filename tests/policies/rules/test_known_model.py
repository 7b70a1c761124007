"""What `known-model` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.known_model import RULE
from tests.policies.cases import META, UNKNOWN, Case, deployment, endpoint, subscription, workspace

CASES = [
    Case("an endpoint", [endpoint("chat")], {"chat": Outcome.PASSED}),
    Case("a subscription", [subscription("sub")], {"sub": Outcome.PASSED}),
    Case("a deployment", [deployment()], {"blue": Outcome.PASSED}),
    Case("a misspelt one", [endpoint("chat", META + "Llama-3.3-70B-Instrct")], {"chat": Outcome.VIOLATED}),
    Case(
        "one of another registry", [subscription("sub", "azureml://registries/x/models/Zzz")], {"sub": Outcome.VIOLATED}
    ),
    Case("one that is no registry's", [deployment(model="zzzzzz")], {"blue": Outcome.VIOLATED}),
    Case("an unknown id", [deployment(model=UNKNOWN)], {"blue": Outcome.NOT_SEEN}),
    Case("an unknown id of an endpoint", [endpoint("chat", UNKNOWN)], {"chat": Outcome.NOT_SEEN}),
    Case("an unknown id of a subscription", [subscription("sub", UNKNOWN)], {"sub": Outcome.NOT_SEEN}),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
