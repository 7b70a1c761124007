"""What holds for every rule, those to come included."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from azure_llama_policies import pages, registry, rules
from azure_llama_policies.crossguard import policies
from azure_llama_policies.reports import REPORTS
from azure_llama_policies.rule import Level, Outcome, Refused, ResourceRule, Severity, StackRule
from tests.catalogs import PACKAGE
from tests.policies.cases import recorded
from tests.policies.messages import cases_of

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs" / "rules"
RULES = registry.rules()
CLAIM = re.compile(r"\bAzure (accepts|allows|refuses|rejects|serves|still deploys)\b|\bthe deployment fails\b")
"""What the text of a rule says that mirrors a refusal of Azure's."""
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


def test_every_file_is_a_rule() -> None:
    files = {path.stem.replace("_", "-") for path in Path(rules.__path__[0]).glob("*.py")} - {"--init--"}
    assert {rule.id for rule in RULES} == files
    assert {"serverless-region", "serverless-one-per-model"} <= files


@each_rule
def test_it_has_cases_of_every_kind(rule: ResourceRule | StackRule) -> None:
    cases = cases_of(rule)
    outcomes = {outcome for case in cases for outcome in case.expected.values()}
    if any(each.name not in case.expected for case in cases for each in case.given):
        outcomes.add(Outcome.NOT_APPLICABLE)
    assert outcomes == set(Outcome)


@each_rule
def test_its_cases_have_names_of_their_own_and_are_recorded(rule: ResourceRule | StackRule) -> None:
    names = [case.name for case in cases_of(rule)]
    assert sorted(names) == sorted(recorded(rule.id))


@each_rule
def test_a_violation_names_its_resource_and_what_to_do(rule: ResourceRule | StackRule) -> None:
    for lines in recorded(rule.id).values():
        for line in lines:
            _, outcome, _, *message = line.split(" | ")
            if outcome == Outcome.VIOLATED:
                assert len(message[0]) > 30
                assert message[0].strip()[-1].isalnum() or message[0][-1] in "%'?)/*"


@each_rule
def test_its_page_says_what_the_rule_says(rule: ResourceRule | StackRule) -> None:
    page = " ".join((ROOT / rule.docs).read_text().split())
    assert page.startswith(f"# {rule.id} {rule.title}")
    for part in (f"**What.** {rule.what}", f"**Why.** {rule.why}", f"**Fix.** {rule.fix}"):
        assert part in page
    assert f"**Severity** {rule.severity}, {rule.level}." in page
    for name in (*rule.sources, *rule.config, *rule.mirrors):
        assert f"`{name}`" in page
    for control in rule.frameworks:
        assert f"{control.reference}: {control.specification}" in page


@each_rule
def test_it_states_what_azure_does_with_a_violation(rule: ResourceRule | StackRule) -> None:
    assert rule.azure is not None, "state azure: Refused with Azure's codes, or why it is Accepted"
    if CLAIM.search(f"{rule.title} {rule.why}"):
        assert isinstance(rule.azure, Refused), "its text says that Azure refuses a violation: state the codes"
    assert f"**On Azure.** {rule.azure}" in " ".join((ROOT / rule.docs).read_text().split())


@each_rule
def test_mandatory_is_what_azure_refuses_or_what_leaks(rule: ResourceRule | StackRule) -> None:
    if rule.level is Level.MANDATORY and rule.id != "required-tags":
        assert rule.severity in (Severity.HIGH, Severity.CRITICAL)


@each_rule
def test_its_settings_are_described_and_their_defaults_are_valid(rule: ResourceRule | StackRule) -> None:
    for schema in rule.config.values():
        jsonschema.Draft202012Validator.check_schema(dict(schema))
        assert schema["description"].endswith(".")
        if "default" in schema:
            jsonschema.validate(schema["default"], dict(schema))


@each_rule
def test_what_it_mirrors_has_a_form_that_is_known(rule: ResourceRule | StackRule) -> None:
    for id_ in rule.mirrors:
        assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|AZR-\d{6}|CKV2?_AZURE_\d+|AZU-\d{4}", id_)


@each_rule
def test_its_sources_are_the_catalogues(rule: ResourceRule | StackRule) -> None:
    assert rule.sources
    assert set(rule.sources) <= set(PACKAGE.sources)


def test_every_report_has_a_page() -> None:
    text = (PAGES / "README.md").read_text()
    for report in REPORTS:
        assert f"({report}.md)" in text
        assert (PAGES / f"{report}.md").read_text().startswith(f"# {report}\n")


def test_a_readme_without_its_lines_is_refused() -> None:
    with pytest.raises(ValueError, match="must have the lines"):
        pages.with_table("# Rules\n")


def test_rules_know_nothing_of_pulumi() -> None:
    code = "import sys; from azure_llama_policies.registry import rules; rules(); sys.exit('pulumi' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def test_a_new_file_is_a_new_rule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "from dataclasses import replace\nfrom azure_llama_policies.rules.serverless_region import RULE\n"
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
        ("other_id", "from azure_llama_policies.rules.serverless_region import RULE"),
    ],
)
def test_a_file_without_its_rule_is_refused(
    name: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / f"{name}.py").write_text(text)
    monkeypatch.setattr(rules, "__path__", [*rules.__path__, str(tmp_path)])
    with pytest.raises(TypeError, match=rf"rules/{name}\.py must define RULE"):
        registry.rules.__wrapped__()


def test_no_module_hides_one_of_python() -> None:
    # The engine runs the pack's folder, which is then first on the path.
    names = {path.stem for path in Path(registry.__file__).parent.glob("*.py")}
    assert not names & sys.stdlib_module_names
