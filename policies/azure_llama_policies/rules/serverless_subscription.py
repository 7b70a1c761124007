"""`serverless-subscription`: a serverless endpoint waits for its workspace's subscription to the model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from azure_llama.catalog import Catalog, ModelReference
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.resources import NotSeenError, Resource, Stack
from azure_llama_policies.rule import Context, Finding, Refused, Severity, StackRule, Violation
from azure_llama_policies.serverless import (
    MODEL_ID,
    SUBSCRIBED_MODEL_ID,
    Workspace,
    workspace_of,
)
from azure_llama_policies.subjects import azure_name, called
from azure_llama_policies.unseen import each_of


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    """One violation for each endpoint without a subscription, or that does not wait for it."""
    bought = _Bought(stack, context.catalog)
    endpoints = stack.of(types.SERVERLESS_ENDPOINT)
    yield from each_of(endpoints, lambda endpoint: _judge(endpoint, stack, bought, context.catalog))


class _Bought:
    """The stack's subscriptions by model and workspace, and the names of its workspaces."""

    def __init__(self, stack: Stack, catalog: Catalog) -> None:
        self._found: dict[tuple[str, tuple[str, str]], dict[str, Resource]] = defaultdict(dict)
        self._workspaces = {azure_name(each).casefold() for each in stack.of(types.WORKSPACE)}
        self._blind: NotSeenError | None = None
        try:
            for each in stack.of(types.MARKETPLACE_SUBSCRIPTION):
                key = catalog.reference(each.text(SUBSCRIBED_MODEL_ID)).key, workspace_of(each, stack).key
                self._found[key][each.urn] = each
        except NotSeenError as unseen:
            self._blind = unseen

    def of(self, model: ModelReference, workspace: Workspace) -> dict[str, Resource]:
        """The subscriptions to a model in a workspace, by URN; an unknown one may be any, where there is none else."""
        found = self._found[model.key, workspace.key]
        if not found and self._blind is not None:
            raise NotSeenError(f"a subscription of the stack: {self._blind}", MODEL_ID)
        return found

    def has(self, workspace: Workspace) -> bool:
        """Whether a workspace is of this stack."""
        return workspace.name.casefold() in self._workspaces


def _judge(endpoint: Resource, stack: Stack, bought: _Bought, catalog: Catalog) -> Iterator[Violation]:
    model = catalog.reference(endpoint.text(MODEL_ID))
    if model.asset is not None and not model.asset.needs_subscription:
        return
    workspace = workspace_of(endpoint, stack)
    own = bought.of(model, workspace)
    if not own:
        if not bought.has(workspace):
            raise NotSeenError(
                f"workspace '{workspace.name}' is not of this stack, so whether it has a subscription to "
                f"{model.name} is unknown",
                MODEL_ID,
            )
        yield Violation(
            f"{called(endpoint)}: workspace '{workspace.name}' has no subscription to {model.name}, and "
            "Azure deploys no model of another publisher without one; add a MarketplaceSubscription of the model",
            MODEL_ID,
        )
    elif own.keys().isdisjoint(_waited_for(endpoint, stack)):
        yield Violation(
            f"{called(endpoint)}: it does not wait for '{next(iter(own.values())).name}', the subscription to "
            f"{model.name}; no property links the two, so state it (depends_on)",
            MODEL_ID,
        )


def _waited_for(endpoint: Resource, stack: Stack) -> set[str]:
    seen: set[str] = set()
    waiting = [*endpoint.depends_on]
    while waiting:
        current = waiting.pop()
        if current not in seen:
            seen.add(current)
            found = stack.get(current)
            waiting.extend(found.depends_on if found else ())
    return seen


RULE = StackRule(
    id="serverless-subscription",
    title="A serverless endpoint depends on its workspace's marketplace subscription to the model.",
    what="The marketplace subscriptions of the stack, by workspace and model, and what each serverless endpoint "
    "depends on.",
    why="Azure refuses a model of another publisher to a workspace that has not subscribed to it. No property links "
    "the two, so Pulumi creates them together, and deletes the subscription under a living endpoint.",
    fix="Create one MarketplaceSubscription for each workspace and model, and let its endpoints depend on it.",
    severity=Severity.HIGH,
    sources=("serverless-doc-2026-01", "azure-native-3.29"),
    types=frozenset({types.SERVERLESS_ENDPOINT}),
    reads=frozenset({types.MARKETPLACE_SUBSCRIPTION, types.WORKSPACE, types.RESOURCE_GROUP}),
    azure=Refused(("UserError",), assumed=True),
    check=check,
    example=Example(
        noncompliant="""\
from pulumi_azure_native import machinelearningservices as ml

MODEL = "azureml://registries/azureml-meta/models/Llama-3.3-70B-Instruct"
place = {"resource_group_name": "rg-llama", "workspace_name": "llama-dev"}

subscription = ml.MarketplaceSubscription("llama", **place, properties={"model_id": MODEL})
ml.ServerlessEndpoint(
    "llama",
    **place,
    location="eastus2",
    properties={"auth_mode": "Key", "model_settings": {"model_id": MODEL}},
    sku={"name": "Consumption"},          # violated: no depends_on=[subscription]
)
""",
        compliant="""\
import pulumi
from pulumi_azure_native import machinelearningservices as ml

MODEL = "azureml://registries/azureml-meta/models/Llama-3.3-70B-Instruct"
place = {"resource_group_name": "rg-llama", "workspace_name": "llama-dev"}

subscription = ml.MarketplaceSubscription("llama", **place, properties={"model_id": MODEL})
ml.ServerlessEndpoint(
    "llama",
    **place,
    location="eastus2",
    properties={"auth_mode": "Key", "model_settings": {"model_id": MODEL}},
    sku={"name": "Consumption"},
    opts=pulumi.ResourceOptions(depends_on=[subscription]),
)
""",
    ),
    notes="Models in Microsoft's own registry (`azureml`) need no subscription. A workspace that is not of the stack "
    "may have subscribed long ago: that is not seen. Whether the paying account may buy at all only Azure can tell.",
)
