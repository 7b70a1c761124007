"""The example of each rule that mirrors a refusal of Azure's is refused with that code; the compliant one deploys."""

from __future__ import annotations

import pytest
import yaml

from azure_llama_policies.registry import rules
from azure_llama_policies.rule import ResourceRule, StackRule
from tests.differential.conftest import Examine
from tests.policies.test_examples import LEFT_OUT, example_of

MIRRORS = [rule for rule in rules() if rule.refused_with]


@pytest.mark.parametrize("rule", MIRRORS, ids=lambda rule: rule.id)
def test_azure_refuses_what_violates_the_rule(examine: Examine, rule: ResourceRule | StackRule) -> None:
    case = examine(LEFT_OUT | yaml.safe_load(example_of(rule).noncompliant))
    assert f"check {rule.id}" in {each.who for each in case.predicted}
    (refusal,) = case.refusals
    assert refusal.who.split()[-1] in rule.refused_with


@pytest.mark.parametrize("rule", MIRRORS, ids=lambda rule: rule.id)
def test_azure_deploys_the_compliant_example(examine: Examine, rule: ResourceRule | StackRule) -> None:
    case = examine(LEFT_OUT | yaml.safe_load(example_of(rule).compliant))
    assert (case.predicted, case.refusals) == ((), ())
