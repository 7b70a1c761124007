"""The functions (`Invoke`) that the provider serves, beside a `get...` for every resource type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from azure_llama_sandbox.provider import arm_ids
from azure_llama_sandbox.provider.arm_client import ArmClient
from azure_llama_sandbox.provider.credentials import ARM_AUDIENCE, TokenCache
from azure_llama_sandbox.provider.errors import ArmError, ProviderError
from azure_llama_sandbox.provider.resource_type import ResourceType
from azure_llama_sandbox.provider.resource_types import RESOURCE_TYPES
from azure_llama_sandbox.provider.sessions import Session


@dataclass(frozen=True)
class Action:
    """A POST below a resource, such as `listKeys`; the answer is passed on as it is.

    Attributes:
        of: Required. Pulumi type of the resource, which gives path and api-version.
        verb: Required. Last step of the path.
    """

    of: ResourceType
    verb: str


def _of(pulumi_type: str) -> ResourceType:
    return RESOURCE_TYPES[f"azure-native:{pulumi_type}"]


ACTIONS: Final = {
    "azure-native:apimanagement:listNamedValue": Action(_of("apimanagement:NamedValue"), "listValue"),
    "azure-native:apimanagement:listSubscriptionSecrets": Action(_of("apimanagement:Subscription"), "listSecrets"),
    "azure-native:cognitiveservices:listAccountKeys": Action(_of("cognitiveservices:Account"), "listKeys"),
    "azure-native:containerregistry:listRegistryCredentials": Action(
        _of("containerregistry:Registry"), "listCredentials"
    ),
    "azure-native:operationalinsights:getSharedKeys": Action(_of("operationalinsights:Workspace"), "sharedKeys"),
    "azure-native:storage:listStorageAccountKeys": Action(_of("storage:StorageAccount"), "listKeys"),
    "azure-native:machinelearningservices:listServerlessEndpointKeys": Action(
        _of("machinelearningservices:ServerlessEndpoint"), "listKeys"
    ),
    "azure-native:machinelearningservices:listOnlineEndpointKeys": Action(
        _of("machinelearningservices:OnlineEndpoint"), "listKeys"
    ),
    "azure-native:machinelearningservices:getOnlineEndpointToken": Action(
        _of("machinelearningservices:OnlineEndpoint"), "token"
    ),
    "azure-native:machinelearningservices:listWorkspaceKeys": Action(
        _of("machinelearningservices:Workspace"), "listKeys"
    ),
}
GETTERS: Final = {
    f"{token.rpartition(':')[0]}:get{token.rpartition(':')[2]}": row for token, row in RESOURCE_TYPES.items()
}
"""E.g. `azure-native:machinelearningservices:getWorkspace`."""


class Functions:
    """Answers `Invoke`."""

    def __init__(self, arm: ArmClient, tokens: TokenCache) -> None:
        self._arm = arm
        self._tokens = tokens

    async def call(self, session: Session, token: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """The function's result.

        Raises:
            ProviderError: there is no such function, an argument is missing, or ARM refuses.
        """
        if token == "azure-native:authorization:getClientConfig":  # noqa: S105 - a function's name
            return await self._client_config(session)
        if token == "azure-native:authorization:getClientToken":  # noqa: S105 - a function's name
            audience = str(args.get("endpoint") or ARM_AUDIENCE).rstrip("/")
            return {"token": await self._tokens.token(session.credential, audience)}
        action, row = ACTIONS.get(token), GETTERS.get(token)
        row = action.of if action else row
        if row is None:
            raise ProviderError(f"Invoke type {token} not found: the sandbox serves {', '.join(sorted(served()))}")
        try:
            path = arm_ids.fill(row.path, {"subscriptionId": session.subscription, **args})
        except ValueError as error:
            raise ProviderError(f"{token}: {error}") from None
        try:
            if action:
                return await self._arm.post(session, f"{path}/{action.verb}", row.api_version)
            response = await self._arm.get(session, path, row.api_version)
        except ArmError as error:
            raise ProviderError(f"request failed {path}: {error}") from None
        return {"id": response.get("id", path), **row.outputs(response)}

    async def _client_config(self, session: Session) -> dict[str, Any]:
        claims = await self._tokens.claims(session.credential)
        return {
            "clientId": session.credential.client_id,
            "objectId": claims.get("oid", ""),
            "subscriptionId": session.subscription,
            "tenantId": session.credential.tenant,
        }


def served() -> set[str]:
    """Tokens of all functions."""
    own = {"azure-native:authorization:getClientConfig", "azure-native:authorization:getClientToken"}
    return own | ACTIONS.keys() | GETTERS.keys()
