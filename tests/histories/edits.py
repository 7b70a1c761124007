"""Edits of a small stack's configuration that a person may make in one go, each of which Azure takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from tests.differential.repair import Config

Draw = Callable[[st.SearchStrategy[Any]], Any]
Edit = Callable[[Config, Draw], bool]
"""Changes a configuration; False when there is nothing that it could change."""

MANAGED, SERVERLESS, FOUNDRY = "azure-llama:managed", "azure-llama:serverless", "azure-llama:foundry"
_TAGS, _SECRETS, _WORKSPACE = "azure-llama:tags", "azure-llama:secrets", "azure-llama:workspace"
_ENDPOINTS = ("alpha-llama", "beta-llama", "gamma-llama")
_COLOURS = ("blue", "green", "red", "black")
_ACCOUNTS = ("contoso-one", "contoso-two")
_CHATS = ("chat", "chat-two", "fast")
_MOST_DEPLOYMENTS, _MOST_ENDPOINTS = 3, 2
_SIZES = ("Standard_NC24ads_A100_v4", "Standard_NC40ads_H100_v5")
_SERVERLESS = "Llama-3.3-70B-Instruct"
_AUTOSCALE = {
    "minimum": 1,
    "maximum": 2,
    "rules": [{"metric": "GpuUtilizationPercentage", "above": 70}, {"metric": "GpuUtilizationPercentage", "below": 20}],
}

START: Mapping[str, Any] = {
    "azure-native:location": "eastus2",
    _WORKSPACE: {"name": "llama-dev"},
    MANAGED: {
        "alpha-llama": {
            "auth": "Key",
            "contentSafety": False,
            "deployments": {"blue": {"model": "Meta-Llama-3.1-8B-Instruct", "vmSize": _SIZES[0], "traffic": 100}},
        }
    },
    FOUNDRY: {
        "contoso-one": {
            "auth": "Key",
            "deployments": {"chat": {"model": "Llama-3.3-70B-Instruct", "modelVersion": "5", "capacity": 100}},
        }
    },
}
"""What a history begins with."""


def _deployment(draw: Draw) -> Config:
    return {"model": "Meta-Llama-3.1-8B-Instruct", "vmSize": draw(st.sampled_from(_SIZES)), "traffic": 0}


def _one(config: Config, setting: str, draw: Draw) -> tuple[str, Config]:
    """An entry of a map of the configuration; the name is empty when there is none."""
    entries = config.get(setting, {})
    if not entries:
        return "", {}
    name = draw(st.sampled_from(sorted(entries)))
    return name, entries[name]


def _free(taken: Mapping[str, Any], names: tuple[str, ...], draw: Draw) -> str:
    free = [name for name in names if name not in taken]
    return str(draw(st.sampled_from(free))) if free else ""


def add_endpoint(config: Config, draw: Draw) -> bool:
    """Add a managed endpoint."""
    endpoints = config.setdefault(MANAGED, {})
    if len(endpoints) >= _MOST_ENDPOINTS:
        return False
    deployment = _deployment(draw) | {"traffic": 100}
    auth = draw(st.sampled_from(("Key", "AADToken")))
    name = _free(endpoints, _ENDPOINTS, draw)
    endpoints[name] = {"auth": auth, "contentSafety": False, "deployments": {"blue": deployment}}
    return True


def _remove(config: Config, setting: str, draw: Draw) -> bool:
    name, _ = _one(config, setting, draw)
    if not name or sum(len(config.get(each, {})) for each in (MANAGED, SERVERLESS, FOUNDRY)) == 1:
        return False
    del config[setting][name]
    if not config[setting]:
        del config[setting]
    return True


def remove_endpoint(config: Config, draw: Draw) -> bool:
    """Remove a managed endpoint."""
    return _remove(config, MANAGED, draw)


def rename_endpoint(config: Config, draw: Draw) -> bool:
    """Give a managed endpoint another name."""
    old, endpoint = _one(config, MANAGED, draw)
    new = _free(config.get(MANAGED, {}), _ENDPOINTS, draw) if old else ""
    if new:
        config[MANAGED][new] = endpoint
        del config[MANAGED][old]
    return bool(new)


def add_deployment(config: Config, draw: Draw) -> bool:
    """Add a deployment without traffic."""
    _, endpoint = _one(config, MANAGED, draw)
    deployments = endpoint.get("deployments", {})
    if not deployments or len(deployments) >= _MOST_DEPLOYMENTS:
        return False
    deployments[_free(deployments, _COLOURS, draw)] = _deployment(draw)
    return True


def remove_deployment(config: Config, draw: Draw) -> bool:
    """Remove a deployment, and give its traffic to another."""
    _, endpoint = _one(config, MANAGED, draw)
    deployments = endpoint.get("deployments", {})
    if len(deployments) < 2:
        return False
    name = draw(st.sampled_from(sorted(deployments)))
    gone = deployments.pop(name)
    heirs = [each for each in sorted(deployments) if not deployments[each].get("stopped")]
    if gone["traffic"] and not heirs:
        deployments[name] = gone
        return False
    if gone["traffic"]:
        deployments[draw(st.sampled_from(heirs))]["traffic"] += gone["traffic"]
    _repair_mirror(endpoint)
    return True


def rename_deployment(config: Config, draw: Draw) -> bool:
    """Give a deployment another name, and another size as the case may be."""
    _, endpoint = _one(config, MANAGED, draw)
    deployments = endpoint.get("deployments", {})
    if not deployments:
        return False
    old = draw(st.sampled_from(sorted(deployments)))
    new = _free(deployments, _COLOURS, draw)
    deployments[new] = deployments.pop(old) | {"vmSize": draw(st.sampled_from(_SIZES))}
    _repair_mirror(endpoint)
    return True


def shift_traffic(config: Config, draw: Draw) -> bool:
    """Spread the traffic anew over the deployments that are not stopped."""
    _, endpoint = _one(config, MANAGED, draw)
    running = [each for each in endpoint.get("deployments", {}).values() if not each.get("stopped")]
    if not running:
        return False
    left = 100
    for each in running[1:]:
        each["traffic"] = draw(st.sampled_from(sorted({0, min(10, left), left})))
        left -= each["traffic"]
    running[0]["traffic"] = left
    _repair_mirror(endpoint)
    return True


def mirror(config: Config, draw: Draw) -> bool:
    """Mirror traffic to a deployment that has none, or end that."""
    _, endpoint = _one(config, MANAGED, draw)
    if not endpoint or endpoint.pop("mirrorTraffic", None):
        return bool(endpoint)
    idle = [name for name, each in endpoint.get("deployments", {}).items() if not each["traffic"]]
    if idle:
        endpoint["mirrorTraffic"] = {draw(st.sampled_from(sorted(idle))): 10}
    _repair_mirror(endpoint)
    return "mirrorTraffic" in endpoint


def _repair_mirror(endpoint: Config) -> None:
    """Only a deployment that runs, and has no traffic, is mirrored to."""
    deployments = endpoint["deployments"]
    for name in endpoint.get("mirrorTraffic", {}):
        target = deployments.get(name)
        if target is None or target["traffic"] or target.get("stopped") or endpoint.get("stopped"):
            del endpoint["mirrorTraffic"]
            return


def scale(config: Config, draw: Draw) -> bool:
    """Another number of instances, or autoscale, or none."""
    _, endpoint = _one(config, MANAGED, draw)
    if not endpoint:
        return False
    deployment = endpoint["deployments"][draw(st.sampled_from(sorted(endpoint["deployments"])))]
    deployment.pop("autoscale", None)
    deployment.pop("instances", None)
    match draw(st.sampled_from(("one", "two", "autoscale"))):
        case "two":
            deployment["instances"] = 2
        case "autoscale":
            deployment["autoscale"] = deepcopy(_AUTOSCALE)
    return True


def stop(config: Config, draw: Draw) -> bool:
    """Stop an endpoint, or start it."""
    _, endpoint = _one(config, MANAGED, draw)
    if endpoint:
        endpoint["stopped"] = not endpoint.get("stopped", False)
        _repair_mirror(endpoint)
    return bool(endpoint)


def stop_deployment(config: Config, draw: Draw) -> bool:
    """Stop a deployment that has no traffic, or start it."""
    _, endpoint = _one(config, MANAGED, draw)
    idle = [name for name, each in endpoint.get("deployments", {}).items() if not each["traffic"]]
    if not idle:
        return False
    deployment = endpoint["deployments"][draw(st.sampled_from(sorted(idle)))]
    deployment["stopped"] = not deployment.get("stopped", False)
    _repair_mirror(endpoint)
    return True


def describe(config: Config, draw: Draw) -> bool:
    """Tags of the stack, or the description of an endpoint."""
    name, endpoint = _one(config, MANAGED, draw)
    if name and draw(st.booleans()):
        endpoint["description"] = draw(st.sampled_from(("for search", "for support")))
    else:
        config[_TAGS] = {"team": draw(st.sampled_from(("search", "support")))}
    return True


def change_auth(config: Config, draw: Draw) -> bool:
    """What callers of an endpoint or an account send."""
    setting = draw(st.sampled_from((MANAGED, FOUNDRY)))
    _, entry = _one(config, setting, draw)
    if entry:
        entry["auth"] = "AADToken" if entry["auth"] == "Key" else "Key"
    return bool(entry)


def content_filter(config: Config, draw: Draw) -> bool:
    """The filter of a serverless endpoint, of managed ones, or of a Foundry deployment."""
    setting = draw(st.sampled_from((MANAGED, SERVERLESS, FOUNDRY)))
    _, entry = _one(config, setting, draw)
    if not entry:
        return False
    if setting != FOUNDRY:
        entry["contentSafety"] = not entry.get("contentSafety", True)
        return True
    filters = entry.setdefault("filters", {})
    deployment = entry["deployments"][draw(st.sampled_from(sorted(entry["deployments"])))]
    if deployment.pop("contentFilter", None) is None:
        severity = draw(st.sampled_from(("Low", "High")))
        filters["strict"] = {"rules": [{"name": "Hate", "source": "Prompt", "severity": severity}]}
        deployment["contentFilter"] = "strict"
    elif not any("contentFilter" in each for each in entry["deployments"].values()):
        del entry["filters"]
    return True


def serverless(config: Config, draw: Draw) -> bool:
    """Add or remove a serverless endpoint."""
    if config.get(SERVERLESS):
        return _remove(config, SERVERLESS, draw)
    config[SERVERLESS] = {draw(st.sampled_from(("llama-33-70b", "llama-33"))): {"model": _SERVERLESS}}
    return True


def account(config: Config, draw: Draw) -> bool:
    """Add or remove a Foundry account."""
    name = draw(st.sampled_from(_ACCOUNTS))
    if name in config.get(FOUNDRY, {}):
        return _remove(config, FOUNDRY, lambda _: name)
    config.setdefault(FOUNDRY, {})[name] = deepcopy(START[FOUNDRY]["contoso-one"])
    return True


def foundry_deployment(config: Config, draw: Draw) -> bool:
    """Add or remove a deployment of an account, or give it another name."""
    _, entry = _one(config, FOUNDRY, draw)
    if not entry:
        return False
    deployments = entry["deployments"]
    old, new = draw(st.sampled_from(sorted(deployments))), _free(deployments, _CHATS, draw)
    match draw(st.sampled_from(("add", "remove", "rename"))):
        case "add" if new:
            deployments[new] = deepcopy(deployments[old])
        case "remove" if len(deployments) > 1:
            del deployments[old]
        case "rename" if new:
            deployments[new] = deployments.pop(old)
        case _:
            return False
    return True


def capacity(config: Config, draw: Draw) -> bool:
    """The capacity of a Foundry deployment."""
    _, entry = _one(config, FOUNDRY, draw)
    if not entry:
        return False
    deployment = entry["deployments"][draw(st.sampled_from(sorted(entry["deployments"])))]
    deployment["capacity"] = 100 if deployment["capacity"] != 100 else draw(st.sampled_from((60, 150)))
    return True


def diagnostics(config: Config, draw: Draw) -> bool:
    """Logs of the workspace and all that is in it, or none."""
    config[_WORKSPACE]["diagnostics"] = not config[_WORKSPACE].get("diagnostics", True)
    return True


def store_keys(config: Config, draw: Draw) -> bool:
    """Keep the keys of endpoints in the vault, or no longer."""
    if config.pop(_SECRETS, None) is None:
        config[_SECRETS] = {"keyVault": "workspace", "expiresOn": "2027-06-30"}
    return True


EDITS: tuple[Edit, ...] = (
    *(add_endpoint, remove_endpoint, rename_endpoint, add_deployment, remove_deployment, rename_deployment),
    *(shift_traffic, mirror, scale, stop, stop_deployment, describe, change_auth, content_filter, serverless),
    *(account, foundry_deployment, capacity, diagnostics, store_keys),
)


def edited(config: Mapping[str, Any], draw: Draw) -> Config:
    """The configuration after one to three edits."""
    changed = deepcopy(dict(config))
    for edit in draw(st.lists(st.sampled_from(EDITS), min_size=1, max_size=3)):
        edit(changed, draw)
    return changed
