"""Resources as the engine shows them to policies, and the one way in which rules are put to the test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pulumi_policy import (
    PolicyCustomTimeouts,
    PolicyProviderResource,
    PolicyResource,
    PolicyResourceOptions,
    ResourceValidationArgs,
)
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, unknown_checking_proxy

from azure_llama.catalog import Catalog
from azure_llama_policies.rule import Context, Outcome, Resource, ResourceRule, Stack, StackRule, Verdict
from azure_llama_policies.shown import resource_of, stack_resource_of
from tests.catalogs import PACKAGE

UNKNOWN = UNKNOWN_STRING_VALUE
"""What the engine sends for a value that is not known before the deployment."""

TODAY = date(2026, 11, 22)
SAID = Path(__file__).with_name("said")
"""What rules say in their cases, in full. `make generate` records it; people read its diff."""

META = "azureml://registries/azureml-meta/models/"
LLAMA_33 = META + "Llama-3.3-70B-Instruct"
LLAMA_32 = META + "Llama-3.2-3B-Instruct"
ENDPOINT = "azure-native:machinelearningservices:ServerlessEndpoint"
WORKSPACE = "azure-native:machinelearningservices:Workspace"
GROUP = "azure-native:resources:ResourceGroup"


def urn(token: str, name: str) -> str:
    """The URN of a resource in these tests."""
    return f"urn:pulumi:dev::azure-llama::{token}::{name}"


@dataclass(frozen=True)
class Given:
    """A resource: what the program asks for and, unless it is yet to be made, what Azure answered.

    Attributes:
        token: Its type.
        name: Its name in the program.
        inputs: None for a resource that the program only reads.
        outputs: All unknown by default, as in a first preview.
        comes_from: The resources that a property's value comes from.
        subscription: What its provider names.
        depends_on: The resources that it depends on.
        protect: Whether Pulumi refuses to delete it.
        secrets: Paths of its secret outputs; None when the engine does not say.
    """

    token: str
    name: str
    inputs: Mapping[str, Any] | None
    outputs: Mapping[str, Any] = field(default_factory=lambda: {"id": UNKNOWN, "name": UNKNOWN})
    comes_from: Mapping[str, Sequence[Given]] = field(default_factory=dict)
    subscription: str | None = None
    depends_on: Sequence[Given] = ()
    protect: bool = False
    secrets: Sequence[str] | None = None

    @property
    def urn(self) -> str:
        """Its URN."""
        return urn(self.token, self.name)

    @property
    def _options(self) -> PolicyResourceOptions:
        return PolicyResourceOptions(self.protect, [], None, [], PolicyCustomTimeouts(0, 0, 0), [])

    @property
    def _provider(self) -> PolicyProviderResource:
        props = unknown_checking_proxy({"subscriptionId": self.subscription} if self.subscription else {})
        return PolicyProviderResource(
            "pulumi:providers:azure-native", props, urn("pulumi:providers:azure-native", "x"), "x"
        )

    def asked(self, config: Mapping[str, Any] | None = None) -> ResourceValidationArgs:
        """What a resource policy sees."""
        props = unknown_checking_proxy(dict(self.inputs or {}))
        return ResourceValidationArgs(
            self.token, props, self.urn, self.name, self._options, self._provider, config or {}
        )

    def listed(self) -> PolicyResource:
        """What a stack policy sees."""
        props = unknown_checking_proxy(dict(self.outputs))
        origins = {key: [each.listed() for each in found] for key, found in self.comes_from.items()}
        waits_for = [each.listed() for each in self.depends_on]
        return PolicyResource(
            self.token, props, self.urn, self.name, self._options, self._provider, None, waits_for, origins
        )


def given(token: str, name: str, inputs: Mapping[str, Any], **rest: Any) -> Given:
    """A resource of any type of azure-native: `storage:StorageAccount`."""
    return Given(f"azure-native:{token}", name, inputs, **rest)


def endpoint(
    name: str,
    model: Any = LLAMA_33,
    *,
    location: Any = "eastus2",
    group: Any = "rg",
    workspace: Any = "ws",
    **rest: Any,
) -> Given:
    """A serverless endpoint."""
    inputs = {
        "name": name,
        "location": location,
        "resourceGroupName": group,
        "workspaceName": workspace,
        "properties": {"authMode": "Key", "modelSettings": {"modelId": model}},
        "sku": {"name": "Consumption"},
    }
    return Given(ENDPOINT, name, inputs, **rest)


def group(name: str = "rg") -> Given:
    """A resource group."""
    return Given(GROUP, name, {"resourceGroupName": name, "location": "eastus2"})


def workspace(name: str = "ws", **inputs: Any) -> Given:
    """A workspace."""
    stated = {"workspaceName": name, "resourceGroupName": "rg", "location": "eastus2"}
    return Given(WORKSPACE, name, stated | inputs)


def subscription(name: str, model: Any = LLAMA_33, *, workspace: Any = "ws", **rest: Any) -> Given:
    """A workspace's subscription to a model."""
    inputs = {
        "name": name,
        "resourceGroupName": "rg",
        "workspaceName": workspace,
        "properties": {"modelId": model},
    }
    return given("machinelearningservices:MarketplaceSubscription", name, inputs, **rest)


def online_endpoint(name: str = "llama", properties: Any = None, **inputs: Any) -> Given:
    """A managed endpoint."""
    stated = {
        "endpointName": name,
        "resourceGroupName": "rg",
        "workspaceName": "ws",
        "location": "eastus2",
        "properties": {"authMode": "AADToken"} if properties is None else properties,
    }
    return given("machinelearningservices:OnlineEndpoint", name, stated | inputs)


def deployment(
    name: str = "blue",
    *,
    endpoint: Any = "llama",
    model: Any = f"{LLAMA_33}/versions/4",
    size: Any = "Standard_NC48ads_A100_v4",
    capacity: Any = 1,
    properties: Mapping[str, Any] | None = None,
    arm_id: str | None = None,
    subscription: str | None = None,
    **inputs: Any,
) -> Given:
    """A managed deployment; a property that is None is left out."""
    body = {"endpointComputeType": "Managed", "model": model, "instanceType": size} | dict(properties or {})
    stated = {
        "deploymentName": name,
        "endpointName": endpoint,
        "resourceGroupName": "rg",
        "workspaceName": "ws",
        "location": "eastus2",
        "sku": {"name": "Default", "capacity": capacity},
        "properties": {key: value for key, value in body.items() if value is not None},
    }
    outputs = {"outputs": {"id": arm_id}} if arm_id else {}
    return given(
        "machinelearningservices:OnlineDeployment", name, stated | inputs, subscription=subscription, **outputs
    )


def template(name: str, *bodies: Any) -> Given:
    """An ARM deployment."""
    inputs = {
        "deploymentName": name,
        "resourceGroupName": "rg",
        "properties": {"mode": "Incremental", "template": {"resources": list(bodies)}},
    }
    return given("resources:Deployment", name, inputs)


def stated(name: str = "llama", **properties: Any) -> dict[str, Any]:
    """What an ARM template says of a managed endpoint."""
    return {
        "type": "Microsoft.MachineLearningServices/workspaces/onlineEndpoints",
        "apiVersion": "2025-12-01",
        "name": f"ws/{name}",
        "properties": {"authMode": "AADToken"} | properties,
    }


def autoscale(name: str, target: Any, *capacities: Any, enabled: Any = True, **rest: Any) -> Given:
    """An autoscale setting with a profile for each capacity: minimum, maximum."""
    profiles = [
        {"name": str(index), "capacity": {"minimum": each[0], "maximum": each[1], "default": each[0]}}
        if isinstance(each, tuple)
        else each
        for index, each in enumerate(capacities)
    ]
    inputs = {"enabled": enabled, "targetResourceUri": target, "profiles": profiles}
    return given("monitor:AutoscaleSetting", name, inputs, **rest)


@dataclass(frozen=True)
class Case:
    """What a rule must say of some resources.

    Attributes:
        name: What the case is about.
        given: The resources.
        expected: The outcome by the name of each resource that the rule judges; of all others it must not apply.
        says: Texts that its messages must hold.
        config: The rule's settings.
        project: The folder of Pulumi.yaml.
        catalog: The catalogue.
    """

    name: str
    given: Sequence[Given]
    expected: Mapping[str, Outcome]
    says: Sequence[str] = ()
    config: Mapping[str, Any] = field(default_factory=dict)
    project: Path | None = None
    catalog: Catalog = PACKAGE

    def __str__(self) -> str:
        return self.name

    def check(self, rule: ResourceRule | StackRule) -> None:
        """Hold the rule against the case."""
        verdicts = judge(rule, self.given, self.config, self.project, self.catalog)
        expected = {each.name: Outcome.NOT_APPLICABLE for each in self.given} | dict(self.expected)
        assert {verdict.resource.name: verdict.outcome for verdict in verdicts} == expected
        said = "\n".join(verdict.message for verdict in verdicts)
        for text in self.says:
            assert text in said
        assert lines(verdicts) == recorded(rule.id).get(self.name), "run `make generate`"


def lines(verdicts: Sequence[Verdict]) -> list[str]:
    """Verdicts in full, a line each: resource, outcome, path and message."""
    parts = ((each.resource.name, each.outcome.value, each.path or "-", each.message) for each in verdicts)
    return [" | ".join(part).rstrip(" |") for part in parts]


@cache
def recorded(rule: str) -> dict[str, list[str]]:
    """What a rule said in each of its cases when it was last recorded, by the case's name."""
    path = SAID / f"{rule}.yaml"
    found: dict[str, list[str]] = yaml.safe_load(path.read_text()) if path.exists() else {}
    return found


def judge(
    rule: ResourceRule | StackRule,
    given: Sequence[Given],
    config: Mapping[str, Any],
    project: Path | None = None,
    catalog: Catalog = PACKAGE,
) -> list[Verdict]:
    """A rule's verdicts over resources that come the way they come from the engine."""
    context = Context(TODAY, config, project, catalog)
    asked = {each.urn: resource_of(each.asked()) for each in given if each.inputs is not None}
    if isinstance(rule, ResourceRule):
        return [verdict for resource in asked.values() for verdict in rule.judge(resource, context)]
    return rule.judge(Stack(_listed(each, asked.get(each.urn)) for each in given), context)


def _listed(given: Given, asked: Resource | None) -> Resource:
    resource = stack_resource_of(given.listed(), asked)
    return resource if given.secrets is None else replace(resource, secrets=frozenset(given.secrets))
