"""What each rule says in its cases, in full: `make generate` records it in `said/`.

Cases state the expected outcome. The record has the messages too, so that a changed message or path shows in the diff.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import yaml

from azure_llama_policies.registry import rules
from azure_llama_policies.rule import ResourceRule, StackRule
from tests.conftest import ROOT
from tests.policies.cases import SAID, Case, judge, lines


class CasesError(Exception):
    """A rule has no cases. The text names the file that must hold them."""


def cases_of(rule: ResourceRule | StackRule) -> list[Case]:
    """The cases of a rule.

    Raises:
        CasesError: there are none.
    """
    module = f"tests.policies.rules.test_{rule.id.replace('-', '_')}"
    path = Path(*module.split(".")).with_suffix(".py")
    if not (ROOT / path).is_file():
        raise CasesError(f"{path} is missing; write the cases of rule '{rule.id}' there, as CASES")
    cases: list[Case] = getattr(import_module(module), "CASES", [])
    if not cases:
        raise CasesError(f"{path} has no CASES; list the cases of rule '{rule.id}' there")
    return cases


def generated() -> dict[Path, str]:
    """The record of each rule, by its path in the repository."""
    records = {}
    for rule in rules():
        messages = {
            case.name: lines(judge(rule, case.given, case.config, case.project, case.catalog))
            for case in cases_of(rule)
        }
        text = yaml.safe_dump(messages, sort_keys=False, width=1000, allow_unicode=True)
        records[SAID.relative_to(ROOT) / f"{rule.id}.yaml"] = text
    return records
