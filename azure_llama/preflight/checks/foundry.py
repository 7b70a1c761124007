"""Checks whether Azure accepts the models and the accounts of Foundry endpoints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from azure_llama.arm import versions
from azure_llama.arm.offered_models import ACCOUNT_KIND, OfferedModel
from azure_llama.catalog.foundry import MARKETPLACE
from azure_llama.catalog.limits import DEPLOYMENTS_PER_ACCOUNT
from azure_llama.preflight.actions import Need, connection
from azure_llama.preflight.checks.marketplace import eligible
from azure_llama.preflight.foundry import (
    ACCOUNT,
    ACCOUNT_SKU,
    Account,
    FoundryOffers,
    account_id,
    location,
    read_deployments,
    read_offers,
    serves,
)
from azure_llama.preflight.plan import Plan
from azure_llama.preflight.reader import Reader
from azure_llama.preflight.results import Result, failed, passed, skipped, unknown
from azure_llama.settings import FoundryDeploymentSettings
from azure_llama.settings.problems import listed

_BLOCKED = ("deprecating", "deprecated")
"""Statuses with which only deployments of subscriptions that have used the version are possible."""
_OPEN = ("stable", "preview", "generallyavailable", "legacy")


async def offered(plan: Plan, azure: Reader, account: Account) -> list[Result]:
    """Whether the region offers the account, and each deployment's model, version and SKU, to the subscription."""
    offers = await read_offers(plan, azure)
    rows = account.settings.deployments.items()
    results = [_offered(plan, offers, account.machine_place(name), deployment) for name, deployment in rows]
    return [*results, *([] if account.settings.exists else [await _sold(plan, azure, account)])]


async def _sold(plan: Plan, azure: Reader, account: Account) -> Result:
    where, what = account.place, f"SKU {ACCOUNT_SKU} of kind {ACCOUNT_KIND}"
    question = {"kind": ACCOUNT_KIND, "type": ACCOUNT, "skus": [ACCOUNT_SKU]}
    answer = await azure.post(location(plan, "checkSkuAvailability"), versions.COGNITIVE_SERVICES, question)
    rows = answer.get("value") or ()
    row: dict[str, Any] = next((each for each in rows if each.get("skuName") == ACCOUNT_SKU), {})
    if row.get("skuAvailable") is True:
        return passed(where, f"accounts of {what} are available in {plan.region}")
    if row.get("skuAvailable") is not False:
        return unknown(where, f"Azure does not state whether accounts of {what} are available in {plan.region}")
    evidence = f"accounts of {what} are not available in {plan.region}: {row.get('message') or row.get('reason')}"
    remediation = "deploy into a subscription whose offer includes them, or set azure-native:location to another region"
    return failed(where, f"{evidence} (SpecialFeatureOrQuotaIdRequired)", remediation)


def _offered(plan: Plan, offers: FoundryOffers, where: str, deployment: FoundryDeploymentSettings) -> Result:
    what = f"{deployment.publisher} {deployment.model}"
    if not offers.models:
        return unknown(where, f"Azure lists no models for Foundry accounts in {plan.region}")
    there = offers.versions(deployment)
    if not there:
        evidence = f"{what} is not offered to this subscription on Foundry accounts in {plan.region}"
        return failed(where, evidence, _elsewhere(plan, deployment))
    model = offers.version(deployment)
    if model is None:
        known = listed([each.version for each in there])
        evidence = f"{what} has no version {deployment.model_version!r} in {plan.region} (versions: {known})"
        return failed(where, evidence, f"set azure-llama:{where}.modelVersion to one of them")
    if deployment.sku.casefold() not in model.skus:
        skus = listed([sku.name for sku in model.skus.values()]) or "none"
        evidence = f"{what} version {model.version} is not offered as {deployment.sku} in {plan.region} (SKUs: {skus})"
        return failed(where, evidence, _other_sku(plan, deployment, where, model, there))
    return passed(where, f"{what} version {model.version} is offered as {deployment.sku} in {plan.region}")


def _other_sku(
    plan: Plan, deployment: FoundryDeploymentSettings, where: str, model: OfferedModel, there: list[OfferedModel]
) -> str:
    others = [each.version for each in there if deployment.sku.casefold() in each.skus]
    if others:
        return f"set azure-llama:{where}.modelVersion to {listed(others)}, which is offered as {deployment.sku}"
    if model.skus:
        return f"set azure-llama:{where}.sku to {listed([sku.name for sku in model.skus.values()])}"
    return _elsewhere(plan, deployment)


def _elsewhere(plan: Plan, deployment: FoundryDeploymentSettings) -> str:
    asked = (deployment.publisher, deployment.model, deployment.model_version, deployment.sku)
    row = plan.catalog.foundry.offer(*asked)
    regions = sorted(row.regions - {plan.region}) if row else []
    where = f"azure-native:location to a region that offers it: {listed(regions)}" if regions else "another region"
    return f"set {where}, or choose another model (azure-llama catalog show foundry-models)"


async def lifecycle(plan: Plan, azure: Reader, account: Account) -> list[Result]:
    """Whether each deployment's version still takes new deployments."""
    offers = await read_offers(plan, azure)
    there = await read_deployments(plan, azure)
    results = []
    for name, deployment in account.settings.deployments.items():
        where, model = account.machine_place(name), offers.version(deployment)
        row = there.get(f"{account_id(plan, account)}/deployments/{name}".casefold())
        if model is None:
            results.append(skipped(where, "the region does not list the version: see model-region"))
        else:
            results.append(_stage(plan, where, model, deployed=serves(row, deployment)))
    return results


def _stage(plan: Plan, where: str, model: OfferedModel, *, deployed: bool) -> Result:
    status = (model.lifecycle or "").casefold()
    what = f"{model.name} version {model.version}"
    until = f"; it retires on {model.retires}" if model.retires else ""
    if model.retires and model.retires <= plan.today:
        return failed(where, f"{what} is retired since {model.retires}: it answers 410 Gone", _another(where))
    if deployed:
        return passed(where, f"{what} is deployed already, in status {model.lifecycle}{until}")
    if status in _BLOCKED:
        evidence = (
            f"{what} is {model.lifecycle}: Azure refuses new deployments (ServiceModelDeprecating), unless this"
            f" subscription has deployed the version before{until}"
        )
        return failed(where, evidence, _another(where))
    if status in _OPEN:
        return passed(where, f"{what} is {model.lifecycle}{until}")
    return unknown(where, f"Azure states the lifecycle status {model.lifecycle!r} of {what}{until}")


def _another(where: str) -> str:
    return f"set azure-llama:{where}.model or modelVersion to one that takes deployments (docs/foundry.md)"


def bought(plan: Plan, account: Account) -> Iterator[str]:
    """Names of the deployments whose models Azure buys from their publishers."""
    for name, asked in account.settings.deployments.items():
        row = plan.catalog.foundry.model(asked.publisher, asked.model, asked.model_version)
        if row is not None and row.seller == MARKETPLACE:
            yield name


async def purchases(plan: Plan, azure: Reader, account: Account) -> list[Result]:
    """Whether the subscription may buy them; a deployment that serves the model already has bought it."""
    names = list(bought(plan, account))
    there = await read_deployments(plan, azure) if names else {}
    results = []
    for name in names:
        where, row = (
            account.machine_place(name),
            there.get(f"{account_id(plan, account)}/deployments/{name}".casefold()),
        )
        if serves(row, account.settings.deployments[name]):
            results.append(passed(where, "the model is deployed already"))
        else:
            results.append(await eligible(plan, azure, where))
    return results


def links(plan: Plan, account: Account) -> Iterator[Need]:
    """The actions that the account's private endpoint requires on its subnet and the account."""
    endpoint = account.settings.network.private_endpoint
    if endpoint is not None:
        purpose = f"connect the private endpoint of {account.name}"
        yield from connection(plan, endpoint, account_id(plan, account), ACCOUNT, purpose)


async def names(plan: Plan, azure: Reader, account: Account) -> list[Result]:
    """Whether the account can be created, or is there, in the plan's region."""
    where, id_ = account.place, account_id(plan, account)
    body = await azure.find(id_, versions.COGNITIVE_SERVICES)
    if account.settings.exists and (body is None or body.get("kind") == ACCOUNT_KIND):
        return []  # The check of references asks whether it exists, and in which region.
    if body is None:
        return [passed(where, f"the resource group has no account {account.name!r}")]
    return list(_existing(plan, account, id_, body))


def _existing(plan: Plan, account: Account, id_: str, body: dict[str, Any]) -> Iterator[Result]:
    where = account.place
    region = plan.catalog.find_region(str(body.get("location") or ""))
    if region is None or region.name != plan.region:
        evidence = f"{account.name!r} exists in {body.get('location')}, and the plan is for {plan.region}"
        yield failed(where, evidence, "choose another name, or set azure-native:location to its region")
    elif body.get("kind") != ACCOUNT_KIND:
        evidence = f"{account.name!r} exists as kind {body.get('kind')}; a Foundry account has kind {ACCOUNT_KIND}"
        yield failed(where, evidence, "choose another name")
    elif not account.settings.exists and plan.is_held(id_) is False:
        evidence = f"{account.name!r} exists in the resource group, and is not in the stack's state"
        yield failed(where, evidence, f"import it (docs/adoption.md), or set azure-llama:{where}.id to {id_}")
    else:
        yield passed(where, f"{account.name!r} exists in {plan.region}")


async def limits(plan: Plan, azure: Reader, accounts: Sequence[Account]) -> list[Result]:
    """Whether the region has room for the accounts, and each account for its deployments."""
    rows = await azure.list(location(plan, "usages"), versions.COGNITIVE_SERVICES)
    there = await read_deployments(plan, azure)
    results = []
    made = [each for each in accounts if not each.settings.exists]
    bodies = [await azure.find(account_id(plan, each), versions.COGNITIVE_SERVICES) for each in made]
    if new := bodies.count(None):
        results.append(_accounts(plan, rows, new))
    for account in accounts:
        base = f"{account_id(plan, account)}/deployments/".casefold()
        held = {id_ for id_ in there if id_.startswith(base)}
        new = sum(f"{base}{name.casefold()}" not in held for name in account.settings.deployments)
        results.append(_room(f"deployments of {account.name}", len(held), new, DEPLOYMENTS_PER_ACCOUNT.low))
    return results


def _accounts(plan: Plan, rows: list[dict[str, Any]], new: int) -> Result:
    where = f"AI services accounts in {plan.region}"
    row = next((each for each in rows if (each.get("name") or {}).get("value") == "AccountCount"), None)
    if row is None:
        return unknown(where, f"{new} new; the usages API has no row AccountCount")
    return _room(where, int(row["currentValue"]), new, int(row["limit"]))


def _room(where: str, there: int, new: int, limit: int) -> Result:
    figures = f"{there} there, {new} new, limit {limit}"
    if there + new <= limit:
        return passed(where, figures)
    return failed(where, figures, f"delete {there + new - limit} unused, or use another account or region")
