"""Causes of failed managed deployments: Azure's code, its meaning, the log with details, and the remediation.

Source: how-to-troubleshoot-online-endpoints (2024-09-18, read 2026-11-30). `OutOfCapacity` is the code that users
report for what that page calls region-wide VM capacity, below `OutOfQuota`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

Container = Literal["inference-server", "storage-initializer"]
CONTAINERS: Final[dict[Container, str]] = {
    "inference-server": "InferenceServer",
    "storage-initializer": "StorageInitializer",
}
"""Containers that have a log, by their names in the Azure CLI: their names in ARM."""


@dataclass(frozen=True)
class DeploymentFailure:
    """A code of Azure with which a deployment fails.

    Attributes:
        code: Azure's code.
        cause: What it means, as sentences.
        remedy: What to change, as sentences in the imperative.
        container: The container whose log tells more; None where no container ran.
    """

    code: str
    cause: str
    remedy: str
    container: Container | None = None


FAILURES: Final = (
    DeploymentFailure(
        "OutOfCapacity",
        "The region has no free machines of this size. Quota is a permission, and reserves no machine.",
        "Run `pulumi up` again later; or set another `vmSize`; or deploy to another region, as another stack.",
    ),
    DeploymentFailure(
        "OutOfQuota",
        "Too few cores of quota are free for the size in this region; or the machine's disk or memory is too small for"
        " image and model.",
        "Run `azure-llama quota` to see what is free. Request more, or set another `vmSize` or fewer `instances`; for"
        " disk or memory, set a larger `vmSize`.",
    ),
    DeploymentFailure(
        "ImageBuildFailure",
        "Azure could not build the image of the environment: an error in its Dockerfile or conda file, a build that"
        " took too long, or a registry without public access.",
        "Read the build log, whose path the message has. Correct the environment and set its new version, or set an"
        " `image` that is built already. For a registry without public access, set"
        " `azure-llama:workspace.imageBuildCompute`.",
    ),
    DeploymentFailure(
        "ResourceNotReady",
        "The container started and did not become ready: it crashed, the model does not fit the machine, or it needs"
        " more time than the probes allow.",
        "Read the log. Set a larger `vmSize` where memory ran out; raise `probes.startup` or `initialDelaySeconds`"
        " where it was still loading; otherwise correct `environmentVariables`, `environment` or the scoring script.",
        "inference-server",
    ),
    DeploymentFailure(
        "SecretsInjectionError",
        "A secret of `environmentVariables` could not be read: the connection does not exist, or the endpoint's"
        " identity may not read it.",
        "Correct the reference; or set `properties: {enforce_access_to_default_secret_stores: enabled}` on an endpoint"
        " under a new name, or assign the role Azure Machine Learning Workspace Connection Secrets Reader. A new role"
        " takes some minutes.",
    ),
    DeploymentFailure(
        "BadArgument",
        "Azure could not get the image or the model: it does not exist, or the endpoint's identity may not read it.",
        "Correct `environment`, `model` or `modelVersion`. With `identity.type: UserAssigned`, assign AcrPull on the"
        " registry and Storage Blob Data Reader on the workspace's storage account.",
        "storage-initializer",
    ),
    DeploymentFailure(
        "ResourceNotFound",
        "Something that the deployment names does not exist, or a registry cannot be reached.",
        "Correct the id that the message names. For an image of a private registry, assign AcrPull to the endpoint's"
        " identity.",
    ),
    DeploymentFailure(
        "WorkspaceManagedNetworkNotReady",
        "The workspace's managed network is not provisioned yet.",
        "Run `az ml workspace provision-network --name WORKSPACE --resource-group GROUP`, wait until it has ended, then"
        " run `pulumi up` again.",
    ),
    DeploymentFailure(
        "OperationCanceled",
        "Another operation on the endpoint took precedence.",
        "Wait a minute, then run `pulumi up` again.",
    ),
    DeploymentFailure(
        "InternalServerError",
        "The service failed.",
        "Run `pulumi up` again. If it fails again, open a support ticket with the message.",
        "inference-server",
    ),
)
"""The codes, the most specific first: a message may name several."""
_ALIASES: Final = {"SecretsInjectionFailed": "SecretsInjectionError"}


def find_failure(text: str) -> DeploymentFailure | None:
    """The failure that a message of Azure is about; None when it names none of the codes.

    Args:
        text: Required. The message, with its code.
    """
    words = {word.casefold() for word in re.findall(r"[A-Za-z]+", text)}
    words |= {full.casefold() for short, full in _ALIASES.items() if short.casefold() in words}
    return next((each for each in FAILURES if each.code.casefold() in words), None)
