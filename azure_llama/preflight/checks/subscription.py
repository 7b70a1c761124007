"""Checks the sign-in and the state of the subscription."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus

from azure_llama.arm import RefusedError, versions
from azure_llama.catalog.subscription_offers import SHARED_QUOTA_OFFER, Money, find_offer
from azure_llama.preflight.plan import Plan
from azure_llama.preflight.reader import Reader
from azure_llama.preflight.results import Result, failed, passed, unknown

_STOPPED = ("warned", "disabled", "deleted")
"""States in which a subscription takes no new deployments; `PastDue` still does."""


async def sign_in(plan: Plan, azure: Reader) -> list[Result]:
    """Whether there is a token, and whether the subscription can be seen with it."""
    await azure.signed_in()
    try:
        found = await azure.get(plan.scope, versions.SUBSCRIPTIONS)
    except RefusedError as error:
        if error.status != HTTPStatus.NOT_FOUND:
            raise
        return [
            failed(
                f"subscription {plan.subscription}",
                f"the caller is shown no such subscription ({error.code})",
                "set azure-native:subscriptionId to one of `az account list -o table`, or sign in to its tenant",
            )
        ]
    name = found.get("displayName") or "without a name"
    return [passed(f"subscription {plan.subscription}", f"signed in; it is {name!r}")]


async def state(plan: Plan, azure: Reader) -> list[Result]:
    """Whether the subscription is enabled, and pays."""
    found = await azure.get(plan.scope, versions.SUBSCRIPTIONS)
    where = f"subscription {plan.subscription}"
    policies = found.get("subscriptionPolicies")
    policies = policies if isinstance(policies, dict) else {}
    return [_enabled(where, plan, found.get("state")), _paid(where, plan, policies), *_shares(plan, policies)]


def _enabled(where: str, plan: Plan, given: object) -> Result:
    said = str(given or "")
    if said.casefold() == "enabled":
        return passed(where, "its state is Enabled")
    if not plan.resources:
        return passed(where, f"its state is {said or 'not told'}, and the stack has nothing in it")
    if said.casefold() == "pastdue":
        return passed(
            where, "its state is PastDue: it still takes deployments, until it is Disabled for want of payment"
        )
    if said.casefold() in _STOPPED:
        remediation = (
            "enable it again: https://learn.microsoft.com/azure/cost-management-billing/manage/subscription-disabled"
        )
        return failed(where, f"its state is {said}: nothing can be deployed into it", remediation)
    return unknown(where, f"its state is {said or 'not told'}, and what that allows is not known")


def _paid(where: str, plan: Plan, policies: dict[str, object]) -> Result:
    quota_id, limit = str(policies.get("quotaId") or ""), str(policies.get("spendingLimit") or "")
    offer = find_offer(quota_id)
    evidence = f"quotaId {quota_id or 'not told'}, spending limit {limit or 'not told'}"
    remediation = "upgrade it to pay-as-you-go (portal: Subscriptions > Upgrade), or deploy into a paid subscription"
    buys = plan.purchases
    if offer is not None and offer.money is Money.CREDIT:
        reason = f"{evidence}: {offer.name} is paid from credit, which buys nothing in Azure Marketplace"
        return (
            failed(where, reason, remediation)
            if buys
            else unknown(where, f"{reason}; GPU quota is rarely given", remediation)
        )
    if offer is None:
        return unknown(where, f"{evidence}: whether such a subscription pays is not known", "ask its owner")
    if buys and limit.casefold() != "off":
        remove = "remove the spending limit (portal: Cost Management > Subscription > Remove spending limit)"
        return unknown(where, f"{evidence}: whether it may buy in Azure Marketplace with a limit is not known", remove)
    return passed(where, f"{evidence}: {offer.name}, which pays")


def _shares(plan: Plan, policies: dict[str, object]) -> Iterator[Result]:
    """Whether the subscription may use Azure's shared quota, for each endpoint that does."""
    quota_id = str(policies.get("quotaId") or "")
    evidence = f"the subscription's quotaId is {quota_id or 'not told'}"
    for endpoint in plan.endpoints:
        if not endpoint.settings.shares_quota:
            continue
        if not quota_id:
            yield unknown(endpoint.place, f"{evidence}: whether it may use shared quota is not known")
        elif quota_id.startswith(SHARED_QUOTA_OFFER):
            yield passed(endpoint.place, f"{evidence}: it may use shared quota")
        else:
            reason = f"{evidence}: shared quota needs a subscription of an Enterprise Agreement"
            remedy = (
                f"remove azure-llama:{endpoint.place}.sharedQuota, or deploy to a subscription of such an agreement"
            )
            yield failed(endpoint.place, reason, remedy)
