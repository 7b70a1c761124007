"""What `managed-entra-auth` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.managed_entra_auth import RULE
from tests.policies.cases import UNKNOWN, Case, online_endpoint, stated, template, workspace

CASES = [
    Case("Entra ID", [online_endpoint()], {"llama": Outcome.PASSED}),
    *(
        Case(mode, [online_endpoint(properties={"authMode": mode})], {"llama": Outcome.VIOLATED})
        for mode in ("Key", "AMLToken")
    ),
    Case("Entra ID in a template", [template("traffic", stated())], {"traffic": Outcome.PASSED}),
    Case("keys in a template", [template("traffic", stated(authMode="Key"))], {"traffic": Outcome.VIOLATED}),
    Case(
        "two endpoints in a template",
        [template("traffic", stated(), stated("other", authMode="Key"))],
        {"traffic": Outcome.VIOLATED},
    ),
    Case(
        "what it was created with does not count",
        [online_endpoint(properties={"authMode": "Key"}), template("traffic", stated())],
        {"llama": Outcome.NOT_APPLICABLE, "traffic": Outcome.PASSED},
    ),
    Case(
        "the template of another endpoint",
        [online_endpoint(properties={"authMode": "Key"}), template("traffic", stated("other"))],
        {"llama": Outcome.VIOLATED, "traffic": Outcome.PASSED},
    ),
    Case(
        "two templates of two endpoints",
        [
            online_endpoint("llama", {"authMode": "Key"}),
            online_endpoint("other", {"authMode": "Key"}),
            template("first", stated()),
            template("second", stated("other")),
        ],
        {"first": Outcome.PASSED, "second": Outcome.PASSED},
    ),
    Case(
        "a template of something else, and one of an endpoint",
        [template("first", {"type": "Microsoft.Storage/storageAccounts"}), template("second", stated(authMode="Key"))],
        {"second": Outcome.VIOLATED},
    ),
    Case("left out", [online_endpoint(properties={})], {"llama": Outcome.NOT_SEEN}),
    Case("unknown", [online_endpoint(properties={"authMode": UNKNOWN})], {"llama": Outcome.NOT_SEEN}),
    Case("unknown in a template", [template("traffic", stated(authMode=UNKNOWN))], {"traffic": Outcome.NOT_SEEN}),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
