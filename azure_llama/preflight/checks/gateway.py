"""Checks the gateway's existing service, and its members in other stacks."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama.arm import versions
from azure_llama.catalog.gateways import SKUS, USABLE
from azure_llama.preflight.plan import Plan
from azure_llama.preflight.reader import Reader
from azure_llama.preflight.results import Result, failed, passed, skipped, unknown
from azure_llama.settings import GatewayMemberSettings, GatewayModelSettings, GatewaySettings
from azure_llama.settings.problems import listed
from azure_llama.stack.gateway_members import find_member, misfit

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
    found = find_member(outputs, deployment, member)
    if found is None:
        known = listed(sorted(outputs)) or "none"
        remedy = f"correct azure-llama:{where}.endpoint, or deploy {deployment!r} there"
        return failed(where, f"stack {stack} has no {deployment!r} at {member.endpoint} (endpoints: {known})", remedy)
    problem = misfit(found, deployment, model)
    if problem is None:
        return passed(where, f"stack {stack} serves {deployment!r} at {found['openaiBaseUrl']}")
    return failed(where, f"{member.endpoint} of stack {stack} {problem.rule}", problem.remedy)
