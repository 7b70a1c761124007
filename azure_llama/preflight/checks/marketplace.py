"""Checks whether the workspace has, or may create, subscriptions to the models' offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from azure_llama.arm import ArmError, NotFoundError, versions
from azure_llama.catalog.subscription_offers import MANAGED_COUNTRIES, Money, find_offer
from azure_llama.preflight.plan import Plan
from azure_llama.preflight.reader import Reader
from azure_llama.preflight.results import Result, failed, passed, skipped, unknown
from azure_llama.stack.arm_ids import Planned

_BILLING = "providers/Microsoft.Billing"
_ALLOWED, _REFUSING = "allallowed", ("onlyfreeallowed", "notallowed")
_NO_MONEY = ("none", "credits")


async def existing(plan: Plan, azure: Reader) -> list[dict[str, Any]]:
    """The subscriptions that the workspace has; none while it does not exist."""
    try:
        return await azure.list(f"{plan.workspace}/marketplaceSubscriptions", versions.MACHINE_LEARNING)
    except NotFoundError:
        return []


async def subscribed(plan: Plan, azure: Reader) -> list[str]:
    """Ids, in lower case, of those that are in force."""
    found = await existing(plan, azure)
    return [str(each.get("id", "")).casefold() for each in found if _state(each) == "subscribed"]


def _state(subscription: dict[str, Any]) -> str:
    properties = subscription.get("properties")
    return str(properties.get("marketplaceSubscriptionStatus") or "").casefold() if isinstance(properties, dict) else ""


async def offers(plan: Plan, azure: Reader) -> list[Result]:
    """One result for each model that is bought, with a subscription of the workspace or at its deployment."""
    results = []
    there = {str(each.get("id", "")).casefold(): each for each in await existing(plan, azure)} if plan.buys else {}
    for planned in plan.buys:
        found = there.get(planned.id.casefold())
        results.append(_standing(planned, found) if found else await eligible(plan, azure, planned.name))
    for endpoint in plan.endpoints:
        results += await plan.kinds[endpoint.kind.name].purchases(plan, azure, endpoint)
    return results or [skipped("marketplace", "no model of the plan is bought in Azure Marketplace")]


def _standing(planned: Planned, found: dict[str, Any]) -> Result:
    state = _state(found)
    if state == "subscribed":
        return passed(planned.name, "the workspace is subscribed already")
    if not state:
        return unknown(planned.name, "the workspace has the subscription, and Azure does not tell its state")
    if state == "suspended":
        return failed(
            planned.name,
            "the workspace's subscription is Suspended: its endpoints answer nothing",
            "pay what is due in the billing account; then Azure takes it up again",
        )
    remediation = (
        f"az rest --method delete --url '{planned.id}?api-version={versions.MACHINE_LEARNING}', then `pulumi up`"
    )
    return failed(planned.name, f"the workspace's subscription is {state.capitalize()}", remediation)


async def eligible(plan: Plan, azure: Reader, where: str) -> Result:
    """Whether the subscription may buy a model.

    Args:
        plan: Required.
        azure: Required.
        where: Required. What the result calls the model.
    """
    bought = await _spends(plan, azure)
    if bought is not None:
        return failed(where, *bought)
    account = await _account(plan, azure)
    ask = "ask the owner of the billing account (portal: Cost Management + Billing)"
    if account is None:
        return unknown(
            where, "not subscribed yet, and ARM does not tell this caller what the billing account may buy", ask
        )
    if account.policy.casefold() in _REFUSING:
        return failed(
            where,
            f"the billing profile's policy on Azure Marketplace is {account.policy}: the purchase will be refused",
            "have the owner of the billing account allow purchases (portal: Cost Management + Billing > Policies)",
        )
    if account.payment.casefold() in _NO_MONEY:
        return failed(
            where,
            f"the billing profile's payment method is {account.payment}: the purchase will be refused",
            "have the owner of the billing account add a payment method (https://aka.ms/SaaSPurchaseErrors)",
        )
    told = f"policy {account.policy or 'not told'}, payment {account.payment or 'not told'}, country"
    told = f"not subscribed yet; of the billing account: {told} {account.country or 'not told'}"
    if account.policy.casefold() == _ALLOWED and account.payment and account.country.upper() in MANAGED_COUNTRIES:
        return passed(where, f"{told}: it may buy")
    return unknown(where, f"{told}: whether the offer is sold to it is not known", ask)


async def _spends(plan: Plan, azure: Reader) -> tuple[str, str] | None:
    try:
        found = await azure.get(plan.scope, versions.SUBSCRIPTIONS)
    except ArmError:
        return None
    policies = found.get("subscriptionPolicies")
    quota_id = str(policies.get("quotaId") or "") if isinstance(policies, dict) else ""
    offer = find_offer(quota_id)
    if offer is None or offer.money is Money.PAID:
        return None
    return (
        f"the subscription is {offer.name} ({quota_id}), and Azure Marketplace takes no credit",
        "upgrade it to pay-as-you-go (portal: Subscriptions > Upgrade), or deploy into a paid subscription",
    )


@dataclass(frozen=True)
class _Account:
    """The means of payment; empty where Azure does not return it."""

    policy: str
    payment: str
    country: str


async def _account(plan: Plan, azure: Reader) -> _Account | None:
    """The billing account of the subscription; None when the caller is not told. Resellers and Enterprise Agreements
    keep their policies elsewhere."""
    try:
        found = await azure.get(f"{plan.scope}/{_BILLING}/billingProperty/default", versions.BILLING)
        profile = _property(found, "billingProfileId")
        policy = await azure.get(f"{profile}/policies/default", versions.BILLING) if profile else {}
    except ArmError:
        return None
    payment = _property(found, "billingProfilePaymentMethodFamily")
    return _Account(_property(policy, "marketplacePurchases"), payment, _property(found, "billingAccountSoldToCountry"))


def _property(body: dict[str, Any], name: str) -> str:
    properties = body.get("properties")
    value = properties.get(name) if isinstance(properties, dict) else None
    return str(value) if value else ""
