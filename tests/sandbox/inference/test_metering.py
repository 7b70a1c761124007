from __future__ import annotations

from azure_llama_sandbox.inference.metering import WINDOW, Meter


def test_requests_a_minute() -> None:
    meter = Meter(requests_per_minute=2, tokens_per_minute=1000)
    assert [meter.admit(0.0), meter.admit(10.0)] == [0.0, 0.0]
    assert meter.admit(20.0) == WINDOW - 20
    assert meter.admit(WINDOW) == 0.0


def test_tokens_a_minute() -> None:
    meter = Meter(requests_per_minute=100, tokens_per_minute=10)
    assert meter.admit(0.0) == 0.0
    meter.charge(9)
    assert meter.admit(1.0) == 0.0
    meter.charge(9)
    assert meter.admit(2.0) == WINDOW - 2
    assert meter.admit(WINDOW + 1) == 0.0
