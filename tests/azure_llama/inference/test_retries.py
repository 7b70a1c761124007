from __future__ import annotations

from datetime import UTC, datetime

import pytest

from azure_llama.inference.retries import own_wait, retry_after

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "3"}, 3),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "-3"}, 0),
        ({"retry-after": "soon"}, None),
        ({"retry-after-ms": "250", "retry-after": "3"}, 0.25),
        ({"x-ms-retry-after-ms": "500"}, 0.5),
        ({"retry-after-ms": "soon", "retry-after": "3"}, 3),
        ({"retry-after": "Sun, 22 Nov 2026 12:00:09 GMT"}, 9),
        ({"retry-after": "Sun, 22 Nov 2026 12:00:09 -0000"}, 9),
        ({"retry-after": "Sun, 22 Nov 2026 11:00:00 GMT"}, 0),
    ],
)
def test_a_named_wait_is_read(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, NOW) == seconds


def test_the_own_wait_doubles_up_to_eight_seconds() -> None:
    for attempt, longest in enumerate([0.5, 1, 2, 4, 8, 8, 8], start=1):
        assert 0.75 * longest <= own_wait(attempt) <= longest
