"""Quota of models on Foundry accounts: what the region allows, and what the plan adds."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from azure_llama.arm import versions
from azure_llama.arm.offered_models import OfferedSku
from azure_llama.preflight.foundry import (
    FoundryOffers,
    account_id,
    accounts,
    capacity_of,
    location,
    read_deployments,
    read_offers,
)
from azure_llama.preflight.plan import Plan
from azure_llama.preflight.reader import Reader
from azure_llama.settings import FoundryDeploymentSettings


@dataclass(frozen=True)
class ModelUsage:
    """A row of the usages API.

    Attributes:
        name: Required. `AIServices.GlobalStandard.Llama-3.3-70B-Instruct`.
        shown: Required. The words that Azure prints.
        used, limit: Required. Units of capacity.
    """

    name: str
    shown: str
    used: int
    limit: int


@dataclass(frozen=True)
class ModelNeed:
    """The quota that a deployment needs.

    Attributes:
        where: Required. `foundry.contoso-llama.deployments.chat`.
        arm_id: Required. ARM id of the deployment, which may not exist.
        deployment: Required. What the stack asks for.
        sku: Required. The SKU as the region offers it; None when it does not.
        held: Required. Units of the same quota that the deployment has already.
    """

    where: str
    arm_id: str
    deployment: FoundryDeploymentSettings
    sku: OfferedSku | None
    held: int

    @property
    def usage_name(self) -> str | None:
        """The quota that it counts against; None when it is unknown."""
        return self.sku.usage_name if self.sku else None

    @property
    def more(self) -> int:
        """Units beyond those that it has."""
        return max(self.deployment.capacity - self.held, 0)

    @property
    def text(self) -> str:
        """The deployment and its capacity."""
        held = f", {self.held} of them held already" if self.held else ""
        return f"{self.where}: {self.deployment.capacity}{held}"


@dataclass(frozen=True)
class ModelQuota:
    """The region's quota, and the capacity that the plan adds.

    Attributes:
        usages: Required. By name in lower case.
        needs: Required. One a deployment.
    """

    usages: Mapping[str, ModelUsage]
    needs: tuple[ModelNeed, ...]

    @property
    def by_usage(self) -> Iterator[tuple[str, ModelUsage | None, list[ModelNeed]]]:
        """Each quota that the plan counts against: its name, its row or None, and the deployments."""
        for name in dict.fromkeys(need.usage_name for need in self.needs):
            if name is not None:
                yield name, self.usages.get(name.casefold()), [e for e in self.needs if e.usage_name == name]


async def read_quota(plan: Plan, azure: Reader) -> ModelQuota:
    """The quota of the plan's deployments.

    Raises:
        ArmError: Azure does not answer.
    """
    rows, offers, there = await asyncio.gather(
        azure.list(location(plan, "usages"), versions.COGNITIVE_SERVICES),
        read_offers(plan, azure),
        read_deployments(plan, azure),
    )
    return ModelQuota(_usages(rows), tuple(_needs(plan, offers, there)))


def _usages(rows: Iterable[Mapping[str, Any]]) -> dict[str, ModelUsage]:
    usages = {}
    for row in rows:
        name, used, limit = row.get("name") or {}, row.get("currentValue"), row.get("limit")
        if name.get("value") and isinstance(used, int | float) and isinstance(limit, int | float):
            shown = str(name.get("localizedValue") or name["value"])
            usages[str(name["value"]).casefold()] = ModelUsage(str(name["value"]), shown, int(used), int(limit))
    return usages


def _needs(plan: Plan, offers: FoundryOffers, there: Mapping[str, dict[str, Any]]) -> Iterator[ModelNeed]:
    for account in accounts(plan):
        for name, deployment in account.settings.deployments.items():
            arm_id = f"{account_id(plan, account)}/deployments/{name}"
            row = there.get(arm_id.casefold())
            sku = offers.sku(deployment)
            same = row is not None and sku is not None and _usage_name(offers, row) == sku.usage_name
            yield ModelNeed(account.machine_place(name), arm_id, deployment, sku, capacity_of(row) if same else 0)


def _usage_name(offers: FoundryOffers, row: Mapping[str, Any]) -> str | None:
    """The quota that a deployment as ARM answers it counts against; None when it is unknown."""
    model, sku = (row.get("properties") or {}).get("model") or {}, (row.get("sku") or {}).get("name")
    key = tuple(str(model.get(part) or "").casefold() for part in ("format", "name", "version"))
    for offer in offers.models:
        if (offer.format.casefold(), offer.name.casefold(), offer.version.casefold()) == key:
            found = offer.skus.get(str(sku).casefold())
            return found.usage_name if found else None
    return None
