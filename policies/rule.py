"""What a rule is: a function over plain data, so that the engine, a test and a tool without an engine judge alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, StrEnum
from typing import Any, Final


class Outcome(StrEnum):
    """What a rule says of a resource. `NOT_SEEN` and `NOT_APPLICABLE` are not a pass."""

    PASSED = "passed"
    VIOLATED = "violated"
    NOT_SEEN = "not seen"
    NOT_APPLICABLE = "not applicable"


class Severity(StrEnum):
    """How bad a violation is: what Azure refuses is high, what costs money or leaks data critical."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Level(StrEnum):
    """What the engine does on a violation unless its policy configuration says otherwise."""

    ADVISORY = "advisory"
    MANDATORY = "mandatory"


class _Unknown(Enum):
    UNKNOWN = "unknown"


UNKNOWN: Final = _Unknown.UNKNOWN
"""A value that is known only after the deployment."""

AS_OF: Final[Mapping[str, Mapping[str, Any]]] = {
    "asOf": {
        "type": "string",
        "format": "date",
        "description": "The day to judge on, as YYYY-MM-DD. Today (UTC) when left out.",
    }
}
"""Configuration of a rule whose verdict depends on the day."""


class NotSeenError(Exception):
    """A rule cannot tell: a value it needs is not there, not known yet, or means nothing to the catalogue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A resource as rules see it.

    Attributes:
        urn: Its URN.
        type: Its type token without an API version: `azure-native:machinelearningservices:Workspace`.
        name: Its name in the program.
        props: What the program asked for, by wire name (camelCase), with `UNKNOWN` where it is not known yet; what
            Azure answered, for a resource that the program only reads.
        arm_id: Its ARM id; None as long as it has none.
        subscription: The subscription that its provider names; None when it names none.
        dependencies: Each property's URNs of the resources that its value comes from.
    """

    urn: str
    type: str
    name: str
    props: Mapping[str, Any]
    arm_id: str | None = None
    subscription: str | None = None
    dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def text(self, path: str) -> str:
        """The text at a dotted path, such as `properties.modelSettings.modelId`.

        Raises:
            NotSeenError: it is absent, not known yet, or not a text.
        """
        value: Any = self.props
        for key in path.split("."):
            value = value.get(key) if isinstance(value, Mapping) else None
            if value is UNKNOWN:
                raise NotSeenError(f"'{path}' is not known before the deployment; give it as a plain value")
        if not isinstance(value, str) or not value:
            raise NotSeenError(f"'{path}' is not among the resource's values")
        return value


class Stack:
    """All resources of a run, in the order of their URNs, so that a verdict does not hang on the engine's order."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._resources = {each.urn: each for each in sorted(resources, key=lambda each: each.urn)}

    def __iter__(self) -> Iterator[Resource]:
        return iter(self._resources.values())

    def get(self, urn: str) -> Resource | None:
        """The resource of a URN; None when there is none, or none of a type that the rule reads."""
        return self._resources.get(urn)


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule judges by, beside the resources.

    Attributes:
        today: The day of the run (UTC).
        config: The rule's own configuration; numbers are floats.
    """

    today: date
    config: Mapping[str, Any] = field(default_factory=dict)

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
    """What a rule says of one resource.

    Attributes:
        resource: The resource.
        outcome: What the rule says.
        message: What is wrong or unseen, with the values that matter and the way out; empty for a pass.
    """

    resource: Resource
    outcome: Outcome
    message: str = ""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What is common to rules.

    Attributes:
        id: What people call it; the name of its file with dashes.
        title: What must hold, in a sentence.
        what: What it looks at.
        why: What goes wrong otherwise.
        fix: The way out.
        severity: How bad a violation is.
        sources: Keys of the catalogue's sources for what it claims.
        types: The types of resource that it judges.
        level: What the engine does on a violation by default.
        config: JSON schemas of its settings, by name.
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
    config: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def docs(self) -> str:
        """Its page, from the root of the repository."""
        return f"docs/rules/{self.id}.md"


@dataclass(frozen=True, kw_only=True)
class ResourceRule(Rule):
    """A rule over one resource at a time, judged before the resource is touched.

    Attributes:
        check: Yields the message of each violation; raises `NotSeenError` where it cannot tell.
    """

    check: Callable[[Resource, Context], Iterator[str]]

    def judge(self, resource: Resource, context: Context) -> list[Verdict]:
        """All that it says of a resource; at least one verdict."""
        if resource.type not in self.types:
            return [Verdict(resource, Outcome.NOT_APPLICABLE)]
        verdicts = []
        try:
            for message in self.check(resource, context):
                verdicts.append(Verdict(resource, Outcome.VIOLATED, message))
        except NotSeenError as unseen:
            verdicts.append(Verdict(resource, Outcome.NOT_SEEN, str(unseen)))
        return verdicts or [Verdict(resource, Outcome.PASSED)]


Finding = tuple[Resource, str | NotSeenError]
"""A resource with the message of a violation, or with what could not be seen."""


@dataclass(frozen=True, kw_only=True)
class StackRule(Rule):
    """A rule over resources together, judged once all of them are known.

    Attributes:
        check: Yields what is wrong or unseen, resource by resource.
        reads: Types of resource that it looks at beside those that it judges.
    """

    check: Callable[[Stack, Context], Iterator[Finding]]
    reads: frozenset[str] = frozenset()

    def judge(self, stack: Stack, context: Context) -> list[Verdict]:
        """All that it says of the stack's resources; at least one verdict for each."""
        verdicts = [
            Verdict(resource, Outcome.NOT_SEEN, str(found))
            if isinstance(found, NotSeenError)
            else Verdict(resource, Outcome.VIOLATED, found)
            for resource, found in self.check(stack, context)
        ]
        judged = {verdict.resource.urn for verdict in verdicts}
        for resource in stack:
            if resource.type not in self.types:
                verdicts.append(Verdict(resource, Outcome.NOT_APPLICABLE))
            elif resource.urn not in judged:
                verdicts.append(Verdict(resource, Outcome.PASSED))
        return verdicts
