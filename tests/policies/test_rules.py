"""What holds for every rule, those to come included."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from azure_llama.catalog import sources
from policies import registry, rules
from policies.crossguard import policies
from policies.rule import Outcome, ResourceRule, StackRule
from tests.policies.cases import Case

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs" / "rules"
RULES = registry.rules()
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


def test_every_file_is_a_rule() -> None:
    files = {path.stem.replace("_", "-") for path in Path(rules.__path__[0]).glob("*.py")} - {"--init--"}
    assert {rule.id for rule in RULES} == files
    assert {"serverless-region", "serverless-one-per-model"} <= files


@each_rule
def test_it_has_cases_of_every_kind(rule: ResourceRule | StackRule) -> None:
    cases: list[Case] = import_module(f"tests.policies.rules.test_{rule.id.replace('-', '_')}").CASES
    outcomes = {outcome for case in cases for outcome in case.expected.values()}
    if any(not case.expected for case in cases):
        outcomes.add(Outcome.NOT_APPLICABLE)
    assert outcomes == set(Outcome)


@each_rule
def test_it_has_a_page(rule: ResourceRule | StackRule) -> None:
    page = " ".join((ROOT / rule.docs).read_text().split())
    assert page.startswith(f"# {rule.id} {rule.title}")
    for part in (f"**What.** {rule.what}", f"**Why.** {rule.why}", f"**Fix.** {rule.fix}"):
        assert part in page
    assert f"**Severity** {rule.severity}, {rule.level}." in page
    for name in (*rule.sources, *rule.config):
        assert f"`{name}`" in page


@each_rule
def test_its_sources_are_the_catalogues(rule: ResourceRule | StackRule) -> None:
    assert rule.sources
    assert set(rule.sources) <= set(sources())


def test_the_table_lists_all_rules_and_only_them() -> None:
    rows = re.findall(r"^\| \[([\w-]+)]\(([\w-]+)\.md\) \| (\w+) \| (.+) \|$", (PAGES / "README.md").read_text(), re.M)
    listed = [row for row in rows if row[0] != "not-seen"]
    assert listed == [(rule.id, rule.id, str(rule.severity), rule.title) for rule in RULES]
    assert {path.stem for path in PAGES.glob("*.md")} == {row[0] for row in rows} | {"README"}


def test_rules_know_nothing_of_pulumi() -> None:
    code = "import sys; from policies.registry import rules; rules(); sys.exit('pulumi' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def test_a_new_file_is_a_new_rule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "from dataclasses import replace\nfrom policies.rules.serverless_region import RULE\n"
    (tmp_path / "another_rule.py").write_text(f"{text}RULE = replace(RULE, id='another-rule')\n")
    monkeypatch.setattr(rules, "__path__", [*rules.__path__, str(tmp_path)])
    found = registry.rules.__wrapped__()
    assert {rule.id for rule in found} == {rule.id for rule in RULES} | {"another-rule"}
    assert "another-rule" in {policy.name for policy in policies(found)}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("empty", ""),
        ("other_object", "RULE = 'a rule'"),
        ("other_id", "from policies.rules.serverless_region import RULE"),
    ],
)
def test_a_file_without_its_rule_is_refused(
    name: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / f"{name}.py").write_text(text)
    monkeypatch.setattr(rules, "__path__", [*rules.__path__, str(tmp_path)])
    with pytest.raises(TypeError, match=rf"policies/rules/{name}\.py must hold RULE"):
        registry.rules.__wrapped__()
