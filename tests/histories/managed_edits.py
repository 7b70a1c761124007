"""Edits of managed endpoints that a person may make in one go, each of which Azure takes."""

from __future__ import annotations

from copy import deepcopy

from hypothesis import strategies as st

from tests.differential.repair import Config
from tests.histories import start
from tests.histories.picks import Draw, free, one, remove


def _deployment(draw: Draw) -> Config:
    return {"model": "Meta-Llama-3.1-8B-Instruct", "vmSize": draw(st.sampled_from(start.SIZES)), "traffic": 0}


def add_endpoint(config: Config, draw: Draw) -> bool:
    """Add a managed endpoint."""
    endpoints = config.setdefault(start.MANAGED, {})
    if len(endpoints) >= start.MOST_ENDPOINTS:
        return False
    deployment = _deployment(draw) | {"traffic": 100}
    auth = draw(st.sampled_from(("Key", "AADToken")))
    name = free(endpoints, start.ENDPOINTS, draw)
    endpoints[name] = {"auth": auth, "contentSafety": False, "deployments": {"blue": deployment}}
    return True


def remove_endpoint(config: Config, draw: Draw) -> bool:
    """Remove a managed endpoint."""
    return remove(config, start.MANAGED, draw)


def rename_endpoint(config: Config, draw: Draw) -> bool:
    """Give a managed endpoint another name."""
    old, endpoint = one(config, start.MANAGED, draw)
    new = free(config.get(start.MANAGED, {}), start.ENDPOINTS, draw) if old else ""
    if new:
        config[start.MANAGED][new] = endpoint
        del config[start.MANAGED][old]
    return bool(new)


def add_deployment(config: Config, draw: Draw) -> bool:
    """Add a deployment without traffic."""
    _, endpoint = one(config, start.MANAGED, draw)
    deployments = endpoint.get("deployments", {})
    if not deployments or len(deployments) >= start.MOST_DEPLOYMENTS:
        return False
    deployments[free(deployments, start.COLOURS, draw)] = _deployment(draw)
    return True


def remove_deployment(config: Config, draw: Draw) -> bool:
    """Remove a deployment, and give its traffic to another."""
    _, endpoint = one(config, start.MANAGED, draw)
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
    _, endpoint = one(config, start.MANAGED, draw)
    deployments = endpoint.get("deployments", {})
    if not deployments:
        return False
    old = draw(st.sampled_from(sorted(deployments)))
    new = free(deployments, start.COLOURS, draw)
    deployments[new] = deployments.pop(old) | {"vmSize": draw(st.sampled_from(start.SIZES))}
    _repair_mirror(endpoint)
    return True


def shift_traffic(config: Config, draw: Draw) -> bool:
    """Spread the traffic anew over the deployments that are not stopped."""
    _, endpoint = one(config, start.MANAGED, draw)
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
    _, endpoint = one(config, start.MANAGED, draw)
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
    _, endpoint = one(config, start.MANAGED, draw)
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
    _, endpoint = one(config, start.MANAGED, draw)
    if endpoint:
        endpoint["stopped"] = not endpoint.get("stopped", False)
        _repair_mirror(endpoint)
    return bool(endpoint)


def stop_deployment(config: Config, draw: Draw) -> bool:
    """Stop a deployment that has no traffic, or start it."""
    _, endpoint = one(config, start.MANAGED, draw)
    idle = [name for name, each in endpoint.get("deployments", {}).items() if not each["traffic"]]
    if not idle:
        return False
    deployment = endpoint["deployments"][draw(st.sampled_from(sorted(idle)))]
    deployment["stopped"] = not deployment.get("stopped", False)
    _repair_mirror(endpoint)
    return True


def access(config: Config, draw: Draw) -> bool:
    """Close a managed endpoint to the public network, or open it."""
    _, endpoint = one(config, start.MANAGED, draw)
    if endpoint and endpoint.pop("publicNetworkAccess", None) is None:
        endpoint["publicNetworkAccess"] = "Disabled"
    return bool(endpoint)


def describe(config: Config, draw: Draw) -> bool:
    """Tags of the stack, or the description of an endpoint."""
    name, endpoint = one(config, start.MANAGED, draw)
    if name and draw(st.booleans()):
        endpoint["description"] = draw(st.sampled_from(("for search", "for support")))
    else:
        config[start.TAGS] = {"team": draw(st.sampled_from(("search", "support")))}
    return True
