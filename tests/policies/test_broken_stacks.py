"""Every rule has a broken stack, and `azure-llama check` finds it there. `tests/e2e` compares the engine's verdicts."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
import yaml

from azure_llama.check import judging
from azure_llama.stack import project
from azure_llama.stack.program import plan
from azure_llama_policies.registry import rules
from tests.e2e.broken.stacks import AS_OF, PROJECT, Broken, stacks

BROKEN = tuple(broken for broken in stacks() if broken.rule)


def test_every_rule_is_broken_by_at_least_one_of_sixty_stacks() -> None:
    missing = {rule.id for rule in rules()} - {rule for broken in BROKEN for rule in broken.rule}
    assert not missing, "add a stack to tests/e2e/broken/stacks.yaml"
    assert len(BROKEN) >= 60


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_the_check_finds_what_is_wrong(broken: Broken, tmp_path: Path) -> None:
    spec, stack = tmp_path / "spec.json", tmp_path / "Pulumi.dev.yaml"
    spec.write_text(json.dumps({"resources": broken.resources, "outputs": broken.outputs}))
    stack.write_text(yaml.safe_dump({"config": {"broken:file": str(spec), "azure-native:location": "eastus2"}}))
    program = plan(project.load(PROJECT, "dev", stack))
    judged = judging.judge(program, judging.Terms(date.fromisoformat(AS_OF), broken.config, project=PROJECT))
    found = {(finding.rule.id, finding.verdict.resource.name.removesuffix("-dev")) for finding in judged.violations}
    assert {(rule, resource) for rule, resources in broken.rule.items() for resource in resources} <= found
