"""`gateway-team-limit`: the limit of a team is within what the members can serve."""

from __future__ import annotations

import re
from collections.abc import Iterator

from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.foundry import account_of, capacity_of, model_of, sku_of
from azure_llama_policies.gateways import single_backends
from azure_llama_policies.resources import NotApplicableError, NotSeenError, Resource, Stack
from azure_llama_policies.rule import Accepted, Context, Finding, Level, Severity, StackRule, Violation
from azure_llama_policies.subjects import azure_name, called
from azure_llama_policies.unseen import each_of

_LIMIT = re.compile(r'<llm-token-limit\b[^>]*\btokens-per-minute="(\d+)"')
_HOST = re.compile(r"https://([a-z0-9-]+)\.", re.IGNORECASE)


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    """One violation for each team with a limit above the sum of its possible members."""
    yield from each_of(stack.of(types.PRODUCT_POLICY), lambda policy: _check(policy, stack, context))


def _check(policy: Resource, stack: Stack, context: Context) -> Iterator[Violation]:
    found = _LIMIT.search(policy.text("value"))
    if found is None:
        raise NotApplicableError("it has no limit of tokens a minute")
    limit, most = int(found[1]), sum(_tokens(backend, stack, context) for backend in single_backends(stack))
    if limit > most:
        yield Violation(
            f"{called(policy)}: the limit is {limit} tokens a minute, and all members together have {most}; set {most} "
            "or less, or raise the capacity of the members",
            "value",
        )


def _tokens(backend: Resource, stack: Stack, context: Context) -> int:
    """Tokens a minute of all deployments by the token of a member's account."""
    host = _HOST.match(backend.text("url"))
    name = host[1].casefold() if host else ""
    accounts = [each for each in stack.of(types.COGNITIVE_ACCOUNT) if azure_name(each).casefold() == name]
    if not accounts:
        raise NotSeenError(f"{called(backend)} is not in this stack, so its capacity is unknown", "url")
    own = [each for each in stack.of(types.FOUNDRY_DEPLOYMENT) if account_of(each, stack) is accounts[0]]
    return sum(_capacity(deployment, context) for deployment in own)


def _capacity(deployment: Resource, context: Context) -> int:
    model, sku = model_of(deployment), sku_of(deployment, context.catalog)
    takes = context.catalog.foundry.capacity(model.format, model.name, model.version, sku)
    if takes is None or takes.tokens_per_minute is None:
        raise NotSeenError(f"the tokens a minute of {called(deployment)} are not in the catalogue", "value")
    return capacity_of(deployment, takes) * takes.tokens_per_minute


RULE = StackRule(
    id="gateway-team-limit",
    title="A team's limit is within the capacity of the gateway's members.",
    what="The tokens a minute of each team's product, against the capacities of the members' deployments.",
    why="A limit above what the members can serve never applies: the team uses up the capacity of all others.",
    fix="Lower the team's tokensPerMinute, or raise the members' capacity.",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    sources=("foundry-quota-2026-07",),
    types=frozenset({types.PRODUCT_POLICY}),
    reads=frozenset({types.BACKEND, types.COGNITIVE_ACCOUNT, types.FOUNDRY_DEPLOYMENT}),
    azure=Accepted.OPERATION,
    check=check,
    example=Example(
        noncompliant="""\
azure-llama:foundry:
  contoso-llama:
    deployments:
      llama-33-70b: {model: Llama-3.3-70B-Instruct, modelVersion: "5", capacity: 50}
azure-llama:gateway:
  name: contoso-models
  publisherName: Contoso
  publisherEmail: ai@contoso.com
  models: {llama-33-70b: {members: {here: {endpoint: contoso-llama}}}}
  teams:
    search: {tokensPerMinute: 80000}      # violated: the member has 50,000
""",
        compliant="""\
azure-llama:foundry:
  contoso-llama:
    deployments:
      llama-33-70b: {model: Llama-3.3-70B-Instruct, modelVersion: "5", capacity: 50}
azure-llama:gateway:
  name: contoso-models
  publisherName: Contoso
  publisherEmail: ai@contoso.com
  models: {llama-33-70b: {members: {here: {endpoint: contoso-llama}}}}
  teams:
    search: {tokensPerMinute: 40000}
""",
    ),
    notes="The sum is an upper bound: all deployments by the token of the members' accounts count. Members of other "
    "stacks are unknown to the rule.",
)
