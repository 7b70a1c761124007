"""Names of regions as people, the portal and price lists write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_llama.catalog import Region
from tests.catalogs import PACKAGE


@pytest.mark.parametrize(
    "text", ["eastus2", "East US 2", "eastus-2", "EastUS2", "east_us_2", "EASTUS2", "(US) East US 2", " eastus2 "]
)
def test_a_spelling_of_a_region_is_recognised(text: str) -> None:
    assert PACKAGE.recognise_region(text).found == "eastus2"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("US East 2", ["eastus2"]),
        ("estus", ["westus", "eastus"]),
        ("eastsu2", ["eastus2"]),
        ("swedencentrl", ["swedencentral"]),
        ("northeurop", ["northeurope"]),
    ],
)
def test_a_typing_error_is_answered_with_the_regions_that_it_may_mean(text: str, names: list[str]) -> None:
    assert PACKAGE.recognise_region(text).found is None
    assert list(PACKAGE.recognise_region(text).suggestions) == names


@pytest.mark.parametrize(
    "text", ["", "us-east-2", "us-east1", "eu-west-1", "europe-west4", "us-west-2", "useast2", "eastus3", "tokyo"]
)
def test_a_region_of_another_cloud_has_no_suggestion(text: str) -> None:
    assert PACKAGE.recognise_region(text).names == ()


@given(st.sampled_from(PACKAGE.regions), st.sampled_from(["", "-", "_", " "]), st.booleans())
def test_case_and_separators_do_not_matter(region: Region, separator: str, upper: bool) -> None:
    text = region.display_name.replace(" ", separator)
    assert PACKAGE.recognise_region(text.upper() if upper else text.lower()).found == region.name


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    PACKAGE.recognise_region(text)
