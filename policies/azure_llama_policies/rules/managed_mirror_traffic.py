"""`managed-mirror-traffic`: mirrored traffic goes to one deployment, within Azure's limit."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama.catalog.limits import MIRROR_TRAFFIC
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

_MIRROR = "properties.mirrorTraffic"
_MOST = MIRROR_TRAFFIC.high


def judge(stated: Statement, deployments: Deployments) -> Iterator[Violation]:
    """One violation for each error in what an endpoint mirrors."""
    path = stated.path(_MIRROR)
    mirror = stated.shares(path)
    if not mirror:
        raise NotApplicableError("it mirrors no traffic")
    if len(mirror) > 1:
        yield Violation(
            f"{stated.subject}: it mirrors to {', '.join(sorted(mirror))}, and Azure mirrors to one deployment", path
        )
    names = deployments.of(stated.name)
    for name, share in sorted(mirror.items()):
        at = f"{path}.{name}"
        if not is_share(share, _MOST):
            yield Violation(f"{stated.subject}: it mirrors {share} % to '{name}'; Azure mirrors 0 to {_MOST} %", at)
        if name.casefold() not in names:
            yield Violation(
                f"{stated.subject}: it mirrors to deployment '{name}', {not_among(names)}",
                at,
            )


RULE = StackRule(
    id="managed-mirror-traffic",
    title="A managed endpoint mirrors at most half of its traffic, to one deployment that the stack has.",
    what="The mirrored traffic of each managed endpoint, in its resource or in the ARM template that states it.",
    why="Azure refuses more than 50 %, a second deployment, and a name that it does not have.",
    fix="Mirror to one deployment, at most 50 %.",
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
    mirrorTraffic: {green: 60}            # violated: Azure mirrors at most 50 %
    deployments:
      blue: {model: Meta-Llama-3.1-8B-Instruct, vmSize: Standard_NC24ads_A100_v4, traffic: 100}
      green: {model: Meta-Llama-3.1-8B-Instruct, vmSize: Standard_NC24ads_A100_v4}
""",
        compliant="""\
azure-llama:managed:
  llama-8b:
    mirrorTraffic: {green: 10}
    deployments:
      blue: {model: Meta-Llama-3.1-8B-Instruct, vmSize: Standard_NC24ads_A100_v4, traffic: 100}
      green: {model: Meta-Llama-3.1-8B-Instruct, vmSize: Standard_NC24ads_A100_v4}
""",
        rejected_at="azure-llama:managed.llama-8b.mirrorTraffic.green",
    ),
)
