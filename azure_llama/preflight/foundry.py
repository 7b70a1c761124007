"""Reads the models and quota of Foundry accounts in a region, and the existing deployments."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from azure_llama.arm import NotFoundError, versions
from azure_llama.arm.offered_models import OfferedModel, OfferedSku, integer, offered_models
from azure_llama.catalog.kinds import FOUNDRY
from azure_llama.preflight.plan import Plan
from azure_llama.preflight.reader import Reader
from azure_llama.settings import FoundryDeploymentSettings, FoundrySettings, StackEndpoint

NAMESPACE = "Microsoft.CognitiveServices"
ACCOUNT = f"{NAMESPACE}/accounts"
ACCOUNT_SKU = "S0"
Account = StackEndpoint[FoundrySettings]


@dataclass(frozen=True)
class FoundryOffers:
    """The versions that a region offers to the subscription, each once."""

    models: tuple[OfferedModel, ...]

    def versions(self, deployment: FoundryDeploymentSettings) -> list[OfferedModel]:
        """All versions of the model of a deployment."""
        wanted = (deployment.publisher.casefold(), deployment.model.casefold())
        return [each for each in self.models if (each.format.casefold(), each.name.casefold()) == wanted]

    def version(self, deployment: FoundryDeploymentSettings) -> OfferedModel | None:
        """The version of a deployment; None when it is not offered."""
        return next((e for e in self.versions(deployment) if e.version == deployment.model_version), None)

    def sku(self, deployment: FoundryDeploymentSettings) -> OfferedSku | None:
        """The SKU of a deployment; None when its version is not offered on it."""
        model = self.version(deployment)
        return model.skus.get(deployment.sku.casefold()) if model else None


def location(plan: Plan, what: str) -> str:
    """The path of what Azure AI services list for the region."""
    return f"{plan.scope}/providers/{NAMESPACE}/locations/{plan.region}/{what}"


def accounts(plan: Plan) -> list[Account]:
    """The Foundry accounts of the plan."""
    return [endpoint for endpoint in plan.endpoints if endpoint.kind.name == FOUNDRY.name]


def account_id(plan: Plan, account: Account) -> str:
    """ARM id of an account, which may exist in another resource group."""
    return account.settings.id or plan.id_of(account)


async def read_offers(plan: Plan, azure: Reader) -> FoundryOffers:
    """The models and quota that the region offers to the subscription.

    Raises:
        ArmError: Azure does not answer.
    """
    rows = await azure.list(location(plan, "models"), versions.COGNITIVE_SERVICES)
    return FoundryOffers(offered_models(rows))


async def read_deployments(plan: Plan, azure: Reader) -> dict[str, dict[str, Any]]:
    """The deployments of the plan's accounts that exist, by ARM id in lower case; also those outside the stack.

    Raises:
        ArmError: Azure does not answer.
    """
    ids = [account_id(plan, each) for each in accounts(plan)]
    answers = await asyncio.gather(*(_deployments(azure, id_) for id_ in ids))
    return {
        f"{id_}/deployments/{row.get('name', '')}".casefold(): row
        for id_, rows in zip(ids, answers, strict=True)
        for row in rows
    }


async def _deployments(azure: Reader, account: str) -> list[dict[str, Any]]:
    try:
        return await azure.list(f"{account}/deployments", versions.COGNITIVE_SERVICES)
    except NotFoundError:
        return []


def serves(row: Mapping[str, Any] | None, deployment: FoundryDeploymentSettings) -> bool:
    """Whether a deployment as ARM answers it has the model and the version of a deployment of the stack."""
    model = ((row or {}).get("properties") or {}).get("model") or {}
    wanted = (deployment.publisher, deployment.model, deployment.model_version)
    there = tuple(str(model.get(key) or "").casefold() for key in ("format", "name", "version"))
    return there == tuple(each.casefold() for each in wanted)


def capacity_of(row: Mapping[str, Any] | None) -> int:
    """The capacity of a deployment as ARM answers it; 0 when there is none."""
    return integer(((row or {}).get("sku") or {}).get("capacity")) or 0
