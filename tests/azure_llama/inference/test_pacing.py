from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_llama.inference.pacing import WINDOW, Pacer


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_without_limits_nobody_waits() -> None:
    pacer = Pacer(clock=Clock())
    assert [pacer.turn(10**9)[1] for _ in range(1_000)] == [0] * 1_000


def test_requests_over_the_limit_wait_for_the_window() -> None:
    clock = Clock()
    pacer = Pacer(requests_per_minute=2, clock=clock)
    assert pacer.turn(0)[1] == 0
    clock.now += 10
    assert pacer.turn(0)[1] == 0
    assert pacer.turn(0)[1] == WINDOW - 10
    assert pacer.turn(0)[1] == WINDOW
    assert pacer.turn(0)[1] == 2 * WINDOW - 10


def test_tokens_are_counted_for_what_they_were_in_the_end() -> None:
    pacer = Pacer(tokens_per_minute=100, clock=Clock())
    turn, wait = pacer.turn(90)
    assert wait == 0
    pacer.settle(turn, 10)
    assert pacer.turn(90)[1] == 0
    assert pacer.turn(1)[1] == WINDOW


def test_settling_what_has_left_the_window_changes_nothing() -> None:
    clock = Clock()
    pacer = Pacer(tokens_per_minute=100, clock=clock)
    turn, _ = pacer.turn(90)
    clock.now += WINDOW
    pacer.turn(90)
    pacer.settle(turn, 0)
    assert pacer.turn(20)[1] == WINDOW


def test_more_than_the_limit_goes_alone() -> None:
    pacer = Pacer(tokens_per_minute=100, clock=Clock())
    assert pacer.turn(500)[1] == 0
    assert pacer.turn(1)[1] == WINDOW


@pytest.mark.parametrize(("tokens", "requests"), [(0, None), (None, -1)])
def test_a_limit_below_one_is_refused(tokens: int | None, requests: int | None) -> None:
    with pytest.raises(ValueError, match="must be 1 or more"):
        Pacer(tokens, requests)


@given(
    st.lists(st.tuples(st.floats(0, 90), st.integers(0, 60)), max_size=40),
    st.integers(1, 5),
    st.integers(60, 200),
)
def test_no_minute_has_more_than_the_limits(asked: list[tuple[float, int]], requests: int, tokens: int) -> None:
    clock = Clock()
    pacer = Pacer(tokens, requests, clock)
    sent: list[tuple[float, int]] = []
    for pause, size in asked:
        clock.now += pause
        turn, wait = pacer.turn(size)
        assert wait == pytest.approx(turn.at - clock.now)
        sent.append((turn.at, size))
    assert sent == sorted(sent, key=lambda each: each[0])
    for at, _ in sent:
        window = [size for other, size in sent if at <= other < at + WINDOW]
        assert len(window) <= requests
        assert sum(window) <= tokens
