"""Reads a managed deployment's state, failure and container logs from Azure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from azure_llama.arm import ArmClient, ArmError, ForbiddenError, NotFoundError, RefusedError, versions
from azure_llama.catalog.deployment_failures import CONTAINERS, Container, DeploymentFailure, find_failure
from azure_llama.catalog.kinds import MANAGED
from azure_llama.documents.errors import InputError
from azure_llama.documents.spelling import nearest
from azure_llama.stack.arm_ids import Planned

_OPERATION = "AzureAsyncOperationUri"
_COLLECTION = f"/{MANAGED.collection}/"


class NoDeploymentError(Exception):
    """Azure has no such deployment."""


@dataclass(frozen=True)
class DeploymentLog:
    """Azure's report about a deployment.

    Attributes:
        state: Its `provisioningState`.
        error: Code and message of its last operation, when that failed and Azure still has it; empty otherwise.
        text: What the container printed; Azure's reason where there is no log.
    """

    state: str
    error: str
    text: str

    @property
    def failure(self) -> DeploymentFailure | None:
        """The meaning of the error; None without an error, and for an unknown one."""
        return find_failure(self.error) if self.error else None


def deployment_id(planned: Iterable[Planned], name: str) -> str:
    """ARM id of a deployment of the stack, one that is no longer in the program too.

    Args:
        planned: Required. What the program declares in Azure.
        name: Required. ENDPOINT/DEPLOYMENT.

    Raises:
        InputError: the name has another form, or the stack has no such endpoint.
    """
    endpoint, _, deployment = name.partition("/")
    if not endpoint or not deployment or "/" in deployment:
        raise InputError(f"{name!r} must have the form ENDPOINT/DEPLOYMENT, such as llama-8b/blue")
    endpoints = {
        base.rpartition("/")[2]: base
        for each in planned
        if _COLLECTION in each.id
        for base in [_COLLECTION.join(_first(each.id.partition(_COLLECTION)))]
    }
    if endpoint not in endpoints:
        near = nearest(endpoint, endpoints)
        hint = f"did you mean {near!r}? " if near else ""
        has = ", ".join(sorted(endpoints)) or "none"
        raise InputError(f"the stack has no managed endpoint {endpoint!r}; {hint}it has: {has}")
    return f"{endpoints[endpoint]}/deployments/{deployment}"


def _first(parts: tuple[str, str, str]) -> tuple[str, str]:
    return parts[0], parts[2].split("/")[0]


async def read_log(arm: ArmClient, deployment: str, container: Container, tail: int) -> DeploymentLog:
    """Ask Azure.

    Args:
        arm: Required. The client.
        deployment: Required. ARM id of the deployment.
        container: Required. Which of its containers.
        tail: Required. How many of the last lines, 1 or more.

    Raises:
        NoDeploymentError: there is no such deployment.
        ArmError: Azure gives no answer, or the caller may not read the deployment or its log.
    """
    try:
        found = (await arm.get(deployment, versions.MACHINE_LEARNING)).get("properties") or {}
    except NotFoundError as error:
        raise NoDeploymentError(
            f"Azure has no deployment {deployment.rpartition('/')[2]!r}: it was refused before it was created, is"
            " stopped, or is not deployed yet"
        ) from error
    body = {"containerType": CONTAINERS[container], "tail": tail}
    try:
        text = str((await arm.post(f"{deployment}/getLogs", versions.MACHINE_LEARNING, body)).get("content") or "")
    except ForbiddenError:
        raise
    except RefusedError as error:
        text = f"Azure has no log of {container}: {error}"
    return DeploymentLog(str(found.get("provisioningState")), await _error(arm, found), text)


async def _error(arm: ArmClient, properties: Mapping[str, Any]) -> str:
    """Code and message of the last operation; empty where it did not fail, and where Azure has forgotten it."""
    address = urlsplit(str((properties.get("properties") or {}).get(_OPERATION) or ""))
    if not address.path.startswith("/subscriptions/"):
        return ""
    version = (parse_qs(address.query).get("api-version") or [versions.MACHINE_LEARNING])[0]
    try:
        error = (await arm.get(address.path, version)).get("error")
    except ArmError:
        return ""
    return f"{error.get('code')}: {error.get('message')}" if isinstance(error, dict) else ""
