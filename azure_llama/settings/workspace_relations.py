"""The rules that bind several values of the workspace together; like `relations`, over plain maps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from azure_llama.settings.checks import Finding, below
from azure_llama.settings.problems import show

NAME = "the workspace's name, such as 'llama-dev'"
_OF_THE_HUB = (
    *("network", "encryption", "identity", "systemDatastoresAuthMode", "containerRegistry", "softDeleteDays"),
    *("purgeProtection", "computeInstances"),
)
"""What a project takes from its hub."""
_RULE_KEYS = {
    "FQDN": ("destination",),
    "PrivateEndpoint": ("resourceId", "subresource"),
    "ServiceTag": ("serviceTag", "protocol", "ports"),
}
"""What an outbound rule of each type consists of."""


def _map(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The map at a key; an empty one when there is none, or something else."""
    found = value.get(key)
    return found if isinstance(found, Mapping) else {}


def _missing(key: str, write: str) -> Finding:
    return Finding("is missing", f"write {write}", at=(key,), shown="")


def _out_of_place(key: str, rule: str, way_out: str) -> Finding:
    return Finding(rule, way_out, at=(key,), shown="")


def outbound_rule(rule: Mapping[str, Any]) -> Iterator[Finding]:
    """The keys of an outbound rule are those of its type."""
    kind = rule.get("type")
    wanted = _RULE_KEYS.get(kind) if isinstance(kind, str) else None
    if wanted is None:
        return
    for key in wanted:
        if rule.get(key) is None:
            yield _missing(key, f"it: a rule of type {kind} has {' and '.join(wanted)}")
    for key in rule:
        owner = next((name for name, keys in _RULE_KEYS.items() if key in keys), kind)
        if owner != kind:
            yield _out_of_place(key, f"belongs to rules of type {owner}, and this is of type {kind}", "remove it")


def private_endpoint(endpoint: Mapping[str, Any]) -> Iterator[Finding]:
    """A private endpoint is in one network."""
    given = [key for key in ("subnetId", "addressSpace") if endpoint.get(key) is not None]
    if len(given) == 2:
        yield _out_of_place(
            "addressSpace", "asks for a network of its own, and subnetId names one", "remove one of them"
        )
    if not given:
        rule = "has no network"
        yield Finding(rule, "write subnetId, or addressSpace for a network of the stack's own", shown="")


def encryption(value: Mapping[str, Any]) -> Iterator[Finding]:
    """The key exists, or is made."""
    pair = ("keyVaultId", "keyIdentifier")
    given = [key for key in pair if value.get(key) is not None]
    if value.get("create") is True:
        for key in given:
            yield _out_of_place(key, "names a key that exists, and create asks for a new one", "remove one of them")
    elif not given:
        yield Finding("names no key", "write create: true, or keyVaultId and keyIdentifier", shown="")
    elif len(given) == 1:
        other = next(key for key in pair if key not in given)
        yield _missing(other, f"it: {given[0]} is half of a key's address")


def identity(value: Mapping[str, Any]) -> Iterator[Finding]:
    """Only a user-assigned identity can exist already."""
    if value.get("id") is not None and value.get("type", "SystemAssigned") == "SystemAssigned":
        yield _out_of_place("id", "names an identity, and a system-assigned one has none", "write type: UserAssigned")


def _network(network: Mapping[str, Any]) -> Iterator[Finding]:
    mode = network.get("isolationMode", "Disabled")
    if mode == "Disabled" and network.get("outboundRules"):
        rule = "are rules of a managed network, and isolationMode is Disabled"
        yield _out_of_place("outboundRules", rule, "write isolationMode: AllowOnlyApprovedOutbound, or remove them")
    if network.get("firewallSku") is not None and mode != "AllowOnlyApprovedOutbound":
        rule = f"is of the firewall of AllowOnlyApprovedOutbound, and isolationMode is {show(mode)}"
        yield _out_of_place("firewallSku", rule, "remove it")
    for name, each in _map(network, "outboundRules").items():
        if isinstance(each, Mapping):
            yield from below(("outboundRules", name), outbound_rule(each))
            if mode == "AllowInternetOutbound" and each.get("type") in ("FQDN", "ServiceTag"):
                rule = (
                    "allows what AllowInternetOutbound allows anyway: there Azure takes rules of type PrivateEndpoint"
                )
                way_out = "remove it, or write isolationMode: AllowOnlyApprovedOutbound"
                yield Finding(rule, way_out, at=("outboundRules", name), shown="")
    if isinstance(endpoint := network.get("privateEndpoint"), Mapping):
        yield from below(("privateEndpoint",), private_endpoint(endpoint))


def _names(value: Mapping[str, Any]) -> Iterator[Finding]:
    """A name is of something that the stack makes."""
    made = {
        "hub": value.get("kind", "Project") == "Project" and value.get("hub") is None,
        "containerRegistry": value.get("containerRegistry") is True,
        "virtualNetwork": "addressSpace" in _map(_map(value, "network"), "privateEndpoint"),
        "identity": _map(value, "identity").get("type") == "UserAssigned" and "id" not in _map(value, "identity"),
    }
    made |= {key: value.get("hub") is None for key in ("storageAccount", "keyVault", "applicationInsights")}
    given = _map(value, "names")
    for key, name in given.items():
        if name is not None and not made.get(key, True):
            rule = "is the name of something that this stack does not make"
            yield Finding(rule, "remove it", at=("names", key))
    hub, own = given.get("hub"), value.get("name")
    if isinstance(hub, str) and isinstance(own, str) and hub.casefold() == own.casefold():
        rule = "is the name of the project too, and both are workspaces of one resource group"
        yield Finding(rule, f"call it {f'{own}-hub'!r}, say", at=("names", "hub"))


def _keys(value: Mapping[str, Any]) -> Iterator[Finding]:
    """Which keys go together at all."""
    if value.get("id") is not None:
        for key in value:
            if key != "id":
                rule = "is said of a workspace that exists (id), which this stack leaves as it is"
                yield _out_of_place(key, rule, "remove it, or remove id for a workspace of the stack's own")
        return
    if value.get("name") is None:
        yield _missing("name", f"{NAME}, or id: the ARM id of one that exists")
    if value.get("hub") is not None:
        if (kind := value.get("kind", "Project")) != "Project":
            yield _out_of_place("hub", f"is for a project, and kind is {show(kind)}", "remove one of them")
        for key in _OF_THE_HUB:
            if key in value:
                rule = "is the hub's, and this stack leaves a hub that exists as it is"
                yield _out_of_place(key, rule, "remove it, or remove hub for a hub of the stack's own")


def workspace(value: Mapping[str, Any]) -> Iterator[Finding]:
    """All keys of the workspace together."""
    yield from _keys(value)
    network = _map(value, "network")
    yield from below(("network",), _network(network))
    if isinstance(key := value.get("encryption"), Mapping):
        yield from below(("encryption",), encryption(key))
        if key.get("create") is True and _map(value, "identity").get("type") != "UserAssigned":
            rule = "makes a key that only a user-assigned identity can be let to before the workspace exists"
            yield Finding(rule, "write identity: {type: UserAssigned} beside encryption", at=("encryption", "create"))
    if isinstance(own := value.get("identity"), Mapping):
        yield from below(("identity",), identity(own))
    yield from _names(value)
    isolated = network.get("isolationMode", "Disabled") != "Disabled"
    for name, instance in _map(value, "computeInstances").items():
        if isinstance(instance, Mapping) and instance.get("publicIp", False) is False and not isolated:
            rule = "is false, and an instance without a public address needs a managed network"
            way_out = "write network: {isolationMode: AllowInternetOutbound} for the workspace, or publicIp: true here"
            yield Finding(rule, way_out, at=("computeInstances", name, "publicIp"), shown="")
