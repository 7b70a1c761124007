"""Chooses the credential as azure-native does: from its settings and its variables, and from no others.

The names, the order and the errors are those of `provider/pkg/provider/auth_azidentity.go` of
pulumi/pulumi-azure-native. Certificates, the default Azure credential and the Azure CLI are not emulated.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx

from azure_llama_sandbox.provider.credentials import Assertion, Credential
from azure_llama_sandbox.provider.errors import ProviderError

AUDIENCE = "api://AzureADTokenExchange"
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_SECONDS = 60.0
_OIDC = "A {} must be configured when authenticating with OIDC."
Get = Callable[[str, str], str]
"""A setting by its name in the stack and its variable; an empty text where it is not set."""


def choose(settings: Mapping[str, Any], variables: Mapping[str, str], trust: ssl.SSLContext) -> Credential:
    """The credential that is configured.

    Args:
        settings: Required. `azure-native:*` of the stack.
        variables: Required. The environment of the provider.
        trust: Required. The certificates that the service behind a request URL is trusted by.

    Raises:
        ProviderError: none is configured, or something that it needs is missing.
    """

    def get(name: str, variable: str) -> str:
        return str(settings.get(name) or variables.get(variable) or "")

    tenant, client = get("tenantId", "ARM_TENANT_ID"), get("clientId", "ARM_CLIENT_ID")
    secret = get("clientSecret", "ARM_CLIENT_SECRET")
    if secret:
        return Credential(tenant, client, secret)
    if get("useOidc", "ARM_USE_OIDC") == "true":
        needed = {
            "Subscription ID": get("subscriptionId", "ARM_SUBSCRIPTION_ID"),
            "Tenant ID": tenant,
            "Client ID": client,
        }
        for name, value in needed.items():
            if not value:
                raise ProviderError(_OIDC.format(name))
        return Credential(tenant, client, assertion=_assertion(get, trust))
    if get("useMsi", "ARM_USE_MSI") == "true":
        return Credential(tenant, client, machine=variables.get("IDENTITY_HEADER", ""))
    raise ProviderError("no credential is configured: the sandbox does not emulate the Azure CLI for its provider")


def _assertion(get: Get, trust: ssl.SSLContext) -> Assertion:
    token = get("oidcToken", "ARM_OIDC_TOKEN")
    path = get("oidcTokenFilePath", "ARM_OIDC_TOKEN_FILE_PATH")
    if not token and path:
        try:
            token = Path(path).read_text(encoding="utf-8")
        except OSError as error:
            raise ProviderError(f"failed to read OIDC token from {path}: {error.strerror}") from None
    url = get("oidcRequestUrl", "ACTIONS_ID_TOKEN_REQUEST_URL")
    bearer = get("oidcRequestToken", "ACTIONS_ID_TOKEN_REQUEST_TOKEN")
    audience = get("oidcAudience", "ARM_OIDC_AUDIENCE") or AUDIENCE

    async def constant() -> str:
        return token

    async def requested() -> str:
        return await _request(httpx.URL(url).copy_set_param("audience", audience), bearer, trust)

    if token:
        return constant
    if url and bearer:
        return requested
    raise ProviderError(_OIDC.format("OIDC token or request URL and token"))


async def _request(url: httpx.URL, bearer: str, trust: ssl.SSLContext) -> str:
    headers = {"Accept": "application/json", "Authorization": f"Bearer {bearer}"}
    try:
        # Go obeys the environment's proxy, except for loopback.
        async with httpx.AsyncClient(verify=trust, timeout=_SECONDS, trust_env=url.host not in _LOOPBACK) as http:
            answer = await http.get(url, headers=headers)
    except httpx.TransportError as error:
        raise ProviderError(f"GitHub OIDC: couldn't request token: {error}") from None
    if not answer.is_success:
        raise ProviderError(f"GitHub OIDC: {answer.status_code} with response: {answer.text}")
    try:
        return str(answer.json().get("value", ""))
    except (ValueError, AttributeError) as error:
        raise ProviderError(f"GitHub OIDC: cannot unmarshal response: {error}") from None
