"""The host names that the sandbox emulates, and the part of it that answers each."""

from __future__ import annotations

from enum import Enum

MANAGEMENT = "management.azure.com"
LOGIN = "login.microsoftonline.com"
GITHUB = "pipelines.actions.githubusercontent.com"
DEVOPS = "dev.azure.com"
PRICES = "prices.azure.com"
GRAPH = "graph.microsoft.com"
LOOPBACK = ("localhost", "127.0.0.1")
INFERENCE_DOMAINS = ("models.ai.azure.com", "inference.ml.azure.com")
REGISTRY_DOMAINS = ("api.azureml.ms", "api.ml.azure.com")
VAULT_DOMAIN = "vault.azure.net"
GATEWAY_DOMAIN = "azure-api.net"
OPEN_AI, AI_SERVICES, COGNITIVE_SERVICES = "openai.azure.com", "services.ai.azure.com", "cognitiveservices.azure.com"
FOUNDRY_DOMAINS = (OPEN_AI, AI_SERVICES, COGNITIVE_SERVICES)
DOMAINS = (
    *(MANAGEMENT, LOGIN, GITHUB, DEVOPS, PRICES, GRAPH, VAULT_DOMAIN, GATEWAY_DOMAIN),
    *(*INFERENCE_DOMAINS, *FOUNDRY_DOMAINS, *REGISTRY_DOMAINS),
)
"""Every emulated name is one of these, or below one of these."""


class Role(Enum):
    """The emulated service of a host name."""

    MANAGEMENT = "Azure Resource Manager"
    LOGIN = "Entra ID"
    INFERENCE = "an endpoint's own host"
    FOUNDRY = "a Foundry account's own host"
    GATEWAY = "an API Management service's own host"
    PRICES = "the retail prices API"
    GRAPH = "Microsoft Graph"
    VAULT = "a key vault's own host"
    REGISTRY = "the registry service of Azure ML"
    PIPELINES = "the token services of GitHub Actions and of Azure DevOps"
    LOOPBACK = "the sandbox under its own address: Azure Resource Manager and Entra ID"


def bare(host: str) -> str:
    """A `Host` header or SNI name without port and trailing dot, in lower case."""
    host = host.strip().lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].removesuffix(".")


def role(host: str) -> Role | None:
    """The emulated service of a host name without a port; None when the sandbox does not emulate it."""
    if host in LOOPBACK:
        return Role.LOOPBACK
    if host == MANAGEMENT:
        return Role.MANAGEMENT
    if host == LOGIN:
        return Role.LOGIN
    if host in (GITHUB, DEVOPS):
        return Role.PIPELINES
    if host == GRAPH:
        return Role.GRAPH
    if host == PRICES:
        return Role.PRICES
    if host.endswith(tuple(f".{domain}" for domain in INFERENCE_DOMAINS)):
        return Role.INFERENCE
    if host.endswith(tuple(f".{domain}" for domain in FOUNDRY_DOMAINS)):
        return Role.FOUNDRY
    if host.endswith(tuple(f".{domain}" for domain in REGISTRY_DOMAINS)):
        return Role.REGISTRY
    if host.endswith(f".{VAULT_DOMAIN}"):
        return Role.VAULT
    if host.endswith(f".{GATEWAY_DOMAIN}"):
        return Role.GATEWAY
    return None
