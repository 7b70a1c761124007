"""What `managed-versioned-model` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.managed_versioned_model import RULE
from tests.policies.cases import LLAMA_33, META, UNKNOWN, Case, deployment, workspace

CASES = [
    Case("a version", [deployment()], {"blue": Outcome.PASSED}),
    Case("none", [deployment(model=LLAMA_33)], {"blue": Outcome.VIOLATED}),
    Case(
        "none, of a model whose versions are known", [deployment(model=META + "Llama-2-7b")], {"blue": Outcome.VIOLATED}
    ),
    Case(
        "none, of another registry", [deployment(model="azureml://registries/x/models/Y")], {"blue": Outcome.VIOLATED}
    ),
    Case(
        "a model of the workspace", [deployment(model="/subscriptions/s/models/y/versions/1")], {"blue": Outcome.PASSED}
    ),
    Case("an id of another form", [deployment(model="y")], {"blue": Outcome.NOT_SEEN}),
    Case("an unknown one", [deployment(model=UNKNOWN)], {"blue": Outcome.NOT_SEEN}),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
