"""The sandbox's own rules for bodies, held against Azure's published contract, property by property."""

from __future__ import annotations

import importlib
import json
import warnings
from typing import Any

import pytest

from azure_llama_sandbox.arm import registry, verbs
from azure_llama_sandbox.arm.contract import Located, check, problems
from azure_llama_sandbox.arm.errors import ArmError
from azure_llama_sandbox.arm.machine_learning.bodies import ServerlessBody
from azure_llama_sandbox.arm.machine_learning.computes import ComputeBody
from azure_llama_sandbox.arm.machine_learning.connections import CREDENTIALS, ConnectionBody
from azure_llama_sandbox.arm.machine_learning.deployment_body import DeploymentBody
from tests.conftest import CONTRACTS
from tests.sandbox.arm.harness import deployment_body, serverless_body

assert registry
NAMES = {"Microsoft.Resources/subscriptions/resourceGroups": "Microsoft.Resources/resourceGroups"}
CONNECTION = "Microsoft.MachineLearningServices/workspaces/connections"
CONNECTIONS = (
    CONNECTION,
    "Microsoft.CognitiveServices/accounts/connections",
    "Microsoft.CognitiveServices/accounts/projects/connections",
)
COMPUTE = "Microsoft.MachineLearningServices/workspaces/computes"
_WORKSPACES = "Microsoft.MachineLearningServices/workspaces"
ASSETS = {
    f"{_WORKSPACES}/codes": "CodeContainerProperties",
    f"{_WORKSPACES}/codes/versions": "CodeVersionProperties",
    f"{_WORKSPACES}/environments": "EnvironmentContainerProperties",
    f"{_WORKSPACES}/environments/versions": "EnvironmentVersionProperties",
    f"{_WORKSPACES}/models": "ModelContainerProperties",
    f"{_WORKSPACES}/models/versions": "ModelVersionProperties",
}
"""The official client's models of what it sends; no contract of these is beside the checkout."""
_UNPLAYED = frozenset({"datasets", "intellectualProperty", "systemMetadata"})
"""Properties of previews."""
TYPES = sorted(kind.type for kind in verbs.KINDS.values())


def contract_of(type_: str) -> Any:
    if not CONTRACTS.is_dir():
        pytest.skip("the ARM contracts are not beside this checkout (../shared/arm-contract)")
    stem = NAMES.get(type_, type_).replace("/", "_")
    return json.loads(next(CONTRACTS.glob(f"{stem}@*.json")).read_text())


def resolve(schema: Any, root: Any) -> Any:
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def variants(schema: Any, root: Any) -> dict[str, Any]:
    """Of a union: the value that tells a variant apart, to the variant."""
    found = {}
    for each in schema["oneOf"]:
        variant = resolve(each, root)
        tags = [p["const"] for p in variant["properties"].values() if isinstance(p, dict) and "const" in p]
        found[tags[0]] = variant
    return found


def differences(ours: Any, our_root: Any, theirs: Any, their_root: Any, path: str = "") -> list[str]:
    """Where two schemas differ in properties, required ones, types or closed values."""
    ours, theirs = resolve(ours, our_root), resolve(theirs, their_root)
    if not theirs:
        return [] if "type" not in ours else [f"{path}: theirs is anything"]
    if "oneOf" in theirs:
        left, right = variants(ours, our_root), variants(theirs, their_root)
        found = [f"{path}: variants {sorted(left)} against {sorted(right)}"] if set(left) != set(right) else []
        for tag in set(left) & set(right):
            found += differences(left[tag], our_root, right[tag], their_root, f"{path}<{tag}>")
        return found
    found = []
    for key in ("enum", "const"):
        if key in theirs and ours.get(key) != theirs[key]:
            found.append(f"{path}: {key} {ours.get(key)} against {theirs[key]}")
    for key in ("minLength", "minimum", "maximum"):
        if key in theirs and ours.get(key) != theirs[key]:
            found.append(f"{path}: {key} {ours.get(key)} against {theirs[key]}")
    same = ours.get("type") == theirs.get("type") or (ours.get("type"), theirs.get("type")) == ("number", "integer")
    if "type" in theirs and not same:
        return [*found, f"{path}: type {ours.get('type')} against {theirs['type']}"]
    if theirs.get("type") == "array":
        return found + differences(ours["items"], our_root, theirs["items"], their_root, f"{path}[]")
    if theirs.get("type") != "object":
        return found
    left, right = ours.get("properties", {}), theirs.get("properties", {})
    found += [f"{path}.{name}: only ours" for name in set(left) - set(right)]
    found += [f"{path}.{name}: only theirs" for name in set(right) - set(left)]
    if set(ours.get("required", [])) != set(theirs.get("required", [])):
        found.append(f"{path}: required {ours.get('required')} against {theirs.get('required')}")
    for name in set(left) & set(right):
        found += differences(left[name], our_root, right[name], their_root, f"{path}.{name}")
    more, their_more = ours.get("additionalProperties", True), theirs.get("additionalProperties", True)
    if isinstance(more, dict) and isinstance(their_more, dict):
        return found + differences(more, our_root, their_more, their_root, f"{path}.*")
    if (more is False) != (their_more is False):
        found.append(f"{path}: other properties {more} against {their_more}")
    return found


@pytest.mark.parametrize("type_", [each for each in TYPES if each not in (*CONNECTIONS, COMPUTE, *ASSETS)])
def test_bodies_are_those_of_the_contract(type_: str) -> None:
    theirs = contract_of(type_)
    ours = verbs.KINDS[type_.lower()].contract.model_json_schema()
    assert differences(ours, ours, theirs, theirs, type_) == []


@pytest.mark.parametrize("type_", sorted(ASSETS))
def test_assets_are_those_of_the_official_client(type_: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the client's own, of what it imports
        models = importlib.import_module("azure.ai.ml._restclient.arm_ml_service.models")
    fields = getattr(models, ASSETS[type_])()._attr_to_rest_field.values()
    sent = {field._rest_name for field in fields if field._visibility is None or set(field._visibility) - {"read"}}
    ours = verbs.KINDS[type_.lower()].contract.model_fields["properties"].annotation
    assert ours is not None
    assert {field.alias for field in ours.model_fields.values()} == sent - _UNPLAYED


@pytest.mark.parametrize("type_", CONNECTIONS)
def test_connections_are_those_of_the_contract(type_: str) -> None:
    root = contract_of(type_)
    union = variants(resolve(root["properties"]["properties"], root), root)
    ours = ConnectionBody.model_json_schema()
    shared = set(resolve(ours["properties"]["properties"], ours)["properties"])
    assert set(union) == set(CREDENTIALS)
    for auth_type, variant in union.items():
        assert set(variant["properties"]) | {"credentials"} == shared
        credentials = variant["properties"].get("credentials")
        names = set(resolve(credentials, root)["properties"]) if credentials else set()
        assert names == set(CREDENTIALS[auth_type])


def test_compute_instances_are_those_of_the_contract() -> None:
    root = contract_of(COMPUTE)
    instance = variants(resolve(root["properties"]["properties"], root), root)["ComputeInstance"]
    ours = ComputeBody.model_json_schema()
    assert set(ours["properties"]) == set(root["properties"])
    # What runs on the instance is looked at no further.
    opaque = {"customServices", "schedules", "setupScripts"}
    found = differences(resolve(ours["properties"]["properties"], ours), ours, instance, root)
    assert [each for each in found if each.split(".")[2].partition("[")[0].partition(":")[0] not in opaque] == []


def test_all_mistakes_are_named_by_their_paths() -> None:
    body = serverless_body() | {"colour": "blue", "tags": {"a": 1}}
    body["properties"]["contentSafety"] = {}
    del body["location"]
    assert dict(problems(ServerlessBody, body)) == {
        "location": "is required",
        "tags.a": "Input should be a valid string",
        "properties.contentSafety.contentSafetyStatus": "is required",
        "colour": "is not a property of this object",
    }


def test_a_variant_of_a_union_is_no_part_of_a_path() -> None:
    body = deployment_body(livenessProbe={"period": 10})
    assert [path for path, _ in problems(DeploymentBody, body)] == ["properties.livenessProbe.period"]


def test_nothing_is_converted_and_null_is_not_absence() -> None:
    body = serverless_body()
    body["properties"]["modelSettings"] = None
    body["tags"] = None
    assert {path for path, _ in problems(ServerlessBody, body)} == {"properties.modelSettings", "tags"}


@pytest.mark.parametrize("body", [None, [], "text", 1])
def test_a_body_that_is_no_object_is_refused(body: Any) -> None:
    with pytest.raises(ArmError, match="needs a JSON object"):
        check(Located, body)


def test_a_patch_may_leave_out_what_a_put_needs() -> None:
    assert problems(ServerlessBody, {"tags": {"a": "b"}}, partial=True) == []
    assert problems(ServerlessBody, {"tag": {}}, partial=True) == [("tag", "is not a property of this object")]
