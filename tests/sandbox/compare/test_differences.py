"""What counts as a difference, and of which kind."""

from __future__ import annotations

from typing import Any

import pytest

from azure_llama_sandbox.compare import Exchange, differences


def kinds(azure: Any, ours: Any) -> list[tuple[str, str]]:
    exchange = Exchange("GET", "/x", "2024-04-01", 200, response=azure)
    return [(each.kind, each.where) for each in differences(exchange, 200, {}, ours)]


@pytest.mark.parametrize(
    ("azure", "ours", "expected"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": {"b": "x"}}, {"a": {}}, [("missing", "a.b")]),
        ({"a": None}, {}, [("missing null", "a")]),
        ({}, {"a": 1}, [("extra", "a")]),
        ({"a": None}, {"a": "x"}, [("type", "a")]),
        ({"a": True}, {"a": 1}, [("type", "a")]),
        ({"a": 1}, {"a": 1.5}, [("value", "a")]),
        ({"a": "Succeeded"}, {"a": "succeeded"}, [("letter case", "a")]),
        ({"a": "x"}, {"a": "y"}, [("value", "a")]),
        ({"a": "{guid}"}, {"a": "y"}, []),
        ({"a": "2025-01-01T00:00:00Z"}, {"a": "2026-01-01T00:00:00Z"}, []),
        ({"a": "/subscriptions/1"}, {"a": "/subscriptions/2"}, []),
        ({"tags": {"a": "b"}}, {"tags": {}}, []),
        ({"tags": {}}, {}, [("missing", "tags")]),
        ({"value": [{"a": 1}, {"b": 2}]}, {"value": [{"a": 1, "b": 3}]}, [("value", "value[].b")]),
        ({"value": [{"a": {"b": 1}}, {"a": {"c": 1}}]}, {"value": [{"a": {"b": 1}}]}, [("missing", "value[].a.c")]),
        ({"value": [1]}, {"value": []}, [("empty list", "value")]),
        ({"value": [1]}, {"value": ["x"]}, [("type", "value[]")]),
        ({"value": []}, {"value": [1]}, []),
        ("text", "text", []),
        (None, {}, [("body", "")]),
        ({}, None, [("body", "")]),
    ],
)
def test_bodies(azure: Any, ours: Any, expected: list[tuple[str, str]]) -> None:
    assert kinds(azure, ours) == expected


def test_status_and_headers() -> None:
    exchange = Exchange("PUT", "/x", "2024-04-01", 202, headers={"location": "/there", "x-other": "1"})
    found = differences(exchange, 201, {"Azure-AsyncOperation": "/here"}, None)
    assert [each[:] for each in found] == [
        ("status", "", "202", "201"),
        ("header", "Azure-AsyncOperation", "absent", "present"),
        ("header", "Location", "present", "absent"),
    ]


def test_long_values_are_shortened() -> None:
    exchange = Exchange("GET", "/x", "", 200, response={"a": "x" * 200})
    (found,) = differences(exchange, 200, {}, {})
    assert len(found.azure) == 80
