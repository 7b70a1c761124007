"""Failures of accepted deployments, and the logs of their containers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from azure_llama.catalog.fit import fits
from azure_llama_sandbox.arm.calls import timestamp
from azure_llama_sandbox.arm.errors import ArmError, user_error
from azure_llama_sandbox.arm.machine_learning import secret_injection
from azure_llama_sandbox.arm.machine_learning.common import workspace_of
from azure_llama_sandbox.facts import CATALOG
from azure_llama_sandbox.store import Resource, Store
from azure_llama_sandbox.world import World

_GUIDE = "See https://aka.ms/oe-tsg#error-{}"


class Step(NamedTuple):
    """A step of a deployment's start.

    Attributes:
        name: As the log calls it.
        event: What the container's runtime reports of it; empty for nothing.
    """

    name: str
    event: str = ""


_STEPS = (
    Step("SystemSetup"),
    Step("UserContainerImagePull", "Pulled"),
    Step("ModelDownload"),
    Step("UserContainerStart", "Started"),
)
"""The steps, in their order, of the log of a deployment on Azure (recorded 2025-11-04)."""


@dataclass(frozen=True)
class _Reason:
    """Why a deployment fails.

    Attributes:
        text: The message, with places for the deployment's name and size.
        step: The step that fails.
        target: The property at fault; empty for none.
        output: What the container of that step printed.
        event: What its runtime reports of it.
    """

    text: str
    step: str
    target: str
    output: tuple[str, ...] = ()
    event: str = ""


_REASONS = {
    "OutOfCapacity": _Reason(
        "The deployment '{name}' could not be provisioned: the region has not enough capacity of the VM size {size}."
        " Try again later, or use another size or region.",
        "SystemSetup",
        "properties.instanceType",
    ),
    "OutOfQuota": _Reason(
        "The deployment '{name}' failed: the model is larger than the disk space that is available on {size}.",
        "ModelDownload",
        "properties.instanceType",
        ("OSError: [Errno 28] No space left on device",),
    ),
    "ImageBuildFailure": _Reason(
        "The image of the deployment '{name}' could not be built. The build log is under the storage account of the"
        " workspace in the container 'azureml' at the path 'ImageLogs/{name}/20_image_build_log.txt'.",
        "UserContainerImagePull",
        "properties.environmentId",
    ),
    "BadArgument": _Reason(
        "Unable to download the user container image of the deployment '{name}'. Make sure that it exists and that the"
        " endpoint's identity may pull it.",
        "UserContainerImagePull",
        "properties.environmentId",
        event="Failed to pull image: not found",
    ),
    "ResourceNotReady": _Reason(
        "The deployment '{name}' did not become healthy in time. The user container crashed and was restarted until the"
        " time was up.",
        "UserContainerStart",
        "properties.environmentId",
        ("Traceback (most recent call last):", "ModuleNotFoundError: No module named 'vllm'"),
        "Back-off restarting failed container",
    ),
    "InternalServerError": _Reason("The deployment '{name}' failed because of an internal error.", "SystemSetup", ""),
    "OperationCanceled": _Reason(
        "The operation on the deployment '{name}' was canceled by another operation that has a higher priority.",
        "SystemSetup",
        "",
    ),
}


def outcome(world: World, deployment: Resource) -> ArmError | None:
    """Why the deployment fails in the end; None when it does not."""
    refused = _secrets(world.store, deployment)
    if refused is not None:
        return refused
    found = _failure(world, deployment)
    if found is None:
        return None
    code, reason = found
    size = deployment.properties.get("instanceType")
    text = reason.text.format(name=deployment.name, size=size)
    return user_error(
        f"{text} {_GUIDE.format(code.lower())}",
        code,
        location=deployment.body["location"],
        target=reason.target or None,
        code=code,
    )


def log(world: World, deployment: Resource, container: str) -> str:
    """The log of a deployment's container, in Azure's format.

    Args:
        world: Required. The sandbox.
        deployment: Required. Whose.
        container: Required. `InferenceServer` or `StorageInitializer`.
    """
    state = deployment.properties["provisioningState"]
    found = _failure(world, deployment) if state == "Failed" else None
    reason = found[1] if found else None
    lines = ["Instance status:", *_status(reason.step if reason else None, state), "", "Container events:"]
    lines += _events(reason, timestamp(deployment.modified))
    lines += ["", "Container logs:"]
    stage = "ModelDownload" if container == "StorageInitializer" else "UserContainerStart"
    output = reason.output if reason and reason.step == stage else ()
    return "\n".join([*lines, *(output or ("The sandbox runs no container: it prints nothing else.",))])


def _status(failed: str | None, state: str) -> Iterator[str]:
    """The four steps: those before the one that failed have succeeded, those after it have not begun."""
    names = [step.name for step in _STEPS]
    reached = names.index(failed) if failed else 1 if state in ("Creating", "Failed") else len(names)
    for index, name in enumerate(names):
        at = "Failed" if failed else "InProgress" if state == "Creating" else "NotStarted"
        yield f"{name}: {'Succeeded' if index < reached else at if index == reached else 'NotStarted'}"


def _events(reason: _Reason | None, when: str) -> Iterator[str]:
    for step in _STEPS:
        if reason is not None and step.name == reason.step:
            if reason.event:
                yield f"Kind: Pod, Name: Failed, Type: Warning, Time: {when}, Message: {reason.event}"
            return
        if step.event:
            yield f"Kind: Pod, Name: {step.event}, Type: Normal, Time: {when}, Message: {step.name}"


def _secrets(store: Store, deployment: Resource) -> ArmError | None:
    endpoint = store.get(deployment.id.rsplit("/", 2)[0])
    return secret_injection.failure(store, endpoint, deployment) if endpoint else None


def _failure(world: World, deployment: Resource) -> tuple[str, _Reason] | None:
    """The code and the reason."""
    properties = deployment.properties
    size, conditions = str(properties.get("instanceType")), world.conditions()
    if size.lower() in conditions.sizes_without_capacity(deployment.body["location"]):
        return "OutOfCapacity", _REASONS["OutOfCapacity"]
    code = conditions.failure_of(_runs(world.store, deployment))
    if code is not None:
        return code, _REASONS[code]
    if _unbuilt(world.store, deployment):
        return "ImageBuildFailure", _REASONS["ImageBuildFailure"]
    reason = _misfit(properties.get("model"), size) if not properties.get("environmentId") else None
    if reason is None:
        return None
    text = f"The deployment '{{name}}' did not become healthy in time: {size} {reason}. The user container crashed and"
    crashed = _REASONS["ResourceNotReady"]
    return "ResourceNotReady", _Reason(
        f"{text} was restarted until the time was up.",
        crashed.step,
        "properties.instanceType",
        ("torch.OutOfMemoryError: CUDA out of memory.",),
        crashed.event,
    )


def _runs(store: Store, deployment: Resource) -> list[str]:
    """The ids of all that it runs, and its image."""
    properties = deployment.properties
    environment = store.get(str(properties.get("environmentId") or ""))
    code = (properties.get("codeConfiguration") or {}).get("codeId")
    image = environment.properties.get("image") if environment else None
    return [str(each) for each in (properties.get("model"), properties.get("environmentId"), code, image) if each]


def _unbuilt(store: Store, deployment: Resource) -> bool:
    """Whether its image has to be built for a registry without public access, and no compute builds it."""
    environment = store.get(str(deployment.properties.get("environmentId") or ""))
    if environment is None or not (environment.properties.get("build") or environment.properties.get("condaFile")):
        return False
    workspace = workspace_of(store, deployment.id)
    builder = store.get(str(workspace.properties.get("hubResourceId") or "")) or workspace
    registry = store.get(str(builder.properties.get("containerRegistry") or ""))
    closed = registry is not None and registry.properties.get("publicNetworkAccess") == "Disabled"
    return closed and not builder.properties.get("imageBuildCompute")


def _misfit(model_id: str | None, size: str) -> str | None:
    """Why a machine does not hold a model, as the end of a sentence that begins with its size; None when it may."""
    model, machine = CATALOG.find_model(model_id) if model_id else None, CATALOG.find_gpu_size(size)
    if model is not None and machine is not None:
        fit = fits(model, machine)
        return fit.reason if fit.fits is False else None
    architecture = model.architecture if model else None
    if machine is None and architecture is not None and architecture.dtype is not None:
        return f"has no GPU, and the engines that serve {architecture.name} run on one"
    return None
