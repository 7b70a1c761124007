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
Two more report what is exempted, and what is wrong with the exemptions.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, cast

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyComplianceFramework,
    PolicyConfigSchema,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy import Severity as PolicySeverity

from azure_llama.catalog import Catalog, overlay
from azure_llama_policies.ledger import FILE, Ledger
from azure_llama_policies.registry import rules as all_rules
from azure_llama_policies.reports import EXEMPTED, EXEMPTIONS_VALID, NOT_SEEN, REPORTS
from azure_llama_policies.resource_types import STACK
from azure_llama_policies.rule import Context, Outcome, Resource, ResourceRule, Rule, Stack, StackRule, Verdict
from azure_llama_policies.shown import plain, resource_of, stack_resource_of
from azure_llama_policies.tokens import resource_type

if TYPE_CHECKING:
    from azure_llama_policies.exemptions import Exemption


def policies(
    rules: Iterable[ResourceRule | StackRule] | None = None,
    today: Callable[[], date] | None = None,
    project: Path | None = None,
) -> list[Policy]:
    """The policies of a pack, to be served by one process.

    Args:
        rules: Optional. The rules; all that there are by default.
        today: Optional. The day of the run; the machine's (UTC) by default.
        project: Optional. The folder of the program's Pulumi.yaml, with the exemptions, the catalogue's overlay and
            other files beside it.
    """
    chosen = tuple(all_rules() if rules is None else rules)
    run = _Run(today or (lambda: datetime.now(UTC).date()), project)
    return [
        *(_ResourcePolicy(rule, run) for rule in chosen if isinstance(rule, ResourceRule)),
        *(_StackPolicy(rule, run) for rule in chosen if isinstance(rule, StackRule)),
        _NotSeenPolicy(run),
        _ExemptionsValidPolicy(run),
        _ExemptedPolicy(run),
    ]


def project_folder(pack: Path) -> Path | None:
    """The folder of the program's Pulumi.yaml, seen from the process that serves the pack; None when there is none.

    The engine starts a pack's executable in the program's folder, and a pack's folder in itself: the shell that the
    engine was called from is then the nearest to the program.
    """
    here = Path.cwd()
    if here == pack and "PWD" in os.environ:
        here = Path(os.environ["PWD"])
    found = overlay.place(here)
    return found.parent if found else None


class _Run:
    """The shared state of the policies of one process. The engine calls them from several threads."""

    def __init__(self, today: Callable[[], date], project: Path | None) -> None:
        self._lock = Lock()
        self._today = today
        self._project = project
        self._asked: dict[str, Resource] = {}
        self._unseen: dict[tuple[str, str], list[str]] = {}
        self.errors: tuple[str, ...] = ()
        self._exemptions: tuple[Exemption, ...] = ()
        path = project / FILE if project is not None else None
        # A link that leads nowhere is an error, not an absence.
        if path is not None and (path.exists() or path.is_symlink()):
            from azure_llama_policies import exemptions  # pydantic, which a project without the file need not load

            try:
                self._exemptions = exemptions.load(path)
            except exemptions.ExemptionsError as error:
                self.errors = error.lines
        self._ledger = Ledger(self._exemptions, today())

    def context(self, config: Mapping[str, Any]) -> Context:
        return Context(self._today(), plain(config), self._project, self._catalog)

    @cached_property
    def _catalog(self) -> Catalog:
        """Read with the first resource: a pack that fails while it starts cannot report why."""
        return Catalog.package() if self._project is None else Catalog.of_project(self._project)

    def remember(self, resource: Resource) -> None:
        with self._lock:
            self._asked[resource.urn] = resource

    def asked(self, urn: str) -> Resource | None:
        with self._lock:
            return self._asked.get(urn)

    def settle(self, rule: Rule, verdicts: Iterable[Verdict], report_violation: ReportViolation) -> None:
        """Report violations immediately, and collect unevaluated rules and exemptions for the end."""
        unseen: dict[tuple[str, str], list[str]] = {}
        with self._lock:
            kept = self._ledger.keep(rule.id, verdicts)
        for verdict in kept:
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

    def take_ledger(self) -> Ledger:
        """The exempted violations; clears them for the next run."""
        with self._lock:
            taken, self._ledger = self._ledger, Ledger(self._exemptions, self._today())
        return taken

    @property
    def expired(self) -> list[Exemption]:
        with self._lock:
            return self._ledger.expired


class _ResourcePolicy(ResourceValidationPolicy):
    def __init__(self, rule: ResourceRule, run: _Run) -> None:
        super().__init__(**_metadata(rule))
        self._rule, self._run = rule, run

    def validate(self, args: ResourceValidationArgs, report_violation: ReportViolation) -> None:
        if not self._rule.judges(resource_type(args.resource_type)):
            args.not_applicable("another type of resource")
        verdicts = self._rule.judge(resource_of(args), self._run.context(args.get_config()))
        self._run.settle(self._rule, verdicts, report_violation)
        _tell_when_not_applicable(verdicts, args)


class _StackPolicy(StackValidationPolicy, ResourceValidationPolicy):
    """One name, one level and one configuration for two policies: the SDK selects policies by their classes."""

    def __init__(self, rule: StackRule, run: _Run) -> None:
        ResourceValidationPolicy.__init__(self, **_metadata(rule))
        self._rule, self._run = rule, run

    def validate(self, args: Any, report_violation: ReportViolation) -> None:
        if isinstance(args, ResourceValidationArgs):
            # The stack's own inputs are nothing: its outputs are what rules read.
            if self._reads(args.resource_type) and args.resource_type != STACK:
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
        verdicts = self._rule.judge(stack, self._run.context(args.get_config()))
        self._run.settle(self._rule, verdicts, report_violation)
        _tell_when_not_applicable([each for each in verdicts if self._rule.judges(each.resource.type)], args)


class _NotSeenPolicy(StackValidationPolicy):
    def __init__(self, run: _Run) -> None:
        super().__init__(
            **_report(NOT_SEEN),
            description="A rule could not see what it needs, so it neither passed nor failed.",
            severity=PolicySeverity.MEDIUM,
            remediation_steps="Give the value as a plain one, or look at the same rule again in the update.",
        )
        self._run = run

    def validate(self, args: StackValidationArgs, report_violation: ReportViolation) -> None:
        listed = {resource.urn for resource in args.resources}
        for urn, message in self._run.take_unseen():
            if urn in listed:
                report_violation(message, urn)


class _ExemptionsValidPolicy(StackValidationPolicy):
    def __init__(self, run: _Run) -> None:
        super().__init__(
            **_report(EXEMPTIONS_VALID),
            description="The exemptions can be read, and none has expired.",
            severity=PolicySeverity.HIGH,
            remediation_steps="Correct the file; renew what has expired, with a reason, or repair what it is about.",
        )
        self._run = run

    def validate(self, args: StackValidationArgs, report_violation: ReportViolation) -> None:
        for error in self._run.errors:
            report_violation(f"{error} (no exemption holds until the file is right)", None)
        for exemption in self._run.expired:
            report_violation(f"{FILE}:{exemption.line}: has expired: {exemption}", None)


class _ExemptedPolicy(StackValidationPolicy):
    def __init__(self, run: _Run) -> None:
        super().__init__(
            **_report(EXEMPTED),
            description="A violation is exempted, or an exemption covers nothing.",
            severity=PolicySeverity.LOW,
            remediation_steps="Delete the exemptions that cover nothing.",
        )
        self._run = run

    def validate(self, args: StackValidationArgs, report_violation: ReportViolation) -> None:
        ledger = self._run.take_ledger()
        listed = {resource.urn for resource in args.resources}
        # The engine may show a resource more than once.
        said = {
            (
                verdict.resource.urn,
                f"{rule}: {verdict.message} [exempted: {exemption.reason}; {exemption.owner}, until "
                f"{exemption.expires}]",
            )
            for rule, verdict, exemption in ledger.exempted
            if verdict.resource.urn in listed
        }
        for urn, message in sorted(said):
            report_violation(message, urn)
        for exemption in ledger.unused:
            report_violation(f"{FILE}:{exemption.line}: covers nothing: {exemption}", None)


def _tell_when_not_applicable(verdicts: Sequence[Verdict], args: ResourceValidationArgs | StackValidationArgs) -> None:
    if all(verdict.outcome is Outcome.NOT_APPLICABLE for verdict in verdicts):
        args.not_applicable("; ".join(sorted({verdict.message for verdict in verdicts})))


def _report(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "enforcement_level": EnforcementLevel(REPORTS[name].value),
        "url": f"docs/rules/{name}.md",
    }


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
