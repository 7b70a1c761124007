"""Foundry accounts as their hosts see them, read from the sandbox's store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from azure_llama_sandbox import foundry
from azure_llama_sandbox.arm.cognitive_services.common import ACCOUNT, DEPLOYMENT, PROJECT
from azure_llama_sandbox.arm.cognitive_services.rai_policies import BUILT_IN, find
from azure_llama_sandbox.arm.kinds import location_of
from azure_llama_sandbox.arm.private_links import connections
from azure_llama_sandbox.conditions import Conditions
from azure_llama_sandbox.facts import CATALOG
from azure_llama_sandbox.inference import endpoints, features
from azure_llama_sandbox.store import Resource, Store

_DEFAULT_TOKENS, _DEFAULT_REQUESTS = 400_000, 1000
"""Limits per minute of a model whose rate limits ARM does not state: the documented defaults."""
_OUTPUT_WEIGHT = 4
"""Input tokens that an output token of a provisioned deployment counts as."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """A model that answers.

    Attributes:
        id: Required. ARM id.
        model: Required. Its row.
        target: Required. The same, as the writer of answers reads it.
        requests, tokens: Required. Limits per minute; requests are None without a limit.
        output_weight: Required. Tokens that one token of an answer counts as.
        filtered: Required. Whether its content filter looks at prompts and answers.
        retired: Required. Whether the model is retired.
    """

    id: str
    model: foundry.Model
    target: endpoints.Deployment
    requests: int | None
    tokens: int
    output_weight: int
    filtered: bool
    retired: bool


@dataclass(frozen=True, slots=True)
class Account:
    """An account.

    Attributes:
        id, name: Required.
        region: Required. Its display name.
        keys: Required. By name.
        local_auth: Required. Whether keys are taken.
        blocked: Required. Why the network lets no caller in; None when it does.
        deployments: Required. By name, in the letters of the name.
        projects: Required. Their names.
    """

    id: str
    name: str
    region: str
    keys: Mapping[str, str] = field(repr=False)
    local_auth: bool
    blocked: str | None
    deployments: Mapping[str, Deployment]
    projects: frozenset[str]


def find_account(store: Store, host: str, today: date, conditions: Conditions) -> Account | None:
    """The account of a host; None when no account that is created has it.

    Args:
        store: Required.
        host: Required. Without a port, in lower case.
        today: Required. The day that retirements are judged on.
        conditions: Required.
    """
    url = f"https://{host}/"
    for resource in store.of_type(ACCOUNT):
        hosts = {resource.properties["endpoint"], *resource.properties["endpoints"].values()}
        if url in hosts and resource.properties["provisioningState"] != "Creating":
            return _account(store, resource, today, conditions)
    return None


def _account(store: Store, resource: Resource, today: date, conditions: Conditions) -> Account:
    region = CATALOG.find_region(location_of(resource.body))
    deployments = (
        _deployment(store, resource, each, today, conditions) for each in store.below(resource.id, DEPLOYMENT)
    )
    return Account(
        id=resource.id,
        name=resource.name,
        region=region.display_name if region else resource.body["location"],
        keys=resource.secrets,
        local_auth=not resource.properties.get("disableLocalAuth"),
        blocked=_blocked(store, resource, conditions),
        deployments={each.target.name: each for each in deployments},
        projects=frozenset(each.name for each in store.below(resource.id, PROJECT)),
    )


def _blocked(store: Store, account: Resource, conditions: Conditions) -> str | None:
    if conditions.foundry.inside and connections(store, account):
        return None
    if account.properties.get("publicNetworkAccess") == "Disabled":
        return "Public access is disabled. Please configure private endpoint."
    rules = account.properties.get("networkAcls") or {}
    allowed = rules.get("defaultAction", "Allow") == "Allow" or rules.get("ipRules") or rules.get("virtualNetworkRules")
    return None if allowed else "Access denied due to Virtual Network/Firewall rules."


def _deployment(store: Store, account: Resource, resource: Resource, today: date, conditions: Conditions) -> Deployment:
    model = foundry.model_of(resource.properties)
    offer = model.offer(resource.body["sku"]["name"])
    assert offer is not None, resource.id
    capacity = resource.properties["currentCapacity"]
    limits = {each["key"]: each["count"] * 60 // each["renewalPeriod"] for each in offer.rate_limits(capacity)}
    tokens = offer.served * capacity if offer.served else limits.get("token", _DEFAULT_TOKENS)
    served = endpoints.Served(
        name=model.name,
        chat="chatCompletion" in model.capabilities,
        completion="completion" in model.capabilities,
        safety=False,
        images=model.images,
        context_length=model.context_tokens,
        features=features.of_model(model.name, "foundry") if model.format == "Meta" else features.OWN,
    )
    speaker = f"account {account.name}, deployment {resource.name}, model {model.name}"
    policy = find(store, account, resource.properties.get("raiPolicyName", BUILT_IN[0])) or {}
    filters = policy.get("contentFilters")
    return Deployment(
        id=resource.id,
        model=model,
        target=endpoints.Deployment(resource.name, served, speaker),
        requests=None if offer.served else limits.get("request", _DEFAULT_REQUESTS),
        tokens=tokens,
        output_weight=_OUTPUT_WEIGHT if offer.served else 1,
        filtered=filters is None or any(each.get("enabled", True) and each.get("blocking", True) for each in filters),
        retired=model.lifecycle(today, conditions) == foundry.DEPRECATED,
    )
