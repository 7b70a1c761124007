"""The examples of the rule pages do what the pages say when `azure-llama check` runs them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from azure_llama.cli.app import main
from azure_llama_policies.registry import rules
from azure_llama_policies.rule import Example, Outcome, ResourceRule, StackRule

ROOT = Path(__file__).resolve().parents[2]
AS_OF = "2026-11-25"
"""The day of the examples whose settings name none."""
LEFT_OUT = {"azure-native:location": "eastus2", "azure-llama:workspace": {"name": "llama-dev"}}
"""What docs/rules/README.md says that examples leave out."""
RULES = rules()
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)

Check = Callable[[ResourceRule | StackRule, str], Result]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Runs `azure-llama check` on one of the texts of a rule's example."""

    def run(rule: ResourceRule | StackRule, text: str) -> Result:
        example = example_of(rule)
        project, config = "name: example\nruntime: python\n", {}
        if example.language == "yaml":
            project = f"{(ROOT / 'Pulumi.yaml').read_text()}main: {ROOT}\n"
            config = LEFT_OUT | yaml.safe_load(text)
        else:
            (tmp_path / "__main__.py").write_text(text)
        (tmp_path / "Pulumi.yaml").write_text(project)
        (tmp_path / "Pulumi.dev.yaml").write_text(yaml.safe_dump({"config": config}))
        (tmp_path / "policy.json").write_text(json.dumps({rule.id: dict(example.settings)} if example.settings else {}))
        for name, content in example.files.items():
            (tmp_path / name).write_text(content)
        options = ["-C", str(tmp_path), "--as-of", AS_OF, "--policy-config", str(tmp_path / "policy.json")]
        return CliRunner().invoke(main, ["check", *options, "--format", "json"])

    return run


def example_of(rule: ResourceRule | StackRule) -> Example:
    """The example of a rule."""
    assert rule.example is not None, f"{rule.id}: give RULE an example"
    return rule.example


def outcomes(done: Result, rule: ResourceRule | StackRule) -> dict[str, int]:
    """How often a rule came to each outcome."""
    assert done.stdout.startswith("{"), done.stderr
    counts: dict[str, Any] = json.loads(done.stdout)["rules"]
    return dict(counts.get(rule.id, {}))


@each_rule
def test_the_noncompliant_one_is_found(rule: ResourceRule | StackRule, check: Check) -> None:
    example = example_of(rule)
    assert "# violated" in example.noncompliant
    done = check(rule, example.noncompliant)
    if example.rejected_at:
        assert done.exit_code != 0
        messages = [each["message"] for each in json.loads(done.stdout)["violations"]]
        assert any(f"{example.rejected_at}: " in message for message in messages)
    else:
        assert outcomes(done, rule)[Outcome.VIOLATED]


@each_rule
def test_the_compliant_one_passes(rule: ResourceRule | StackRule, check: Check) -> None:
    found = outcomes(check(rule, example_of(rule).compliant), rule)
    assert found[Outcome.PASSED]
    assert not found[Outcome.VIOLATED]
    assert not found[Outcome.NOT_SEEN]
