"""The body of a Microsoft.Resources/deployments PUT (contract 2024-03-01)."""

from __future__ import annotations

from typing import Any, Literal

from azure_llama_sandbox.arm.contract import ABSENT, Strict, Tagged


class DebugSetting(Strict):
    """`debugSetting`."""

    detail_level: str = ABSENT


class VaultReference(Strict):
    """`parameters.<name>.reference.keyVault`."""

    id: str


class SecretReference(Strict):
    """`parameters.<name>.reference`."""

    key_vault: VaultReference
    secret_name: str
    secret_version: str = ABSENT


class Parameter(Strict):
    """`parameters.<name>`."""

    reference: SecretReference = ABSENT
    value: Any = ABSENT


class Link(Strict):
    """`parametersLink`."""

    uri: str
    content_version: str = ABSENT


class TemplateLink(Strict):
    """`templateLink`."""

    content_version: str = ABSENT
    id: str = ABSENT
    query_string: str = ABSENT
    relative_path: str = ABSENT
    uri: str = ABSENT


class EvaluationOptions(Strict):
    """`expressionEvaluationOptions`."""

    scope: str = ABSENT


class OnError(Strict):
    """`onErrorDeployment`."""

    deployment_name: str = ABSENT
    type: Literal["LastSuccessful", "SpecificDeployment"] = ABSENT


class DeploymentProperties(Strict):
    """`properties`."""

    mode: Literal["Incremental", "Complete"]
    debug_setting: DebugSetting = ABSENT
    expression_evaluation_options: EvaluationOptions = ABSENT
    on_error_deployment: OnError = ABSENT
    parameters: dict[str, Parameter] = ABSENT
    parameters_link: Link = ABSENT
    template: Any = ABSENT
    template_link: TemplateLink = ABSENT


class TemplateBody(Tagged):
    """A PUT's body."""

    properties: DeploymentProperties
    location: str = ABSENT
