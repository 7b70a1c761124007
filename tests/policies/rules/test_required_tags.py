"""What `required-tags` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.required_tags import RULE
from tests.policies.cases import UNKNOWN, Case, given, workspace

ASKED = {"tags": ["owner", "costCentre"]}
BOTH = {"Owner": "a", "costcentre": "1"}

CASES = [
    Case("all there", [workspace(tags=BOTH)], {"ws": Outcome.PASSED}, config=ASKED),
    Case("more than all", [workspace(tags=BOTH | {"more": "x"})], {"ws": Outcome.PASSED}, config=ASKED),
    Case("one is missing", [workspace(tags={"owner": "a"})], {"ws": Outcome.VIOLATED}, config=ASKED),
    Case("one is empty", [workspace(tags=BOTH | {"Owner": ""})], {"ws": Outcome.VIOLATED}, config=ASKED),
    Case("no tags", [workspace()], {"ws": Outcome.VIOLATED}, config=ASKED),
    Case("a value is unknown", [workspace(tags=BOTH | {"Owner": UNKNOWN})], {"ws": Outcome.PASSED}, config=ASKED),
    Case("unknown tags", [workspace(tags=UNKNOWN)], {"ws": Outcome.NOT_SEEN}, config=ASKED),
    Case("tags that are no map", [workspace(tags="owner")], {"ws": Outcome.NOT_SEEN}, config=ASKED),
    Case("nothing is asked for", [workspace()], {}),
    Case("a resource without tags", [given("authorization:RoleDefinition", "role", {})], {}, config=ASKED),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
