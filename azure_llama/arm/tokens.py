"""Gets ARM tokens from azure-identity, and converts its errors to this package's messages."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Iterator
from http import HTTPStatus
from json import JSONDecodeError
from typing import TYPE_CHECKING

from azure_llama.arm.errors import ArmError, NoNetworkError, NotAzureError, SignInError, ThrottledError, masked
from azure_llama.arm.sign_in import SignIn

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken, TokenCredential

# It warns of what is reported below; without a handler Python would print that.
logging.getLogger("azure.identity").addHandler(logging.NullHandler())

_HTML = re.compile("<html|<!doctype", re.IGNORECASE)
_MARGIN = 300
"""Seconds before its end at which a token is fetched anew."""


class Tokens:
    """Keeps a token while it is good: the Azure CLI's credential would start `az` for every request."""

    def __init__(self, sign_in: SignIn) -> None:
        self._sign_in = sign_in
        self._credential: TokenCredential | None = None
        self._token: AccessToken | None = None
        self._failure: ArmError | None = None
        self._fetching = asyncio.Lock()

    @property
    def secrets(self) -> frozenset[str]:
        """Secrets that must never be printed."""
        return self._sign_in.secrets | ({self._token.token} if self._token else frozenset())

    async def token(self) -> str:
        """A token for ARM.

        Raises:
            ArmError: there is none; asked for again, it fails at once in the same way.
        """
        async with self._fetching:
            if self._failure is not None:
                raise self._failure
            if self._token is None or self._token.expires_on - _MARGIN < time.time():
                try:
                    self._token = await asyncio.to_thread(self._fetch)
                except ArmError as error:
                    self._failure = error
                    raise
            return self._token.token

    def drop(self, token: str) -> None:
        """Forget a token that ARM did not take."""
        if self._token is not None and self._token.token == token:
            self._token = None

    def close(self) -> None:
        """Close the connections of the credential."""
        close = getattr(self._credential, "close", None)
        if close is not None:
            close()
        self._credential = None

    def _fetch(self) -> AccessToken:
        failure: ArmError
        try:
            if self._credential is None:
                self._credential = self._sign_in.make()
            return self._credential.get_token(self._sign_in.cloud.scope)
        except ArmError as error:
            failure = error
        except Exception as error:  # azure-identity and MSAL let anything through, HTML included
            failure = self._told(error)
        raise failure

    def _told(self, error: Exception) -> ArmError:
        from azure.core.exceptions import (
            ClientAuthenticationError,
            DecodeError,
            HttpResponseError,
            ServiceRequestError,
            ServiceResponseError,
        )

        secrets = self._sign_in.secrets
        said = masked(_first_line(error), secrets)
        who = f"signing in with {self._sign_in.method}"
        # MSAL wraps whatever went wrong on the way.
        causes = list(_causes(error))
        if any(isinstance(each, ServiceRequestError | ServiceResponseError | OSError) for each in causes):
            return NoNetworkError(f"{who}: {self._sign_in.cloud.authority} cannot be reached: {said}")
        if any(getattr(each, "status_code", None) == HTTPStatus.TOO_MANY_REQUESTS for each in causes):
            return ThrottledError(f"{who}: {self._sign_in.cloud.authority} said to come back later (429)")
        html = _HTML.search(str(error)) or any(isinstance(each, DecodeError | JSONDecodeError) for each in causes)
        if html or (isinstance(error, ValueError) and not isinstance(error, ClientAuthenticationError)):
            return NotAzureError(
                f"{who}: {self._sign_in.cloud.authority} did not answer as Entra ID does: a proxy or a sign-in page of"
                " the network stands before it"
            )
        if isinstance(error, HttpResponseError) and not isinstance(error, ClientAuthenticationError):
            return SignInError(f"{who} failed: {said}")
        return SignInError(f"{who} failed: {said}. Remediation: {self._sign_in.remediation}")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _first_line(error: Exception) -> str:
    text = next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
    # Entra adds ids that help nobody but its support.
    return text.partition(" Trace ID:")[0]
