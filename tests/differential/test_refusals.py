"""What violates a rule that mirrors a refusal of Azure's is refused with its code, and deploys once it is fixed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import yaml

from azure_llama.catalog import limits
from azure_llama.stack import project
from azure_llama_policies.registry import rules
from azure_llama_policies.rule import ResourceRule, StackRule
from azure_llama_sandbox.world import SUBSCRIPTION, TENANT
from tests.differential.conftest import Examine
from tests.e2e.broken.stacks import HERE, PROJECT, Broken, stacks
from tests.inprocess.azure import Azure
from tests.inprocess.stack import Stack
from tests.policies.test_examples import LEFT_OUT, example_of

MIRRORS = {rule.id: rule for rule in rules() if rule.refused_with}
SOUND, *ALL_BROKEN = stacks()
BROKEN = [broken for broken in ALL_BROKEN if MIRRORS.keys() & broken.rule.keys()]
OUTSIDE = ("gateway-region", "gateway-sku", "managed-secret-injection", "workspace-image-build")
"""Rules whose examples name a stack, a connection or an environment that the example does not create."""
EXAMPLES = [rule for rule in MIRRORS.values() if example_of(rule).language == "yaml" and rule.id not in OUTSIDE]
PROVIDER = "does not match expression"
"""What azure-native refuses by itself, before Azure sees it."""

Deploy = Callable[[Broken], list[str]]


def _reaches_azure(rule: ResourceRule | StackRule) -> bool:
    """Whether the settings accept the non-compliant example, and Azure itself has the limit that it exceeds."""
    example = example_of(rule)
    return not (example.rejected_at or example.settings or example.files)


@pytest.fixture(scope="module")
def deploy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deploy]:
    """Deploys the resources of a stack without any of the package's checks, on the stack's day; returns the errors."""
    folder = tmp_path_factory.mktemp("refusals")
    made: dict[str, Azure] = {}

    def run(broken: Broken) -> list[str]:
        day = broken.day.isoformat()
        azure = made.setdefault(day, made.get(day) or Azure(folder / day, "eastus2", broken.day))
        azure.fresh()
        file = folder / "resources.json"
        file.write_text(json.dumps({"resources": broken.resources, "outputs": broken.outputs}))
        given = project.load(PROJECT, "dev")
        placed = {"location": "eastus2", "subscriptionId": SUBSCRIPTION, "tenantId": TENANT}
        config = {"broken:file": str(file), **{f"azure-native:{key}": value for key, value in placed.items()}}
        return Stack(replace(given, config={**given.config, **config}), azure).up().errors

    yield run
    for azure in made.values():
        azure.close()


def lowered(monkeypatch: pytest.MonkeyPatch, figures: dict[str, int]) -> None:
    """Lower limits of Azure's."""
    for name, most in figures.items():
        monkeypatch.setattr(limits, name, replace(getattr(limits, name), high=most))


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_azure_refuses_a_broken_stack_with_the_code_of_its_rule(
    broken: Broken, deploy: Deploy, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert broken.refused, "state 'refused' in tests/e2e/broken/stacks.yaml"
    lowered(monkeypatch, dict(broken.limits))
    (error,) = deploy(broken)
    assert broken.refused in error
    expected = {code for rule in broken.rule if rule in MIRRORS for code in MIRRORS[rule].refused_with}
    assert PROVIDER in error or expected & set(re.findall(r'Code="(\w+)"', error))


def test_every_rule_that_mirrors_a_refusal_has_a_stack_that_is_refused() -> None:
    assert {rule for broken in BROKEN for rule in broken.rule} >= MIRRORS.keys()
    assert not [broken.name for broken in ALL_BROKEN if broken.refused and broken not in BROKEN]


def test_azure_deploys_a_template_without_traffic(deploy: Deploy) -> None:
    (broken,) = (each for each in ALL_BROKEN if each.name == "traffic-left-out")
    assert deploy(broken) == []


def test_azure_deploys_the_fixed_stack(deploy: Deploy) -> None:
    others: dict[str, Any] = yaml.safe_load((HERE / "stacks.yaml").read_text())["others"]
    assert deploy(replace(SOUND, resources={**SOUND.resources, **others})) == []


@pytest.mark.parametrize("rule", [rule for rule in EXAMPLES if _reaches_azure(rule)], ids=lambda rule: rule.id)
def test_azure_refuses_the_noncompliant_example(examine: Examine, rule: ResourceRule | StackRule) -> None:
    case = examine(LEFT_OUT | yaml.safe_load(example_of(rule).noncompliant))
    assert f"check {rule.id}" in {each.who for each in case.predicted}
    (refusal,) = case.refusals
    assert refusal.who.split()[-1] in rule.refused_with


@pytest.mark.parametrize("rule", EXAMPLES, ids=lambda rule: rule.id)
def test_azure_deploys_the_compliant_example(examine: Examine, rule: ResourceRule | StackRule) -> None:
    case = examine(LEFT_OUT | yaml.safe_load(example_of(rule).compliant))
    assert (case.predicted, case.refusals) == ((), ())
