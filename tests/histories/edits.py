"""Edits of a small stack's configuration that a person may make in one go, each of which Azure takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from tests.differential.repair import Config
from tests.histories import start

Draw = Callable[[st.SearchStrategy[Any]], Any]
Edit = Callable[[Config, Draw], bool]
"""Changes a configuration; False when there is nothing that it could change."""


def _deployment(draw: Draw) -> Config:
    return {"model": "Meta-Llama-3.1-8B-Instruct", "vmSize": draw(st.sampled_from(start.SIZES)), "traffic": 0}


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
    endpoints = config.setdefault(start.MANAGED, {})
    if len(endpoints) >= start.MOST_ENDPOINTS:
        return False
    deployment = _deployment(draw) | {"traffic": 100}
    auth = draw(st.sampled_from(("Key", "AADToken")))
    name = _free(endpoints, start.ENDPOINTS, draw)
    endpoints[name] = {"auth": auth, "contentSafety": False, "deployments": {"blue": deployment}}
    return True


def _remove(config: Config, setting: str, draw: Draw) -> bool:
    name, _ = _one(config, setting, draw)
    if not name or sum(len(config.get(each, {})) for each in (start.MANAGED, start.SERVERLESS, start.FOUNDRY)) == 1:
        return False
    del config[setting][name]
    if not config[setting]:
        del config[setting]
    return True


def remove_endpoint(config: Config, draw: Draw) -> bool:
    """Remove a managed endpoint."""
    return _remove(config, start.MANAGED, draw)


def rename_endpoint(config: Config, draw: Draw) -> bool:
    """Give a managed endpoint another name."""
    old, endpoint = _one(config, start.MANAGED, draw)
    new = _free(config.get(start.MANAGED, {}), start.ENDPOINTS, draw) if old else ""
    if new:
        config[start.MANAGED][new] = endpoint
        del config[start.MANAGED][old]
    return bool(new)


def add_deployment(config: Config, draw: Draw) -> bool:
    """Add a deployment without traffic."""
    _, endpoint = _one(config, start.MANAGED, draw)
    deployments = endpoint.get("deployments", {})
    if not deployments or len(deployments) >= start.MOST_DEPLOYMENTS:
        return False
    deployments[_free(deployments, start.COLOURS, draw)] = _deployment(draw)
    return True


def remove_deployment(config: Config, draw: Draw) -> bool:
    """Remove a deployment, and give its traffic to another."""
    _, endpoint = _one(config, start.MANAGED, draw)
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
    _, endpoint = _one(config, start.MANAGED, draw)
    deployments = endpoint.get("deployments", {})
    if not deployments:
        return False
    old = draw(st.sampled_from(sorted(deployments)))
    new = _free(deployments, start.COLOURS, draw)
    deployments[new] = deployments.pop(old) | {"vmSize": draw(st.sampled_from(start.SIZES))}
    _repair_mirror(endpoint)
    return True


def shift_traffic(config: Config, draw: Draw) -> bool:
    """Spread the traffic anew over the deployments that are not stopped."""
    _, endpoint = _one(config, start.MANAGED, draw)
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
    _, endpoint = _one(config, start.MANAGED, draw)
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
    _, endpoint = _one(config, start.MANAGED, draw)
    if not endpoint:
        return False
    deployment = endpoint["deployments"][draw(st.sampled_from(sorted(endpoint["deployments"])))]
    deployment.pop("autoscale", None)
    deployment.pop("instances", None)
    match draw(st.sampled_from(("one", "two", "autoscale"))):
        case "two":
            deployment["instances"] = 2
        case "autoscale":
            deployment["autoscale"] = deepcopy(start.AUTOSCALE)
    return True


def stop(config: Config, draw: Draw) -> bool:
    """Stop an endpoint, or start it."""
    _, endpoint = _one(config, start.MANAGED, draw)
    if endpoint:
        endpoint["stopped"] = not endpoint.get("stopped", False)
        _repair_mirror(endpoint)
    return bool(endpoint)


def stop_deployment(config: Config, draw: Draw) -> bool:
    """Stop a deployment that has no traffic, or start it."""
    _, endpoint = _one(config, start.MANAGED, draw)
    idle = [name for name, each in endpoint.get("deployments", {}).items() if not each["traffic"]]
    if not idle:
        return False
    deployment = endpoint["deployments"][draw(st.sampled_from(sorted(idle)))]
    deployment["stopped"] = not deployment.get("stopped", False)
    _repair_mirror(endpoint)
    return True


def describe(config: Config, draw: Draw) -> bool:
    """Tags of the stack, or the description of an endpoint."""
    name, endpoint = _one(config, start.MANAGED, draw)
    if name and draw(st.booleans()):
        endpoint["description"] = draw(st.sampled_from(("for search", "for support")))
    else:
        config[start.TAGS] = {"team": draw(st.sampled_from(("search", "support")))}
    return True


def change_auth(config: Config, draw: Draw) -> bool:
    """What callers of an endpoint or an account send."""
    setting = draw(st.sampled_from((start.MANAGED, start.FOUNDRY)))
    _, entry = _one(config, setting, draw)
    if entry:
        entry["auth"] = "AADToken" if entry["auth"] == "Key" else "Key"
    return bool(entry)


def content_filter(config: Config, draw: Draw) -> bool:
    """The filter of a serverless endpoint, of managed ones, or of a Foundry deployment."""
    setting = draw(st.sampled_from((start.MANAGED, start.SERVERLESS, start.FOUNDRY)))
    _, entry = _one(config, setting, draw)
    if not entry:
        return False
    if setting != start.FOUNDRY:
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
    if config.get(start.SERVERLESS):
        return _remove(config, start.SERVERLESS, draw)
    config[start.SERVERLESS] = {draw(st.sampled_from(("llama-33-70b", "llama-33"))): {"model": start.SERVERLESS_MODEL}}
    return True


def account(config: Config, draw: Draw) -> bool:
    """Add or remove a Foundry account."""
    name = draw(st.sampled_from(start.ACCOUNTS))
    if name in config.get(start.FOUNDRY, {}):
        return _remove(config, start.FOUNDRY, lambda _: name)
    config.setdefault(start.FOUNDRY, {})[name] = deepcopy(start.START[start.FOUNDRY]["contoso-one"])
    return True


def foundry_deployment(config: Config, draw: Draw) -> bool:
    """Add or remove a deployment of an account, or give it another name."""
    _, entry = _one(config, start.FOUNDRY, draw)
    if not entry:
        return False
    deployments = entry["deployments"]
    old, new = draw(st.sampled_from(sorted(deployments))), _free(deployments, start.CHATS, draw)
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
    _, entry = _one(config, start.FOUNDRY, draw)
    if not entry:
        return False
    deployment = entry["deployments"][draw(st.sampled_from(sorted(entry["deployments"])))]
    deployment["capacity"] = 100 if deployment["capacity"] != 100 else draw(st.sampled_from((60, 150)))
    return True


def diagnostics(config: Config, draw: Draw) -> bool:
    """Logs of the workspace and all that is in it, or none."""
    config[start.WORKSPACE]["diagnostics"] = not config[start.WORKSPACE].get("diagnostics", True)
    return True


def store_keys(config: Config, draw: Draw) -> bool:
    """Keep the keys of endpoints in the vault, or no longer."""
    if config.pop(start.SECRETS, None) is None:
        config[start.SECRETS] = {"keyVault": "workspace", "expiresOn": "2027-06-30"}
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
