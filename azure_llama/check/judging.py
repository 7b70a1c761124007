"""Evaluates the rules on the resources that a program declares."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from azure_llama.catalog import Catalog
from azure_llama.stack.program import Program
from azure_llama_policies.registry import rules as all_rules
from azure_llama_policies.rule import Context, Level, Outcome, Resource, ResourceRule, Rule, Stack, StackRule, Verdict

if TYPE_CHECKING:
    from azure_llama_policies.exemptions import Exemption
    from azure_llama_policies.ledger import Ledger


@dataclass(frozen=True)
class Terms:
    """The options of the evaluation.

    Attributes:
        today: The day of the run.
        config: Each rule's settings, by its id.
        levels: Levels other than the rules' own, by id; None turns a rule off.
        project: The folder of the project, for rules that read a file in it.
        ledger: The exemptions.
        catalog: The catalogue to look models, sizes and regions up in.
    """

    today: date
    config: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    levels: Mapping[str, Level | None] = field(default_factory=dict)
    project: Path | None = None
    ledger: Ledger | None = None
    catalog: Catalog = field(default_factory=Catalog.package)

    def level(self, rule: Rule) -> Level | None:
        """The level of a rule; None for one that is off."""
        return self.levels.get(rule.id, rule.level)


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """A verdict that appears in the report.

    Attributes:
        rule: The rule.
        level: What a violation of it does.
        verdict: What it says.
    """

    rule: Rule
    level: Level
    verdict: Verdict


@dataclass
class Judgement:
    """The verdicts of all rules.

    Attributes:
        violations: In the order of the rules' ids and of the resources' names.
        unseen: What rules could not see, in the same order.
        exempted: Violations that an exemption covers.
        counts: Resources by rule and outcome.
        verdicts: Everything that applied, for reports that list passes.
    """

    violations: list[RuleFinding] = field(default_factory=list)
    unseen: list[RuleFinding] = field(default_factory=list)
    exempted: list[tuple[RuleFinding, Exemption]] = field(default_factory=list)
    counts: dict[str, Counter[Outcome]] = field(default_factory=lambda: defaultdict(Counter))
    verdicts: list[RuleFinding] = field(default_factory=list)


def judge(program: Program, terms: Terms, rules: Iterable[ResourceRule | StackRule] | None = None) -> Judgement:
    """Judge a program's resources.

    Args:
        program: Required. What the program asks for.
        terms: Required. How to judge.
        rules: Optional. The rules; all that there are by default.

    Raises:
        ValueError: a rule's settings are wrong.
    """
    by_type: dict[str, list[Resource]] = defaultdict(list)
    for resource in sorted(program.resources, key=lambda each: each.urn):
        by_type[resource.type].append(resource)
    judgement = Judgement()
    for rule in all_rules() if rules is None else rules:
        level = terms.level(rule)
        if level is None:
            continue
        context = Context(terms.today, terms.config.get(rule.id, {}), terms.project, terms.catalog)
        verdicts = [
            verdict
            for verdict in _verdicts(rule, by_type, program.read, context)
            if verdict.outcome is not Outcome.NOT_APPLICABLE
        ]
        if terms.ledger is not None:
            before = len(terms.ledger.exempted)
            verdicts = terms.ledger.keep(rule.id, verdicts)
            for _, verdict, exemption in terms.ledger.exempted[before:]:
                finding = RuleFinding(rule, level, verdict)
                judgement.exempted.append((finding, exemption))
                judgement.verdicts.append(finding)
        for verdict in verdicts:
            _enter(judgement, RuleFinding(rule, level, verdict))
    return judgement


def _enter(judgement: Judgement, finding: RuleFinding) -> None:
    outcome = finding.verdict.outcome
    judgement.counts[finding.rule.id][outcome] += 1
    judgement.verdicts.append(finding)
    if outcome is Outcome.VIOLATED:
        judgement.violations.append(finding)
    elif outcome is Outcome.NOT_SEEN:
        judgement.unseen.append(finding)


def _verdicts(
    rule: ResourceRule | StackRule, by_type: Mapping[str, Sequence[Resource]], read: frozenset[str], context: Context
) -> Iterator[Verdict]:
    judged = [type_ for type_ in by_type if rule.judges(type_)]
    if isinstance(rule, ResourceRule):
        for type_ in judged:
            for resource in by_type[type_]:
                # What is only read passes no resource policy of the engine either.
                if resource.urn not in read:
                    yield from rule.judge(resource, context)
    elif judged:
        types = {*judged, *(type_ for type_ in by_type if type_ in rule.reads)}
        yield from rule.judge(Stack(resource for type_ in types for resource in by_type[type_]), context)
