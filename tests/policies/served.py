"""The pack as the engine calls it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pulumi_policy import (
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.policy import _NotApplicableError

from azure_llama_policies.crossguard import policies
from azure_llama_policies.registry import rules
from tests.policies.cases import TODAY, Given

FIRST = [rule for rule in rules() if rule.id in ("serverless-region", "serverless-one-per-model")]
"""A rule over one resource, and one over the stack."""


Report = tuple[str, str | None, str]
"""Policy, URN, message."""


class Pack:
    """The policies, called as the SDK calls them."""

    def __init__(
        self,
        config: Mapping[str, Mapping[str, Any]] | None = None,
        without: Sequence[str] = (),
        project: Path | None = None,
    ) -> None:
        found = policies(FIRST, today=lambda: TODAY, project=project)
        self.policies = [each for each in found if each.name not in without]
        self.config = config or {}

    def analyze(self, given: Given) -> list[Report]:
        """One resource, before it is touched."""
        args = [(each, given.asked(self.config.get(each.name))) for each in self.policies]
        return [
            report
            for policy, arg in args
            if isinstance(policy, ResourceValidationPolicy)
            for report in self._ask(policy, arg)
        ]

    def analyze_stack(self, given: Sequence[Given]) -> list[Report]:
        """The whole stack, at the end."""
        args = [StackValidationArgs([each.listed() for each in given], self.config.get(p.name)) for p in self.policies]
        return [
            report
            for policy, arg in zip(self.policies, args, strict=True)
            if isinstance(policy, StackValidationPolicy)
            for report in self._ask(policy, arg)
        ]

    def run(self, given: Sequence[Given]) -> list[Report]:
        """A whole preview or update."""
        early = [report for each in given if each.inputs is not None for report in self.analyze(each)]
        return early + self.analyze_stack(given)

    @staticmethod
    def _ask(policy: Any, args: Any) -> list[Report]:
        reports: list[Report] = []
        try:
            policy.validate(args, lambda message, urn=None: reports.append((policy.name, urn, message)))
        except _NotApplicableError:
            assert not reports
        return reports


def names(reports: Sequence[Report]) -> list[tuple[str, str]]:
    """Policy and resource of each report."""
    return [(policy, str(urn).rpartition("::")[2]) for policy, urn, _ in reports]
