"""Checks whether the subscription is registered with the resource providers."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from azure_llama.arm import RefusedError, versions
from azure_llama.preflight.plan import Plan
from azure_llama.preflight.reader import Reader
from azure_llama.preflight.results import Result, failed, passed, unknown

_ALWAYS = frozenset({"microsoft.resources", "microsoft.authorization"})
_OF_A_PURCHASE = ("Microsoft.SaaS", "Microsoft.Marketplace", "Microsoft.MarketplaceOrdering")


def wanted(plan: Plan) -> list[str]:
    """The providers of the plan, those of a purchase included."""
    found = [each for each in plan.namespaces if each.casefold() not in _ALWAYS]
    return found + [each for each in _OF_A_PURCHASE if plan.purchases]


async def registered(plan: Plan, azure: Reader) -> list[Result]:
    """The state of each."""
    return list(await asyncio.gather(*(_one(plan, azure, each) for each in wanted(plan))))


async def _one(plan: Plan, azure: Reader, namespace: str) -> Result:
    remediation = f"az provider register --namespace {namespace} --subscription {plan.subscription} --wait"
    try:
        found = await azure.get(f"{plan.scope}/providers/{namespace}", versions.PROVIDERS)
    except RefusedError as error:
        if error.status != HTTPStatus.NOT_FOUND:
            raise
        return unknown(namespace, f"Azure does not tell its state ({error.code})", remediation)
    state = str(found.get("registrationState") or "")
    if state.casefold() == "registered":
        return passed(namespace, "Registered")
    if state.casefold() == "registering":
        return unknown(namespace, "Registering: not done yet", remediation)
    if not state:
        return unknown(namespace, "Azure does not tell its state", remediation)
    return failed(namespace, f"{state}: Azure refuses its resources (MissingSubscriptionRegistration)", remediation)
