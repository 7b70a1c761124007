"""What `managed-secret-injection` says."""

from __future__ import annotations

from typing import Any

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.managed_secret_injection import RULE
from tests.policies.cases import UNKNOWN, Case, Given, deployment, online_endpoint, workspace

TOKEN = "${{azureml://connections/hub/credentials/token}}"
ENFORCED = {"authMode": "Key", "properties": {"enforce_access_to_default_secret_stores": "enabled"}}
OFF = {"authMode": "Key", "properties": {"enforce_access_to_default_secret_stores": "disabled"}}
ASSIGNED: dict[str, Any] = {"identity": {"type": "UserAssigned"}}


def _with(variables: Any, *others: Given, endpoint: Any = "llama") -> list[Given]:
    return [*others, deployment(endpoint=endpoint, properties={"environmentVariables": variables})]


CASES = [
    Case("enforced", _with({"T": TOKEN}, online_endpoint(properties=ENFORCED)), {"blue": Outcome.PASSED}),
    Case(
        "not enforced",
        _with({"T": TOKEN}, online_endpoint()),
        {"blue": Outcome.VIOLATED},
        says=[
            "T refers to the connection 'hub'",
            "endpoint 'llama'",
            "enforce_access_to_default_secret_stores: enabled",
        ],
    ),
    Case("turned off", _with({"T": TOKEN}, online_endpoint(properties=OFF)), {"blue": Outcome.VIOLATED}),
    Case("no reference", _with({"T": "x"}, online_endpoint()), {"blue": Outcome.NOT_APPLICABLE}),
    Case(
        "of a vault",
        _with({"T": "${{keyvault:https://a/secrets/b}}"}, online_endpoint()),
        {"blue": Outcome.NOT_APPLICABLE},
    ),
    Case(
        "an identity of one's own", _with({"T": TOKEN}, online_endpoint(**ASSIGNED)), {"blue": Outcome.NOT_APPLICABLE}
    ),
    Case("an endpoint elsewhere", _with({"T": TOKEN}), {"blue": Outcome.NOT_SEEN}),
    Case("an unknown endpoint", _with({"T": TOKEN}, online_endpoint(), endpoint=UNKNOWN), {"blue": Outcome.NOT_SEEN}),
    Case("unknown variables", _with({"T": UNKNOWN}, online_endpoint()), {"blue": Outcome.NOT_SEEN}),
    Case(
        "unknown entries",
        _with({"T": TOKEN}, online_endpoint(properties={"properties": UNKNOWN})),
        {"blue": Outcome.NOT_SEEN},
    ),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
