"""`foundry-version-stated`: a Foundry deployment states the version of its model."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.foundry import NAME, VERSION
from azure_llama_policies.resources import NotSeenError, Resource
from azure_llama_policies.rule import Context, Refused, ResourceRule, Severity, Violation
from azure_llama_policies.subjects import called
from azure_llama_policies.unseen import naming


def check(deployment: Resource, context: Context) -> Iterator[Violation]:
    """One violation when the version is left out."""
    with naming(deployment):
        version, name = deployment.value(VERSION), deployment.text(NAME)
    if isinstance(version, str) and version:
        return
    if version not in (None, ""):
        raise NotSeenError(f"{called(deployment)}: the model's version {version} is not a text", VERSION)
    publisher = deployment.value("properties.model.format")
    versions = context.catalog.foundry.versions(publisher, name) if isinstance(publisher, str) else ()
    if versions:
        reason, remedy = "Azure has no default version of it", f"set '{VERSION}' to one of {', '.join(versions)}"
    else:
        reason, remedy = "Azure then chooses a default version, which changes", f"set '{VERSION}'"
    yield Violation(f"{called(deployment)}: the version of {name} is not set, and {reason}; {remedy}", VERSION)


RULE = ResourceRule(
    id="foundry-version-stated",
    title="A Foundry deployment states the version of its model.",
    what="The model version of each deployment on a Foundry account.",
    why="No version of a Llama model is Azure's default, so Azure refuses a deployment without a version. For other "
    "models Azure chooses its default of the day, and the same program then deploys another version later.",
    fix="Set modelVersion.",
    severity=Severity.HIGH,
    sources=("azure-cli-recordings-2025-10",),
    types=frozenset({types.FOUNDRY_DEPLOYMENT}),
    azure=Refused(("DeploymentModelNotSupported",)),
    check=check,
    example=Example(
        noncompliant="""\
azure-llama:foundry:
  contoso-llama:
    deployments:
      chat:
        model: Llama-3.3-70B-Instruct     # violated: without modelVersion
        capacity: 100
""",
        compliant="""\
azure-llama:foundry:
  contoso-llama:
    deployments:
      chat:
        model: Llama-3.3-70B-Instruct
        modelVersion: "5"
        capacity: 100
""",
        rejected_at="azure-llama:foundry.contoso-llama.deployments.chat.modelVersion",
    ),
)
