"""`foundry-content-filter`: a Foundry deployment has a content filter that blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from azure_llama.catalog.foundry import BUILT_IN_FILTERS
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.foundry import account_of
from azure_llama_policies.resources import UNKNOWN, NotSeenError, Resource, Stack
from azure_llama_policies.rule import Accepted, Context, Finding, Level, Severity, StackRule, Violation
from azure_llama_policies.subjects import called
from azure_llama_policies.unseen import each_of

_FILTER = "properties.raiPolicyName"
_RULES = "properties.contentFilters"
_HARMS = ("hate", "sexual", "violence", "selfharm")
"""The categories that are judged: those with a severity. Others, such as Profanity, are optional in Azure."""


def check(stack: Stack, _context: Context) -> Iterator[Finding]:
    """One violation for each deployment whose content filter lets harmful content pass."""
    yield from each_of(stack.of(types.FOUNDRY_DEPLOYMENT), lambda each: _judge(each, stack))


def _judge(deployment: Resource, stack: Stack) -> Iterator[Violation]:
    if deployment.value(_FILTER) is None:
        raise NotSeenError(f"'{_FILTER}' is not set, and what Azure then takes is not documented; set it", _FILTER)
    name = deployment.text(_FILTER)
    if name.casefold() in (each.casefold() for each in BUILT_IN_FILTERS):
        return
    content_filter = _filter(name, deployment, stack)
    if content_filter is None:
        raise NotSeenError(f"content filter '{name}' is not in this stack, so what it blocks is unknown", _FILTER)
    gaps = list(_gaps(content_filter))
    if gaps:
        yield Violation(
            f"{called(deployment)}: content filter '{name}' does not block {', '.join(gaps)}; set enabled and blocking "
            f"to true for each, or choose {BUILT_IN_FILTERS[0]}",
            _FILTER,
        )


def _filter(name: str, deployment: Resource, stack: Stack) -> Resource | None:
    """The content filter of a name on a deployment's account; None when the stack does not have it.

    Raises:
        NotSeenError: the name or the account of a filter is unknown, so it could be this one.
    """
    account = _account(deployment, stack)
    for each in stack.of(types.FOUNDRY_FILTER):
        if each.text("raiPolicyName").casefold() == name.casefold() and _account(each, stack) == account:
            return each
    return None


def _account(child: Resource, stack: Stack) -> str:
    account = account_of(child, stack)
    return account.urn if account else child.text("accountName").casefold()


def _gaps(content_filter: Resource) -> Iterator[str]:
    rules = content_filter.value(_RULES)
    for index, rule in enumerate(rules if isinstance(rules, Sequence) else ()):
        stated: Mapping[str, Any] = rule if isinstance(rule, Mapping) else {}
        at = f"{_RULES}.{index}"
        if UNKNOWN in (rule, *(stated.get(key) for key in ("name", "enabled", "blocking"))):
            raise NotSeenError(f"content filter '{content_filter.name}': '{at}' is not known before the deployment", at)
        if str(stated.get("name")).casefold() in _HARMS and False in (stated.get("enabled"), stated.get("blocking")):
            source = stated.get("source")
            yield f"{stated['name']} in {'completions' if source == 'Completion' else 'prompts'}"


RULE = StackRule(
    id="foundry-content-filter",
    title="A Foundry deployment has a content filter that blocks harmful content.",
    what="The content filter of each deployment on a Foundry account and, for a filter of the stack, its categories "
    "Hate, Sexual, Violence and Selfharm.",
    why="Where the filter only annotates or does not look, harmful prompts reach the model and harmful answers reach "
    "the callers.",
    fix="Set contentFilter: Microsoft.DefaultV2, or let each category of your own filter be enabled and blocking.",
    severity=Severity.HIGH,
    level=Level.ADVISORY,
    sources=("azure-native-3.29", "azure-policy-2026-04"),
    types=frozenset({types.FOUNDRY_DEPLOYMENT}),
    reads=frozenset({types.FOUNDRY_FILTER, types.COGNITIVE_ACCOUNT}),
    azure=Accepted.SAFETY,
    check=check,
    example=Example(
        noncompliant="""\
azure-llama:foundry:
  contoso-llama:
    filters:
      lenient:
        rules:
          - {name: Violence, source: Completion, severity: High, blocking: false}  # violated
    deployments:
      chat:
        model: Llama-3.3-70B-Instruct
        modelVersion: "5"
        capacity: 100
        contentFilter: lenient
""",
        compliant="""\
azure-llama:foundry:
  contoso-llama:
    filters:
      strict:
        rules:
          - {name: Violence, source: Completion, severity: Low}
    deployments:
      chat:
        model: Llama-3.3-70B-Instruct
        modelVersion: "5"
        capacity: 100
        contentFilter: strict
""",
    ),
    notes="The severity from which a category is blocked is not judged. A filter that the stack does not have is not "
    "seen. Azure Policy has definitions for content filters in preview, which this rule does not mirror.",
)
