"""Edits of all but managed endpoints that a person may make in one go, each of which Azure takes."""

from __future__ import annotations

from copy import deepcopy

from hypothesis import strategies as st

from tests.differential.repair import Config
from tests.histories import picks, start
from tests.histories.picks import Draw, free, one, remove


def change_auth(config: Config, draw: Draw) -> bool:
    """What callers of an endpoint or an account send."""
    setting = draw(st.sampled_from((start.MANAGED, start.FOUNDRY)))
    _, entry = one(config, setting, draw)
    if entry:
        entry["auth"] = "AADToken" if entry["auth"] == "Key" else "Key"
    return bool(entry)


def content_filter(config: Config, draw: Draw) -> bool:
    """The filter of a serverless endpoint, of managed ones, or of a Foundry deployment."""
    setting = draw(st.sampled_from((start.MANAGED, start.SERVERLESS, start.FOUNDRY)))
    _, entry = one(config, setting, draw)
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
        return remove(config, start.SERVERLESS, draw)
    config[start.SERVERLESS] = {draw(st.sampled_from(("llama-33-70b", "llama-33"))): {"model": start.SERVERLESS_MODEL}}
    return True


def account(config: Config, draw: Draw) -> bool:
    """Add or remove a Foundry account."""
    name = draw(st.sampled_from(start.ACCOUNTS))
    if name in config.get(start.FOUNDRY, {}):
        return remove(config, start.FOUNDRY, lambda _: name)
    config.setdefault(start.FOUNDRY, {})[name] = deepcopy(start.START[start.FOUNDRY]["contoso-one"])
    return True


def foundry_deployment(config: Config, draw: Draw) -> bool:
    """Add or remove a deployment of an account, or give it another name."""
    _, entry = one(config, start.FOUNDRY, draw)
    if not entry:
        return False
    deployments = entry["deployments"]
    old, new = draw(st.sampled_from(sorted(deployments))), free(deployments, start.CHATS, draw)
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
    deployment = picks.foundry_deployment(config, draw)
    if deployment:
        others = (200, 300) if "sku" in deployment else (60, 150)
        deployment["capacity"] = 100 if deployment["capacity"] != 100 else draw(st.sampled_from(others))
    return bool(deployment)


def model_version(config: Config, draw: Draw) -> bool:
    """The version of a Foundry deployment's model."""
    deployment = picks.foundry_deployment(config, draw)
    if not deployment or "sku" in deployment:
        return False
    deployment["modelVersion"] = "5" if deployment["modelVersion"] == start.PROVISIONED else start.PROVISIONED
    return True


def sku(config: Config, draw: Draw) -> bool:
    """The SKU of a Foundry deployment: by the token, or provisioned in hundreds of units."""
    deployment = picks.foundry_deployment(config, draw)
    if deployment.get("modelVersion") != start.PROVISIONED or deployment["capacity"] % 100:
        return False
    if deployment.pop("sku", None) is None:
        deployment["sku"] = draw(st.sampled_from(("GlobalProvisionedManaged", "DataZoneProvisionedManaged")))
    return True


def account_access(config: Config, draw: Draw) -> bool:
    """Close a Foundry account to the public network, or open it."""
    _, entry = one(config, start.FOUNDRY, draw)
    if entry and entry.pop("network", None) is None:
        entry["network"] = {"publicNetworkAccess": "Disabled"}
    return bool(entry)


def workspace_access(config: Config, draw: Draw) -> bool:
    """Close the workspace to the public network, with a private endpoint of its own, or open it."""
    if config[start.WORKSPACE].pop("network", None) is None:
        endpoint = {"addressSpace": "10.40.0.0/24"}
        config[start.WORKSPACE]["network"] = {"publicNetworkAccess": "Disabled", "privateEndpoint": endpoint}
    return True


def budget(config: Config, draw: Draw) -> bool:
    """Add a budget, or remove it."""
    if config.pop(start.BUDGET, None) is None:
        config[start.BUDGET] = {"amount": 500, "startDate": "2027-01-01", "contacts": ["platform@example.com"]}
    return True


def budget_amount(config: Config, draw: Draw) -> bool:
    """The amount of the budget."""
    budget = config.get(start.BUDGET, {})
    if budget:
        budget["amount"] = draw(st.sampled_from((250, 1000)))
    return bool(budget)


def diagnostics(config: Config, draw: Draw) -> bool:
    """Logs of the workspace and all that is in it, or none."""
    config[start.WORKSPACE]["diagnostics"] = not config[start.WORKSPACE].get("diagnostics", True)
    return True


def store_keys(config: Config, draw: Draw) -> bool:
    """Keep the keys of endpoints in the vault, or no longer."""
    if config.pop(start.SECRETS, None) is None:
        config[start.SECRETS] = {"keyVault": "workspace", "expiresOn": "2027-06-30"}
    return True
