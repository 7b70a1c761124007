"""Reading Foundry accounts and their deployments, for the rules about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from azure_llama.catalog import Catalog
from azure_llama.catalog.foundry import FoundryCapacity, FoundryModel
from azure_llama_policies import resource_types as types
from azure_llama_policies.resources import NotApplicableError, NotSeenError, Resource, Stack

KIND: Final = "AIServices"
"""The kind of an Azure AI services account that is a Foundry account."""
NAME: Final = "properties.model.name"
VERSION: Final = "properties.model.version"
SKU: Final = "sku.name"
CAPACITY: Final = "sku.capacity"
CLOSED: Final = frozenset({"Deprecating", "Deprecated", "Retired"})
"""Azure's `lifecycleStatus` of models that take no new deployments."""


@dataclass(frozen=True, slots=True)
class DeployedModel:
    """The model of a deployment.

    Attributes:
        format: Its publisher, as ARM spells it.
        name: Its name.
        version: Its version.
    """

    format: str
    name: str
    version: str

    def __str__(self) -> str:
        return f"{self.name} version {self.version}"


def model_of(deployment: Resource) -> DeployedModel:
    """The model of a deployment.

    Raises:
        NotSeenError: a part of it is absent or unknown.
    """
    return DeployedModel(deployment.text("properties.model.format"), deployment.text(NAME), deployment.text(VERSION))


def catalog_row(deployment: Resource, catalog: Catalog) -> FoundryModel:
    """The catalogue's row of a deployment's model.

    Raises:
        NotSeenError: the model is unknown, or the catalogue does not have its version.
    """
    model = model_of(deployment)
    row = catalog.foundry.model(model.format, model.name, model.version)
    if row is None:
        raise missing(model, catalog)
    return row


def missing(model: DeployedModel, catalog: Catalog) -> NotSeenError:
    """The error for a version whose SKUs and regions the catalogue does not have."""
    versions = catalog.foundry.versions(model.format, model.name)
    if catalog.foundry.model(model.format, model.name, model.version) is not None:
        return NotSeenError(f"the catalogue has no SKUs and regions of {model.name} on Foundry accounts", NAME)
    listed = f" (it has {', '.join(versions)})" if versions else ""
    return NotSeenError(
        f"the catalogue does not have {model} of {model.format} on Foundry accounts{listed}; check it with "
        "`azure-llama preflight`, or add it to llama-catalog.yaml",
        VERSION if versions else NAME,
    )


def sku_of(deployment: Resource, catalog: Catalog) -> str:
    """The SKU of a deployment, in the catalogue's spelling where it has it.

    Raises:
        NotSeenError: it is absent or unknown.
    """
    given = deployment.text(SKU)
    return next((name for name in catalog.foundry.skus if name.casefold() == given.casefold()), given)


def capacity_of(deployment: Resource, takes: FoundryCapacity) -> int:
    """The capacity of a deployment, Azure's default where it states none.

    Args:
        deployment: Required. The deployment.
        takes: Required. What capacity its model takes.

    Raises:
        NotSeenError: it is unknown, or no number.
    """
    capacity = deployment.value(CAPACITY)
    stated = takes.default if capacity is None else capacity
    if isinstance(stated, int) and not isinstance(stated, bool):
        return stated
    if stated is None:
        raise NotSeenError(f"'{CAPACITY}' is not set, and Azure's default is unknown; set it", CAPACITY)
    raise NotSeenError(f"'{CAPACITY}' is not a whole number", CAPACITY)


def account_of(child: Resource, stack: Stack) -> Resource | None:
    """The account of a deployment or a content filter; None when the stack does not have it.

    Raises:
        NotSeenError: the name of the account is unknown.
    """
    origins = [stack.get(urn) for urn in child.dependencies.get("accountName", ())]
    if len(origins) == 1 and origins[0] is not None and origins[0].type == types.COGNITIVE_ACCOUNT:
        return origins[0]
    name = child.text("accountName").casefold()
    return next((each for each in stack.of(types.COGNITIVE_ACCOUNT) if _name(each) == name), None)


def _name(account: Resource) -> str | None:
    try:
        return account.text("accountName").casefold()
    except NotSeenError:
        return None


def region_of(deployment: Resource, stack: Stack, catalog: Catalog) -> str:
    """ARM name of the region of a deployment's account.

    Raises:
        NotSeenError: the account is outside the stack, or its region is unknown.
    """
    account = account_of(deployment, stack)
    if account is None:
        raise NotSeenError("its account is not in this stack, so its region is unknown", "accountName")
    location = account.text("location")
    region = catalog.find_region(location)
    return region.name if region else location


@dataclass(frozen=True, slots=True)
class Retirement:
    """The end of a model.

    Attributes:
        on: The first day without answers.
        source: Key of its source.
        confirmed: Whether Microsoft published it, or the team's overlay states it.
    """

    on: date
    source: str
    confirmed: bool


def retirement_of(row: FoundryModel, catalog: Catalog) -> Retirement | None:
    """The retirement of a model, by Microsoft's source where the Llama models have the same date; None when unknown."""
    if row.retired is None:
        return None
    model = catalog.find_model(row.name)
    agrees = model is not None and model.lifecycle.confirmed and model.lifecycle.retired == row.retired
    source = model.lifecycle.retired_source if model is not None and agrees else row.retired_source
    assert source is not None, "a date has a source"
    return Retirement(row.retired, source, catalog.sources[source].official)


def other_models(row: FoundryModel, catalog: Catalog, on: date) -> str:
    """The replacement for a model, as the end of a sentence.

    Args:
        row: Required. The model.
        catalog: Required. The catalogue.
        on: Required. The day on which the proposals must take deployments.
    """
    names = dict.fromkeys(
        other.name
        for other in catalog.foundry.models
        if other.version is not None
        and other.name != row.name
        and other.lifecycle not in CLOSED
        and (other.retired is None or other.retired > on)
    )
    return f"deploy another model, such as {' or '.join(names)}" if names else "deploy another model"


def only_foundry(account: Resource) -> None:
    """Return for a Foundry account.

    Raises:
        NotApplicableError: it is an account of another kind.
        NotSeenError: its kind is unknown.
    """
    if account.text("kind").casefold() != KIND.casefold():
        raise NotApplicableError("it is not a Foundry account")
