"""Resources as rules see them."""

from __future__ import annotations

from typing import Any

import pytest

from azure_llama_policies.resources import UNKNOWN, NotSeenError, Resource, Stack

PROPS = {
    "name": "a",
    "number": 5,
    "empty": "",
    "list": [{"key": "x"}, UNKNOWN],
    "pair": ("y", "z"),
    "map": {"in": {"deep": 1}, "unknown": UNKNOWN},
}


def resource(name: str = "a", type_: str = "t", **props: Any) -> Resource:
    """A resource."""
    return Resource(urn=f"urn:{name}", type=type_, name=name, props=props or PROPS)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("name", "a"),
        ("map.in.deep", 1),
        ("list.0.key", "x"),
        ("pair.1", "z"),
        ("nothing", None),
        ("nothing.below", None),
        ("name.0", None),
        ("number.0", None),
        ("list.2", None),
        ("list.key", None),
        ("list.-1", None),
    ],
)
def test_a_path_leads_to_a_value_or_to_nothing(path: str, value: Any) -> None:
    assert resource().value(path) == value


@pytest.mark.parametrize("path", ["map.unknown", "map.unknown.below", "list.1"])
def test_a_path_through_something_unknown_is_not_seen(path: str) -> None:
    with pytest.raises(NotSeenError) as raised:
        resource().value(path)
    assert raised.value.path == path
    assert str(raised.value) == f"'{path}' is not known before the deployment; give it as a plain value"


@pytest.mark.parametrize("path", ["number", "empty", "nothing", "map"])
def test_what_is_no_text_is_not_seen_as_one(path: str) -> None:
    with pytest.raises(NotSeenError, match=f"^'{path}' is not among the resource's values$") as raised:
        resource().text(path)
    assert raised.value.path == path
    assert resource().text("name") == "a"


def test_a_map_is_there_empty_or_not_seen() -> None:
    assert resource().mapping("map.in") == {"deep": 1}
    assert resource().mapping("nothing") == {}
    with pytest.raises(NotSeenError, match=r"^'name' is not a map$") as raised:
        resource().mapping("name")
    assert raised.value.path == "name"


def test_a_stack_is_in_the_order_of_urns_and_knows_its_types() -> None:
    c, a, b = resource("c", "t"), resource("a", "t"), resource("b", "s")
    stack = Stack([c, a, b])
    assert list(stack) == [a, b, c]
    assert stack.of("t") == [a, c]
    assert stack.of("t", "s") == [b, a, c]
    assert stack.of("other") == []
    assert stack.get("urn:b") is b
    assert stack.get("urn:z") is None
