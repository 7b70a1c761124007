from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.catalogs import PACKAGE


def test_there_are_fifty_eight_regions() -> None:
    assert len(PACKAGE.regions) == 58


def test_regions_are_found_by_both_names_in_any_case() -> None:
    for region in PACKAGE.regions:
        for text in (region.name, region.display_name):
            assert PACKAGE.find_region(text) is region
            assert PACKAGE.find_region(text.upper()) is region


def test_unknown_regions_are_not_found() -> None:
    assert PACKAGE.find_region("swedensouth") is None
    assert PACKAGE.find_region("") is None
    assert PACKAGE.find_region("east-us") is None


@given(st.text())
def test_looking_a_region_up_never_fails(text: str) -> None:
    PACKAGE.find_region(text)
