"""The Azure clouds, with the addresses of Resource Manager and sign-in in each.

Azure Native takes the same names; the addresses are those of azure-identity and of
https://learn.microsoft.com/azure/azure-government/documentation-government-developer-guide (general knowledge,
2026-11-25).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from azure_llama.arm.errors import ConfigurationError, HalfAnswerError, NoNetworkError, NotAzureError, masked
from azure_llama.arm.tls import trust

METADATA_VERSION = "2022-09-01"
_TIMEOUT = httpx.Timeout(30, connect=10)


@dataclass(frozen=True)
class Cloud:
    """A cloud.

    Attributes:
        name: Required. As Azure Native spells it: `public`, `usgovernment`, `china`; of another one, what it says.
        arm: Required. Base URL of Resource Manager, without a slash at the end.
        authority: Required. Base URL of the sign-in, likewise.
        audience: Required. What tokens for ARM are for.
    """

    name: str
    arm: str
    authority: str
    audience: str

    @property
    def scope(self) -> str:
        """The OAuth scope of ARM's tokens."""
        return f"{self.audience.rstrip('/')}/.default"


PUBLIC = Cloud(
    "public", "https://management.azure.com", "https://login.microsoftonline.com", "https://management.azure.com"
)
US_GOVERNMENT = Cloud(
    "usgovernment",
    "https://management.usgovcloudapi.net",
    "https://login.microsoftonline.us",
    "https://management.usgovcloudapi.net",
)
CHINA = Cloud(
    "china",
    "https://management.chinacloudapi.cn",
    "https://login.partner.microsoftonline.cn",
    "https://management.chinacloudapi.cn",
)
_NAMES = {
    **dict.fromkeys(("public", "azurecloud", "azurepubliccloud"), PUBLIC),
    **dict.fromkeys(("usgovernment", "azureusgovernment", "azureusgovernmentcloud", "usgovernmentl4"), US_GOVERNMENT),
    **dict.fromkeys(("china", "azurechinacloud"), CHINA),
}


def find(text: str) -> Cloud | None:
    """The cloud of a name, in any letter case; None when there is none of that name."""
    return _NAMES.get(text.casefold())


def named(text: str) -> Cloud:
    """The cloud of a name, in any letter case.

    Raises:
        ConfigurationError: there is none of that name.
    """
    found = find(text)
    if found is None:
        raise ConfigurationError(
            f"azure-native:environment is {text!r}; it is public, usgovernment or china. For another cloud, set"
            " azure-native:metadataHost"
        )
    return found


def described(host: str) -> Cloud:
    """The cloud that a metadata service describes (`azure-native:metadataHost`).

    Args:
        host: Required. Host, with a port where it has one; `https://` is added when there is no scheme.

    Raises:
        NoNetworkError: it cannot be reached.
        NotAzureError: what it answers is not the description of a cloud.
    """
    base = host if "://" in host else f"https://{host}"
    if urlsplit(base).scheme != "https":
        raise ConfigurationError(f"azure-native:metadataHost is {host!r}; tokens are sent over https alone")
    url = f"{base.rstrip('/')}/metadata/endpoints"
    failure: Exception | None = None
    body: Any = None
    try:
        with httpx.Client(timeout=_TIMEOUT, verify=trust()) as client:
            answer = client.get(url, params={"api-version": METADATA_VERSION})
        body = answer.json()
    except httpx.TransportError as error:
        failure = NoNetworkError(f"GET {url}: {masked(str(error)) or type(error).__name__}")
    except ValueError:
        failure = NotAzureError(f"GET {url}: {answer.status_code}, no JSON; is azure-native:metadataHost right?")
    if failure is not None:
        raise failure
    return _read(url, body)


def _read(url: str, body: Any) -> Cloud:
    # The older form of the document is a list, of which the first is meant.
    cloud = body[0] if isinstance(body, list) and body else body
    if isinstance(cloud, Mapping):
        given = cloud.get("authentication")
        sign_in = given if isinstance(given, Mapping) else {}
        audiences, arm, login = sign_in.get("audiences"), cloud.get("resourceManager"), sign_in.get("loginEndpoint")
        if isinstance(arm, str) and isinstance(login, str):
            audience = audiences[0] if isinstance(audiences, list) and audiences else arm
            return Cloud(str(cloud.get("name", "custom")), arm.rstrip("/"), login.rstrip("/"), str(audience))
    raise HalfAnswerError(f"GET {url}: the description of the cloud has no resourceManager or no loginEndpoint")
