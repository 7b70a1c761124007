"""Bars of text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_llama.documents.bars import bar, chart


@pytest.mark.parametrize(
    ("amount", "most", "shown"),
    [(0, 10, ""), (10, 0, ""), (10, 10, "████"), (5, 10, "██"), (1, 10, "▍"), (0.001, 10, "▏"), (20, 10, "████")],
)
def test_a_bar_is_as_long_as_its_share(amount: float, most: float, shown: str) -> None:
    assert bar(amount, most, width=4) == shown


@given(st.floats(0, 1e12), st.floats(0, 1e12), st.integers(1, 60))
def test_a_bar_never_leaves_its_width(amount: float, most: float, width: int) -> None:
    shown = bar(amount, most, width)
    assert len(shown) <= width
    assert bool(shown) is (amount > 0 and most > 0)


def test_a_chart_is_aligned() -> None:
    assert chart([("blue", 4, "4.00"), ("a", 1, "10")], width=4) == ["blue  ████  4.00", "a     █       10"]
    assert chart([]) == []
