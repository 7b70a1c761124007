"""What `managed-gpu-size` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.managed_gpu_size import RULE
from tests.catalogs import NEW_SIZE, overlaid
from tests.policies.cases import UNKNOWN, Case, deployment, judge, workspace

CUSTOM = {"environmentId": "azureml://registries/azureml/environments/vllm/versions/1"}

CASES = [
    Case("a size that is served", [deployment()], {"blue": Outcome.PASSED}),
    Case("in other letters", [deployment(size="STANDARD_NC48ADS_A100_V4")], {"blue": Outcome.PASSED}),
    Case("left out", [deployment(size=None)], {"blue": Outcome.VIOLATED}),
    Case("a misspelt one", [deployment(size="Standard_NC48ads_A100_v5")], {"blue": Outcome.VIOLATED}),
    Case("one without a GPU", [deployment(size="huge")], {"blue": Outcome.VIOLATED}),
    Case(
        "one without a GPU in a container of one's own",
        [deployment(size="Standard_DS3_v2", properties=CUSTOM)],
        {"blue": Outcome.NOT_SEEN},
    ),
    Case(
        "a GPU size that is none in a container of one's own",
        [deployment(size="standard_nc1", properties=CUSTOM)],
        {"blue": Outcome.VIOLATED},
    ),
    Case("a retired one", [deployment(size="Standard_NC24s_v3")], {"blue": Outcome.VIOLATED}),
    Case(
        "on the day that it retired",
        [deployment(size="Standard_NC24s_v3")],
        {"blue": Outcome.VIOLATED},
        config={"asOf": "2025-09-30"},
    ),
    Case(
        "the day before it retired",
        [deployment(size="Standard_NC24s_v3")],
        {"blue": Outcome.PASSED},
        config={"asOf": "2025-09-29"},
    ),
    Case("one that is sold nowhere", [deployment(size="Standard_NC24s_v2")], {"blue": Outcome.VIOLATED}),
    Case("one that is not on the list", [deployment(size="Standard_ND96isr_H200_v5")], {"blue": Outcome.VIOLATED}),
    Case("an unknown one", [deployment(size=UNKNOWN)], {"blue": Outcome.NOT_SEEN}),
    Case("an unknown container", [deployment(properties={"environmentId": UNKNOWN})], {"blue": Outcome.NOT_SEEN}),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)


def test_a_size_that_retired_on_a_day_that_nobody_published() -> None:
    catalog = overlaid(f"sizes: {{Standard_NC1: {{{NEW_SIZE}, lifecycle: retired, source: us, asOf: 2026-11-20}}}}")
    (verdict,) = judge(RULE, [deployment(size="Standard_NC1")], {}, catalog=catalog)
    assert str(verdict.message).startswith(
        "deployment 'blue': Standard_NC1 retired (source llama-catalog.yaml: us (2026-11-20)); "
        "set Standard_NC48ads_A100_v4, "
    )
