"""`workspace-image-build`: a workspace whose registry is private has a compute that builds images."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama.catalog.workspace_assets import parse_workspace_asset
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.resources import NotApplicableError, NotSeenError, Resource, Stack
from azure_llama_policies.rule import Context, Finding, Level, Refused, Severity, StackRule, Violation
from azure_llama_policies.subjects import called
from azure_llama_policies.unseen import each_of, naming

_PATH = "imageBuildCompute"
_ENVIRONMENT = "properties.environmentId"


def check(stack: Stack, _context: Context) -> Iterator[Finding]:
    """One violation for each workspace that cannot build an image for its private registry."""
    yield from each_of(stack.of(types.WORKSPACE), lambda workspace: _check(workspace, stack))


def _check(workspace: Resource, stack: Stack) -> Iterator[Violation]:
    with naming(workspace):
        if str(workspace.value("kind")).casefold() == "project":
            raise NotApplicableError("its hub builds images")
        compute = workspace.value(_PATH)
    if not any(_is_private(registry) for registry in stack.of(types.REGISTRY)):
        raise NotApplicableError("no registry of the stack is private")
    if not any(_may_be_built(deployment) for deployment in stack.of(types.ONLINE_DEPLOYMENT)):
        raise NotApplicableError("no deployment has an environment of a workspace, whose image may have to be built")
    if not compute:
        yield Violation(
            f"{called(workspace)}: its registry is private, and Azure's own builders do not reach it; set"
            " imageBuildCompute to a compute cluster of the workspace, or use images that exist",
            _PATH,
        )


def _is_private(registry: Resource) -> bool:
    with naming(registry):
        access = registry.value("publicNetworkAccess")
    return isinstance(access, str) and access.casefold() == "disabled"


def _may_be_built(deployment: Resource) -> bool:
    try:
        environment = deployment.value(_ENVIRONMENT)
    except NotSeenError:
        return True
    return isinstance(environment, str) and parse_workspace_asset(environment, "environments") is not None


RULE = StackRule(
    id="workspace-image-build",
    title="A workspace whose registry is private has a compute that builds images.",
    what="`imageBuildCompute` of each hub and Default workspace in a stack with a private registry and deployments with"
    " an environment of a workspace.",
    why="Azure builds images with tasks of the registry, which do not reach a registry without public access: the"
    " deployment fails with ImageBuildFailure.",
    fix="Create a compute cluster of CPU machines in the workspace, and set workspace.imageBuildCompute to its name.",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    advice=True,
    sources=("upstream",),
    types=frozenset({types.WORKSPACE}),
    reads=frozenset({types.REGISTRY, types.ONLINE_DEPLOYMENT}),
    azure=Refused(("ImageBuildFailure",)),
    check=check,
    example=Example(
        noncompliant="""\
azure-llama:workspace:
  name: llama-dev
  containerRegistry: true
  network: {publicNetworkAccess: Disabled, privateEndpoint: {addressSpace: 10.40.0.0/16}}
azure-llama:managed:                      # violated: the image of the environment may have to be built
  llama-8b:
    publicNetworkAccess: Disabled
    deployments:
      blue:
        model: Meta-Llama-3.1-8B-Instruct
        vmSize: Standard_NC24ads_A100_v4
        environment: azureml:vllm:3
""",
        compliant="""\
azure-llama:workspace:
  name: llama-dev
  containerRegistry: true
  imageBuildCompute: cpu-cluster
  network: {publicNetworkAccess: Disabled, privateEndpoint: {addressSpace: 10.40.0.0/16}}
azure-llama:managed:
  llama-8b:
    publicNetworkAccess: Disabled
    deployments:
      blue:
        model: Meta-Llama-3.1-8B-Instruct
        vmSize: Standard_NC24ads_A100_v4
        environment: azureml:vllm:3
""",
    ),
    notes="An environment that names an image alone is not built; the rule does not see which ones do.",
)
