from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_llama.catalog import Range, cores_needed
from tests.catalogs import PACKAGE


def test_there_are_twenty_eight_sizes() -> None:
    assert len(PACKAGE.gpu_sizes) == 28


@pytest.mark.parametrize(
    ("name", "instances", "cores"),
    [
        ("Standard_NC24ads_A100_v4", 1, 24),
        ("Standard_NC24ads_A100_v4", 3, 72),
        ("Standard_NC48ads_A100_v4", 2, 96),
        ("Standard_NV36ads_A10_v5", 1, 72),
        ("Standard_NV36ads_A10_v5", 5, 216),
        ("Standard_NC4as_T4_v3", 1, 8),
        ("Standard_NC4as_T4_v3", 10, 48),
        ("Standard_NC24ads_A100_v4", 0, 0),
        ("Standard_ND96isr_H200_v5", 1, None),
    ],
)
def test_cores_needed(name: str, instances: int, cores: int | None) -> None:
    size = PACKAGE.find_gpu_size(name)
    assert size is not None
    assert cores_needed(size, instances) == cores


def test_a_negative_number_of_instances_is_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        cores_needed(PACKAGE.gpu_sizes[0], -1)


def test_sizes_are_found_in_any_case() -> None:
    for size in PACKAGE.gpu_sizes:
        assert PACKAGE.find_gpu_size(size.name.upper()) is size
        assert PACKAGE.find_gpu_size(size.name.lower()) is size


@given(st.text())
def test_looking_up_never_fails(text: str) -> None:
    PACKAGE.find_gpu_size(text)
    PACKAGE.find_quota_family(text)


def test_prices_are_in_regions_with_a_meter() -> None:
    for size in PACKAGE.gpu_sizes:
        assert set(size.prices) <= size.meter_regions
        assert all(PACKAGE.find_region(region) for region in size.meter_regions)
        assert all(0 < price.low <= price.high for price in size.prices.values())


def test_prices_that_disagree_are_kept_low_and_high() -> None:
    size = PACKAGE.find_gpu_size("Standard_NC48ads_A100_v4")
    assert size is not None
    assert size.prices["eastus"] == Range(7.346, 9.554)
    assert size.prices["swedencentral"].low == size.prices["swedencentral"].high


def test_every_family_of_a_size_is_known_under_all_its_names() -> None:
    for size in PACKAGE.gpu_sizes:
        for name in (size.quota_family, size.quota_family and size.compute_quota_family):
            if name:
                family = PACKAGE.find_quota_family(name)
                assert family is not None
                assert family.name == size.quota_family
    for family in PACKAGE.quota_families:
        assert PACKAGE.find_quota_family(family.quota_name) is family
        assert PACKAGE.find_quota_family(family.name.upper()) is family


@pytest.mark.parametrize("name", ["standardNDSH100v5Family", "STANDARD NDV5H100 FAMILY CLUSTER DEDICATED VCPUS"])
def test_the_two_providers_mean_the_same_family(name: str) -> None:
    family = PACKAGE.find_quota_family(name)
    assert family is not None
    assert family.name == "standardNDv5H100Family"


def test_an_unknown_family_is_not_guessed() -> None:
    assert PACKAGE.find_quota_family("standardNDISRGB300V6Family") is None
    assert PACKAGE.find_quota_family("") is None
    assert PACKAGE.quota_family_name("standardDSv2Family") == "standardDSv2Family"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("standard NCASv3_T4 Family", "Standard_NCASv3_T4_Family", True),
        ("Standard  NCASv3_T4  Family Cluster Dedicated vCPUs", "STANDARDNCASV3T4FAMILY", True),
        ("Standard NCv3 Family Cluster Dedicated vCPUs", "standardNCSv3Family", True),
        ("StandardDSv2Family", "Standard DSv2 Family Cluster Dedicated vCPUs", True),
        ("standardDSv2Family", "standardDSv3Family", False),
        ("standardNDv5H100Family", "standardNDv5H100FlexFamily", False),
        ("", "?", False),
    ],
)
def test_names_of_a_family_are_matched_whatever_their_spelling(one: str, other: str, same: bool) -> None:
    assert PACKAGE.same_quota_family(one, other) is same


def test_shared_gpus_count_the_share() -> None:
    share, whole = PACKAGE.find_gpu_size("Standard_NV6ads_A10_v5"), PACKAGE.find_gpu_size("Standard_ND96amsr_A100_v4")
    assert share is not None
    assert share.total_gpu_memory_gb == 4
    assert whole is not None
    assert whole.total_gpu_memory_gb == 640


def test_models_name_only_known_sizes() -> None:
    for each in PACKAGE.models:
        for name in each.managed.sizes + each.managed.fine_tuning_sizes:
            assert PACKAGE.find_gpu_size(name), f"{each.name} names {name}"
