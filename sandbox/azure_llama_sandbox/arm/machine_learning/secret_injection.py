"""Environment variables that reference a workspace connection: its existence and access to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from azure_llama.catalog.secret_references import ENFORCEMENT, SECRETS_READER, connections_of, is_enforced
from azure_llama_sandbox.arm.access import ASSIGNMENT
from azure_llama_sandbox.arm.errors import ArmError, user_error
from azure_llama_sandbox.arm.machine_learning.common import NAMESPACE, workspace_of
from azure_llama_sandbox.store import Resource, Store

_CONNECTION = f"{NAMESPACE}/workspaces/connections"


def failure(store: Store, endpoint: Resource, deployment: Resource) -> ArmError | None:
    """The reason why the service cannot inject a deployment's secrets; None when it can, or when there are none."""
    asked = connections_of(deployment.properties.get("environmentVariables") or {})
    if not asked:
        return None
    workspace = workspace_of(store, endpoint.id)
    there = {each.name.lower() for each in store.below(workspace.id, _CONNECTION)}
    missing = sorted(set(asked.values()) - {name for name in asked.values() if name.lower() in there})
    if missing:
        return _failed(deployment, f"the workspace has no connection '{missing[0]}'")
    if not _may_read(store, endpoint):
        return _failed(
            deployment,
            f"the endpoint's identity may not read secrets of connections: set '{ENFORCEMENT}' to 'enabled' in the"
            " endpoint's properties when it is created, or give its identity the role Azure Machine Learning Workspace"
            " Connection Secrets Reader",
        )
    return None


def _may_read(store: Store, endpoint: Resource) -> bool:
    identity: Mapping[str, object] = endpoint.body.get("identity") or {}
    system = identity.get("principalId")
    if system and is_enforced(endpoint.properties.get("properties") or {}):
        return True
    assigned = identity.get("userAssignedIdentities")
    known: Iterable[Mapping[str, object]] = assigned.values() if isinstance(assigned, dict) else ()
    principals = {system, *(each.get("principalId") for each in known)} - {None}
    return any(
        each.properties.get("principalId") in principals
        and str(each.properties.get("roleDefinitionId")).lower().endswith(SECRETS_READER)
        for each in store.of_type(ASSIGNMENT)
    )


def _failed(deployment: Resource, reason: str) -> ArmError:
    return user_error(
        f"The deployment '{deployment.name}' failed: secrets of its environment variables could not be retrieved,"
        f" because {reason}.",
        "SecretsInjectionError",
        location=deployment.body["location"],
        target="properties.environmentVariables",
        code="SecretsInjectionError",
    )
