"""The kinds of endpoint that a stack can have, as data. Each package implements them in its `kinds.py`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

_WORKSPACE = "Microsoft.MachineLearningServices/workspaces/{workspaceName}"
_ACCOUNT = "Microsoft.CognitiveServices/accounts/{accountName}"
_PART = re.compile(r"\{(\w+)\}")


class Meter(StrEnum):
    """The billing unit of an endpoint."""

    TOKENS = "tokens"
    MACHINE_HOURS = "machine hours"
    UNIT_HOURS = "unit hours"


@dataclass(frozen=True)
class EndpointKind:
    """A kind of endpoint.

    Attributes:
        name: Its name in the settings, in the stack's outputs and in places such as `serverless.llama-33-70b`.
        setting: The key of the configuration that holds its endpoints by name.
        title: What a sentence calls one, without an article.
        collection: ARM's name of its endpoints, below a workspace where it needs one.
        resources: The resources that it consists of, the endpoint first: type of azure-native to the ARM path below the
            resource group, with the inputs that name a part of it in braces.
        hosts: Suffixes of the host names that Azure gives it.
        auth_modes: What its callers may send, as ARM spells it.
        meter: What it is paid by.
        scope: What callers ask Entra for a token of.
        caller_role: The built-in role of those who call it with such a token.
        in_workspace: Whether it is in an Azure ML workspace.
        entra_modes: Those of `auth_modes` with which it accepts tokens of Entra ID.
        key_modes: Those with which it accepts keys.
        key_header: Where a gateway sends its key; `Authorization` takes `Bearer` before it.
    """

    name: str
    setting: str
    title: str
    collection: str
    resources: Mapping[str, str] = field(hash=False)
    hosts: tuple[str, ...]
    auth_modes: tuple[str, ...]
    meter: Meter
    scope: str = "https://ml.azure.com/.default"
    caller_role: str = "AzureML Data Scientist"
    in_workspace: bool = True
    entra_modes: tuple[str, ...] = ("AADToken", "AAD", "KeyAndAAD")
    key_modes: tuple[str, ...] = ("Key", "KeyAndAAD")
    key_header: str = "Authorization"

    @property
    def audience(self) -> str:
        """The audience of an Entra ID token for its endpoints."""
        return self.scope.removesuffix("/.default")

    @property
    def endpoint_type(self) -> str:
        """The type of azure-native of the endpoint itself: `machinelearningservices:ServerlessEndpoint`."""
        return next(iter(self.resources))

    @property
    def arm_type(self) -> str:
        """The ARM type of the endpoint itself: `Microsoft.CognitiveServices/accounts`."""
        namespace, *path = self.resources[self.endpoint_type].split("/")
        return "/".join((namespace, *path[::2]))

    def arm_id(self, group: str, workspace: str, name: str) -> str:
        """ARM id of an endpoint.

        Args:
            group: Required. ARM id of its resource group.
            workspace: Required. Name of the workspace; not used for an endpoint that needs none.
            name: Required. Name of the endpoint.
        """
        path = self.resources[self.endpoint_type]
        return f"{group}/providers/{_PART.sub(lambda part: workspace if part[1] == 'workspaceName' else name, path)}"


SERVERLESS = EndpointKind(
    name="serverless",
    setting="azure-llama:serverless",
    title="serverless endpoint",
    collection="serverlessEndpoints",
    resources={"machinelearningservices:ServerlessEndpoint": f"{_WORKSPACE}/serverlessEndpoints/{{name}}"},
    hosts=("models.ai.azure.com",),
    auth_modes=("Key", "AAD", "KeyAndAAD"),
    meter=Meter.TOKENS,
)
MANAGED = EndpointKind(
    name="managed",
    setting="azure-llama:managed",
    title="managed endpoint",
    collection="onlineEndpoints",
    resources={
        "machinelearningservices:OnlineEndpoint": f"{_WORKSPACE}/onlineEndpoints/{{endpointName}}",
        "machinelearningservices:OnlineDeployment": (
            f"{_WORKSPACE}/onlineEndpoints/{{endpointName}}/deployments/{{deploymentName}}"
        ),
    },
    hosts=("inference.ml.azure.com",),
    auth_modes=("AADToken", "AMLToken", "Key"),
    meter=Meter.MACHINE_HOURS,
)
FOUNDRY = EndpointKind(
    name="foundry",
    setting="azure-llama:foundry",
    title="Foundry account",
    collection="accounts",
    resources={
        "cognitiveservices:Account": _ACCOUNT,
        "cognitiveservices:Deployment": f"{_ACCOUNT}/deployments/{{deploymentName}}",
        "cognitiveservices:Project": f"{_ACCOUNT}/projects/{{projectName}}",
        "cognitiveservices:RaiPolicy": f"{_ACCOUNT}/raiPolicies/{{raiPolicyName}}",
    },
    hosts=("openai.azure.com", "services.ai.azure.com", "cognitiveservices.azure.com"),
    auth_modes=("AADToken", "Key"),
    meter=Meter.TOKENS,
    scope="https://cognitiveservices.azure.com/.default",
    caller_role="Cognitive Services User",
    in_workspace=False,
    entra_modes=("AADToken", "Key"),
    key_header="api-key",
)
KINDS = (SERVERLESS, MANAGED, FOUNDRY)
"""All kinds, in the order in which reports and outputs have their endpoints."""
