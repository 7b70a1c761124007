"""`managed-request-timeout`: the request timeout is within Azure's limit."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama.catalog import limits
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example, deployment
from azure_llama_policies.managed import REQUEST_TIMEOUT, request_timeout
from azure_llama_policies.resources import Resource
from azure_llama_policies.rule import Context, Refused, ResourceRule, Severity, Violation
from azure_llama_policies.subjects import called

_MOST = limits.REQUEST_TIMEOUT.high


def check(deployment: Resource, _context: Context) -> Iterator[Violation]:
    """One violation when the timeout is beyond Azure's limit."""
    given = request_timeout(deployment)
    if given > _MOST:
        yield Violation(
            f"{called(deployment)}: a request may take {given:g} s, and Azure ends it after {_MOST} s at most; "
            f"give PT{_MOST}S or less",
            REQUEST_TIMEOUT,
        )


RULE = ResourceRule(
    id="managed-request-timeout",
    title="A managed deployment's request timeout is within Azure's limit of 180 s.",
    what="The request timeout of each managed deployment.",
    why="Azure refuses a longer one on managed endpoints.",
    fix="Set requestTimeoutSeconds to 180 or less; ask for fewer tokens, or stream them, where that is too short.",
    severity=Severity.HIGH,
    sources=("quotas-2026-01",),
    types=frozenset({types.ONLINE_DEPLOYMENT}),
    azure=Refused(("UserError",)),
    check=check,
    example=Example(
        noncompliant=deployment("requestTimeoutSeconds: 300        # violated"),
        compliant=deployment("requestTimeoutSeconds: 180"),
        rejected_at="azure-llama:managed.llama-8b.deployments.blue.requestTimeoutSeconds",
    ),
)
