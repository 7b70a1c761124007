"""usages, quotas and vmSizes have the rows that Azure was recorded to send."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from azure_llama_sandbox.world import SUBSCRIPTION
from tests.sandbox.arm.harness import GPU, PROJECT, Azure, deployment_body

LOCATION = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.MachineLearningServices/locations/eastus2"
PREFIX = "Microsoft.MachineLearningServices"
Row = dict[str, Any]


def rows(azure: Azure, what: str) -> list[Row]:
    found: list[Row] = azure.get(f"{LOCATION}/{what}")["value"]
    return found


def identity(row: Row) -> Row:
    """What names a row: everything but its figures."""
    return {key: value for key, value in row.items() if key not in ("currentValue", "limit")}


def filled(value: Any, workspace: str = "") -> Any:
    """A recorded row with the sandbox's names."""
    if not isinstance(value, dict):
        parent = "/subscriptions/{sub}/resourceGroups/{rg}/providers/Microsoft.MachineLearningServices/workspaces/{ws}"
        text = value.replace(parent, workspace) if isinstance(value, str) else value
        return text.replace("{sub}", SUBSCRIPTION) if isinstance(text, str) else text
    return {key: filled(each, workspace) for key, each in value.items()}


def test_usages_are_the_recorded_rows(hub: Azure, recorded: Callable[[str, str], Any]) -> None:
    theirs = [filled(row) for row in recorded("ml-quota", "/usages")["value"]]
    ours = rows(hub, "usages")
    assert [identity(row) for row in ours[: len(theirs)]] == [identity(row) for row in theirs]
    families = [row for row in ours if row["type"] == f"{PREFIX}/vmFamily/dedicatedCores/usages"]
    low = [row for row in ours if row["type"] == f"{PREFIX}/vmFamily/lowPriorityCores/usages"]
    assert [(row["name"]["value"], row["id"]) for row in low] == [(r["name"]["value"], r["id"]) for r in families]
    assert {row["limit"] for row in low} == {-1}
    assert [list(row) for row in ours] == [list(theirs[0])] * len(ours)


def test_quotas_are_the_recorded_rows(hub: Azure, recorded: Callable[[str, str], Any]) -> None:
    theirs = [
        filled(row, PROJECT) | {"location": row["location"] and "eastus2"}
        for row in recorded("ml-quota", "/quotas")["value"]
    ]
    ours = [row for row in rows(hub, "quotas") if row["location"] is None or row["id"].startswith(f"{PROJECT}/")]
    names = {row["name"]["value"] for row in theirs}
    assert [identity(row) for row in ours if row["name"]["value"] in names] == [identity(row) for row in theirs]
    assert [list(row) for row in ours] == [list(theirs[0])] * len(ours)


def test_sizes_have_the_recorded_form(azure: Azure, recorded: Callable[[str, str], Any]) -> None:
    bare, priced = recorded("ml-quota", "/vmSizes")["value"]
    for row in rows(azure, "vmSizes"):
        theirs = priced if "estimatedVMPrices" in row else bare
        assert {key: type(value) for key, value in row.items()} == {key: type(value) for key, value in theirs.items()}
        assert list(row) == list(theirs)


def test_a_size_is_of_a_family_of_the_usages(azure: Azure) -> None:
    families = {row["name"]["value"] for row in rows(azure, "usages")}
    sizes = {row["name"]: row["family"] for row in rows(azure, "vmSizes")}
    assert set(sizes.values()) <= families
    assert (sizes["Standard_DS3_v2"], sizes[GPU]) == ("standardDSv2Family", "standardNCADSA100v4Family")
    assert sizes["Standard_NC4as_T4_v3"] == "Standard NCASv3_T4 Family"


def test_the_reserve_counts_in_the_usage(hub: Azure) -> None:
    """As recorded: three F4s_v2 of four cores take 16, one compute instance of four takes 4."""
    hub.endpoint()
    hub.put(
        f"{PROJECT}/onlineEndpoints/llama-8b/deployments/blue", deployment_body(3, size="Standard_F4s_v2", model=None)
    )
    instance = {"computeType": "ComputeInstance", "properties": {"vmSize": "Standard_DS3_v2"}}
    hub.put(f"{PROJECT}/computes/ci-one", {"location": "eastus2", "properties": instance})
    used = {row["name"]["value"]: row["currentValue"] for row in rows(hub, "usages") if row["limit"] >= 0}
    assert {name: cores for name, cores in used.items() if cores} == {
        "TotalClusters": 2,
        "TotalDedicatedCores": 20,
        "standardDSv2Family": 4,
        "standardFSv2Family": 16,
    }


@pytest.mark.parametrize(
    "id_",
    [
        "/subscriptions/s/quotas/Standard_NCASv3_T4_Family",
        "/subscriptions/s/quotas/Standard NCASv3_T4 Family",
        f"{LOCATION}/vmFamily/quotas/Standard_NCASv3_T4_Family_Cluster_Dedicated_vCPUs",
    ],
)
def test_a_limit_is_set_by_any_name(azure: Azure, id_: str) -> None:
    answer = azure.call("POST", f"{LOCATION}/updateQuotas", {"value": [{"id": id_, "limit": 8}]})
    (row,) = answer.json()["value"]
    assert (row["status"], row["limit"], row["name"]["value"]) == ("Success", 8, "Standard NCASv3_T4 Family")
    limits = {row["name"]["value"]: row["limit"] for row in rows(azure, "quotas")}
    assert limits["Standard NCASv3_T4 Family"] == 8
