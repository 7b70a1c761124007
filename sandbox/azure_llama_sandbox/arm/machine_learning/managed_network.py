"""The managed virtual network of a workspace, and its outbound rules.

Which rules go with which isolation, and that isolation stays on, is general knowledge of Azure; so is the rest, but for
the refusal of a deployment into a network that is not there yet, which is documented.
"""

from __future__ import annotations

from http import HTTPStatus

from azure_llama.catalog import names
from azure_llama_sandbox.arm import durations, operations
from azure_llama_sandbox.arm.calls import Answer, Call
from azure_llama_sandbox.arm.errors import ArmError, user_error
from azure_llama_sandbox.arm.kinds import HEALTHY, Body, Kind, Style
from azure_llama_sandbox.arm.machine_learning import recorded
from azure_llama_sandbox.arm.machine_learning.bodies import OutboundRuleBody
from azure_llama_sandbox.arm.machine_learning.common import OUTBOUND_RULE, WORKSPACE, with_default, workspace_of
from azure_llama_sandbox.store import Operation, Resource, Store
from azure_llama_sandbox.world import World

_OFF, _INTERNET, _APPROVED = "Disabled", "AllowInternetOutbound", "AllowOnlyApprovedOutbound"
_ISOLATION = (_OFF, _INTERNET, _APPROVED)
_ACTIVE, _INACTIVE = "Active", "Inactive"
_PROVISION = "provision"
_DURING = {"Creating": "Provisioning"}


def of(store: Store, workspace: Resource) -> Body:
    """The network that a workspace's computes are in: a project's is its hub's."""
    hub = store.get(workspace.properties.get("hubResourceId") or "")
    network: Body = (hub or workspace).properties.get("managedNetwork") or {}
    return network


def isolated(network: Body) -> bool:
    """Whether there is one at all."""
    return str(network.get("isolationMode", _OFF)) != _OFF


def check(given: Body, existing: Resource | None, region: str) -> None:
    """Refuse a workspace's `managedNetwork`.

    Args:
        given: Required. The workspace's properties.
        existing: Optional. The workspace as it is.
        region: Required. Its own.

    Raises:
        ArmError: 400.
    """
    path = "properties.managedNetwork"
    network: Body = given.get("managedNetwork") or {}
    before: Body = (existing.properties.get("managedNetwork") if existing else None) or {}
    mode = with_default(before | network, "isolationMode", f"{path}.isolationMode", _ISOLATION)
    with_default(network, "firewallSku", f"{path}.firewallSku", ("Standard", "Basic"))
    if "firewallSku" in network and mode != _APPROVED:
        raise _refuse(
            f"'{path}.firewallSku' is set, but the isolation mode is {mode}: only {_APPROVED} has a firewall.",
            region,
            f"{path}.firewallSku",
        )
    if isolated(before) and mode == _OFF:
        raise _refuse(
            "The isolation of the managed network cannot be turned off once it is on.", region, f"{path}.isolationMode"
        )
    for name, rule in (network.get("outboundRules") or {}).items():
        _check_rule(rule, mode, f"{path}.outboundRules.{name}", region)


def settled(properties: Body, existing: Resource | None) -> Body | None:
    """A workspace's `managedNetwork` with what the service adds."""
    before: Body = (existing.properties.get("managedNetwork") if existing else None) or {}
    network: Body = before | (properties.get("managedNetwork") or {})
    if not isolated(network):
        return network or {"isolationMode": _OFF}
    status = before.get("status") or {"status": _INACTIVE, "sparkReady": False}
    if properties.get("provisionNetworkNow"):
        status = {"status": _ACTIVE, "sparkReady": False}
    return network | {"status": status}


def shown(network: Body) -> Body:
    """A workspace's `managedNetwork` as its GET shows it."""
    if isolated(network):
        return network
    return recorded.MANAGED_NETWORK | network | {"changeableIsolationModes": recorded.CHANGEABLE_ISOLATION}


def require_provisioned(store: Store, workspace: Resource) -> None:
    """Refuse what needs the network while it is not there.

    Raises:
        ArmError: 400 `WorkspaceManagedNetworkNotReady`.
    """
    network = of(store, workspace)
    if isolated(network) and (network.get("status") or {}).get("status") != _ACTIVE:
        raise user_error(
            f"The managed network of the workspace '{workspace.name}' is not provisioned. Set"
            " properties.provisionNetworkNow, or POST provisionManagedNetwork, before you deploy.",
            "WorkspaceManagedNetworkNotReady",
            location=workspace.body["location"],
        )


def provision(call: Call, workspace: Resource) -> Answer:
    """POST provisionManagedNetwork."""
    if not isolated(workspace.properties.get("managedNetwork") or {}):
        raise _refuse(
            f"The workspace '{workspace.name}' has no managed network: its isolation mode is {_OFF}.",
            workspace.body["location"],
            "properties.managedNetwork.isolationMode",
        )
    operation = operations.begin(
        call,
        WORKSPACE,
        workspace.id,
        "POST",
        location=workspace.body["location"],
        seconds=durations.PROVISION_NETWORK,
        detail={"do": _PROVISION},
    )
    call.store.put_operation(operation)
    return Answer(HTTPStatus.ACCEPTED, None, operations.location_header(call, operation), operation.id)


def activate(world: World, workspace: Resource) -> None:
    """It is there from now on; nothing to do without one."""
    owner = world.store.get(workspace.properties.get("hubResourceId") or "") or workspace
    network: Body = owner.properties.get("managedNetwork") or {}
    if isolated(network):
        network["status"] = {"status": _ACTIVE, "sparkReady": False}
        world.store.put(owner)


def finish_provision(world: World, operation: Operation) -> None:
    """The end of it."""
    workspace = world.store.get(operation.key)
    if workspace is not None:
        activate(world, workspace)
    operations.finish(world, operation)


def keep_rules(call: Call, workspace: Resource) -> None:
    """The rules of a workspace's map, as the resources that they are too; those that left the map are gone."""
    asked = (call.properties.get("managedNetwork") or {}).get("outboundRules")
    if asked is None:
        return
    store = call.store
    for rule in store.below(workspace.id, OUTBOUND_RULE):
        if rule.name not in asked:
            store.delete(rule.id)
    for name, rule in asked.items():
        id_ = call.id.child("outboundRules", name)
        properties = {"category": "UserDefined", **rule, "status": _ACTIVE}
        store.put(OutboundRule().new(call.about(id_), store.get(id_.text), properties))


class OutboundRule(Kind):
    """An outbound rule of the managed network, one for each destination."""

    type = OUTBOUND_RULE
    contract = OutboundRuleBody
    names = names.CONNECTION
    machine_learning = True
    located = False
    stateful = False
    put = Style.ACCEPTED
    delete = Style.ACCEPTED
    patchable = frozenset()

    def busy_state(self, call: Call) -> str:
        """Of a rule that changes."""
        return "Provisioning"

    def region(self, call: Call, resource: Resource) -> str:
        """The workspace's."""
        return str(workspace_of(call.store, resource.id).body["location"])

    def show(self, world: World, resource: Resource) -> Body:
        """It has a status where others have a provisioningState."""
        properties = dict(resource.properties)
        state = properties.pop("provisioningState", HEALTHY)
        return resource.body | {
            "properties": properties if state == HEALTHY else properties | {"status": _DURING.get(state, state)}
        }

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The rule."""
        workspace = workspace_of(call.store, call.id.text)
        region: str = workspace.body["location"]
        network: Body = workspace.properties.get("managedNetwork") or {}
        if not isolated(network):
            raise _refuse(
                f"The workspace '{workspace.name}' has no managed network: set its isolationMode.",
                region,
                "properties",
            )
        _check_rule(call.properties, network["isolationMode"], "properties", region)
        return self.new(call, existing, {"category": "UserDefined", **call.properties, "status": _ACTIVE})


_DESTINATIONS = {
    "FQDN": (),
    "PrivateEndpoint": ("serviceResourceId", "subresourceTarget"),
    "ServiceTag": ("serviceTag", "protocol", "portRanges"),
}


def _check_rule(rule: Body, mode: str, path: str, region: str) -> None:
    if mode == _OFF or (mode == _INTERNET and rule["type"] != "PrivateEndpoint"):
        raise _refuse(
            f"'{path}' is a rule of type {rule['type']}, but the isolation mode is {mode}:"
            f" {'it has no rules' if mode == _OFF else 'it has rules of type PrivateEndpoint alone'}.",
            region,
            path,
        )
    destination = rule.get("destination")
    wanted = _DESTINATIONS[rule["type"]]
    missing = [key for key in wanted if not (destination or {}).get(key)] if wanted else []
    if not destination or missing:
        names_ = ", ".join(f"'{path}.destination.{key}'" for key in missing) or f"'{path}.destination'"
        raise _refuse(f"An outbound rule of type {rule['type']} needs {names_}.", region, f"{path}.destination")


def _refuse(message: str, region: str, target: str) -> ArmError:
    return user_error(message, "BadArgument", location=region, target=target)
