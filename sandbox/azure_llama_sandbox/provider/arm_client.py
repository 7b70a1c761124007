"""ARM over HTTPS as azure-native speaks it: existence, PUT, polling, DELETE, actions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import httpx

from azure_llama_sandbox.provider.credentials import Credential, TokenCache
from azure_llama_sandbox.provider.errors import ArmError, ProviderError

USER_AGENT = "pulumi-azure-native/3.29.0"
POLL: Final = 1.0
"""Seconds between polls where ARM names none (azure-native waits 10, and 30 for a DELETE; this ARM is on loopback)."""
RETRIES: Final = (0.5, 1.5, 3.0)
"""Seconds before each repetition where ARM names none (azure-native: 20, 60, 120)."""
VAULT_AUDIENCE: Final = "https://vault.azure.net"
_VAULT_VERSION = "7.6"
_GOOD = {"succeeded"}
_BAD = {"failed", "canceled", "cancelled"}


class Caller(Protocol):
    """On whose behalf ARM is called."""

    @property
    def credential(self) -> Credential:
        """Whose token it is called with."""

    async def pause(self, seconds: float) -> None:
        """Wait; raises OperationCancelledError as soon as the engine asks to stop."""


def ended(body: Mapping[str, Any]) -> str:
    """`good`, `bad` or `` (not yet) by `properties.provisioningState`; a resource without one is good."""
    properties = body.get("properties")
    state = properties.get("provisioningState") if isinstance(properties, Mapping) else None
    return "good" if state is None else _verdict(state)


class ArmClient:
    """One for all callers."""

    def __init__(self, http: httpx.AsyncClient, tokens: TokenCache, arm: str) -> None:
        self._http = http
        self._tokens = tokens
        self._arm = arm.rstrip("/")

    async def get(self, caller: Caller, resource_id: str, api_version: str) -> dict[str, Any]:
        """The resource. Raises ArmError."""
        answer = await self._call(caller, "GET", resource_id, {"api-version": api_version}, expect=(200,))
        return _object(answer)

    async def exists(self, caller: Caller, resource_id: str, api_version: str) -> bool:
        """Whether ARM has it. Raises ProviderError when ARM does not tell."""
        try:
            return bool(await self.get(caller, resource_id, api_version))
        except ArmError as error:
            if error.not_found:
                return False
            raise ProviderError(f"cannot check existence of resource '{resource_id}': {error}") from None

    async def put(
        self,
        caller: Caller,
        resource_id: str,
        api_version: str,
        body: Mapping[str, Any],
        accepted: Callable[[], None],
    ) -> None:
        """Write the resource and wait until it is there.

        Args:
            accepted: Required. Called as soon as ARM has taken the PUT: what fails later leaves a resource behind.

        Raises:
            ArmError: refused, or failed later.
        """
        query = {"api-version": api_version}
        answer = await self._call(caller, "PUT", resource_id, query, body, expect=(200, 201, 202))
        accepted()
        if await self._follow(caller, answer, query):
            return
        state = _object(answer)
        while not ended(state):
            await caller.pause(_wait(answer))
            answer = await self._call(caller, "GET", resource_id, query, expect=(200,))
            state = _object(answer)
        if ended(state) == "bad":
            raise _failed(state.get("properties", {}).get("provisioningState"), state.get("error"))

    async def delete(self, caller: Caller, resource_id: str, query: Mapping[str, str]) -> None:
        """Delete the resource and wait until it is gone; one that does not exist is gone. Raises ArmError."""
        try:
            answer = await self._call(caller, "DELETE", resource_id, query, expect=(200, 202, 204))
            await self._follow(caller, answer, {"api-version": query["api-version"]})
        except ArmError as error:
            if not error.not_found:
                raise

    async def delete_in_vault(self, caller: Caller, vault: str, collection: str, name: str) -> None:
        """Delete a key or a secret at the vault's own host; one that does not exist is gone.

        Args:
            caller: Required.
            vault: Required. The vault's name.
            collection: Required. `keys` or `secrets`.
            name: Required. Its name.

        Raises:
            ArmError: the vault refuses.
        """
        token = await self._tokens.token(caller.credential, VAULT_AUDIENCE)
        answer = await self._http.request(
            "DELETE",
            f"{self._arm}/{collection}/{name}",
            params={"api-version": _VAULT_VERSION},
            # The sandbox plays all hosts at one address.
            headers={"Authorization": f"Bearer {token}", "User-Agent": USER_AGENT, "Host": f"{vault}.vault.azure.net"},
        )
        if answer.status_code not in (200, 404):
            raise _error(answer)

    async def post(self, caller: Caller, path: str, api_version: str) -> dict[str, Any]:
        """An action such as `listKeys`. Raises ArmError."""
        answer = await self._call(caller, "POST", path, {"api-version": api_version}, {}, expect=(200, 201))
        return _object(answer)

    async def _follow(self, caller: Caller, answer: httpx.Response, query: Mapping[str, str]) -> bool:
        """Wait for the operation that the answer's headers name; False when they name none."""
        operation = answer.headers.get("azure-asyncoperation")
        location = answer.headers.get("location")
        if not (operation or location):
            return False
        if "retry-after" in answer.headers:
            await caller.pause(_wait(answer))
        while True:
            answer = await self._call(caller, "GET", operation or location, query, expect=(200, 201, 202, 204))
            if operation:
                document = _object(answer)
                verdict = _verdict(document.get("status"))
                if verdict == "bad":
                    raise _failed(document["status"], document.get("error"))
            else:
                verdict = "" if answer.status_code == 202 else "good"
            if verdict:
                return True
            await caller.pause(_wait(answer))

    async def _call(
        self,
        caller: Caller,
        method: str,
        target: str,
        query: Mapping[str, str],
        body: Mapping[str, Any] | None = None,
        *,
        expect: tuple[int, ...],
    ) -> httpx.Response:
        async def send() -> httpx.Response:
            token = await self._tokens.token(caller.credential)
            headers = {"Authorization": f"Bearer {token}", "User-Agent": USER_AGENT, "Accept": "application/json"}
            return await self._http.request(method, self._url(target, query), headers=headers, json=body)

        answer = await _retrying(send, caller, expect)
        if answer.status_code == 401:
            # Tokens outlive neither a reset nor a restart of the token service.
            self._tokens.forget(caller.credential)
            answer = await _retrying(send, caller, expect)
        if answer.status_code not in expect:
            raise _error(answer)
        return answer

    def _url(self, target: str, query: Mapping[str, str]) -> httpx.URL:
        # Polling addresses carry Azure's own host name; all of it is here.
        parts = urlsplit(target)
        url = httpx.URL(self._arm + parts.path, query=parts.query.encode())
        return url.copy_merge_params({name: value for name, value in query.items() if name not in url.params})


async def _retrying(
    send: Callable[[], Awaitable[httpx.Response]], caller: Caller, expect: tuple[int, ...]
) -> httpx.Response:
    for delay in (*RETRIES, None):
        try:
            answer = await send()
        except httpx.TransportError as error:
            if delay is None:
                raise ProviderError(f"cannot reach Azure Resource Manager: {error!r}") from None
            await caller.pause(delay)
            continue
        if answer.status_code in expect or delay is None or not _error(answer).retryable:
            return answer
        await caller.pause(_wait(answer, delay))
    raise AssertionError("the last attempt returns or raises")


def _wait(answer: httpx.Response, otherwise: float = POLL) -> float:
    try:
        return float(answer.headers["retry-after"])
    except (KeyError, ValueError):
        return otherwise


def _verdict(status: Any) -> str:
    text = str(status).lower()
    return "good" if text in _GOOD else "bad" if text in _BAD else ""


def _object(answer: httpx.Response) -> dict[str, Any]:
    if not answer.content:
        return {}
    try:
        body = answer.json()
    except ValueError:
        raise ProviderError(
            f"unexpected response from Azure: '{answer.text[:200]}', HTTP status: {answer.status_code}"
        ) from None
    return body if isinstance(body, dict) else {"value": body}


def _error(answer: httpx.Response) -> ArmError:
    try:
        body = answer.json()
    except ValueError:
        body = None
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        error = {"message": answer.text[:400]}
    return ArmError(answer.status_code, error)


def _failed(status: Any, error: Any) -> ArmError:
    if not isinstance(error, dict):
        error = {"code": str(status), "message": f"the operation ended in the state {status}"}
    return ArmError(200, error)
