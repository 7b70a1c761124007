"""The notation of shapes, ids and wire values."""

from __future__ import annotations

import pytest
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime import rpc

from azure_llama_sandbox.provider import arm_ids
from azure_llama_sandbox.provider.resource_types.common import inner
from azure_llama_sandbox.provider.shapes import shape
from azure_llama_sandbox.provider.values import UNKNOWN, decode, encode, has_unknowns, same

THING = shape("name! on=isOn secret+ id- ids# rule=acl.rule{ip=value! state-} list[a=x! b-] free{* kind! end-}")


def test_a_body_has_arms_names_and_nothing_else() -> None:
    inputs = {
        "name": "n",
        "on": False,
        "secret": "s",
        "id": "never",
        "ids": ["/b", "/a"],
        "rule": {"ip": "1", "state": "never", "typo": 1},
        "list": [{"a": 1, "b": "never"}],
        "free": {"kind": "k", "other": {"deep": 1}, "end": "never"},
        "typo": 1,
    }
    assert THING.body(inputs) == {
        "name": "n",
        "isOn": False,
        "secret": "s",
        "ids": {"/b": {}, "/a": {}},
        "acl": {"rule": {"value": "1"}},
        "list": [{"x": 1}],
        "free": {"kind": "k", "other": {"deep": 1}},
    }


def test_outputs_have_the_programs_names() -> None:
    response = {
        "name": None,
        "isOn": True,
        "secret": "never",
        "id": "i",
        "ids": {"/a": {"principalId": "p"}},
        "acl": {"rule": {"value": "1", "state": "ok", "new": 1}},
        "free": {"kind": "k", "end": "e", "other": 1, "nothing": None},
        "new": 1,
    }
    outputs = {
        "on": True,
        "id": "i",
        "ids": {"/a": {"principalId": "p"}},
        "rule": {"ip": "1", "state": "ok"},
        "free": {"kind": "k", "end": "e", "other": 1},
    }
    assert THING.outputs(response) == outputs
    assert THING.inputs(outputs) == {"on": True, "ids": ["/a"], "rule": {"ip": "1"}, "free": {"kind": "k", "other": 1}}


def test_a_preview_is_unknown_wherever_azure_has_a_say() -> None:
    assert THING.preview({"name": "n", "rule": {"ip": UNKNOWN}, "list": [{"a": 1}], "free": {"kind": "k"}}) == {
        "name": "n",
        "on": UNKNOWN,
        "id": UNKNOWN,
        "ids": UNKNOWN,
        "rule": {"ip": UNKNOWN, "state": UNKNOWN},
        "list": [{"a": 1, "b": UNKNOWN}],
        "free": {"kind": "k"},
    }


def test_a_name_that_left_a_list_of_names_is_sent_as_null() -> None:
    body = shape("identity{type ids#}").body(
        {"identity": {"type": "UserAssigned", "ids": ["/a"]}}, {"identity": {"ids": ["/a", "/b"]}}
    )
    assert body == {"identity": {"type": "UserAssigned", "ids": {"/a": {}, "/b": None}}}


@pytest.mark.parametrize("text", ["a{b", "a}", "a[b}", "a ? b"])
def test_a_slip_in_the_notation_is_found(text: str) -> None:
    with pytest.raises(ValueError, match="shape 'a"):
        shape(text)


TEMPLATE = "/subscriptions/{subscriptionId}/resourcegroups/{resourceGroupName}"


def test_a_name_with_a_dot_in_it() -> None:
    criteria = shape("criteria{* kind='odata.type'!}")
    assert criteria.body({"criteria": {"kind": "k", "allOf": []}}) == {"criteria": {"odata.type": "k", "allOf": []}}
    assert criteria.outputs({"criteria": {"odata.type": "k"}}) == {"criteria": {"kind": "k"}}


def test_what_the_sdk_flattens() -> None:
    assert inner("a!:bool b{c d} e[f]-") == "a=properties.a!:bool b=properties.b{c d} e=properties.e[f]-"


def test_ids_on_other_resources() -> None:
    template = "/{resourceUri}/providers/Microsoft.Insights/diagnosticSettings/{name}"
    vault = "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v"
    filled = arm_ids.fill(template, {"resourceUri": vault, "name": "x"})
    assert filled == f"{vault}/providers/Microsoft.Insights/diagnosticSettings/x"
    assert arm_ids.parse(template, filled) == {"resourceUri": vault.removeprefix("/"), "name": "x"}


def test_ids() -> None:
    filled = arm_ids.fill(TEMPLATE, {"subscriptionId": "s", "resourceGroupName": "a b"})
    assert filled == "/subscriptions/s/resourcegroups/a%20b"
    values = {"subscriptionId": "s", "resourceGroupName": "a b"}
    assert arm_ids.parse(TEMPLATE, "/Subscriptions/s/resourceGroups/a%20b") == values
    for wrong in ("/subscriptions/s", "/subscriptions/s/resourceGroups/rg/more", ""):
        with pytest.raises(ValueError, match="is not an id of the form"):
            arm_ids.parse(TEMPLATE, wrong)
    with pytest.raises(ValueError, match="'resourceGroupName' must be text that is known, not NoneType"):
        arm_ids.fill(TEMPLATE, {"subscriptionId": "s"})


def test_values_travel() -> None:
    values = {
        "text": "t",
        "whole": 3,
        "part": 0.5,
        "yes": True,
        "list": [1, UNKNOWN, {"x": []}],
        "object": {},
        "unknown": UNKNOWN,
    }
    assert decode(encode(values | {"nothing": None})) == values
    assert decode(Struct()) == {}
    assert has_unknowns(values)
    assert not has_unknowns({"a": [1, {"b": None}]})


def test_marks_are_taken_off() -> None:
    marked = Struct()
    marked.update(
        {
            "secret": {rpc._special_sig_key: rpc._special_secret_sig, "value": {"k": 2.0}},
            "output": {rpc._special_sig_key: rpc._special_output_value_sig, "value": "v", "secret": True},
            "pending": {rpc._special_sig_key: rpc._special_output_value_sig},
            "resource": {rpc._special_sig_key: rpc._special_resource_sig, "urn": "u", "id": "i"},
            "component": {rpc._special_sig_key: rpc._special_resource_sig, "urn": "u"},
        }
    )
    assert decode(marked) == {
        "secret": {"k": 2},
        "output": "v",
        "pending": UNKNOWN,
        "resource": "i",
        "component": "u",
    }


def test_sameness() -> None:
    assert same({"a": [1, 2.0]}, {"a": [1.0, 2]})
    assert not same("/subscriptions/S/x", "/subscriptions/s/x")
    assert not same(True, 1)
    assert not same(UNKNOWN, "x")
