"""Resources as the engine shows them to policies, and the one way in which rules are put to the test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pulumi_policy import (
    PolicyCustomTimeouts,
    PolicyProviderResource,
    PolicyResource,
    PolicyResourceOptions,
    ResourceValidationArgs,
)
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, unknown_checking_proxy

from policies.crossguard import resource_of, stack_resource_of
from policies.rule import Context, Outcome, ResourceRule, Stack, StackRule, Verdict

UNKNOWN = UNKNOWN_STRING_VALUE
"""What the engine sends for a value that is not known before the deployment."""

TODAY = date(2026, 11, 22)
LLAMA_33 = "azureml://registries/azureml-meta/models/Llama-3.3-70B-Instruct"
LLAMA_32 = "azureml://registries/azureml-meta/models/Llama-3.2-3B-Instruct"
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
    """

    token: str
    name: str
    inputs: Mapping[str, Any] | None
    outputs: Mapping[str, Any] = field(default_factory=lambda: {"id": UNKNOWN, "name": UNKNOWN})
    comes_from: Mapping[str, Sequence[Given]] = field(default_factory=dict)
    subscription: str | None = None

    @property
    def urn(self) -> str:
        """Its URN."""
        return urn(self.token, self.name)

    @property
    def _options(self) -> PolicyResourceOptions:
        return PolicyResourceOptions(False, [], None, [], PolicyCustomTimeouts(0, 0, 0), [])

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
        return PolicyResource(self.token, props, self.urn, self.name, self._options, self._provider, None, [], origins)


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


def workspace(name: str = "ws") -> Given:
    """A workspace."""
    return Given(WORKSPACE, name, {"workspaceName": name, "resourceGroupName": "rg", "location": "eastus2"})


@dataclass(frozen=True)
class Case:
    """What a rule must say of some resources.

    Attributes:
        name: What the case is about.
        given: The resources.
        expected: The outcome by the name of each resource that the rule judges; of all others it must not apply.
        says: Texts that its messages must hold.
        config: The rule's settings.
    """

    name: str
    given: Sequence[Given]
    expected: Mapping[str, Outcome]
    says: Sequence[str] = ()
    config: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name

    def check(self, rule: ResourceRule | StackRule) -> None:
        """Hold the rule against the case."""
        verdicts = judge(rule, self.given, self.config)
        expected = {each.name: Outcome.NOT_APPLICABLE for each in self.given} | dict(self.expected)
        assert {verdict.resource.name: verdict.outcome for verdict in verdicts} == expected
        said = "\n".join(verdict.message for verdict in verdicts)
        for text in self.says:
            assert text in said


def judge(rule: ResourceRule | StackRule, given: Sequence[Given], config: Mapping[str, Any]) -> list[Verdict]:
    """A rule's verdicts over resources that come the way they come from the engine."""
    context = Context(TODAY, config)
    asked = {each.urn: resource_of(each.asked()) for each in given if each.inputs is not None}
    if isinstance(rule, ResourceRule):
        return [verdict for resource in asked.values() for verdict in rule.judge(resource, context)]
    return rule.judge(Stack(stack_resource_of(each.listed(), asked.get(each.urn)) for each in given), context)
