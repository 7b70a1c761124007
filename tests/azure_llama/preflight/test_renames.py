"""Changes that `pulumi up` refuses after a preview that passes: a new name, kind or place of what the stack has."""

from __future__ import annotations

from typing import Any

import pytest

from azure_llama.preflight import Status
from tests.azure_llama.preflight.harness import LLAMA_33, STACK, Cloud, of, stack
from tests.sandbox.arm.harness import GROUP, HUB, MODEL, PROJECT, STORAGE, VAULT, project_body, vault_body

OLD = f"{PROJECT}/serverlessEndpoints/llama-old"
MANAGED = f"{PROJECT}/onlineEndpoints/llama-8b"
HELD = [GROUP, STORAGE, VAULT, HUB, PROJECT]
OTHER = f"{PROJECT.rsplit('/', 1)[0]}/llama-renamed"


def fails(cloud: Cloud, config: Any, held: list[str]) -> dict[str, list[str]]:
    return of(cloud.ask(config, held=held), Status.FAIL)


def test_another_name_of_a_serverless_endpoint(cloud: Cloud) -> None:
    azure = cloud.azure.with_hub()
    azure.subscribe(MODEL)
    azure.serverless("llama-old")
    held = [*HELD, f"{PROJECT}/marketplaceSubscriptions/llama-sub", OLD]
    (message,) = fails(cloud, STACK, held)["endpoint-names"]
    assert f"the workspace deploys {LLAMA_33} already, as 'llama-old'" in message
    assert "`pulumi up` deletes the old one only after it has created the new one" in message
    assert (
        "keep the name 'llama-old'; or remove the endpoint, run `pulumi up`, then add it as 'llama-33-70b'" in message
    )
    assert "az rest" not in message
    same = stack(**{"serverless__llama-33-70b": None, "serverless__llama-old": {"model": LLAMA_33}})
    assert "endpoint-names" not in fails(cloud, same, held)


def test_another_name_of_the_workspace_with_the_same_endpoints(cloud: Cloud) -> None:
    azure = cloud.azure.with_hub()
    azure.endpoint("llama-8b")
    config = stack(workspace={"name": "llama-renamed"}, serverless={})
    (message,) = fails(cloud, config, [*HELD, MANAGED])["endpoint-names"]
    assert (
        f"is taken in eastus2 by {MANAGED}, which `pulumi up` deletes only after it has created the new one" in message
    )
    assert "give the endpoint another name in the stack's YAML (now managed.llama-8b) in the same edit" in message


def test_what_leaves_with_its_vault_takes_no_role(cloud: Cloud) -> None:
    cloud.azure.with_hub()
    other = VAULT.replace("llama-vault", "other-vault")
    report = cloud.ask(STACK, held=[*HELD, other, f"{other}/secrets/llama-8b-primary-key"])
    assert report.named("removals").status is Status.SKIPPED


def test_whether_an_access_policy_lets_the_caller_delete_is_unknown(cloud: Cloud) -> None:
    azure = cloud.azure.with_hub()
    azure.put(VAULT, vault_body(enableRbacAuthorization=False, accessPolicies=[]))
    report = cloud.ask(STACK, held=[*HELD, f"{VAULT}/secrets/llama-8b-primary-key"])
    (message,) = of(report, Status.UNKNOWN)["removals"]
    assert "whether one lets the caller delete it is not known" in message
    command = "az keyvault set-policy --name llama-vault --object-id <the caller> --secret-permissions"
    assert f"{command} <those that it has> delete" in message


@pytest.mark.parametrize(("there", "asked"), [("Project", "Default"), ("Default", "Project")])
def test_another_kind_of_the_workspace(cloud: Cloud, there: str, asked: str) -> None:
    azure = cloud.azure.with_hub()
    body = project_body()
    if there == "Default":
        body = body | {"kind": "Default", "properties": {"storageAccount": STORAGE, "keyVault": VAULT}}
    azure.put(OTHER, body)
    config = stack(workspace={"name": "llama-renamed", "kind": asked}, serverless={})
    (message,) = fails(cloud, config, [*HELD, OTHER])["workspace-names"]
    assert f"it exists as kind {there}, and azure-llama:workspace.kind is {asked}" in message
    assert f"set azure-llama:workspace.kind: {there}, or give the workspace another name" in message
    same = stack(workspace={"name": "llama-renamed", "kind": there}, serverless={})
    assert "workspace-names" not in fails(cloud, same, [*HELD, OTHER])
