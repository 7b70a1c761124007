"""`managed-concurrency`: an instance accepts as many concurrent requests as its server handles."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama.catalog.serving import PENDING_PER_CONCURRENT
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.resources import NotApplicableError, NotSeenError, Resource
from azure_llama_policies.rule import Accepted, Context, Level, ResourceRule, Severity, Violation
from azure_llama_policies.subjects import called
from azure_llama_policies.unseen import naming

_PATH = "properties.requestSettings.maxConcurrentRequestsPerInstance"
_WORKERS = "WORKER_COUNT"


def check(deployment: Resource, context: Context) -> Iterator[Violation]:
    """One violation when an instance takes fewer requests than the least."""
    who, least = called(deployment), context.config["minimum"]
    with naming(deployment):
        if deployment.value("properties.codeConfiguration") is not None:
            raise NotApplicableError("a script handles one request a worker")
        if _WORKERS in deployment.mapping("properties.environmentVariables"):
            raise NotApplicableError(f"{_WORKERS} says how many requests its server handles")
        given = deployment.value(_PATH)
        number = 1 if given is None else given
        if not isinstance(number, int | float):
            raise NotSeenError(f"'{_PATH}' is not a number", _PATH)
    if number < least:
        yield Violation(
            f"{who}: an instance takes {number:g} requests at once, and Azure rejects those beyond"
            f" {PENDING_PER_CONCURRENT * number:g} with 429; set what the server handles, {least:g} or more",
            _PATH,
        )


RULE = ResourceRule(
    id="managed-concurrency",
    title="A managed deployment accepts enough concurrent requests for a language model server.",
    what="`maxConcurrentRequestsPerInstance` of each managed deployment without a script or `WORKER_COUNT`.",
    why="Azure's default is 1: a GPU that serves hundreds of callers rejects the third one with 429.",
    fix="Remove maxConcurrentRequestsPerInstance, since the component's default is 64, or set what the server handles.",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    sources=("azure-native-3.29", "examples"),
    types=frozenset({types.ONLINE_DEPLOYMENT}),
    config={
        "minimum": {
            "type": "integer",
            "minimum": 1,
            "default": 8,
            "description": "The fewest requests that an instance must take at once.",
        }
    },
    azure=Accepted.OPERATION,
    check=check,
    example=Example(
        noncompliant="""\
azure-llama:managed:
  llama-8b:
    deployments:
      blue:
        model: Meta-Llama-3.1-8B-Instruct
        vmSize: Standard_NC24ads_A100_v4
        maxConcurrentRequestsPerInstance: 1  # violated
""",
        compliant="""\
azure-llama:managed:
  llama-8b:
    deployments:
      blue:
        model: Meta-Llama-3.1-8B-Instruct
        vmSize: Standard_NC24ads_A100_v4
""",
    ),
    notes="The default of 8 is a judgement: it tells servers that batch requests from those that take one at a time.",
)
