"""Gets the OIDC token of a pipeline, which Entra ID exchanges for an access token.

`issuer` reads the settings and variables that azure-native reads, so that whoever passes here can deploy, too. Azure
DevOps offers its tokens under names that azure-native does not read: `azure_devops` is for the bridge that translates
(`deploy/tools/token_bridge.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from azure_llama.arm.errors import ConfigurationError, NotAzureError, SignInError, masked
from azure_llama.arm.tls import trust

AUDIENCE = "api://AzureADTokenExchange"
_DEVOPS_VERSION = "7.1"
_DEVOPS_HEADERS = {"Content-Type": "application/json", "X-TFS-FedAuthRedirect": "Suppress"}
"""As azure-identity sends them: without the second a refusal is a redirect to a sign-in page."""
_DEVOPS_NEEDS = {
    "SYSTEM_OIDCREQUESTURI": "the agent sets it",
    "SYSTEM_ACCESSTOKEN": "map it: `env: {SYSTEM_ACCESSTOKEN: $(System.AccessToken)}`",
    "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID": "the task AzureCLI@2 sets it: the id of the service connection",
}
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_TIMEOUT = httpx.Timeout(30, connect=10)
Read = Callable[[str, str], str]


@dataclass(frozen=True)
class Issuer:
    """The source of a pipeline's token.

    Attributes:
        what: Required. Who, in words.
        fetch: Required. Gets a token.
        secrets: Optional. What must never be seen.
    """

    what: str
    fetch: Callable[[], str] = field(repr=False)
    secrets: frozenset[str] = field(default=frozenset(), repr=False)


def issuer(read: Read, variables: Mapping[str, str]) -> Issuer:
    """The issuer that is configured: a token, a file, a URL to request one at, in this order.

    Raises:
        ConfigurationError: none is.
    """
    token = read("oidcToken", "ARM_OIDC_TOKEN")
    if token:
        return Issuer("a token that was given", token.strip, frozenset({token.strip()}))
    path = read("oidcTokenFilePath", "ARM_OIDC_TOKEN_FILE_PATH")
    if path:
        return Issuer(f"the file {path}", lambda: _from_file(path))
    bearer = read("oidcRequestToken", "ACTIONS_ID_TOKEN_REQUEST_TOKEN")
    url = read("oidcRequestUrl", "ACTIONS_ID_TOKEN_REQUEST_URL")
    audience = read("oidcAudience", "ARM_OIDC_AUDIENCE") or AUDIENCE
    if url and bearer:
        return Issuer("the pipeline", lambda: _from_request_url(url, bearer, audience), frozenset({bearer}))
    if variables.get("SYSTEM_OIDCREQUESTURI"):
        raise ConfigurationError(
            "signing in with OIDC in Azure DevOps: azure-native does not read Azure DevOps' variables"
            " (SYSTEM_OIDCREQUESTURI); run the command through deploy/tools/run_pulumi.py, which sets the variables"
            " that it reads"
        )
    raise ConfigurationError(
        "signing in with OIDC needs a token (azure-native:oidcToken or ARM_OIDC_TOKEN), a file of one"
        " (azure-native:oidcTokenFilePath), or a job that may ask for one (GitHub: `permissions: {id-token: write}`)"
    )


def azure_devops(variables: Mapping[str, str]) -> Issuer:
    """Azure DevOps' token service, which issues a new token on each request as long as the job runs.

    Raises:
        ConfigurationError: the step does not pass on what a request needs; the text names all that is missing.
    """
    missing = [f"{name} ({remedy})" for name, remedy in _DEVOPS_NEEDS.items() if not variables.get(name)]
    if missing:
        raise ConfigurationError(f"signing in with OIDC in Azure DevOps needs {', and '.join(missing)}")
    url, bearer, connection = (variables[name] for name in _DEVOPS_NEEDS)
    return Issuer("Azure DevOps", lambda: _from_azure_devops(url, bearer, connection), frozenset({bearer}))


def _from_file(path: str) -> str:
    try:
        text = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"azure-native:oidcTokenFilePath is {path!r}: {type(error).__name__}") from None
    if not text:
        raise ConfigurationError(f"azure-native:oidcTokenFilePath is {path!r}, and the file is empty")
    return text


def _from_request_url(url: str, bearer: str, audience: str) -> str:
    asked = httpx.URL(url).copy_merge_params({"audience": audience})
    return _ask("GET", asked, bearer, "value")


def _from_azure_devops(url: str, bearer: str, connection: str) -> str:
    asked = httpx.URL(url).copy_merge_params({"api-version": _DEVOPS_VERSION, "serviceConnectionId": connection})
    return _ask("POST", asked, bearer, "oidcToken", _DEVOPS_HEADERS)


def _ask(method: str, url: httpx.URL, bearer: str, key: str, more: Mapping[str, str] | None = None) -> str:
    # Not a host of Azure Resource Manager: a separate client, which sends the job's token and no other.
    where = url.host
    body: Any = None
    failure: Exception | None = None
    try:
        # Go never sends a request for loopback to a proxy, and azure-native is written in Go.
        with httpx.Client(timeout=_TIMEOUT, verify=trust(), trust_env=where not in _LOOPBACK) as client:
            headers = {"Authorization": f"Bearer {bearer}", "Accept": "application/json", **(more or {})}
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
