"""Objects of the Pulumi Kubernetes Operator: valid against its published schemas, and without a secret."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
import yaml

from azure_llama.documents.errors import InputError
from azure_llama.scaffold.operator import Operated, objects, text
from tests.conftest import ROOT

SCHEMAS = ROOT.parent / "shared" / "crd"
STACKS = ("east", "org/north", "West_2")
OPERATED = Operated(
    repository="https://github.com/contoso/llama",
    backend="azblob://state?storage_account=contoso",
    client_id="11111111-1111-1111-1111-111111111111",
    tenant_id="22222222-2222-2222-2222-222222222222",
    subscription_id="33333333-3333-3333-3333-333333333333",
    directory="infra",
    secrets_provider="azurekeyvault://contoso.vault.azure.net/keys/pulumi",
)


def strict(schema: Any) -> Any:
    """A schema of Kubernetes that refuses what it does not name, which an API server would drop."""
    if isinstance(schema, list):
        return [strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: strict(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and not schema.get("x-kubernetes-preserve-unknown-fields"):
        closed.setdefault("additionalProperties", False)
    return closed


def complaints(made: dict[str, Any]) -> list[str]:
    """What the published schema says against a Stack, and against the Workspace that is made from its template."""
    if not SCHEMAS.is_dir():
        pytest.skip("the operator's schemas are not beside this checkout (../shared/crd)")
    from jsonschema import Draft202012Validator

    found = []
    workspace = {
        "apiVersion": "auto.pulumi.com/v1alpha1",
        "kind": "Workspace",
        "spec": made["spec"]["workspaceTemplate"]["spec"],
    }
    for name, version, document in (
        ("pulumi.com_stacks", "v1", made),
        ("auto.pulumi.com_workspaces", "v1alpha1", workspace),
    ):
        versions = json.loads((SCHEMAS / f"{name}.json").read_text())["spec"]["versions"]
        (schema,) = [each["schema"]["openAPIV3Schema"] for each in versions if each["name"] == version]
        # A CRD leaves the metadata to Kubernetes.
        body = {key: value for key, value in document.items() if key != "metadata"}
        errors = Draft202012Validator(strict(schema)).iter_errors(body)
        found += [f"{name} {error.json_path}: {error.message}" for error in errors]
    return found


def stacks() -> list[dict[str, Any]]:
    return [each for each in objects(STACKS, OPERATED) if each["kind"] == "Stack"]


def test_the_published_schemas_accept_every_stack_and_its_workspace() -> None:
    for made in stacks():
        assert complaints(made) == []


def test_the_schemas_find_an_error() -> None:
    made = stacks()[0]
    made["spec"]["workspaceTemplate"]["spec"]["images"] = "x"
    made["spec"]["stak"] = made["spec"].pop("stack")
    assert len(complaints(made)) == 4


def test_the_others_wait_for_the_first_stack() -> None:
    first, *rest = stacks()
    assert "prerequisites" not in first["spec"]
    for made in rest:
        assert made["spec"]["prerequisites"] == [{"name": "east", "requirement": {"succeededWithinDuration": "1h"}}]
    assert [made["metadata"]["name"] for made in stacks()] == ["east", "org-north", "west-2"]
    assert [made["spec"]["stack"] for made in stacks()] == list(STACKS)


def test_pods_sign_in_with_workload_identity_and_no_object_has_or_names_a_secret() -> None:
    documents = list(yaml.safe_load_all(text(STACKS, OPERATED)))
    assert [each["kind"] for each in documents] == ["ServiceAccount", "ClusterRoleBinding", "Stack", "Stack", "Stack"]
    assert documents[0]["metadata"]["annotations"] == {"azure.workload.identity/client-id": OPERATED.client_id}
    for made in documents[2:]:
        workspace = made["spec"]["workspaceTemplate"]["spec"]
        assert workspace["podTemplate"]["metadata"]["labels"] == {"azure.workload.identity/use": "true"}
        assert {"name": "ARM_USE_OIDC", "value": "true"} in workspace["env"]
        assert made["spec"]["serviceAccountName"] == documents[0]["metadata"]["name"]
        assert not {"accessTokenSecret", "envSecrets", "secretsRef", "gitAuthSecret"} & set(made["spec"])
    assert "secretKeyRef" not in text(STACKS, OPERATED)


def test_what_the_operator_cannot_take_is_refused_in_one_run() -> None:
    with pytest.raises(InputError) as refused:
        objects(["east", "a-b", "a_b", "x" * 43], replace(OPERATED, backend="https://api.pulumi.com"))
    lines = refused.value.lines
    assert len(lines) == 4
    assert "--backend https://api.pulumi.com" in lines[0]
    assert "stack 'a-b': is given twice, or its object has the name of another's, a-b" in lines[1]
    assert "must have at most 42 characters" in lines[3]
