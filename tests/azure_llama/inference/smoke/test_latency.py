"""Percentiles and histograms of the first-token latency."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_llama.inference.smoke.latency import Latency, latency


def test_percentiles_are_latencies_that_were_measured() -> None:
    found = Latency(tuple(number / 100 for number in range(100, 0, -1)))
    assert found.figures == {"min": 0.01, "p50": 0.5, "p90": 0.9, "p99": 0.99, "max": 1.0}


def test_a_histogram_has_every_bucket_between_both_ends() -> None:
    found = Latency((0.21, 0.22, 0.24, 0.26, 0.41))
    assert found.lines() == [
        "first token of 5 streams: min 0.210 s, p50 0.240 s, p90 0.410 s, p99 0.410 s, max 0.410 s",
        "  0.20 - 0.25 s  ████████████████████████████  3",
        "  0.25 - 0.30 s  █████████▍                    1",
        "  0.30 - 0.35 s                                0",
        "  0.35 - 0.40 s                                0",
        "  0.40 - 0.45 s  █████████▍                    1",
    ]


def test_streams_of_the_same_latency_are_one_bucket() -> None:
    assert [count for _, _, count in Latency((0.5, 0.5)).buckets] == [2]
    assert latency([]) is None


@pytest.mark.filterwarnings("error")
@given(st.lists(st.floats(0, 1e4), min_size=1, max_size=50))
def test_every_stream_is_in_one_bucket(seconds: list[float]) -> None:
    found = Latency(tuple(seconds))
    assert sum(count for _, _, count in found.buckets) == len(seconds)
    assert len(found.buckets) <= 10
    assert found.ordered[0] <= found.figures["p50"] <= found.figures["p99"] <= found.ordered[-1]
