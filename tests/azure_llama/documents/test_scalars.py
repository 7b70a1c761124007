"""Plain scalars mean what they mean to Pulumi: every expected value here was printed by its CLI, 3.259.0."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_llama.documents.scalars import resolve


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("012", 10),
        ("0o14", 12),
        ("0x1F", 31),
        ("0b11", 3),
        ("-0x10", -16),
        ("+5", 5),
        ("-0", 0),
        ("08", 8),
        ("1_000", 1000),
        ("1.50", 1.5),
        ("1e3", 1000),
        ("1.", 1),
        (".5", 0.5),
        ("5.0", 5),
        ("12345678901234567890123", 1.2345678901234568e22),
        ("9007199254740993", 9007199254740993),
        ("True", True),
        ("FALSE", False),
        ("yes", "yes"),
        ("on", "on"),
        ("y", "y"),
        ("~", None),
        ("", None),
        ("Null", None),
        ("12:30:45", "12:30:45"),
        ("2026-11-01", "2026-11-01 00:00:00 +0000 UTC"),
        ("2026-11-25T18:00:00Z", "2026-11-25 18:00:00 +0000 UTC"),
        ("2026-11-25t18:00:00.250Z", "2026-11-25 18:00:00.25 +0000 UTC"),
        ("2026-11-25T18:00:00+02:00", "2026-11-25 18:00:00 +0200 +0200"),
        ("2026-13-01", "2026-13-01"),
        ("1.2.3", "1.2.3"),
        ("-", "-"),
        ("+", "+"),
        (".", "."),
        ("0x", "0x"),
        ("1e", "1e"),
    ],
)
def test_a_plain_scalar(text: str, value: Any) -> None:
    found = resolve(text)
    assert found == value
    assert type(found) is type(value)


@given(st.integers(-(2**63), 2**64 - 1))
def test_whole_numbers_keep_every_digit(number: int) -> None:
    assert resolve(str(number)) == number


@given(st.text(alphabet="0123456789abcdefox_+-.eE:TZ ", min_size=1, max_size=30))
def test_nothing_that_looks_like_a_number_or_a_date_is_too_odd_to_read(text: str) -> None:
    assert isinstance(resolve(text), str | int | float)
