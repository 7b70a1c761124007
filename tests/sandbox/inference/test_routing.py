from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from azure_llama_sandbox.inference.routing import Mirror, Rotation, Router


@pytest.mark.parametrize(
    "weights", [{"blue": 90, "green": 10}, {"a": 1, "b": 33, "c": 66}, {"only": 100}, {"a": 50, "b": 50}]
)
def test_hundred_calls_split_exactly(weights: dict[str, int]) -> None:
    rotation = Rotation(weights)
    for _ in range(3):
        assert Counter(rotation.next() for _ in range(100)) == weights


def test_split_is_smooth() -> None:
    rotation = Rotation({"blue": 90, "green": 10})
    served = [rotation.next() for _ in range(100)]
    gaps = [place for place, name in enumerate(served) if name == "green"]
    assert all(8 <= later - earlier <= 12 for earlier, later in pairwise(gaps))


def test_mirror_copies_its_percentage() -> None:
    mirror = Mirror({"green": 30})
    assert sum(len(mirror.next()) for _ in range(200)) == 60


def test_rotation_starts_anew_when_weights_change() -> None:
    router = Router()
    assert {router.route("e", {"blue": 100}) for _ in range(3)} == {"blue"}
    assert Counter(router.route("e", {"blue": 50, "green": 50}) for _ in range(10)) == {"blue": 5, "green": 5}
    assert router.route("e", {}) is None
    assert router.copies("e", {}) == []
