"""workspaces/onlineEndpoints/deployments: a model on virtual machines."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

from azure_llama.catalog import limits, names
from azure_llama.catalog.deployment_failures import CONTAINERS
from azure_llama_sandbox.arm.calls import Answer, Call
from azure_llama_sandbox.arm.contract import one_of
from azure_llama_sandbox.arm.errors import ArmError, user_error
from azure_llama_sandbox.arm.kinds import Action, Body, identity_of
from azure_llama_sandbox.arm.machine_learning import (
    assets,
    deployment_assets,
    deployment_failures,
    deployment_settings,
    managed_network,
    regional_limits,
    shared_quota,
    sizes,
)
from azure_llama_sandbox.arm.machine_learning.common import (
    DEPLOYMENT,
    READY,
    Child,
    add_only,
    note_operation,
    ready_workspace,
    same_region,
)
from azure_llama_sandbox.arm.machine_learning.deployment_body import DeploymentBody
from azure_llama_sandbox.arm.machine_learning.deployment_settings import refuse
from azure_llama_sandbox.facts import CATALOG
from azure_llama_sandbox.store import Operation, Resource
from azure_llama_sandbox.world import SUBSCRIPTION, World

Getter = Callable[[str], Resource | None]

_FIXED = ("instanceType", "model")
_PROBE: Body = {
    "failureThreshold": 30,
    "successThreshold": 1,
    "timeout": "PT2S",
    "period": "PT10S",
    "initialDelay": "PT10S",
}
_REQUEST: Body = {"requestTimeout": "PT5S", "maxConcurrentRequestsPerInstance": 1, "maxQueueWait": "PT0S"}

_CODE_VARIABLES = {"AZUREML_MODEL_DIR": "/var/azureml-app/azureml-models", "AML_APP_ROOT": "/var/azureml-app"}


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
            raise refuse(
                "'properties.endpointComputeType' is Kubernetes: the workspace has no attached Kubernetes cluster.",
                region,
                "properties.endpointComputeType",
            )
        if existing is None:
            _check_endpoint(call, region)
            regional_limits.check(call, DEPLOYMENT, region)
            managed_network.require_provisioned(call.store, workspace)
        given.setdefault("instanceType", sizes.DEFAULT_SIZE)
        deployment_settings.check(given, region)
        if existing is None:
            deployment_assets.check(call, given, region)
            _check_shared(call, given.get("model"), region)
        else:
            _check_fixed(existing, given, region)
        sku = {"name": "Default", "tier": "Standard", "capacity": 1} | (call.body.get("sku") or {})
        _check_capacity(call, given["instanceType"], sku["capacity"], region)
        return self.new(
            call,
            existing,
            _with_defaults(given, existing, region),
            kind=call.body.get("kind") or "Managed",
            sku=sku,
            identity=identity_of(call.body, existing),
        )

    def begin(self, call: Call, resource: Resource, *, fresh: bool) -> Operation:
        """The service writes the operation's address into the deployment."""
        operation = super().begin(call, resource, fresh=fresh)
        note_operation(call, resource, operation)
        return operation

    def finished(self, world: World, resource: Resource) -> None:
        """Add the service's environment variables to a deployment with custom code, and its container's scoring path
        to the endpoint's URL.
        """
        code = resource.properties.get("codeConfiguration")
        if code:
            added = _CODE_VARIABLES | {"AZUREML_ENTRY_SCRIPT": code["scoringScript"]}
            resource.properties["environmentVariables"] = added | resource.properties["environmentVariables"]
        endpoint, path = _endpoint(world.store.get, resource.id), assets.scoring_path(world.store, resource)
        if endpoint is not None and path is not None:
            origin = str(endpoint.properties["scoringUri"]).removesuffix(
                urlsplit(endpoint.properties["scoringUri"]).path
            )
            endpoint.properties["scoringUri"] = f"{origin}{path}"
            world.store.put(endpoint)

    def outcome(self, world: World, resource: Resource) -> ArmError | None:
        """Capacity, images, secrets that its identity may not read, and a model that its machine does not hold.

        A custom container decides for itself what fits.
        """
        return deployment_failures.outcome(world, resource)

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
                raise refuse(
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


def _with_defaults(given: Body, existing: Resource | None, region: str) -> Body:
    return {
        "appInsightsEnabled": False,
        "egressPublicNetworkAccess": "Enabled",
        "environmentVariables": {},
        **given,
        "requestSettings": _REQUEST | given.get("requestSettings", {}),
        "scaleSettings": {"scaleType": "Default"},
        "livenessProbe": _PROBE | given.get("livenessProbe", {}),
        "readinessProbe": _PROBE | given.get("readinessProbe", {}),
        "properties": add_only(given.get("properties") or {}, existing, region),
    }


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


def _check_shared(call: Call, model_id: str | None, region: str) -> None:
    """Shared quota serves some models only; of one of which nothing is known it is taken to do so."""
    endpoint = _endpoint(call.store.get, call.id.text)
    model = CATALOG.find_model(model_id) if model_id else None
    if endpoint is not None and shared_quota.uses(endpoint) and model and model.managed.shared_quota is False:
        raise refuse(
            f"The model '{model_id}' is not served from shared quota. Deploy it to an endpoint that uses quota of the"
            " subscription.",
            region,
            "properties.model",
        )


def _check_fixed(existing: Resource, given: Body, region: str) -> None:
    """Azure was seen to ignore such a change in silence; refusing it is the sandbox's choice."""
    for key in _FIXED:
        before, now = existing.properties.get(key), given.get(key)
        if str(before).lower() != str(now).lower():
            raise refuse(
                f"'properties.{key}' of the deployment '{existing.name}' is '{before}' and cannot become '{now}'."
                " Make a new deployment, move the traffic, delete the old one.",
                region,
                f"properties.{key}",
            )


def _check_capacity(call: Call, instance_type: str, instances: int, region: str) -> None:
    most = limits.INSTANCES_PER_DEPLOYMENT.high
    if not 1 <= instances <= most:
        raise refuse(f"'sku.capacity' is {instances}; it is a number from 1 to {most}.", region, "sku.capacity")
    size = sizes.find_size(instance_type, region, call.world)
    if size is None:
        raise _inferencing(f"Not supported VM Size: {instance_type} in {region}.", "BadArgument", region=region)
    endpoint = _endpoint(call.store.get, call.id.text)
    if endpoint is not None and shared_quota.uses(endpoint):
        return
    used = sizes.usage(call.store, region, without=call.id.text)
    needed = size.cores(instances)
    for family in (size.family, sizes.TOTAL):
        limit = sizes.limit(call.store, region, family)
        if used[family] + needed > limit:
            raise _inferencing(
                f"Not enough quota available for {size.name} in SubscriptionId {SUBSCRIPTION}. Current usage/limit:"
                f" {used[family]}/{limit} ({sizes.words(family)}). Additional needed: {needed}. Please see"
                " troubleshooting guide, available here: https://aka.ms/oe-tsg#error-outofquota",
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
    asked = call.body if isinstance(call.body, dict) else {}
    container, tail = str(asked.get("containerType") or CONTAINERS["inference-server"]), asked.get("tail")
    one_of(container, "containerType", tuple(CONTAINERS.values()))
    lines = deployment_failures.log(call.world, deployment, container).splitlines()
    return Answer(HTTPStatus.OK, {"content": "\n".join(lines[-tail:] if isinstance(tail, int) else lines)})
