from __future__ import annotations

import asyncio
from typing import Any

import pulumi
import pytest
from pulumi import ResourceHookArgs

from azure_llama_components import in_place

FIXED = {"size": in_place.at("properties", "size"), "place": in_place.at("location")}


def change(old: Any, new: Any) -> ResourceHookArgs:
    return ResourceHookArgs("urn", "id", "one", "a:b:C", old_inputs=old, new_inputs=new)


def test_only_the_given_properties_count() -> None:
    was = {"location": "eastus2", "properties": {"size": "small", "text": "a"}}
    assert in_place.changed(change(was, was), FIXED) == []
    assert in_place.changed(change(was, {**was, "properties": {"size": "small", "text": "b"}}), FIXED) == []
    assert in_place.changed(change(was, {"location": "westus", "properties": {"size": "large"}}), FIXED) == [
        "size 'small' to 'large'",
        "place 'eastus2' to 'westus'",
    ]


def test_what_is_not_there_is_none() -> None:
    assert in_place.changed(change(None, {"location": "eastus2"}), FIXED) == ["place None to 'eastus2'"]
    assert in_place.changed(change({"properties": "unknown"}, {}), FIXED) == []


def test_a_refusal_says_what_why_and_what_to_do() -> None:
    refusal = in_place.refused("thing 'one'", ["a", "b"], "it cannot be", "Do this.")
    assert str(refusal) == "thing 'one': a and b: it cannot be. Do this."


def test_what_stands_beside_a_secret_is_looked_at_too() -> None:
    def check(asked: ResourceHookArgs) -> None:
        if changes := in_place.changed(asked, FIXED):
            raise in_place.refused("thing", changes, "no", "Do this.")

    def hidden(size: str) -> dict[str, Any]:
        # As the SDK hands over a property with a secret in it.
        return {"properties": pulumi.Output.secret({"size": size, "variables": {"TOKEN": "x"}})}

    look = in_place.opening(check)

    async def program() -> None:
        await look(change({"properties": {"size": "small"}}, hidden("small")))
        with pytest.raises(ValueError, match="size 'small' to 'large'"):
            await look(change(hidden("small"), hidden("large")))

    asyncio.run(program())
