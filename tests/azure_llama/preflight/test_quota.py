"""The usages API in every shape that was seen, or that may come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_llama.preflight.quota import REGIONAL, Usage, read_deployment, read_usages
from tests.catalogs import PACKAGE

SHORT = "standardNCADSA100v4Family"
WORDS = "Standard NCADSA100v4 Family Cluster Dedicated vCPUs"
BASE = "/subscriptions/s/providers/Microsoft.MachineLearningServices/locations/eastus2"


def row(**more: Any) -> dict[str, Any]:
    return {"limit": 48, "currentValue": 24, "unit": "Count"} | more


@pytest.mark.parametrize(
    "given",
    [
        row(name={"value": WORDS, "localizedValue": WORDS}),
        row(name={"value": SHORT, "localizedValue": "Famille"}),
        row(name={"value": SHORT.upper(), "localizedValue": None}),
        row(name={"localizedValue": WORDS}),
        row(name=SHORT),
        row(id=f"{BASE}/vmFamily/usages/{WORDS.replace(' ', '_')}"),
        row(name={"value": WORDS}, type="Microsoft.MachineLearningServices/vmFamily/usages"),
        row(name={"value": SHORT}, type="Microsoft.MachineLearningServices/vmFamily/dedicatedCores/usages"),
        row(name={"value": WORDS}, limit="48", currentValue="24"),
        row(name={"value": WORDS}, limit=48.0, currentValue=24.0),
    ],
)
def test_a_family_is_found_by_any_of_its_names(given: dict[str, Any]) -> None:
    found = read_usages([given], PACKAGE)
    assert {name: (usage.used, usage.limit) for name, usage in found.families.items()} == {SHORT: (24, 48)}


@pytest.mark.parametrize(
    "given",
    [
        row(name={"value": REGIONAL, "localizedValue": REGIONAL}),
        row(name={"value": "total cluster dedicated regional vcpus"}),
        row(id=f"{BASE}/dedicatedCores/usages/Total_Cluster_Dedicated_Regional_vCPUs"),
        row(name={"value": "TotalDedicatedCores"}),
        row(name={"value": "x"}, type="Microsoft.MachineLearningServices/totalDedicatedCores/usages"),
    ],
)
def test_so_is_the_region(given: dict[str, Any]) -> None:
    found = read_usages([given], PACKAGE)
    assert found.total is not None
    assert (found.total.used, found.total.limit, found.total.left) == (24, 48, 24)


@pytest.mark.parametrize(
    "given",
    [
        row(name={"value": SHORT}, type="Microsoft.MachineLearningServices/vmFamily/lowPriorityCores/usages"),
        row(name={"value": "TotalClusters"}, type="Microsoft.MachineLearningServices/totalClusters/usages"),
        row(name={"value": WORDS}, type="Microsoft.MachineLearningServices/workspaces/usages"),
        row(name={"value": WORDS}, type="Microsoft.MachineLearningServices/workspace/usages"),
        row(name={"value": WORDS}, type="Microsoft.MachineLearningServices/workspaces/computes/usages"),
        row(name={"value": "Total Cluster LowPriority Regional vCPUs"}, type="x/lowPriorityCores/usages"),
        row(name={"value": "Standard NCADSA100v4 Family Cluster LowPriority vCPUs"}),
        row(name={"value": WORDS}, limit=None),
        row(name={"value": WORDS}, currentValue="many"),
        row(name={"value": WORDS}, limit=True),
        row(name={"value": "Standard XYZ Family"}),
        row(name=None),
        {},
    ],
)
def test_what_is_another_row_or_no_row_is_no_quota(given: dict[str, Any]) -> None:
    found = read_usages([given], PACKAGE)
    assert (dict(found.families), found.total) == ({}, None)


def test_the_recorded_rows_are_families_and_a_total(recorded: Callable[[str, str], Any]) -> None:
    found = read_usages(recorded("ml-quota", "/usages")["value"], PACKAGE)
    assert found.total == Usage("TotalDedicatedCores", REGIONAL, 20, 20)
    assert len(found.families) == 31
    assert found.others == ()
    assert found.family("Standard_FSv2_Family") == Usage(
        "standardFSv2Family", "Standard FSv2 Family Cluster Dedicated vCPUs", 16, 16
    )
    assert found.family("standardDFamily") == Usage(
        "standardDFamily", "Standard D Family Cluster Dedicated vCPUs", 0, 6
    )
    for size in PACKAGE.gpu_sizes:
        if size.quota_family:
            usage = found.family(size.quota_family)
            assert usage is not None
            assert (usage.name, usage.limit) == (size.quota_family, 0)


def test_no_limit_leaves_everything() -> None:
    found = read_usages([row(name={"value": WORDS}, limit=-1)], PACKAGE)
    assert found.families[SHORT].left is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=8), inside, max_size=3),
    max_leaves=8,
)
KEYS = ("name", "limit", "currentValue", "type", "id", "unit")


@given(st.lists(st.dictionaries(st.sampled_from(KEYS), JSON, max_size=6), max_size=4))
def test_no_answer_is_too_strange(rows: list[dict[str, Any]]) -> None:
    read_usages(rows, PACKAGE)
    for each in rows:
        read_deployment({"properties": each, "sku": each}, PACKAGE)
