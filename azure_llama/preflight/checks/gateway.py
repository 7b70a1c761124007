"""Checks the gateway's existing service, and its members in other stacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from azure_llama.arm import versions
from azure_llama.catalog.gateways import SKUS, USABLE
from azure_llama.preflight.plan import Plan
from azure_llama.preflight.reader import Reader
from azure_llama.preflight.results import Result, failed, passed, skipped, unknown
from azure_llama.settings import GatewayMemberSettings, GatewayModelSettings, GatewaySettings
from azure_llama.settings.problems import listed

_PLACE = "gateway"


async def ready(plan: Plan, azure: Reader) -> list[Result]:
    """The service that exists, and each member of another stack."""
    gateway = plan.settings.gateway
    if gateway is None:
        return [skipped(_PLACE, "the stack has none")]
    results = [*await _service(gateway, azure), *_members(plan, gateway)]
    return results or [passed(_PLACE, "its service is the stack's own, and so are all members")]


async def _service(gateway: GatewaySettings, azure: Reader) -> list[Result]:
    if gateway.id is None:
        return []
    where = f"{_PLACE}.id"
    body = await azure.find(gateway.id, versions.API_MANAGEMENT)
    if body is None:
        return [failed(where, f"no service {gateway.id} exists", f"correct azure-llama:{where}, or remove it")]
    name = str((body.get("sku") or {}).get("name") or "")
    sku = SKUS.get(name)
    if sku is not None and sku.missing:
        remedy = f"change its SKU to one of {listed(list(USABLE))}, or name another service"
        return [failed(where, f"the service is of SKU {name}, which {sku.missing}", remedy)]
    if not (body.get("identity") or {}).get("principalId"):
        remedy = f"az apim update --ids {gateway.id} --enable-managed-identity true"
        return [failed(where, "the service has no system-assigned identity to call members with", remedy)]
    return [passed(where, f"the service has SKU {name} and an identity")]


def _members(plan: Plan, gateway: GatewaySettings) -> Iterator[Result]:
    for model_name, model in gateway.models.items():
        for key, member in model.members.items():
            if member.stack is not None:
                where = f"{_PLACE}.models.{model_name}.members.{key}"
                yield _member(plan, where, model.deployment or model_name, model, member)


def _member(
    plan: Plan, where: str, deployment: str, model: GatewayModelSettings, member: GatewayMemberSettings
) -> Result:
    stack = member.stack or ""
    if plan.stacks is None or stack not in plan.stacks:
        return unknown(where, f"the outputs of stack {stack} were not read", "leave out --no-state")
    outputs = plan.stacks[stack]
    if isinstance(outputs, str):
        return unknown(where, f"the outputs of stack {stack} cannot be read: {outputs}", f"deploy {stack} first")
    found = outputs.get(f"{member.endpoint}/{deployment}") or outputs.get(member.endpoint)
    if not isinstance(found, Mapping):
        known = listed(sorted(outputs)) or "none"
        remedy = f"correct azure-llama:{where}.endpoint, or deploy {deployment!r} there"
        return failed(where, f"stack {stack} has no {deployment!r} at {member.endpoint} (endpoints: {known})", remedy)
    problem = _unfit(found, deployment, model)
    if problem is None:
        return passed(where, f"stack {stack} serves {deployment!r} at {found['openaiBaseUrl']}")
    return failed(where, f"{member.endpoint} of stack {stack} {problem[0]}", problem[1])


def _unfit(found: Mapping[str, Any], deployment: str, model: GatewayModelSettings) -> tuple[str, str] | None:
    """What keeps an endpoint from being a member, and what to do; None when nothing does."""
    kind, auth = model.endpoint_kind, found.get("auth")
    if found.get("kind") != kind.name:
        return f"is of kind {found.get('kind')}, and the model's is {kind.name}", "set kind, or another endpoint"
    if found.get("modelName") != deployment:
        return f"calls the model {found.get('modelName')!r}, not {deployment!r}", "set deployment to the name of all"
    if not found.get("openaiBaseUrl"):
        return "has no route of OpenAI", "choose an endpoint that has one"
    if not found.get("id"):
        return "has no id in its outputs", "run `pulumi up` there with this version"
    modes = kind.key_modes if model.auth == "keys" else kind.entra_modes
    if auth is not None and auth not in modes:
        other = "identity" if model.auth == "keys" else "keys"
        return f"has auth: {auth}, and the model's auth is {model.auth}", f"set auth: {other} for the model"
    return None
