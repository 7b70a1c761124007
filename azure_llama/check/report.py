"""The result of a check, independent of the output format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from azure_llama.check.judging import Judgement, RuleFinding
from azure_llama.documents.positions import Place
from azure_llama_policies.rule import Level, Resource

if TYPE_CHECKING:
    from azure_llama_policies.exemptions import Exemption


@dataclass(frozen=True, slots=True)
class Item:
    """A finding with the place that it is shown at, and the exemption that it falls under."""

    finding: RuleFinding
    place: Place
    waiver: Exemption | None = None

    @property
    def resource(self) -> Resource:
        """The resource that it is about."""
        return self.finding.verdict.resource

    @property
    def failing(self) -> bool:
        """Whether it makes the check fail."""
        return self.finding.level is Level.MANDATORY


@dataclass(frozen=True)
class Report:
    """The result of a check.

    Attributes:
        project: The project's name.
        stack: The stack's name.
        day: The day that was judged on.
        strict: Whether what could not be seen fails the check.
        resources: What the program asks for, without components, providers and the stack itself.
        judgement: All verdicts.
        violations: Violations in force.
        exempted: Violations that an exemption covers.
        unseen: What rules could not see.
        expired: Exemptions whose day is past: they cover nothing, and fail the check.
        unused: Exemptions that nothing falls under.
        lenient: Whether exemptions whose day is past do not fail the check.
        merciless: Whether what is exempted fails the check all the same.
        costs: The estimate, as data and as Markdown; None when there is none.
        notes: What else a reader should know.
        evaluated: Whether the rules were evaluated; they are not when the configuration has errors, which are then the
            violations.
    """

    project: str
    stack: str
    day: date
    strict: bool
    resources: Sequence[Resource]
    judgement: Judgement
    violations: Sequence[Item] = ()
    exempted: Sequence[Item] = ()
    unseen: Sequence[Item] = ()
    expired: Sequence[Exemption] = ()
    unused: Sequence[Exemption] = ()
    lenient: bool = False
    merciless: bool = False
    costs: Costs | None = None
    notes: Sequence[str] = field(default_factory=tuple)
    evaluated: bool = True

    @property
    def ok(self) -> bool:
        """Whether the check passes."""
        return not (
            any(item.failing for item in self.violations)
            or (self.expired and not self.lenient)
            or (self.exempted and self.merciless)
            or (self.unseen and self.strict)
        )


@dataclass(frozen=True)
class Costs:
    """An estimate of what the stack costs, made elsewhere.

    Attributes:
        data: For programs.
        markdown: For people.
        summary: One line.
    """

    data: Mapping[str, Any]
    markdown: str
    summary: str
