"""`compute-idle-shutdown`: an idle compute instance is shut down."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama_policies import resource_types as types
from azure_llama_policies.durations import seconds
from azure_llama_policies.example import Example
from azure_llama_policies.resources import NotApplicableError, Resource
from azure_llama_policies.rule import Accepted, Context, Level, ResourceRule, Severity, Violation
from azure_llama_policies.subjects import called
from azure_llama_policies.unseen import naming

_PATH = "properties.properties.idleTimeBeforeShutdown"


def check(compute: Resource, context: Context) -> Iterator[Violation]:
    """One violation when it is never shut down, or too late."""
    most = context.config["maximumMinutes"]
    with naming(compute):
        kind = compute.value("properties.computeType")
        if str(kind).casefold() != "computeinstance":
            raise NotApplicableError("not a compute instance")
        minutes = seconds(compute, _PATH, 0) / 60
    if not minutes:
        yield Violation(
            f"{called(compute)}: it runs, and is paid for, until somebody stops it; set idleMinutes to {most:g} or "
            "less",
            _PATH,
        )
    elif minutes > most:
        yield Violation(
            f"{called(compute)}: it is shut down after {minutes:g} idle minutes; set idleMinutes to {most:g} or less",
            _PATH,
        )


RULE = ResourceRule(
    id="compute-idle-shutdown",
    title="An idle compute instance shuts down.",
    what="The idle time after which each compute instance is shut down.",
    why="A machine that is left on over a weekend costs as much as one that works.",
    fix="Set idleMinutes, 15 to 4320, to what the message asks for.",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    sources=("azure-policy-2026-04", "psrule"),
    types=frozenset({types.COMPUTE}),
    mirrors=("679ddf89-ab8f-48a5-9029-e76054077449", "AZR-000403"),
    config={
        "maximumMinutes": {
            "type": "integer",
            "minimum": 15,
            "maximum": 4320,
            "default": 240,
            "description": "The most idle minutes before the shutdown.",
        }
    },
    azure=Accepted.COST,
    check=check,
    example=Example(
        noncompliant="""\
azure-llama:workspace:
  name: llama-dev
  network: {isolationMode: AllowInternetOutbound}
  computeInstances:
    notebooks:
      vmSize: Standard_DS3_v2
      idleMinutes: 480                    # violated: more than the 240 minutes of the rule's settings
""",
        compliant="""\
azure-llama:workspace:
  name: llama-dev
  network: {isolationMode: AllowInternetOutbound}
  computeInstances:
    notebooks:
      vmSize: Standard_DS3_v2
      idleMinutes: 60
""",
    ),
)
