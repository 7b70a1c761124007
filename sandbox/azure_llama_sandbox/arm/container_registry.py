"""Microsoft.ContainerRegistry/registries (contract 2023-01-01-preview)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from http import HTTPStatus

from azure_llama.catalog import names
from azure_llama_sandbox.arm import access
from azure_llama_sandbox.arm.calls import Answer, Call, timestamp
from azure_llama_sandbox.arm.container_registry_body import RegistryBody
from azure_llama_sandbox.arm.contract import one_of
from azure_llama_sandbox.arm.errors import ArmError, bad_request
from azure_llama_sandbox.arm.kinds import Action, Body, Kind, Style, identity_of, merged
from azure_llama_sandbox.store import Resource

REGISTRY = "Microsoft.ContainerRegistry/registries"
_SKUS = ("Basic", "Standard", "Premium")


class Registry(Kind):
    """A container registry: its name is taken in the whole cloud."""

    type = REGISTRY
    contract = RegistryBody
    names = names.CONTAINER_REGISTRY
    put = Style.ASYNC
    patch = Style.ASYNC
    delete = Style.ACCEPTED
    patchable = frozenset({"tags", "sku", "identity", "properties"})
    link_groups = ("registry",)

    @property
    def actions(self) -> Mapping[str, Action]:
        """Keys of the admin user."""
        return {"listcredentials": _list_credentials}

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The registry."""
        name = call.id.name
        if existing is None and _taken(call, name):
            raise ArmError(
                HTTPStatus.CONFLICT,
                "AlreadyInUse",
                f"The registry DNS name {name.lower()}.azurecr.io is already in use.",
                target="name",
            )
        given = call.properties
        sku = _sku(call.body)
        _check_premium(given, sku)
        properties = {
            "adminUserEnabled": False,
            "anonymousPullEnabled": False,
            "dataEndpointEnabled": False,
            "dataEndpointHostNames": [],
            "encryption": {"status": "disabled"},
            "networkRuleBypassOptions": "AzureServices",
            "publicNetworkAccess": "Enabled",
            "zoneRedundancy": "Disabled",
            **given,
            "policies": merged(_policies(call, existing), given.get("policies") or {}),
            "loginServer": f"{name.lower()}.azurecr.io",
            "creationDate": existing.properties["creationDate"] if existing else timestamp(call.now),
        }
        registry = self.new(
            call, existing, properties, sku={"name": sku, "tier": sku}, identity=identity_of(call.body, existing)
        )
        if not registry.secrets:
            registry.secrets = {"password": secrets.token_urlsafe(39), "password2": secrets.token_urlsafe(39)}
        return registry

    def check_patch(self, call: Call, resource: Resource) -> None:
        """The same rules as for a PUT."""
        resource.body["sku"] = {"name": _sku(resource.body), "tier": _sku(resource.body)}
        _check_premium(resource.properties, _sku(resource.body))


def _sku(body: Body) -> str:
    given = body["sku"]["name"]
    one_of(given, "sku.name", _SKUS, machine_learning=False)
    return next(each for each in _SKUS if each.lower() == given.lower())


def _taken(call: Call, name: str) -> bool:
    ours = any(each.name.lower() == name.lower() for each in call.store.of_type(REGISTRY))
    return ours or call.world.conditions().takes(f"{name.lower()}.azurecr.io")


def _check_premium(properties: Body, sku: str) -> None:
    """What Azure sells with Premium alone; its code for it is unknown, this one is the sandbox's."""
    wanted = {
        "publicNetworkAccess": str(properties.get("publicNetworkAccess", "Enabled")).lower() == "disabled",
        "networkRuleSet": bool(properties.get("networkRuleSet")),
        "zoneRedundancy": str(properties.get("zoneRedundancy", "Disabled")).lower() == "enabled",
        "dataEndpointEnabled": bool(properties.get("dataEndpointEnabled")),
        "encryption": str((properties.get("encryption") or {}).get("status", "disabled")).lower() == "enabled",
    }
    found = [name for name, asked in wanted.items() if asked]
    if found and sku != "Premium":
        raise bad_request(
            f"'properties.{found[0]}' needs a registry of SKU Premium; this one is {sku}.",
            target=f"properties.{found[0]}",
            code="SkuNotSupported",
        )


def _policies(call: Call, existing: Resource | None) -> Body:
    if existing is not None:
        before: Body = existing.properties["policies"]
        return before
    off, when = "disabled", timestamp(call.now)
    return {
        "quarantinePolicy": {"status": off},
        "trustPolicy": {"type": "Notary", "status": off},
        "retentionPolicy": {"days": 7, "lastUpdatedTime": when, "status": off},
        "exportPolicy": {"status": "enabled"},
        "azureADAuthenticationAsArmPolicy": {"status": "enabled"},
        "softDeletePolicy": {"retentionDays": 7, "lastUpdatedTime": when, "status": off},
    }


def _list_credentials(call: Call, registry: Resource) -> Answer:
    if not registry.properties.get("adminUserEnabled"):
        raise bad_request(
            f"Cannot perform credential operations for {registry.id} as admin user is disabled. Kindly enable admin"
            " user as per docs: https://docs.microsoft.com/en-us/azure/container-registry/container-registry-authentication"
            "#admin-account",
            code="UnAuthorizedForCredentialOperations",
        )
    passwords = [{"name": name, "value": value} for name, value in registry.secrets.items()]
    return Answer(HTTPStatus.OK, {"username": registry.name, "passwords": passwords})


def check_name(call: Call) -> Answer:
    """POST checkNameAvailability."""
    access.require(call, f"{call.id.namespace}/checkNameAvailability/read", scope=call.id.scope)
    body: Body = call.body if isinstance(call.body, dict) else {}
    name = str(body.get("name", ""))
    problem = names.CONTAINER_REGISTRY.problem(name)
    if problem:
        return Answer(HTTPStatus.OK, {"nameAvailable": False, "reason": "Invalid", "message": f"{name} {problem}."})
    if _taken(call, name):
        message = f"The registry {name} is already in use."
        return Answer(HTTPStatus.OK, {"nameAvailable": False, "reason": "AlreadyExists", "message": message})
    return Answer(HTTPStatus.OK, {"nameAvailable": True})
