"""`managed-traffic-stated`: a template that states a managed endpoint states its traffic."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.managed import ENDPOINT_TYPES, Deployments, Statement, against_deployments
from azure_llama_policies.resources import NotApplicableError
from azure_llama_policies.rule import Accepted, Severity, StackRule, Violation

_TRAFFIC = "properties.traffic"


def judge(stated: Statement, deployments: Deployments) -> Iterator[Violation]:
    """One violation for a template without traffic."""
    if not stated.at or not deployments.of(stated.name):
        raise NotApplicableError("no template states it, or it has no deployments")
    path = stated.path(_TRAFFIC)
    if not stated.shares(path):
        yield Violation(
            f"{stated.subject}: its template has no traffic, so Azure sets every deployment to 0 %; state it", path
        )


_PROGRAM = """\
from pulumi_azure_native import machinelearningservices as ml
from pulumi_azure_native import resources

ml.OnlineDeployment(
    "blue",
    resource_group_name="rg-llama",
    workspace_name="llama",
    endpoint_name="llama-8b",
    deployment_name="blue",
    properties={{
        "endpoint_compute_type": "Managed",
        "model": "azureml://registries/azureml-meta/models/Meta-Llama-3.1-8B-Instruct/versions/4",
        "instance_type": "Standard_NC24ads_A100_v4",
    }},
)
resources.Deployment(
    "traffic",
    resource_group_name="rg-llama",
    properties={{
        "mode": "Incremental",
        "template": {{
            "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
            "contentVersion": "1.0.0.0",
            "resources": [
                {{
                    "type": "Microsoft.MachineLearningServices/workspaces/onlineEndpoints",
                    "apiVersion": "2024-10-01",
                    "name": "llama/llama-8b",
                    "location": "eastus2",
                    "properties": {properties},
                }}
            ],
        }},
    }},
)
"""


RULE = StackRule(
    id="managed-traffic-stated",
    title="A template of a managed endpoint states its traffic.",
    what="The ARM templates that state a managed endpoint with deployments in the stack.",
    why="A template without traffic sets every deployment to 0 %, and callers get no answer.",
    fix="State the traffic in the template; give 0 to each deployment as long as nobody calls the endpoint.",
    severity=Severity.HIGH,
    sources=("online-yaml",),
    types=ENDPOINT_TYPES,
    reads=frozenset({types.ONLINE_DEPLOYMENT}),
    azure=Accepted.OPERATION,
    check=against_deployments(judge),
    example=Example(
        noncompliant=_PROGRAM.format(properties='{"authMode": "Key"}').replace('"Key"},', '"Key"},  # violated'),
        compliant=_PROGRAM.format(properties='{"authMode": "Key", "traffic": {"blue": 100}}'),
    ),
)
