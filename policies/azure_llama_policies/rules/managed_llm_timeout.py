"""`managed-llm-timeout`: the request timeout is long enough for an answer."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama_policies import resource_types as types
from azure_llama_policies.durations import minimum_seconds
from azure_llama_policies.example import Example, deployment
from azure_llama_policies.managed import REQUEST_TIMEOUT, request_timeout
from azure_llama_policies.resources import Resource
from azure_llama_policies.rule import Accepted, Context, Level, ResourceRule, Severity, Violation
from azure_llama_policies.subjects import called


def check(deployment: Resource, context: Context) -> Iterator[Violation]:
    """One violation when the timeout is shorter than an answer."""
    least = context.config["minimumSeconds"]
    given = request_timeout(deployment)
    if given < least:
        yield Violation(
            f"{called(deployment)}: a request may take {given:g} s, and an answer of a large model takes longer; give "
            f"{least:g} s or more",
            REQUEST_TIMEOUT,
        )


RULE = ResourceRule(
    id="managed-llm-timeout",
    title="The request timeout of a managed deployment is long enough for a large model.",
    what="The request timeout of each managed deployment; Azure's default is 5 s.",
    why="A longer answer than the timeout is cut off with status 408, after it has been computed and paid for.",
    fix="Set requestTimeoutSeconds: 180, which is also the most that Azure takes.",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    sources=("examples", "azure-native-3.29"),
    types=frozenset({types.ONLINE_DEPLOYMENT}),
    config=minimum_seconds(60, "Seconds that a request must be allowed to take.", maximum=180),
    azure=Accepted.OPERATION,
    check=check,
    example=Example(
        noncompliant=deployment("requestTimeoutSeconds: 5          # violated"),
        compliant=deployment("requestTimeoutSeconds: 180"),
    ),
    notes="The default of 60 s is a judgement: about 1,000 tokens at the speed of a 70B model. Microsoft's own samples "
    "give 180 s.",
)
