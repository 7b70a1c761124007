"""The rules as CrossGuard policies.

The engine shows a resource policy the inputs of one resource, before it is touched, and a stack policy the outputs of
all resources, at the end. Outputs of azure-native hold no path parameter (`workspaceName`) and, before the first
deployment, no id; inputs hold no trace of where an unknown value comes from. So a rule over the stack becomes a policy
of both kinds: it remembers inputs by URN as they pass, and judges at the end over the engine's own list of resources.
That list says what is there, so nothing is left over from a preview that the same process ran before the update, nor
from a resource that was replaced or removed. A resource that only the list has (the program just reads it) is judged
by its outputs.

A policy reports at its own level, and the engine makes an unknown value that a rule touches an advice. So what rules
cannot see is the business of a policy of its own, `not-seen`: advisory, mandatory for those who want no blind spots.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from threading import Lock
from typing import Any, cast

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyComplianceFramework,
    PolicyConfigSchema,
    PolicyProviderResource,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy import Severity as PolicySeverity
from pulumi_policy.proxy import UnknownValueError

from policies.registry import rules as all_rules
from policies.rule import UNKNOWN, Context, Outcome, Resource, ResourceRule, Rule, Stack, StackRule, Verdict
from policies.tokens import api_version, resource_type

NOT_SEEN = "not-seen"
"""The policy that reports what rules could not see."""


def policies(
    rules: Iterable[ResourceRule | StackRule] | None = None, today: Callable[[], date] | None = None
) -> list[Policy]:
    """The policies of a pack, to be served by one process.

    Args:
        rules: Optional. The rules; all that there are by default.
        today: Optional. The day of the run; the machine's (UTC) by default.
    """
    chosen = tuple(all_rules() if rules is None else rules)
    day = today or (lambda: datetime.now(UTC).date())
    run = _Run()
    return [
        *(_ResourcePolicy(rule, run, day) for rule in chosen if isinstance(rule, ResourceRule)),
        *(_StackPolicy(rule, run, day) for rule in chosen if isinstance(rule, StackRule)),
        _NotSeenPolicy(run),
    ]


def plain(value: Any) -> Any:
    """A value of the engine as plain data: no proxies, `UNKNOWN` where it is unknown, whole numbers as integers."""
    if isinstance(value, Mapping):
        return {key: _item(value, key) for key in value}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_item(value, index) for index in range(len(value))]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _item(container: Any, key: Any) -> Any:
    try:
        return plain(container[key])
    except UnknownValueError:
        return UNKNOWN


def _subscription(provider: PolicyProviderResource | None) -> str | None:
    value = _item(provider.props, "subscriptionId") if provider and "subscriptionId" in list(provider.props) else None
    return value if isinstance(value, str) else None


def resource_of(args: ResourceValidationArgs) -> Resource:
    """A resource by the inputs that the engine shows before it is touched."""
    return Resource(
        urn=args.urn,
        type=resource_type(args.resource_type),
        name=args.name,
        props=plain(args.props),
        subscription=_subscription(args.provider),
        api_version=api_version(args.resource_type),
        protect=bool(args.opts.protect),
    )


def stack_resource_of(listed: PolicyResource, asked: Resource | None) -> Resource:
    """A resource of the stack: its inputs where the engine showed them, with what only the engine's list tells."""
    outputs = plain(listed.props)
    arm_id = outputs.get("id")
    return Resource(
        urn=listed.urn,
        type=resource_type(listed.resource_type),
        name=listed.name,
        props=asked.props if asked else outputs,
        arm_id=arm_id if isinstance(arm_id, str) else None,
        subscription=_subscription(listed.provider),
        dependencies={
            key: tuple(origin.urn for origin in origins) for key, origins in listed.property_dependencies.items()
        },
        depends_on=tuple(each.urn for each in listed.dependencies),
        api_version=api_version(listed.resource_type),
        protect=bool(listed.opts.protect),
    )


class _Run:
    """What policies of one process share. The engine calls them from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._asked: dict[str, Resource] = {}
        self._unseen: dict[tuple[str, str], list[str]] = {}

    def remember(self, resource: Resource) -> None:
        with self._lock:
            self._asked[resource.urn] = resource

    def asked(self, urn: str) -> Resource | None:
        with self._lock:
            return self._asked.get(urn)

    def settle(self, rule: Rule, verdicts: Iterable[Verdict], report_violation: ReportViolation) -> None:
        """Report violations now, and keep what was not seen for the end."""
        unseen: dict[tuple[str, str], list[str]] = {}
        for verdict in verdicts:
            messages = unseen.setdefault((rule.id, verdict.resource.urn), [])
            if verdict.outcome is Outcome.VIOLATED:
                report_violation(f"{rule.id}: {verdict.message}", verdict.resource.urn)
            elif verdict.outcome is Outcome.NOT_SEEN:
                messages.append(f"{rule.id}: {verdict.message}")
        with self._lock:
            self._unseen.update(unseen)

    def take_unseen(self) -> list[tuple[str, str]]:
        """Each URN with a message; the next run starts with none."""
        with self._lock:
            taken, self._unseen = self._unseen, {}
        return [(urn, message) for (_, urn), messages in sorted(taken.items()) for message in messages]


class _ResourcePolicy(ResourceValidationPolicy):
    def __init__(self, rule: ResourceRule, run: _Run, today: Callable[[], date]) -> None:
        super().__init__(**_metadata(rule))
        self._rule, self._run, self._today = rule, run, today

    def validate(self, args: ResourceValidationArgs, report_violation: ReportViolation) -> None:
        if not self._rule.judges(resource_type(args.resource_type)):
            args.not_applicable("another type of resource")
        verdicts = self._rule.judge(resource_of(args), Context(self._today(), plain(args.get_config())))
        self._run.settle(self._rule, verdicts, report_violation)


class _StackPolicy(StackValidationPolicy, ResourceValidationPolicy):
    """One name, one level and one configuration, asked twice: the SDK picks policies by their classes."""

    def __init__(self, rule: StackRule, run: _Run, today: Callable[[], date]) -> None:
        ResourceValidationPolicy.__init__(self, **_metadata(rule))
        self._rule, self._run, self._today = rule, run, today

    def validate(self, args: Any, report_violation: ReportViolation) -> None:
        if isinstance(args, ResourceValidationArgs):
            if self._reads(args.resource_type):
                self._run.remember(resource_of(args))
            args.not_applicable("judged when all resources are known")
        else:
            self._judge(cast("StackValidationArgs", args), report_violation)

    def _reads(self, token: str) -> bool:
        type_ = resource_type(token)
        return type_ in self._rule.reads or self._rule.judges(type_)

    def _judge(self, args: StackValidationArgs, report_violation: ReportViolation) -> None:
        stack = Stack(
            stack_resource_of(listed, self._run.asked(listed.urn))
            for listed in args.resources
            if self._reads(listed.resource_type)
        )
        if not any(self._rule.judges(resource.type) for resource in stack):
            args.not_applicable("the stack has no resource of the rule's types")
        verdicts = self._rule.judge(stack, Context(self._today(), plain(args.get_config())))
        self._run.settle(self._rule, verdicts, report_violation)


class _NotSeenPolicy(StackValidationPolicy):
    def __init__(self, run: _Run) -> None:
        super().__init__(
            name=NOT_SEEN,
            description="A rule could not see what it needs, so it neither passed nor failed.",
            enforcement_level=EnforcementLevel.ADVISORY,
            severity=PolicySeverity.MEDIUM,
            remediation_steps="Give the value as a plain one, or look at the same rule again in the update.",
            url=f"docs/rules/{NOT_SEEN}.md",
        )
        self._run = run

    def validate(self, args: StackValidationArgs, report_violation: ReportViolation) -> None:
        listed = {resource.urn for resource in args.resources}
        for urn, message in self._run.take_unseen():
            if urn in listed:
                report_violation(message, urn)


def _metadata(rule: Rule) -> dict[str, Any]:
    return {
        "name": rule.id,
        "description": rule.title,
        "enforcement_level": EnforcementLevel(rule.level.value),
        "config_schema": PolicyConfigSchema({key: dict(schema) for key, schema in rule.config.items()})
        if rule.config
        else None,
        "severity": PolicySeverity(rule.severity.value),
        "framework": PolicyComplianceFramework(**asdict(rule.frameworks[0])) if rule.frameworks else None,
        "tags": list(rule.mirrors),
        "remediation_steps": rule.fix,
        "url": rule.docs,
    }
