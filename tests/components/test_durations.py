from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_llama_components import durations


@pytest.mark.parametrize(
    ("number", "said"), [(1, "PT1M"), (60, "PT1H"), (90, "PT1H30M"), (1440, "P1D"), (1505, "P1DT1H5M"), (10_080, "P7D")]
)
def test_minutes_are_said_as_azure_monitor_answers_them(number: int, said: str) -> None:
    assert durations.minutes(number) == said


@given(st.integers(1, 20_000))
def test_every_number_of_minutes_comes_back(number: int) -> None:
    match = re.fullmatch(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?", durations.minutes(number))
    assert match is not None
    days, hours, rest = (int(part or 0) for part in match.groups())
    assert days * 1440 + hours * 60 + rest == number
    assert hours < 24
    assert rest < 60
