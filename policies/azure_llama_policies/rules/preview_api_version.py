"""`preview-api-version`: no resource uses a preview version of Azure's API."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.resources import UNKNOWN, NotSeenError, Resource
from azure_llama_policies.rule import ANY_AZURE, Accepted, Context, Level, ResourceRule, Severity, Violation
from azure_llama_policies.subjects import called
from azure_llama_policies.unseen import naming

_RESOURCES = "properties.template.resources"


def check(resource: Resource, _context: Context) -> Iterator[Violation]:
    """One violation for each preview version, those in ARM templates included."""
    who = called(resource)
    if resource.api_version and "preview" in resource.api_version:
        yield Violation(f"{who}: its type is of API version {resource.api_version}, a preview; take a stable one")
    if resource.type != types.TEMPLATE:
        return
    with naming(resource):
        bodies = resource.value(_RESOURCES)
    for index, body in enumerate(bodies if isinstance(bodies, Sequence) else ()):
        path = f"{_RESOURCES}.{index}.apiVersion"
        version = body.get("apiVersion") if isinstance(body, Mapping) else body
        if version is UNKNOWN:
            raise NotSeenError(f"{who}: '{path}' is not known before the deployment", path)
        if "preview" in str(version):
            yield Violation(f"{who}: its template has API version {version}, a preview; take a stable one", path)


RULE = ResourceRule(
    id="preview-api-version",
    title="Resources do not use preview API versions.",
    what="The API version in the type of each Azure resource, and those in ARM templates.",
    why="Azure changes previews and takes them away without notice; a stack that hangs on one cannot be changed, or "
    "destroyed, then.",
    fix="Take the default version of the provider, or another stable one.",
    severity=Severity.LOW,
    level=Level.ADVISORY,
    sources=("azure-native-3.29", "pulumi-compliance"),
    types=frozenset({ANY_AZURE}),
    azure=Accepted.OPERATION,
    check=check,
    example=Example(
        noncompliant="""\
import pulumi

pulumi.CustomResource(
    "azure-native:machinelearningservices/v20260515preview:Workspace",  # violated
    "workspace",
    {"workspaceName": "llama-dev", "resourceGroupName": "rg-llama"},
)
""",
        compliant="""\
import pulumi

pulumi.CustomResource(
    "azure-native:machinelearningservices:Workspace",
    "workspace",
    {"workspaceName": "llama-dev", "resourceGroupName": "rg-llama"},
)
""",
    ),
)
