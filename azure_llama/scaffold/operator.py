"""Objects of the Pulumi Kubernetes Operator (version 2) for the stacks of a project."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import yaml

from azure_llama.documents.errors import InputError

TOKEN_FILE: Final = "/var/run/secrets/azure/tokens/azure-identity-token"  # noqa: S105 - a path
"""Where Azure's workload identity puts the token of a pod's service account."""
_LONGEST_STACK: Final = 42
"""Characters of a stack's name, since version 2.3 of the operator."""
_CANARY_WITHIN: Final = "1h"
_HEADER: Final = """\
# Objects of the Pulumi Kubernetes Operator 2, written by `azure-llama pipelines operator`.
# docs/pipelines.md says what to set up once. There is no secret here: pods sign in with their service account.
"""


@dataclass(frozen=True, kw_only=True)
class Operated:
    """The project's location, and the identity that the operator deploys with.

    Attributes:
        repository: Required. The URL of the project's Git repository.
        backend: Required. Where the state is: `azblob://CONTAINER?storage_account=NAME`.
        client_id: Required. Client id of the managed identity or application that trusts the service account.
        tenant_id: Required. Its tenant.
        subscription_id: Required. The subscription to deploy to.
        branch: Optional. The branch that is deployed.
        directory: Optional. The project's folder in the repository; its root when None.
        namespace: Optional. The namespace of all objects.
        service_account: Optional. The service account of the pods, which is among the objects.
        secrets_provider: Optional. What encrypts the secrets of a new stack: `azurekeyvault://...`.
    """

    repository: str
    backend: str
    client_id: str
    tenant_id: str
    subscription_id: str
    branch: str = "main"
    directory: str | None = None
    namespace: str = "default"
    service_account: str = "azure-llama"
    secrets_provider: str | None = None


def objects(stacks: Sequence[str], operated: Operated) -> list[dict[str, Any]]:
    """The service account with its binding, and a Stack for each stack; the others wait for the first one.

    Args:
        stacks: Required. The stacks, each once; the canary first.
        operated: Required. Where the project is, and as whom it is deployed.

    Raises:
        InputError: a stack's name is too long or given twice, or the state would need a stored secret.
    """
    problems = []
    if operated.backend.startswith("https://"):
        problems.append(
            f"--backend {operated.backend}: the operator signs in to Pulumi Cloud with a stored token; name a storage"
            " account, azblob://CONTAINER?storage_account=NAME"
        )
    names = [_name(stack) for stack in stacks]
    for stack, name in zip(stacks, names, strict=True):
        if len(stack) > _LONGEST_STACK:
            problems.append(f"stack {stack!r}: must have at most {_LONGEST_STACK} characters for the operator")
        if names.count(name) > 1:
            problems.append(f"stack {stack!r}: is given twice, or its object has the name of another's, {name}")
    if problems:
        raise InputError(problems)
    made = [_stack(stack, operated, canary=None if stack == stacks[0] else names[0]) for stack in stacks]
    return [*_account(operated), *made]


def text(stacks: Sequence[str], operated: Operated) -> str:
    """The objects as YAML documents."""
    return _HEADER + "---\n".join(yaml.safe_dump(each, sort_keys=False) for each in objects(stacks, operated))


def _name(stack: str) -> str:
    """A stack's name as Kubernetes takes it."""
    return re.sub(r"[^a-z0-9]+", "-", stack.lower()).strip("-")


def _account(operated: Operated) -> list[dict[str, Any]]:
    account = {"name": operated.service_account, "namespace": operated.namespace}
    annotations = {"azure.workload.identity/client-id": operated.client_id}
    return [
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {**account, "annotations": annotations}},
        {
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "ClusterRoleBinding",
            "metadata": {"name": f"{operated.namespace}:{operated.service_account}:system:auth-delegator"},
            # The pod asks Kubernetes whether a caller is the operator.
            "roleRef": {
                "apiGroup": "rbac.authorization.k8s.io",
                "kind": "ClusterRole",
                "name": "system:auth-delegator",
            },
            "subjects": [{"kind": "ServiceAccount", **account}],
        },
    ]


def _stack(stack: str, operated: Operated, canary: str | None) -> dict[str, Any]:
    spec: dict[str, Any] = {
        "stack": stack,
        "backend": operated.backend,
        "projectRepo": operated.repository,
        "branch": operated.branch,
        "serviceAccountName": operated.service_account,
        # Deleting the object leaves the stack's resources.
        "destroyOnFinalize": False,
        "workspaceTemplate": {"spec": _workspace(operated)},
    }
    if operated.directory:
        spec["repoDir"] = operated.directory
    if operated.secrets_provider:
        spec["secretsProvider"] = operated.secrets_provider
    if canary:
        required = {"succeededWithinDuration": _CANARY_WITHIN}
        spec["prerequisites"] = [{"name": canary, "requirement": required}]
    metadata = {"name": _name(stack), "namespace": operated.namespace}
    return {"apiVersion": "pulumi.com/v1", "kind": "Stack", "metadata": metadata, "spec": spec}


def _workspace(operated: Operated) -> dict[str, Any]:
    variables = {
        "ARM_USE_OIDC": "true",
        "ARM_OIDC_TOKEN_FILE_PATH": TOKEN_FILE,
        "ARM_CLIENT_ID": operated.client_id,
        "ARM_TENANT_ID": operated.tenant_id,
        "ARM_SUBSCRIPTION_ID": operated.subscription_id,
    }
    return {
        "env": [{"name": name, "value": value} for name, value in variables.items()],
        "podTemplate": {"metadata": {"labels": {"azure.workload.identity/use": "true"}}},
    }
