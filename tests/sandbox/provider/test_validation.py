"""What azure-native's `Check` finds in the inputs."""

from __future__ import annotations

from typing import Any

import pytest

from azure_llama_sandbox.provider.shapes import shape
from azure_llama_sandbox.provider.validation import Limit, problems
from azure_llama_sandbox.provider.values import UNKNOWN

THING = shape("name! on:bool days:int part:number ids# names:list tags:map free:any made- rule{ip!} list[a!:int b-]")
LIMITS = {
    "name": Limit(least=2, most=4, pattern="^[a-z]+$"),
    "days": Limit(least=1, most=7),
    "list[].a": Limit(most=3),
}
FINE: dict[str, Any] = {
    "name": "abc",
    "on": True,
    "days": 7,
    "part": 0.5,
    "ids": ["/a"],
    "names": ["a"],
    "tags": {"a": "b"},
    "free": [1],
    "rule": {"ip": "1"},
    "list": [{"a": 3}, UNKNOWN],
}


def found(**changes: Any) -> list[str]:
    return list(problems(THING, LIMITS, FINE | changes))


def test_inputs_that_are_fine() -> None:
    assert found() == []
    assert found(name=UNKNOWN, rule=UNKNOWN, days=UNKNOWN) == []
    assert found(name=True) == []  # a boolean is not judged


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"on": "yes"}, "'on' should be of type 'boolean' but got a string"),
        ({"days": "7"}, "'days' should be of type 'integer' but got a string"),
        ({"name": 7}, "'name' should be of type 'string' but got a number"),
        ({"name": ["a"]}, "'name' should be of type 'string' but got an array"),
        ({"names": "a"}, "'names' should be of type 'array' but got a string"),
        ({"rule": "a"}, "'rule' should be of type '' but got a string"),
        ({"days": 1.5}, "'days' must be an integer but got 1.500000"),
        ({"days": 0}, "'days' is too low (0.000000 < 1.000000)"),
        ({"days": 8}, "'days' is too high (8.000000 > 7.000000)"),
        ({"name": "a"}, "'name' is too short (1): at least 2 characters required"),
        ({"name": "abcde"}, "'name' is too long (5): at most 4 characters allowed"),
        ({"name": "ABC"}, "'name' does not match expression '^[a-z]+$'"),
        ({"rule": {}}, "missing required property 'rule.ip'"),
        ({"list": [{"a": 1}, {}]}, "missing required property 'list[1].a'"),
        ({"list": [{"a": 4}]}, "'list[0].a' is too high (4.000000 > 3.000000)"),
    ],
)
def test_what_is_found(changes: dict[str, Any], expected: str) -> None:
    assert found(**changes) == [expected]
