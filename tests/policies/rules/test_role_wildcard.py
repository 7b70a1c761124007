"""What `role-wildcard` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.role_wildcard import RULE
from tests.policies.cases import UNKNOWN, Case, Given, given, workspace


def _allowing(*actions: object, key: str = "actions") -> list[Given]:
    return [
        given("authorization:RoleDefinition", "role", {"roleName": "deployer", "permissions": [{key: list(actions)}]})
    ]


def _permitting(*permissions: object) -> list[Given]:
    return [given("authorization:RoleDefinition", "role", {"roleName": "deployer", "permissions": list(permissions)})]


CASES = [
    Case("named", _allowing("Microsoft.SaaS/register/action"), {"role": Outcome.PASSED}),
    Case(
        "a wildcard below a type",
        _allowing("Microsoft.MachineLearningServices/workspaces/serverlessEndpoints/*"),
        {"role": Outcome.PASSED},
    ),
    Case("all of one type", _allowing("Microsoft.SaaS/resources/*"), {"role": Outcome.PASSED}),
    Case("all types of a name", _allowing("Microsoft.SaaS/resources/*/read"), {"role": Outcome.PASSED}),
    Case("everything", _allowing("*"), {"role": Outcome.VIOLATED}),
    Case("everything that is read", _allowing("*/read"), {"role": Outcome.VIOLATED}),
    Case("a provider", _allowing("Microsoft.SaaS/*"), {"role": Outcome.VIOLATED}),
    Case("many providers", _allowing("Microsoft.*/x/read"), {"role": Outcome.VIOLATED}),
    Case(
        "two of three", _allowing("*", "Microsoft.SaaS/register/action", "Microsoft.SaaS/*"), {"role": Outcome.VIOLATED}
    ),
    Case("data", _allowing("Microsoft.Storage/*", key="dataActions"), {"role": Outcome.VIOLATED}),
    Case("the second permission", _permitting({}, {"actions": ["*"]}), {"role": Outcome.VIOLATED}),
    Case("what is taken away", _allowing("*", key="notActions"), {"role": Outcome.PASSED}),
    Case("no permissions", [given("authorization:RoleDefinition", "role", {})], {"role": Outcome.PASSED}),
    Case("an action that is no text", _allowing(5), {"role": Outcome.NOT_SEEN}),
    Case("actions that are no list", _permitting({"actions": "*"}), {"role": Outcome.NOT_SEEN}),
    Case("an unknown action", _allowing("*", UNKNOWN), {"role": Outcome.NOT_SEEN}),
    Case("unknown actions", _permitting({"actions": UNKNOWN}), {"role": Outcome.NOT_SEEN}),
    Case("an unknown permission", _permitting(UNKNOWN), {"role": Outcome.NOT_SEEN}),
    Case(
        "unknown permissions",
        [given("authorization:RoleDefinition", "role", {"permissions": UNKNOWN})],
        {"role": Outcome.NOT_SEEN},
    ),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
