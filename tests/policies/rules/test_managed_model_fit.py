"""What `managed-model-fit` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.managed_model_fit import RULE
from tests.policies.cases import META, UNKNOWN, Case, deployment, workspace

CUSTOM = {"environmentId": "azureml://registries/azureml/environments/vllm/versions/1"}
SMALL = "Standard_NC24ads_A100_v4"

CASES = [
    Case("it fits", [deployment()], {"blue": Outcome.PASSED}),
    Case("it does not", [deployment(size=SMALL)], {"blue": Outcome.VIOLATED}),
    Case(
        "it fits no longer with longer requests",
        [deployment()],
        {"blue": Outcome.VIOLATED},
        config={"maxModelLength": 131072},
    ),
    Case("no size holds it", [deployment(model=META + "Meta-Llama-3.1-405B-Instruct")], {"blue": Outcome.VIOLATED}),
    Case("a container of one's own", [deployment(size=SMALL, properties=CUSTOM)], {"blue": Outcome.NOT_APPLICABLE}),
    Case("a model that nobody knows", [deployment(model="phi")], {"blue": Outcome.NOT_SEEN}),
    Case("a size that nobody knows", [deployment(size="Standard_X1")], {"blue": Outcome.NOT_SEEN}),
    Case("an unknown model", [deployment(model=UNKNOWN)], {"blue": Outcome.NOT_SEEN}),
    Case("an unknown size", [deployment(size=UNKNOWN)], {"blue": Outcome.NOT_SEEN}),
    Case("an unknown container", [deployment(properties={"environmentId": UNKNOWN})], {"blue": Outcome.NOT_SEEN}),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
