"""Rules over a program's resources: which are asked, in which order, by which settings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from azure_llama.check.judging import Terms, judge
from azure_llama.stack.program import Program
from azure_llama_policies.registry import rules
from azure_llama_policies.rule import Context, Level, Outcome, Resource, ResourceRule, Severity, Stack, StackRule

TODAY = date(2026, 11, 25)
A, B = "azure-native:a:A", "azure-native:a:B"
COMMON: dict[str, Any] = {
    "title": "",
    "what": "",
    "why": "",
    "fix": "",
    "severity": Severity.LOW,
    "sources": (),
    "types": frozenset({A}),
}


def resource(name: str, type_: str = A) -> Resource:
    """A resource of these tests."""
    return Resource(urn=f"urn:{type_}::{name}", type=type_, name=name, props={})


def program(*resources: Resource, read: frozenset[str] = frozenset()) -> Program:
    """A program that asks for some resources."""
    return Program(resources, read, ())


def every(resource: Resource, context: Context) -> Iterator[str]:
    """Find fault with everything, and say by what it was judged."""
    yield f"{resource.name} {context.today} {context.config.get('size')} {context.project}"


def together(stack: Stack, _context: Context) -> Iterator[tuple[Resource, str]]:
    """Find fault with the first, and say who was there."""
    names = " ".join(each.name for each in stack)
    yield next(each for each in stack if each.type == A), names


ONE = ResourceRule(id="one", check=every, config={"size": {"type": "integer", "default": 1}}, **COMMON)
ALL = StackRule(id="all", check=together, reads=frozenset({B}), **COMMON)


def messages(found: Program, terms: Terms | None = None, by: ResourceRule | StackRule = ONE) -> list[str]:
    """What a rule says."""
    return [each.verdict.message for each in judge(found, terms or Terms(TODAY), [by]).violations]


def test_a_rule_is_asked_about_its_types_in_the_order_of_names() -> None:
    assert messages(program(resource("b"), resource("x", B), resource("a"))) == [
        "a 2026-11-25 1 None",
        "b 2026-11-25 1 None",
    ]


def test_settings_the_project_and_the_day_are_handed_on() -> None:
    terms = Terms(date(2027, 1, 1), {"one": {"size": 5}}, project=Path("/p"))
    assert messages(program(resource("a")), terms) == ["a 2027-01-01 5 /p"]


def test_a_level_is_the_rules_own_or_the_configurations() -> None:
    (finding,) = judge(program(resource("a")), Terms(TODAY), [ONE]).violations
    assert finding.level is Level.MANDATORY
    (finding,) = judge(program(resource("a")), Terms(TODAY, levels={"one": Level.ADVISORY}), [ONE]).violations
    assert finding.level is Level.ADVISORY
    assert not judge(program(resource("a")), Terms(TODAY, levels={"one": None}), [ONE]).verdicts


def test_what_is_only_read_is_judged_with_the_stack_alone() -> None:
    found = program(resource("a"), resource("b"), resource("c", B), read=frozenset({"urn:azure-native:a:A::b"}))
    assert messages(found) == ["a 2026-11-25 1 None"]
    assert messages(found, by=ALL) == ["a b c"]


def test_a_rule_over_the_stack_is_not_asked_where_it_judges_nothing() -> None:
    assert not judge(program(resource("c", B)), Terms(TODAY), [ALL]).verdicts


def test_outcomes_are_counted() -> None:
    counts = judge(program(resource("a"), resource("b")), Terms(TODAY), [ONE, ALL]).counts
    assert counts["one"][Outcome.VIOLATED] == 2
    assert (counts["all"][Outcome.VIOLATED], counts["all"][Outcome.PASSED]) == (1, 1)


def test_a_wrong_setting_is_told() -> None:
    endpoint = Resource(
        urn="urn:e",
        type="azure-native:machinelearningservices:ServerlessEndpoint",
        name="e",
        props={"location": "eastus2", "properties": {"modelSettings": {"modelId": "azureml://registries/a/models/b"}}},
    )
    (region,) = [rule for rule in rules() if rule.id == "serverless-region"]
    with pytest.raises(ValueError, match="asOf"):
        judge(program(endpoint), Terms(TODAY, {"serverless-region": {"asOf": "soon"}}), [region])
