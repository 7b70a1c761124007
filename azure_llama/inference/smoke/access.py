"""How the test signs in to an endpoint."""

from __future__ import annotations

from typing import Any

import httpx
from azure.core.credentials import AccessToken, TokenCredential
from azure.core.exceptions import ClientAuthenticationError

from azure_llama.catalog.kinds import MANAGED

ARM = "https://management.azure.com"
API_VERSION = "2025-12-01"


class EndpointTokenCredential:
    """The Azure ML token of one endpoint (`auth: AMLToken`), which Resource Manager gives to who may ask for it.

    Args:
        workspace_id: Required. ARM id of the workspace.
        endpoint: Required. Its name.
        http: Required. Leads to Resource Manager.
        credential: Required. Signs in to Resource Manager.
    """

    def __init__(self, workspace_id: str, endpoint: str, *, http: httpx.Client, credential: TokenCredential) -> None:
        self._url = f"{ARM}{workspace_id}/{MANAGED.collection}/{endpoint}/token"
        self._http = http
        self._credential = credential
        self._token: AccessToken | None = None

    def get_token(self, *_: str, **__: Any) -> AccessToken:
        """The token, requested once: it is valid for hours, a smoke test takes minutes.

        Raises:
            ClientAuthenticationError: Resource Manager cannot be reached, or refuses.
        """
        if self._token is None:
            bearer = self._credential.get_token(f"{ARM}/.default").token
            try:
                answer = self._http.post(
                    self._url, params={"api-version": API_VERSION}, headers={"Authorization": f"Bearer {bearer}"}
                )
                content = answer.raise_for_status().json()
            except httpx.HTTPError as error:
                raise ClientAuthenticationError(f"Resource Manager gives no token of the endpoint: {error}") from error
            self._token = AccessToken(content["accessToken"], content["expiryTimeUtc"])
        return self._token
