"""`gateway-failover`: a model of a gateway has another endpoint to fail over to."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.gateways import SERVICES, is_pool, members_of
from azure_llama_policies.resources import NotApplicableError, Resource
from azure_llama_policies.rule import Accepted, Context, Level, ResourceRule, Severity, Violation
from azure_llama_policies.subjects import called
from azure_llama_policies.unseen import naming


def check(backend: Resource, _: Context) -> Iterator[Violation]:
    """One violation for a pool with a single member."""
    with naming(backend):
        if not is_pool(backend):
            raise NotApplicableError("it is not a pool")
        number = len(members_of(backend))
    if number < 2:
        text = "no member" if number == 0 else "one member"
        yield Violation(
            f"{called(backend)}: the pool has {text}, so nothing answers while that fails; add a member in another "
            "region",
            SERVICES,
        )


RULE = ResourceRule(
    id="gateway-failover",
    title="A model of a gateway has at least two endpoints.",
    what="The number of members of each pool of backends on API Management.",
    why="A circuit breaker takes a member out of its pool after answers with 401, 403, 404, 429 or 5xx. Without "
    "another member, the gateway then answers 503 itself, for longer than the member fails.",
    fix="Add a member in another region.",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    sources=("apim-breakers-2024-01",),
    types=frozenset({types.BACKEND}),
    azure=Accepted.OPERATION,
    check=check,
    example=Example(
        noncompliant="""\
azure-llama:gateway:
  name: contoso-models
  publisherName: Contoso
  publisherEmail: ai@contoso.com
  models:
    llama-33-70b:
      members:                            # violated: one
        eastus2: {endpoint: contoso, stack: organization/llama/eastus2}
  teams: {search: {tokensPerMinute: 20000}}
""",
        compliant="""\
azure-llama:gateway:
  name: contoso-models
  publisherName: Contoso
  publisherEmail: ai@contoso.com
  models:
    llama-33-70b:
      members:
        eastus2: {endpoint: contoso, stack: organization/llama/eastus2}
        westus3: {endpoint: contoso-west, stack: organization/llama/westus3}
  teams: {search: {tokensPerMinute: 20000}}
""",
    ),
)
