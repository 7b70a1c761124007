"""`managed-traffic`: all traffic of an endpoint goes to existing deployments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.managed import (
    ENDPOINT_TYPES,
    Deployments,
    Statement,
    against_deployments,
    is_share,
    not_among,
)
from azure_llama_policies.resources import NotApplicableError
from azure_llama_policies.rule import Refused, Severity, StackRule, Violation

_TRAFFIC = "properties.traffic"


def judge(stated: Statement, deployments: Deployments) -> Iterator[Violation]:
    """One violation for each error in an endpoint's traffic."""
    path = stated.path(_TRAFFIC)
    traffic = stated.shares(path)
    if not traffic:
        raise NotApplicableError("it states no traffic")
    names = deployments.of(stated.name)
    yield from _shares(stated, traffic, path)
    for name in sorted(traffic):
        if name.casefold() not in names:
            yield Violation(
                f"{stated.subject}: traffic goes to deployment '{name}', {not_among(names)}",
                f"{path}.{name}",
            )


def _shares(stated: Statement, traffic: Mapping[str, Any], path: str) -> Iterator[Violation]:
    wrong = {name: share for name, share in traffic.items() if not is_share(share, 100)}
    for name, share in sorted(wrong.items()):
        yield Violation(
            f"{stated.subject}: the traffic of '{name}' is {share}; give a whole percentage, 0 to 100", f"{path}.{name}"
        )
    total = 0 if wrong else sum(traffic.values())
    if total not in (0, 100):
        listed = ", ".join(f"{name} {share}" for name, share in sorted(traffic.items()))
        yield Violation(f"{stated.subject}: traffic sums to {total} ({listed}); it must be 100, or 0", path)


RULE = StackRule(
    id="managed-traffic",
    title="A managed endpoint's traffic sums to 100 and goes to deployments that the stack has.",
    what="The traffic of each managed endpoint, in its resource or in the ARM template that states it, against the "
    "stack's deployments.",
    why="Azure refuses another sum and a name that it does not have.",
    fix="Let the traffic of an endpoint's deployments sum to 100, or to 0 as long as nobody calls it.",
    severity=Severity.HIGH,
    sources=("online-yaml",),
    types=ENDPOINT_TYPES,
    reads=frozenset({types.ONLINE_DEPLOYMENT}),
    azure=Refused(("UserError",)),
    check=against_deployments(judge),
    example=Example(
        noncompliant="""\
azure-llama:managed:
  llama-8b:
    deployments:
      blue: {model: Meta-Llama-3.1-8B-Instruct, vmSize: Standard_NC24ads_A100_v4, traffic: 90}
      green: {model: Meta-Llama-3.1-8B-Instruct, vmSize: Standard_NC24ads_A100_v4, traffic: 20}  # violated: 110
""",
        compliant="""\
azure-llama:managed:
  llama-8b:
    deployments:
      blue: {model: Meta-Llama-3.1-8B-Instruct, vmSize: Standard_NC24ads_A100_v4, traffic: 90}
      green: {model: Meta-Llama-3.1-8B-Instruct, vmSize: Standard_NC24ads_A100_v4, traffic: 10}
""",
        rejected_at="azure-llama:managed.llama-8b.deployments",
    ),
)
