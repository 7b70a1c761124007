"""Where a pipeline's own token comes from, for Entra ID to exchange.

GitHub gives it at a URL (`ACTIONS_ID_TOKEN_REQUEST_URL`), Azure DevOps at another (`SYSTEM_OIDCREQUESTURI`); both
can be asked again, where a token that was handed over once lives minutes (Azure DevOps: ten).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from azure_llama.arm.errors import ConfigurationError, NotAzureError, SignInError, masked
from azure_llama.arm.tls import trust

AUDIENCE = "api://AzureADTokenExchange"
_DEVOPS_VERSION = "7.1"
_TIMEOUT = httpx.Timeout(30, connect=10)
Read = Callable[[str, str], str]


@dataclass(frozen=True)
class Issuer:
    """Somebody who gives the token.

    Attributes:
        what: Required. Who, in words.
        fetch: Required. Gets a token.
        secrets: Optional. What must never be seen.
    """

    what: str
    fetch: Callable[[], str] = field(repr=False)
    secrets: frozenset[str] = field(default=frozenset(), repr=False)


def issuer(read: Read, variables: Mapping[str, str]) -> Issuer:
    """The issuer that is configured: a token, a file, GitHub's URL, Azure DevOps' URL, in this order.

    Raises:
        ConfigurationError: none is.
    """
    token = read("oidcToken", "ARM_OIDC_TOKEN")
    if token:
        return Issuer("a token that was given", token.strip, frozenset({token.strip()}))
    path = read("oidcTokenFilePath", "ARM_OIDC_TOKEN_FILE_PATH")
    if path:
        return Issuer(f"the file {path}", lambda: _from_file(path))
    bearer = (
        read("oidcRequestToken", "ARM_OIDC_REQUEST_TOKEN")
        or variables.get("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "")
        or variables.get("SYSTEM_ACCESSTOKEN", "")
    )
    secrets = frozenset({bearer}) if bearer else frozenset()
    audience = read("oidcAudience", "ARM_OIDC_AUDIENCE") or AUDIENCE
    url = read("oidcRequestUrl", "ARM_OIDC_REQUEST_URL") or variables.get("ACTIONS_ID_TOKEN_REQUEST_URL", "")
    if url and bearer:
        return Issuer("GitHub", lambda: _from_github(url, bearer, audience), secrets)
    devops = variables.get("SYSTEM_OIDCREQUESTURI", "")
    connection = (
        variables.get("ARM_OIDC_AZURE_SERVICE_CONNECTION_ID", "")
        or variables.get("ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID", "")
        or variables.get("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID", "")
    )
    if devops and bearer and connection:
        return Issuer("Azure DevOps", lambda: _from_azure_devops(devops, bearer, connection), secrets)
    if devops:
        raise ConfigurationError(
            "signing in with OIDC in Azure DevOps needs SYSTEM_ACCESSTOKEN (map it: `env: {SYSTEM_ACCESSTOKEN:"
            " $(System.AccessToken)}`) and ARM_OIDC_AZURE_SERVICE_CONNECTION_ID, the id of the service connection"
        )
    raise ConfigurationError(
        "signing in with OIDC needs a token (azure-native:oidcToken or ARM_OIDC_TOKEN), a file of one"
        " (azure-native:oidcTokenFilePath), or a job that may ask for one (GitHub: `permissions: {id-token: write}`)"
    )


def _from_file(path: str) -> str:
    try:
        text = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"azure-native:oidcTokenFilePath is {path!r}: {type(error).__name__}") from None
    if not text:
        raise ConfigurationError(f"azure-native:oidcTokenFilePath is {path!r}, and the file is empty")
    return text


def _from_github(url: str, bearer: str, audience: str) -> str:
    asked = httpx.URL(url).copy_merge_params({"audience": audience})
    return _ask("GET", asked, bearer, "value")


def _from_azure_devops(url: str, bearer: str, connection: str) -> str:
    asked = httpx.URL(url).copy_merge_params({"api-version": _DEVOPS_VERSION, "serviceConnectionId": connection})
    return _ask("POST", asked, bearer, "oidcToken")


def _ask(method: str, url: httpx.URL, bearer: str, key: str) -> str:
    # Another host than Azure's: a request of our own, with the job's token and no other.
    where = urlsplit(str(url)).hostname
    body: Any = None
    failure: Exception | None = None
    try:
        with httpx.Client(timeout=_TIMEOUT, verify=trust()) as client:
            headers = {"Authorization": f"Bearer {bearer}", "Accept": "application/json"}
            answer = client.request(method, url, headers=headers)
        body = answer.json()
    except httpx.TransportError as error:
        failure = SignInError(f"the pipeline's token service {where} cannot be reached: {masked(str(error))}")
    except ValueError:
        failure = NotAzureError(f"the pipeline's token service {where} answered {answer.status_code}, and no JSON")
    if failure is not None:
        raise failure
    token = body.get(key) if isinstance(body, dict) else None
    if answer.status_code >= 400 or not isinstance(token, str) or not token:
        raise SignInError(f"the pipeline's token service {where} gave no token: HTTP status {answer.status_code}")
    return token
