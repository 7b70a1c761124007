"""Edits of a small stack's configuration, and those that Azure takes only in two goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from tests.differential.repair import Config
from tests.histories import managed_edits as managed
from tests.histories import other_edits as other
from tests.histories import start
from tests.histories.picks import Draw, Edit
from tests.inprocess.state import State

EDITS: tuple[Edit, ...] = (
    *(managed.add_endpoint, managed.remove_endpoint, managed.rename_endpoint, managed.access),
    *(managed.add_deployment, managed.remove_deployment, managed.rename_deployment, managed.shift_traffic),
    *(managed.mirror, managed.scale, managed.stop, managed.stop_deployment, managed.describe),
    *(other.change_auth, other.content_filter, other.serverless, other.account, other.foundry_deployment),
    *(other.capacity, other.model_version, other.sku, other.account_access, other.workspace_access),
    *(other.diagnostics, other.store_keys, other.budget, other.budget_amount),
)


def edited(config: Mapping[str, Any], draw: Draw) -> Config:
    """The configuration after one to three edits."""
    changed = deepcopy(dict(config))
    for edit in draw(st.lists(st.sampled_from(EDITS), min_size=1, max_size=3)):
        edit(changed, draw)
    return changed


def needs_two_deployments(config: Config, states: Iterable[State]) -> bool:
    """Whether Azure or the preview refuses the change, and takes it in two goes.

    One edit alone is never of this kind, but several are when the deployments between them fail.

    Args:
        config: Required. What is to be deployed.
        states: Required. What the stack has.
    """
    return any(_conflicts(config, state) for state in states if state.id)


def _conflicts(config: Config, state: State) -> bool:
    match state.type.rpartition(":")[2]:
        case "OnlineDeployment":
            return _resized(config, state.inputs)
        case "ServerlessEndpoint":
            names = config.get(start.SERVERLESS, {})
            return bool(names) and state.id.rpartition("/")[2] not in names
        case "Deployment" if ":cognitiveservices:" in state.type:
            return _version_and_more(config, state.inputs)
    return False


def _resized(config: Config, held: Mapping[str, Any]) -> bool:
    """Whether a deployment of the same name has another size."""
    endpoint = config.get(start.MANAGED, {}).get(held["endpointName"], {})
    deployment = endpoint.get("deployments", {}).get(held["deploymentName"])
    return deployment is not None and deployment["vmSize"] != held["properties"]["instanceType"]


def _version_and_more(config: Config, held: Mapping[str, Any]) -> bool:
    """Whether a Foundry deployment's model version changes together with its capacity or SKU."""
    account = config.get(start.FOUNDRY, {}).get(held["accountName"], {})
    deployment = account.get("deployments", {}).get(held["deploymentName"])
    if deployment is None or deployment["modelVersion"] == held["properties"]["model"]["version"]:
        return False
    sku = {"name": deployment.get("sku", "GlobalStandard"), "capacity": deployment["capacity"]}
    return bool(sku != held["sku"])
