"""Finds soft-deleted resources, whose names Azure holds until they are purged.

Key vaults, AI services accounts and API Management services have a documented list of what is deleted. Azure ML's
(`deletedWorkspaces`) is in no document that was found; third parties' scripts of 2026 read it (secondary).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from azure_llama.arm import versions
from azure_llama.arm.errors import NotFoundError

WORKSPACE_DAYS = 14
"""Days that a deleted workspace keeps its name (https://learn.microsoft.com/azure/machine-learning/concept-soft-delete)."""

_ML = "Microsoft.MachineLearningServices"
_LIST_VERSION = "2024-04-01"


class Kind(StrEnum):
    """A soft-deleted resource."""

    WORKSPACE = "workspace"
    VAULT = "key vault"
    ACCOUNT = "AI services account"
    GATEWAY = "API Management service"


class Asks(Protocol):
    """The client interface that reads require."""

    async def get(self, path: str, api_version: str, **query: str) -> dict[str, Any]: ...

    async def list(self, path: str, api_version: str, **query: str) -> list[dict[str, Any]]: ...


@dataclass(frozen=True)
class Name:
    """A name that may be kept by something deleted.

    Attributes:
        kind: Required.
        id: Required. ARM id that the thing had, or would have.
        location: Required. ARM name of the region.
    """

    kind: Kind
    id: str
    location: str

    @property
    def name(self) -> str:
        """The name itself."""
        return self.id.rsplit("/", 1)[-1]

    @property
    def subscription(self) -> str:
        """Id of the subscription, as a path."""
        return "/".join(self.id.split("/")[:3])

    @property
    def group_id(self) -> str:
        """Id of the resource group."""
        return "/".join(self.id.split("/")[:5])

    @property
    def group(self) -> str:
        """Name of the resource group."""
        return self.id.split("/")[4]


@dataclass(frozen=True)
class Deleted:
    """Something that was deleted, and still has its name.

    Attributes:
        name: Required.
        deleted: Required. When; None when Azure does not say it.
        free: Required. When Azure frees the name by itself; None likewise.
        protected: Required. Whether nobody may purge it before.
    """

    name: Name
    deleted: datetime | None
    free: datetime | None
    protected: bool

    @property
    def command(self) -> str:
        """The Azure CLI's command that purges it."""
        name, location = self.name.name, self.name.location
        if self.name.kind is Kind.VAULT:
            return f"az keyvault purge --name {name} --location {location}"
        if self.name.kind is Kind.ACCOUNT:
            return f"az cognitiveservices account purge --name {name} -g {self.name.group} --location {location}"
        if self.name.kind is Kind.GATEWAY:
            return f"az apim deletedservice purge --service-name {name} --location {location}"
        return (
            f"az rest --method delete --url '{self.name.id}?api-version={versions.MACHINE_LEARNING}&forceToPurge=true'"
        )


def purge_request(name: Name) -> tuple[str, str, str, dict[str, str]]:
    """Method, path, version and query of the request that purges a name."""
    if name.kind is Kind.VAULT:
        return "POST", f"{_vault_path(name)}/purge", versions.KEY_VAULT, {}
    if name.kind is Kind.ACCOUNT:
        return "DELETE", _account_path(name), versions.COGNITIVE_SERVICES, {}
    if name.kind is Kind.GATEWAY:
        return "DELETE", _service_path(name), versions.API_MANAGEMENT, {}
    return "DELETE", name.id, versions.MACHINE_LEARNING, {"forceToPurge": "true"}


async def find(azure: Asks, name: Name) -> Deleted | None:
    """The soft-deleted resource that holds a name; None when there is none.

    Raises:
        ArmError: Azure does not say it.
    """
    if name.kind is Kind.WORKSPACE:
        return await _workspace(azure, name)
    try:
        path, version = _READS[name.kind]
        body = await azure.get(path(name), version)
    except NotFoundError:
        return None
    properties = _properties(body)
    return Deleted(
        name,
        _when(properties.get("deletionDate")),
        _when(properties.get("scheduledPurgeDate")),
        properties.get("purgeProtectionEnabled") is True,
    )


def _vault_path(name: Name) -> str:
    return f"{name.subscription}/providers/Microsoft.KeyVault/locations/{name.location}/deletedVaults/{name.name}"


def _account_path(name: Name) -> str:
    place = f"locations/{name.location}/resourceGroups/{name.group}/deletedAccounts/{name.name}"
    return f"{name.subscription}/providers/Microsoft.CognitiveServices/{place}"


def _service_path(name: Name) -> str:
    place = f"locations/{name.location}/deletedservices/{name.name}"
    return f"{name.subscription}/providers/Microsoft.ApiManagement/{place}"


_READS: Mapping[Kind, tuple[Callable[[Name], str], str]] = {
    Kind.VAULT: (_vault_path, versions.KEY_VAULT),
    Kind.ACCOUNT: (_account_path, versions.COGNITIVE_SERVICES),
    Kind.GATEWAY: (_service_path, versions.API_MANAGEMENT),
}
"""Where Azure says what it keeps, with the version of the API."""


async def _workspace(azure: Asks, name: Name) -> Deleted | None:
    rows = await azure.list(f"{name.subscription}/providers/{_ML}/deletedWorkspaces", _LIST_VERSION)
    for row in rows:
        properties = _properties(row)
        ids = {str(properties.get(key) or "").casefold() for key in ("workspaceId", "workspaceArmId", "originalId")}
        ids.add(str(row.get("id") or "").casefold().replace("/deletedworkspaces/", "/workspaces/"))
        group = str(properties.get("resourceGroup") or properties.get("resourceGroupName") or "").casefold()
        named = str(row.get("name") or "").casefold() == name.name.casefold()
        if name.id.casefold() in ids or (named and group == name.group.casefold()):
            deleted = _when(properties.get("deletionDate") or properties.get("deletedAt"))
            free = _when(properties.get("scheduledPurgeDate"))
            by_rule = deleted + timedelta(days=WORKSPACE_DAYS) if deleted else None
            return Deleted(name, deleted, free or by_rule, protected=False)
    return None


def _properties(body: Mapping[str, Any]) -> Mapping[str, Any]:
    found = body.get("properties")
    return found if isinstance(found, Mapping) else {}


def _when(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(value).replace("Z", "+00:00")) if value else None
    except ValueError:
        return None
    return found if found is None or found.tzinfo else found.replace(tzinfo=UTC)
