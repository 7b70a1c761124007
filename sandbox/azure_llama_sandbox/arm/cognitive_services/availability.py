"""Microsoft.CognitiveServices checks before an account exists: subdomain and SKU availability."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from azure_llama_sandbox.arm import access
from azure_llama_sandbox.arm.calls import Answer, Call
from azure_llama_sandbox.arm.cognitive_services import recorded
from azure_llama_sandbox.arm.cognitive_services.common import ACCOUNT, NAMESPACE
from azure_llama_sandbox.arm.errors import bad_request
from azure_llama_sandbox.store import Store
from azure_llama_sandbox.world import World

_TAKEN = (
    "Please pick a different name. The subdomain name '{}' is not available as it's already used by a resource. If the"
    " resource using the name was deleted in the last 48 hours, you may need to purge the deleted resource."
)


def domain_problem(world: World, domain: str, without: str = "") -> str | None:
    """Why an account cannot have a subdomain, in Azure's words; None when it can.

    Args:
        world: Required.
        domain: Required.
        without: Optional. Id of the account that may hold it already.
    """
    taken = domain.lower() in _domains(world.store, without.lower())
    elsewhere = world.conditions().takes(f"{domain.lower()}.cognitiveservices.azure.com")
    return _TAKEN.format(domain) if taken or elsewhere else None


def _domains(store: Store, without: str) -> set[str]:
    deleted = (each for each in store.soft_deleted() if each.type == ACCOUNT)
    accounts = (each for each in (*store.of_type(ACCOUNT), *deleted) if each.id.lower() != without)
    return {str(each.properties.get("customSubDomainName") or "").lower() for each in accounts}


def check_domain(call: Call) -> Answer:
    """POST checkDomainAvailability."""
    access.require(call, f"{NAMESPACE}/checkDomainAvailability/action", scope=call.id.scope)
    body: dict[str, Any] = call.body if isinstance(call.body, dict) else {}
    domain, type_ = body.get("subdomainName"), body.get("type")
    if not domain or not type_:
        raise bad_request("The request needs 'subdomainName' and 'type'.", target="subdomainName")
    problem = domain_problem(call.world, str(domain))
    reason = {"reason": problem} if problem else {}
    answer = {"isSubdomainAvailable": problem is None, **reason, "subdomainName": domain, "type": type_}
    return Answer(HTTPStatus.OK, answer | ({"kind": body["kind"]} if body.get("kind") else {}))


def check_skus(call: Call) -> Answer:
    """POST locations/{region}/checkSkuAvailability."""
    access.require(call, f"{NAMESPACE}/locations/checkSkuAvailability/action", scope=call.id.scope)
    body: dict[str, Any] = call.body if isinstance(call.body, dict) else {}
    kind, type_, skus = body.get("kind"), body.get("type"), body.get("skus")
    if not kind or not type_ or not isinstance(skus, list):
        raise bad_request("The request needs 'kind', 'type' and the list 'skus'.", target="skus")
    rows = []
    for sku in skus:
        reason, problem = sku_problem(call.world, str(kind), sku, call.id.names[0])
        row = {"kind": kind, "type": type_, "skuName": sku, "skuAvailable": problem is None}
        rows.append(row | ({"reason": reason, "message": problem} if problem else {}))
    return Answer(HTTPStatus.OK, {"value": rows})


def sku_problem(world: World, kind: str, sku: str, region: str) -> tuple[str, str | None]:
    """Azure's reason and words why a subscription cannot have an account of a SKU; no words when it can."""
    if sku not in recorded.SKUS.get(kind, ()):
        return "NotAvailableInRegion", f"The SKU '{sku}' of kind '{kind}' is not available in region '{region}'."
    if kind == "AIServices" and world.conditions().foundry.accounts == "Refused":
        # The start of the message is the sandbox's: it is known from "does not have" on.
        problem = f"The subscription does not have QuotaId/Feature required by SKU '{sku}' from kind '{kind}'."
        return "QuotaId", problem
    return "", None
