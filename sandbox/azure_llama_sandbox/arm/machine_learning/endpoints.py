"""workspaces/onlineEndpoints: managed endpoints, their keys and traffic weights."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from azure_llama.catalog import limits, names
from azure_llama_sandbox.arm.calls import Answer, Call
from azure_llama_sandbox.arm.errors import ArmError, user_error
from azure_llama_sandbox.arm.kinds import Action, Body, identity_of
from azure_llama_sandbox.arm.machine_learning import assets, regional_limits, shared_quota
from azure_llama_sandbox.arm.machine_learning.bodies import EndpointBody
from azure_llama_sandbox.arm.machine_learning.common import (
    DEPLOYMENT,
    ENDPOINT,
    READY,
    Child,
    add_only,
    display_name,
    list_keys,
    new_keys,
    note_operation,
    ready_workspace,
    regenerate_keys,
    same_region,
    with_default,
)
from azure_llama_sandbox.store import Operation, Resource
from azure_llama_sandbox.world import World

_AUTH_MODES = ("Key", "AMLToken", "AADToken")
_NEW = {"provisioningState": "Creating", "scoringUri": None, "swaggerUri": None}
_TOKEN_SECONDS, _REFRESH_SECONDS = 24 * 3600 - 60, 12 * 3600


def host_of(name: str, region: str) -> str:
    """The endpoint's DNS name."""
    return f"{name}.{region}.inference.ml.azure.com".lower()


class OnlineEndpoint(Child):
    """A managed endpoint: one address, one set of keys, and the deployments behind them."""

    type = ENDPOINT
    contract = EndpointBody
    names = names.ONLINE_ENDPOINT
    again = HTTPStatus.CREATED
    patchable = frozenset({"tags", "identity"})

    @property
    def actions(self) -> Mapping[str, Action]:
        """Keys and tokens."""
        return {"listkeys": list_keys, "regeneratekeys": regenerate_keys, "token": _token}

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The endpoint: a PUT removes all properties that its body omits, traffic included."""
        workspace = ready_workspace(call)
        region = same_region(call, workspace)
        given = call.properties
        _check_place(given, workspace, region)
        if existing is None:
            _check_new(call, region)
            shared_quota.check(call.world, given.get("properties") or {}, region)
        deployments = call.store.below(existing.id, DEPLOYMENT) if existing else []
        access_modes = ("Enabled", "Disabled")
        host = host_of(call.id.name, region)
        properties: Body = {
            "authMode": with_default(given, "authMode", "properties.authMode", _AUTH_MODES),
            "publicNetworkAccess": with_default(
                given, "publicNetworkAccess", "properties.publicNetworkAccess", access_modes
            ),
            "description": given.get("description"),
            "traffic": _traffic(given.get("traffic") or {}, deployments, region),
            "mirrorTraffic": _mirror(given.get("mirrorTraffic") or {}, deployments, region),
            "properties": add_only(given.get("properties") or {}, existing, region)
            | {"azureml.onlineendpointid": call.id.text.lower()},
            "scoringUri": f"https://{host}{_scoring_path(call, deployments)}",
            "swaggerUri": f"https://{host}/swagger.json",
        }
        _check_either(properties["traffic"], properties["mirrorTraffic"], region)
        endpoint = self.new(
            call,
            existing,
            properties,
            kind=call.body.get("kind") or "Managed",
            sku=call.body.get("sku"),
            identity=_identity(call, existing, region),
        )
        endpoint.properties["keys"] = None
        endpoint.secrets = endpoint.secrets or new_keys() | (given.get("keys") or {})
        return endpoint

    def show_accepted(self, world: World, resource: Resource) -> Body:
        """A PUT answers as for a new endpoint, also where there is one."""
        return resource.body | {"properties": resource.properties | _NEW}

    def show(self, world: World, resource: Resource) -> Body:
        """The endpoint; it has no address while it is being created."""
        creating = resource.properties["provisioningState"] == "Creating"
        return self.show_accepted(world, resource) if creating else super().show(world, resource)

    def begin(self, call: Call, resource: Resource, *, fresh: bool) -> Operation:
        """The service writes the operation's address into the endpoint."""
        operation = super().begin(call, resource, fresh=fresh)
        note_operation(call, resource, operation)
        return operation

    def stored(self, call: Call, resource: Resource) -> None:
        """Takes its name."""
        call.store.claim_host(host_of(resource.name, resource.body["location"]), resource.id)


def _scoring_path(call: Call, deployments: list[Resource]) -> str:
    """The path of the first container that has one of its own."""
    paths = (assets.scoring_path(call.store, deployment) for deployment in deployments)
    return next((path for path in paths if path), "/score")


def _check_place(given: Body, workspace: Resource, region: str) -> None:
    if given.get("compute"):
        raise user_error(
            f"The compute '{given['compute']}' was not found: the workspace has no attached Kubernetes cluster.",
            "BadArgument",
            location=region,
            target="properties.compute",
        )
    if workspace.body["kind"] == "Hub":
        raise _refuse(
            f"The workspace '{workspace.name}' is of kind Hub: endpoints are deployed in one of its projects, or in"
            " a workspace of kind Default.",
            region,
            "kind",
        )


def _refuse(message: str, region: str, target: str) -> ArmError:
    return user_error(message, "BadArgument", location=region, target=target)


def _check_new(call: Call, region: str) -> None:
    host = host_of(call.id.name, region)
    owner = call.store.host_owner(host)
    if call.world.conditions().takes(host) or (owner is not None and owner != call.id.text.lower()):
        raise _refuse(
            f"The endpoint name '{call.id.name}' is not available in the region {display_name(region)}. Please select a"
            " different name.",
            region,
            "name",
        )
    regional_limits.check(call, ENDPOINT, region)


def _identity(call: Call, existing: Resource | None, region: str) -> Body | None:
    asked = identity_of(call.body, existing)
    before: Body | None = existing.body.get("identity") if existing else None
    if existing is None or asked is None:
        return asked or before
    if asked["type"] != (before or {"type": "None"})["type"]:
        raise _refuse(
            f"'identity.type' of the endpoint '{existing.name}' cannot be changed after creation.",
            region,
            "identity.type",
        )
    return asked


def _traffic(asked: dict[str, int], deployments: list[Resource], region: str) -> dict[str, int]:
    """The shares; every deployment's is 0 when none is asked for."""
    path = "properties.traffic"
    if not asked:
        return {each.name: 0 for each in deployments}
    total = sum(asked.values())
    if any(not 0 <= share <= 100 for share in asked.values()) or total not in (0, 100):
        raise _refuse(f"'{path}' is {asked}; shares are 0 to 100 and their sum is 0 or 100, not {total}.", region, path)
    _check_targets(asked, deployments, region, path)
    return asked


def _mirror(asked: dict[str, int], deployments: list[Resource], region: str) -> dict[str, int]:
    path, most = "properties.mirrorTraffic", limits.MIRROR_TRAFFIC.high
    if len(asked) > 1 or any(not 0 <= share <= most for share in asked.values()):
        raise _refuse(f"'{path}' is {asked}; it names one deployment, with 0 to {most} percent.", region, path)
    _check_targets(asked, deployments, region, path)
    return asked


def _check_either(traffic: dict[str, int], mirror: dict[str, int], region: str) -> None:
    """A deployment gets live or mirrored traffic, not both (how-to-safely-rollout-online-endpoints)."""
    for name, share in mirror.items():
        if share and traffic.get(name):
            path = f"properties.mirrorTraffic.{name}"
            raise _refuse(
                f"'{path}' is {share}, but the deployment '{name}' has {traffic[name]} % of the live traffic: it gets"
                " either live or mirrored traffic.",
                region,
                path,
            )


def _check_targets(asked: dict[str, int], deployments: list[Resource], region: str, path: str) -> None:
    known = {each.name: each.properties["provisioningState"] for each in deployments}
    for name, share in asked.items():
        if name not in known:
            raise _refuse(
                f"'{path}' names the deployment '{name}', which does not exist. Create it first, then give it traffic.",
                region,
                f"{path}.{name}",
            )
        if share and known[name] not in READY:
            raise _refuse(
                f"'{path}' gives the deployment '{name}' {share} %, but it is in state {known[name]}. Wait until it has"
                " Succeeded.",
                region,
                f"{path}.{name}",
            )


def _token(call: Call, endpoint: Resource) -> Answer:
    if endpoint.properties["authMode"] == "Key":
        raise user_error(
            f"The endpoint '{endpoint.name}' has authMode {endpoint.properties['authMode']}: it has no token."
            " Its keys come from listKeys.",
            "BadArgument",
        )
    issued = int(call.now)
    token = call.world.tokens.issue(call.principal.client_id, endpoint.id, _TOKEN_SECONDS)
    return Answer(
        HTTPStatus.OK,
        {
            "accessToken": token,
            "tokenType": "Bearer",
            "expiryTimeUtc": issued + _TOKEN_SECONDS,
            "refreshAfterTimeUtc": issued + _REFRESH_SECONDS,
        },
    )
