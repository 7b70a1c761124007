"""The definition of a rule: a function over plain data, for the engine, tests and `azure-llama check`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from azure_llama.catalog import Catalog
from azure_llama_policies.example import Example
from azure_llama_policies.on_azure import Accepted, Refused
from azure_llama_policies.resources import UNKNOWN, NotApplicableError, NotSeenError, Resource, Stack

__all__ = [
    "ANY_AZURE",
    "AS_OF",
    "UNKNOWN",
    "Accepted",
    "Context",
    "Example",
    "Finding",
    "Framework",
    "Level",
    "NotApplicableError",
    "NotSeenError",
    "Outcome",
    "Refused",
    "Resource",
    "ResourceRule",
    "Rule",
    "Severity",
    "Stack",
    "StackRule",
    "Verdict",
    "Violation",
]


class Outcome(StrEnum):
    """The outcome of a rule for a resource. `NOT_SEEN` and `NOT_APPLICABLE` are not a pass."""

    PASSED = "passed"
    VIOLATED = "violated"
    NOT_SEEN = "not seen"
    NOT_APPLICABLE = "not applicable"


class Severity(StrEnum):
    """The severity of a violation: high if Azure rejects the deployment, critical if it costs money or leaks data."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Level(StrEnum):
    """The enforcement of a violation, unless the policy configuration overrides it."""

    ADVISORY = "advisory"
    MANDATORY = "mandatory"


ANY_AZURE: Final = "azure-native:*"
"""Among the types of a rule: every resource of Azure."""

AS_OF: Final[Mapping[str, Mapping[str, Any]]] = {
    "asOf": {
        "type": "string",
        "format": "date",
        "description": "The day to judge on, as YYYY-MM-DD. Today (UTC) when left out.",
    }
}
"""Configuration of a rule whose verdict depends on the day."""


def warn_days(default: int, of_what: str, least: int = 1, most: int = 3650) -> Mapping[str, Mapping[str, Any]]:
    """Configuration of a rule that warns before a day; it includes `AS_OF`.

    Args:
        default: Required. Days.
        of_what: Required. What comes on that day: `a date`.
        least, most: Optional. The range of days.
    """
    described = f"How many days before {of_what} to warn."
    days = {"type": "integer", "minimum": least, "maximum": most, "default": default, "description": described}
    return {**AS_OF, "warnDays": days}


@dataclass(frozen=True, slots=True)
class Violation:
    """A violation and its place.

    Attributes:
        message: What is wrong, with the values that matter and the remediation.
        path: Dotted wire path of the offending property (`properties.modelSettings.modelId`); None when no single
            one is to blame.
    """

    message: str
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """The context of a rule's evaluation, besides the resources.

    Attributes:
        today: The day of the run (UTC).
        config: The rule's own configuration, with the rule's defaults where it says nothing.
        project: The folder of the program's Pulumi.yaml, for rules that read a file beside it; None when unknown.
        catalog: The catalogue to look models, sizes and regions up in; the package's own by default.
    """

    today: date
    config: Mapping[str, Any] = field(default_factory=dict)
    project: Path | None = None
    catalog: Catalog = field(default_factory=Catalog.package)

    @property
    def as_of(self) -> date:
        """The day to judge on.

        Raises:
            ValueError: `asOf` is not a day.
        """
        given = self.config.get("asOf")
        if given is None:
            return self.today
        try:
            return date.fromisoformat(given)
        except (TypeError, ValueError):
            raise ValueError(
                f"asOf: {given!r} is not a day; write it as YYYY-MM-DD, or leave it out for today"
            ) from None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict of a rule on one resource.

    Attributes:
        resource: The resource.
        outcome: What the rule says.
        message: What is wrong or not evaluated, with the values that matter and the remediation; empty for a pass.
        path: Dotted wire path of the property that it is about; None when it is about none.
    """

    resource: Resource
    outcome: Outcome
    message: str = ""
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Framework:
    """A compliance framework that a rule serves.

    Attributes:
        name: Its name.
        version: Its version.
        reference: The control's id.
        specification: The control in words.
    """

    name: str
    version: str
    reference: str
    specification: str


Found = str | Violation
"""A violation, or just its message."""

Finding = tuple[Resource, Found | NotSeenError | NotApplicableError]
"""A resource with a violation, with what could not be seen, or with why the rule has nothing to say."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """The base of all rules.

    Attributes:
        id: What people call it; the name of its file with dashes.
        title: What must hold, in a sentence.
        what: What it looks at.
        why: What goes wrong otherwise.
        fix: The remediation; the engine shows it as the remediation steps.
        severity: How bad a violation is.
        sources: Keys of the catalogue's sources for what it claims.
        types: The types of resource that it judges; `ANY_AZURE` for all of Azure's.
        level: What the engine does on a violation by default.
        advice: Whether it forecasts or reports an open question: every ready-made configuration keeps it advisory.
        config: JSON schemas of its settings, by name; a `default` in one holds where nothing is set.
        azure: What Azure does with a violation: refuses it, or why it accepts it. Every rule of the pack states it.
        mirrors: Ids of the same rule elsewhere: an Azure Policy's GUID, `AZR-` of PSRule, `CKV` of checkov.
        frameworks: The controls that it serves.
        example: A stack that violates it, and the same stack without the violation.
        notes: Limits and reasons, for its page; paragraphs apart by an empty line.
    """

    id: str
    title: str
    what: str
    why: str
    fix: str
    severity: Severity
    sources: tuple[str, ...]
    types: frozenset[str]
    level: Level = Level.MANDATORY
    advice: bool = False
    config: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    azure: Refused | Accepted | None = None
    mirrors: tuple[str, ...] = ()
    frameworks: tuple[Framework, ...] = ()
    example: Example | None = None
    notes: str = ""

    @property
    def docs(self) -> str:
        """Its page, from the root of the repository."""
        return f"docs/rules/{self.id}.md"

    @property
    def refused_with(self) -> tuple[str, ...]:
        """The codes with which Azure refuses a violation; empty where it does not."""
        return self.azure.codes if isinstance(self.azure, Refused) else ()

    def judges(self, type_: str) -> bool:
        """Whether resources of a type are its business."""
        return type_ in self.types or (ANY_AZURE in self.types and type_.startswith("azure-native:"))

    def configured(self, context: Context) -> Context:
        """The context with the rule's defaults for what its configuration leaves out."""
        defaults = {key: schema["default"] for key, schema in self.config.items() if "default" in schema}
        return replace(context, config={**defaults, **context.config})


def _verdict(resource: Resource, found: Found | NotSeenError | NotApplicableError) -> Verdict:
    if isinstance(found, NotApplicableError):
        return Verdict(resource, Outcome.NOT_APPLICABLE, str(found))
    if isinstance(found, NotSeenError):
        return Verdict(resource, Outcome.NOT_SEEN, str(found), found.path)
    if isinstance(found, Violation):
        return Verdict(resource, Outcome.VIOLATED, found.message, found.path)
    return Verdict(resource, Outcome.VIOLATED, found)


@dataclass(frozen=True, kw_only=True)
class ResourceRule(Rule):
    """A rule over one resource at a time, judged before the resource is touched.

    Attributes:
        check: Yields each violation; raises `NotSeenError` where it cannot tell, `NotApplicableError` where it has
            nothing to say.
    """

    check: Callable[[Resource, Context], Iterator[Found]]

    def judge(self, resource: Resource, context: Context) -> list[Verdict]:
        """Its verdicts on a resource; at least one."""
        if not self.judges(resource.type):
            return [Verdict(resource, Outcome.NOT_APPLICABLE)]
        verdicts = []
        try:
            for found in self.check(resource, self.configured(context)):
                verdicts.append(_verdict(resource, found))
        except (NotSeenError, NotApplicableError) as stop:
            verdicts.append(_verdict(resource, stop))
        return verdicts or [Verdict(resource, Outcome.PASSED)]


@dataclass(frozen=True, kw_only=True)
class StackRule(Rule):
    """A rule over resources together, judged once all of them are known.

    Attributes:
        check: Yields what is wrong, not evaluated or not its business, resource by resource.
        reads: Types of resource that it looks at beside those that it judges.
    """

    check: Callable[[Stack, Context], Iterator[Finding]]
    reads: frozenset[str] = frozenset()

    def judge(self, stack: Stack, context: Context) -> list[Verdict]:
        """Its verdicts on the stack's resources; at least one for each."""
        verdicts = [_verdict(resource, found) for resource, found in self.check(stack, self.configured(context))]
        judged = {verdict.resource.urn for verdict in verdicts}
        for resource in stack:
            if not self.judges(resource.type):
                verdicts.append(Verdict(resource, Outcome.NOT_APPLICABLE))
            elif resource.urn not in judged:
                verdicts.append(Verdict(resource, Outcome.PASSED))
        return verdicts
