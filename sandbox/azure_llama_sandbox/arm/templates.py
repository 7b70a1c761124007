"""Microsoft.Resources/deployments (contract 2024-03-01): ARM templates, put resource by resource."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from azure_llama.catalog.names import NameRule
from azure_llama_sandbox.arm import access, contract, guards, leniency, operations, verbs
from azure_llama_sandbox.arm.calls import Answer, Call, timestamp
from azure_llama_sandbox.arm.durations import DURATIONS
from azure_llama_sandbox.arm.errors import ArmError, bad_request
from azure_llama_sandbox.arm.ids import ArmId, parse
from azure_llama_sandbox.arm.kinds import Action, Body, Kind, Style
from azure_llama_sandbox.arm.template_body import TemplateBody
from azure_llama_sandbox.arm.template_language import Step, Template, invalid
from azure_llama_sandbox.store import Operation, Resource
from azure_llama_sandbox.world import Principal, World

DEPLOYMENTS = "Microsoft.Resources/deployments"
_TICK = 0.001
"""Seconds. A deployment looks at its step just after that has ended."""


class TemplateDeployment(Kind):
    """A deployment of a template to a resource group."""

    type = DEPLOYMENTS
    contract = TemplateBody
    names = NameRule("a deployment", r"[\w().-]+", 1, 64, "letters, digits, ( ) . _ and -", "upstream", "2026-11-22")
    name_code = "InvalidDeploymentName"
    busy_code = "DeploymentActive"
    put = Style.ASYNC
    delete = Style.ACCEPTED
    located = False
    patchable = frozenset()

    @property
    def actions(self) -> Mapping[str, Action]:
        """The template of a deployment."""
        return {"exporttemplate": _export}

    def show_accepted(self, world: World, resource: Resource) -> Body:
        """The first answer of a deployment."""
        return resource.body | {"properties": resource.properties | {"provisioningState": "Accepted"}}

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The deployment; its template is read and its rights are checked before anything is put."""
        group, template = _template(call)
        steps = template.steps()
        for step in steps:
            _preflight(call, step)
        properties = {
            "mode": call.properties["mode"],
            "templateHash": str(int(operations.digest(call.properties.get("template"))[:16], 16)),
            "parameters": template.shown_parameters(),
            "timestamp": timestamp(call.now),
            "duration": "PT0S",
            "outputResources": [],
            "dependencies": [],
            "providers": _providers(steps, group.body["location"]),
        }
        deployment = self.new(call, existing, properties)
        if call.body.get("tags"):
            deployment.body["tags"] = dict(call.body["tags"])
        return deployment

    def begin(self, call: Call, resource: Resource, *, fresh: bool) -> Operation:
        """Put the first resource at once."""
        _, template = _template(call)
        steps = [{"id": s.id, "api_version": s.api_version, "body": s.body} for s in template.steps()]
        caller = call.principal
        operation = operations.begin(
            call,
            self.type,
            resource.id,
            "PUT",
            location="",
            seconds=DURATIONS[self.type.lower()].create,
            detail={
                "do": "template",
                "request": operations.digest(call.body),
                "steps": steps,
                "done": [],
                "waiting": None,
                "closing": False,
                "template": call.properties.get("template"),
                "parameters": call.properties.get("parameters") or {},
                "principal": [caller.client_id, caller.object_id, caller.audience],
                "base": call.base,
            },
        )
        resource.properties.update(provisioningState="Running", correlationId=operation.id)
        call.store.put(resource)
        advance(call.world, operation, call.now)
        return operation


def validate(call: Call) -> Answer:
    """POST validate: what a PUT would check before it puts anything."""
    deployment = call.id.parent
    assert deployment is not None
    about = call.about(deployment, method="PUT")
    access.require(about, f"{DEPLOYMENTS}/validate/action", f"{DEPLOYMENTS}/write", scope=deployment.text)
    kind = verbs.KINDS[DEPLOYMENTS.lower()]
    body = leniency.normalize(kind.contract, call.body, None, strict=False)
    contract.check(kind.contract, body)
    resource = kind.build(about.about(deployment, body=body), None)
    resource.properties["provisioningState"] = "Succeeded"
    return Answer(HTTPStatus.OK, resource.body)


def _export(call: Call, deployment: Resource) -> Answer:
    running = call.store.get_operation(deployment.properties["correlationId"])
    return Answer(HTTPStatus.OK, {"template": running.detail["template"] if running else None})


def _template(call: Call) -> tuple[Resource, Template]:
    if call.id.group_id is None or call.id.scope.lower() != call.id.group_id.lower():
        raise bad_request("The sandbox emulates template deployments to resource groups alone.", code="InvalidTemplate")
    group = guards.require_group(call)
    given = call.properties
    if given["mode"] != "Incremental":
        raise invalid("The sandbox emulates the mode Incremental alone.")
    for key in ("templateLink", "parametersLink", "onErrorDeployment"):
        if key in given:
            raise invalid(f"The sandbox does not emulate 'properties.{key}'; give the template in the request.")
    return group, Template(given.get("template"), given.get("parameters") or {}, group.body)


def _resource_id(call: Call, id_text: str) -> tuple[ArmId, Kind]:
    id_ = parse(id_text)
    kind = verbs.kind_of(id_) if id_ is not None else None
    if id_ is None or kind is None or kind.type == DEPLOYMENTS:
        raise invalid(f"The sandbox does not emulate '{id_text}' in a template.")
    return guards.canonical(call.store, id_, tuple(kind.type.split("/"))), kind


def _preflight(call: Call, step: Step) -> None:
    id_, _ = _resource_id(call, step.id)
    action = f"{id_.type}/write"
    about = call.about(id_, method="PUT")
    if not any(access.allows(call.world, call.principal, each, id_.text) for each in access.actions_for(about)):
        refused = access.refusal(call.principal, action, id_.text)
        raise ArmError(
            HTTPStatus.FORBIDDEN,
            "InvalidTemplateDeployment",
            f"Deployment failed with multiple errors: 'Authorization failed for template resource '{id_.name}' of type"
            f" '{id_.type}'. {refused.message}'",
            details=[refused.error],
        )


def _providers(steps: list[Step], location: str) -> list[dict[str, Any]]:
    by_namespace: dict[str, list[str]] = {}
    for step in steps:
        id_ = parse(step.id)
        if id_ is not None:
            by_namespace.setdefault(id_.namespace, []).append("/".join(id_.types))
    return [
        {"namespace": name, "resourceTypes": [{"resourceType": type_, "locations": [location]} for type_ in types]}
        for name, types in by_namespace.items()
    ]


def advance(world: World, operation: Operation, when: float) -> None:
    """Take a deployment as far as it goes: look at the step that runs, put the next one, or close."""
    detail = operation.detail
    deployment = world.store.get(operation.key)
    if deployment is None:
        operations.finish(world, operation, status="Canceled")
        return
    while True:
        if detail["waiting"]:
            running = world.store.get_operation(detail["waiting"])
            if running is not None and running.status == "InProgress":
                _sleep(world, operation, running.ends + _TICK)
                return
            detail["waiting"] = None
            if running is None or running.status != "Succeeded":
                _fail(world, operation, deployment, (running and running.error) or {"code": "OperationCanceled"}, when)
                return
            _mark(operation, "Succeeded", when)
        if len(detail["done"]) == len(detail["steps"]):
            break
        refused = _put_next(world, operation, when)
        if refused is not None:
            _fail(world, operation, deployment, refused.error, when)
            return
    if not detail["closing"]:
        detail["closing"] = True
        _sleep(world, operation, when + world.clock.real(detail["seconds"]))
        return
    try:
        deployment.properties["outputs"] = _outputs(world, operation)
    except ArmError as refused:
        _fail(world, operation, deployment, refused.error, when)
        return
    _close(world, operation, deployment, "Succeeded", when)
    operations.finish(world, operation)


def _outputs(world: World, operation: Operation) -> dict[str, Any]:
    """Outputs are evaluated last: they may refer to what was put."""
    group = world.store.get("/".join(operation.detail["id"].split("/")[:5]))

    def read(id_: str) -> dict[str, Any] | None:
        found = world.store.get(id_)
        return verbs.KINDS[found.type.lower()].show(world, found) if found else None

    body = group.body if group else {}
    return Template(operation.detail["template"], operation.detail["parameters"], body, read).outputs()


def _sleep(world: World, operation: Operation, until: float) -> None:
    operation.ends = until
    world.store.put_operation(operation)


def _put_next(world: World, operation: Operation, when: float) -> ArmError | None:
    detail = operation.detail
    step = detail["steps"][len(detail["done"])]
    detail["done"].append({"id": step["id"], "state": "Running", "started": when, "ended": when, "error": None})
    principal = Principal(*detail["principal"])
    asked = parse(step["id"])
    assert asked is not None
    call = Call(world, "PUT", asked, step["api_version"], principal, detail["base"], when, step["body"])
    try:
        id_, kind = _resource_id(call, step["id"])
        answer = verbs.put(call.about(id_), kind)
    except ArmError as refused:
        _log(call, refused.status)
        return refused
    _log(call, answer.status)
    detail["waiting"] = answer.operation
    if answer.operation is None:
        _mark(operation, "Succeeded", when)
    return None


def _log(call: Call, status: int) -> None:
    call.world.log.write(
        method="PUT",
        host=call.base.partition("://")[2],
        path=call.id.text,
        api_version=call.api_version,
        principal=call.principal.client_id,
        status=status,
        body=call.body,
    )


def _mark(operation: Operation, state: str, when: float, error: Mapping[str, Any] | None = None) -> None:
    done = operation.detail["done"]
    if done:
        done[-1] |= {"state": state, "ended": when, "error": dict(error) if error else None}


def _fail(world: World, operation: Operation, deployment: Resource, error: Mapping[str, Any], when: float) -> None:
    _mark(operation, "Failed", when, error)
    failure = {
        "code": "DeploymentFailed",
        "target": deployment.id,
        "message": "At least one resource deployment operation failed. Please list deployment operations for details."
        " Please see https://aka.ms/arm-deployment-operations for usage details.",
        "details": [{key: value for key, value in error.items() if key != "httpStatus"}],
    }
    deployment.properties["error"] = failure
    _close(world, operation, deployment, "Failed", when)
    operations.finish(world, operation, error=failure)


def _close(world: World, operation: Operation, deployment: Resource, state: str, when: float) -> None:
    operation.ends = max(when, operation.started)
    deployment.properties.update(
        provisioningState=state,
        duration=f"PT{when - operation.started:.3f}S",
        outputResources=[{"id": each["id"]} for each in operation.detail["done"] if each["state"] == "Succeeded"],
    )
    world.store.put(deployment)
