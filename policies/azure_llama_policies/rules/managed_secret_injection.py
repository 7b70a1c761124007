"""`managed-secret-injection`: the endpoint may read the secrets that variables of its deployments refer to."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama.catalog.secret_references import ENFORCEMENT, connections_of, is_enforced
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.managed import Statement, statements
from azure_llama_policies.resources import NotApplicableError, NotSeenError, Resource, Stack
from azure_llama_policies.rule import UNKNOWN, Context, Finding, Level, Refused, Severity, StackRule, Violation
from azure_llama_policies.subjects import called
from azure_llama_policies.unseen import each_of, naming

_VARIABLES = "properties.environmentVariables"


def check(stack: Stack, _context: Context) -> Iterator[Finding]:
    """One violation for each variable that refers to a connection which the endpoint may not read."""
    endpoints = {each.name.casefold(): each for each in statements(stack) if isinstance(each, Statement)}
    yield from each_of(stack.of(types.ONLINE_DEPLOYMENT), lambda each: _check(each, endpoints))


def _check(deployment: Resource, endpoints: dict[str, Statement]) -> Iterator[Violation]:
    with naming(deployment):
        variables = deployment.mapping(_VARIABLES)
        endpoint = endpoints.get(deployment.text("endpointName").casefold())
    asked = connections_of(variables)
    if not asked:
        if UNKNOWN in variables.values():
            raise NotSeenError(f"{called(deployment)}: a variable is not known before the deployment", _VARIABLES)
        raise NotApplicableError("none of its variables refers to a connection")
    if endpoint is None:
        raise NotSeenError(f"{called(deployment)}: its endpoint is not in the stack", _VARIABLES)
    if _assigned(endpoint):
        raise NotApplicableError("its endpoint has a user-assigned identity, whose roles are given elsewhere")
    if not is_enforced(endpoint.shares(endpoint.path("properties.properties"))):
        for name, connection in asked.items():
            yield Violation(
                f"{called(deployment)}: {name} refers to the connection '{connection}', and nothing lets the identity"
                f" of {endpoint.subject} read it; set properties: {{{ENFORCEMENT}: enabled}} on the endpoint",
                f"{_VARIABLES}.{name}",
            )


def _assigned(endpoint: Statement) -> bool:
    kind = endpoint.resource.value(endpoint.path("identity.type"))
    return isinstance(kind, str) and kind.casefold() == "userassigned"


RULE = StackRule(
    id="managed-secret-injection",
    title="An endpoint may read the secrets that variables of its deployments refer to.",
    what="Environment variables `${{azureml://connections/NAME/...}}` of managed deployments, and the endpoint's entry"
    f" `{ENFORCEMENT}`.",
    why="Without it, Azure does not give the endpoint's identity the secrets of connections: the deployment fails after"
    " its machines have started.",
    fix=f"Set `properties: {{{ENFORCEMENT}: enabled}}` on the endpoint. Azure takes it when the endpoint is created."
    " Otherwise give the endpoint's identity the role Azure Machine Learning Workspace Connection Secrets Reader.",
    severity=Severity.HIGH,
    level=Level.ADVISORY,
    sources=("upstream",),
    types=frozenset({types.ONLINE_DEPLOYMENT}),
    reads=frozenset({types.ONLINE_ENDPOINT, types.TEMPLATE}),
    azure=Refused(("SecretsInjectionError",)),
    check=check,
    example=Example(
        noncompliant="""\
azure-llama:managed:
  llama-8b:
    deployments:
      blue:
        model: Meta-Llama-3.1-8B-Instruct
        vmSize: Standard_NC24ads_A100_v4
        environmentVariables:
          HF_TOKEN: ${{azureml://connections/hugging-face/credentials/token}}  # violated
""",
        compliant="""\
azure-llama:managed:
  llama-8b:
    properties: {enforce_access_to_default_secret_stores: enabled}
    deployments:
      blue:
        model: Meta-Llama-3.1-8B-Instruct
        vmSize: Standard_NC24ads_A100_v4
        environmentVariables:
          HF_TOKEN: ${{azureml://connections/hugging-face/credentials/token}}
""",
    ),
    notes="A role that is assigned outside the stack is not seen.",
)
