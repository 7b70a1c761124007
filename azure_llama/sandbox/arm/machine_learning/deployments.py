"""workspaces/onlineEndpoints/deployments: a model on virtual machines."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from http import HTTPStatus

from azure_llama.catalog import find_model, limits, names, parse_asset_id
from azure_llama.sandbox.arm.calls import Answer, Call
from azure_llama.sandbox.arm.errors import ArmError, user_error
from azure_llama.sandbox.arm.kinds import Action, Body, identity_of
from azure_llama.sandbox.arm.machine_learning import sizes
from azure_llama.sandbox.arm.machine_learning.common import (
    DEPLOYMENT,
    READY,
    Child,
    ready_workspace,
    same_region,
    with_default,
)
from azure_llama.sandbox.arm.machine_learning.deployment_body import DeploymentBody
from azure_llama.sandbox.store import Resource
from azure_llama.sandbox.world import SUBSCRIPTION, World

Getter = Callable[[str], Resource | None]

_DURATION = re.compile(r"P(?=.)(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")
_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_FIXED = ("instanceType", "model")
_PROBE: Body = {
    "failureThreshold": 30,
    "successThreshold": 1,
    "timeout": "PT2S",
    "period": "PT10S",
    "initialDelay": "PT10S",
}
_REQUEST: Body = {"requestTimeout": "PT5S", "maxConcurrentRequestsPerInstance": 1, "maxQueueWait": "PT0.5S"}


class OnlineDeployment(Child):
    """A managed deployment."""

    type = DEPLOYMENT
    contract = DeploymentBody
    names = names.ONLINE_DEPLOYMENT
    patchable = frozenset({"tags", "sku"})

    @property
    def actions(self) -> Mapping[str, Action]:
        """Logs."""
        return {"getlogs": _get_logs}

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The deployment, with Azure's defaults."""
        workspace = ready_workspace(call)
        region = same_region(call, workspace)
        given = call.properties
        if given["endpointComputeType"] != "Managed":
            raise _refuse(
                "'properties.endpointComputeType' is Kubernetes: the workspace has no attached Kubernetes cluster.",
                region,
                "properties.endpointComputeType",
            )
        if existing is None:
            _check_endpoint(call, region)
        given.setdefault("instanceType", sizes.DEFAULT_SIZE)
        _check_settings(given, region)
        if existing is None:
            _check_model(given.get("model"), region)
        else:
            _check_fixed(existing, given, region)
        sku = {"name": "Default", "tier": "Standard", "capacity": 1} | (call.body.get("sku") or {})
        _check_capacity(call, given["instanceType"], sku["capacity"], region)
        before = existing.properties.get("properties", {}) if existing else {}
        properties = {
            "appInsightsEnabled": False,
            "egressPublicNetworkAccess": "Enabled",
            **given,
            "requestSettings": _REQUEST | given.get("requestSettings", {}),
            "scaleSettings": {"scaleType": "Default"},
            "livenessProbe": _PROBE | given.get("livenessProbe", {}),
            "readinessProbe": _PROBE | given.get("readinessProbe", {}),
            "properties": given.get("properties", {}) | before,
        }
        return self.new(
            call,
            existing,
            properties,
            kind=call.body.get("kind") or "Managed",
            sku=sku,
            identity=identity_of(call.body, existing),
        )

    def check_patch(self, call: Call, resource: Resource) -> None:
        """Scaling takes quota."""
        region = resource.body["location"]
        _check_capacity(call, resource.properties["instanceType"], resource.body["sku"]["capacity"], region)

    def busy_state(self, call: Call) -> str:
        """A PATCH of the SKU scales."""
        return "Scaling" if call.method == "PATCH" and "sku" in call.body else "Updating"

    def check_delete(self, call: Call, resource: Resource) -> None:
        """Refuse while traffic goes to it."""
        endpoint = _endpoint(call.store.get, resource.id)
        for key in ("traffic", "mirrorTraffic"):
            share = (endpoint.properties.get(key) or {}).get(resource.name, 0) if endpoint else 0
            if share:
                raise _refuse(
                    f"The deployment '{resource.name}' has {share} % of the endpoint's {key}. Set it to 0 before"
                    " deleting the deployment.",
                    resource.body["location"],
                    f"properties.{key}.{resource.name}",
                )

    def removed(self, world: World, resource: Resource, when: float, *, purge: bool) -> None:
        """The endpoint's maps name it no longer."""
        endpoint = _endpoint(world.store.get, resource.id)
        if endpoint is not None:
            for key in ("traffic", "mirrorTraffic"):
                (endpoint.properties.get(key) or {}).pop(resource.name, None)
            world.store.put(endpoint)


def _refuse(message: str, region: str, target: str) -> ArmError:
    return user_error(message, "BadArgument", location=region, target=target)


def _endpoint(get: Getter, deployment_id: str) -> Resource | None:
    return get(deployment_id.rsplit("/", 2)[0])


def _check_endpoint(call: Call, region: str) -> None:
    endpoint = _endpoint(call.store.get, call.id.text)
    assert endpoint is not None
    state = endpoint.properties["provisioningState"]
    if state not in READY:
        raise user_error(
            f"The endpoint '{endpoint.name}' is in state {state}. Wait until it has Succeeded, then deploy to it.",
            "ResourceNotReady",
            location=region,
            status=HTTPStatus.CONFLICT,
        )
    most = limits.DEPLOYMENTS_PER_ENDPOINT.high
    if len(call.store.below(endpoint.id, DEPLOYMENT)) >= most:
        raise user_error(f"The endpoint '{endpoint.name}' has {most} deployments, the limit.", "OutOfQuota")


def _check_model(model_id: str | None, region: str) -> None:
    if model_id is None:
        return
    path = "properties.model"
    asset = parse_asset_id(model_id)
    if asset is None:
        if model_id.startswith(("azureml://", "/subscriptions/")):
            return
        raise _refuse(f"'{path}' is '{model_id}', which is not the id of a model.", region, path)
    if asset.version is None:
        raise _refuse(f"'{path}' is '{model_id}': a deployment needs the version, .../versions/<n>.", region, path)
    model = find_model(model_id)
    played = model is not None or asset.registry.lower() != "azureml-meta"
    if not played or not asset.version.isdigit() or (model is not None and model.managed.available is False):
        raise user_error(
            f"The model '{model_id}' was not found in the registry '{asset.registry}'.",
            "ResourceNotFound",
            location=region,
            target=path,
        )


def _check_fixed(existing: Resource, given: Body, region: str) -> None:
    """Azure was seen to ignore such a change in silence; refusing it is the sandbox's choice."""
    for key in _FIXED:
        before, now = existing.properties.get(key), given.get(key)
        if str(before).lower() != str(now).lower():
            raise _refuse(
                f"'properties.{key}' of the deployment '{existing.name}' is '{before}' and cannot become '{now}'."
                " Make a new deployment, move the traffic, delete the old one.",
                region,
                f"properties.{key}",
            )


def _seconds(text: str, path: str, region: str) -> float:
    match = _DURATION.fullmatch(text)
    if match is None:
        raise _refuse(f"'{path}' is '{text}', which is not an ISO 8601 duration such as PT90S.", region, path)
    days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


def _check_settings(given: Body, region: str) -> None:
    with_default(given, "egressPublicNetworkAccess", "properties.egressPublicNetworkAccess", ("Enabled", "Disabled"))
    if (given.get("scaleSettings") or {}).get("scaleType", "Default") != "Default":
        raise _refuse(
            "'properties.scaleSettings.scaleType' must be Default on managed compute; scale with Azure Monitor.",
            region,
            "properties.scaleSettings.scaleType",
        )
    requests = given.get("requestSettings") or {}
    for key in ("requestTimeout", "maxQueueWait"):
        path = f"properties.requestSettings.{key}"
        seconds = _seconds(requests[key], path, region) if key in requests else 0
        if key == "requestTimeout" and seconds > limits.REQUEST_TIMEOUT.high:
            raise _refuse(f"'{path}' is {requests[key]}; PT{limits.REQUEST_TIMEOUT.high}S is the most.", region, path)
    if requests.get("maxConcurrentRequestsPerInstance", 1) < 1:
        path = "properties.requestSettings.maxConcurrentRequestsPerInstance"
        raise _refuse(f"'{path}' must be 1 or more.", region, path)
    for probe in _PROBES:
        _check_probe(given.get(probe) or {}, f"properties.{probe}", region)


def _check_probe(probe: Body, path: str, region: str) -> None:
    for key in ("initialDelay", "period", "timeout"):
        if key in probe and _seconds(probe[key], f"{path}.{key}", region) < 1:
            raise _refuse(f"'{path}.{key}' is {probe[key]}; PT1S is the least.", region, f"{path}.{key}")
    if path.endswith("livenessProbe") and probe.get("successThreshold", 1) != 1:
        raise _refuse(f"'{path}.successThreshold' must be 1.", region, f"{path}.successThreshold")


def _check_capacity(call: Call, instance_type: str, instances: int, region: str) -> None:
    most = limits.INSTANCES_PER_DEPLOYMENT.high
    if not 1 <= instances <= most:
        raise _refuse(f"'sku.capacity' is {instances}; it is a number from 1 to {most}.", region, "sku.capacity")
    size = sizes.find_size(instance_type, region, call.world.clock.today())
    if size is None:
        raise _inferencing(f"Not supported VM Size: {instance_type} in {region}.", "BadArgument", region=region)
    used = sizes.usage(call.store, region, without=call.id.text)
    needed = size.cores(instances)
    for family in (size.family, sizes.REGIONAL):
        limit = sizes.limit(call.store, region, family)
        if used[family] + needed > limit:
            raise _inferencing(
                f"Not enough quota available for {size.name} in SubscriptionId {SUBSCRIPTION}. Current usage/limit:"
                f" {used[family]}/{limit} ({family}). Additional needed: {needed}. Please see troubleshooting guide,"
                " available here: https://aka.ms/oe-tsg#error-outofquota",
                "BadArgument",
                "OutOfQuota",
                region=region,
            )


def _inferencing(message: str, *inner: str, region: str) -> ArmError:
    """The envelope in which the service passes on what its inferencing part refuses."""
    detail = {
        "errors": {"VmSize": [message]},
        "title": "One or more validation errors occurred.",
        "status": int(HTTPStatus.BAD_REQUEST),
    }
    return user_error(
        f"InferencingClient HttpRequest error, error detail: {json.dumps(detail)}",
        *inner,
        location=region,
        target="properties.instanceType",
        code="InferencingClientCreateDeploymentFailed",
    )


def _get_logs(call: Call, deployment: Resource) -> Answer:
    tail = (call.body or {}).get("tail")
    lines = [
        f"Instance status: SystemSetup: Succeeded, UserContainerImagePull: Succeeded, ModelDownload: Succeeded,"
        f" UserContainerStart: {'Succeeded' if deployment.properties['provisioningState'] in READY else 'InProgress'}",
        "The sandbox runs no container: there is nothing more to read.",
    ]
    return Answer(HTTPStatus.OK, {"content": "\n".join(lines[-tail:] if isinstance(tail, int) else lines)})
