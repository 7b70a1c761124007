"""ARM over HTTPS as azure-native speaks it: existence, PUT, polling, DELETE, actions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, Protocol
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

from azure_llama_sandbox.provider.credentials import Credential, TokenCache
from azure_llama_sandbox.provider.errors import ArmError, ProviderError, VaultError

USER_AGENT = "pulumi-azure-native/3.29.0"
POLLS: Final = {"PUT": 10.0, "PATCH": 10.0, "DELETE": 30.0}
"""Azure seconds between polls of an operation where ARM names none."""
RETRIES: Final = (20.0, 60.0, 120.0)
"""Azure seconds before each repetition where ARM names none."""
VAULT_AUDIENCE: Final = "https://vault.azure.net"
_VAULT_VERSION = "7.6"
_GOOD = {"succeeded"}
_BAD = {"failed", "canceled", "cancelled"}


class Caller(Protocol):
    """On whose behalf ARM is called."""

    @property
    def credential(self) -> Credential:
        """The credential that calls use."""

    async def pause(self, seconds: float) -> None:
        """Wait; raises OperationCancelledError as soon as the engine asks to stop."""


def ended(body: Mapping[str, Any]) -> str:
    """`good`, `bad` or `` (not yet) by `properties.provisioningState`; a resource without one is good."""
    properties = body.get("properties")
    state = properties.get("provisioningState") if isinstance(properties, Mapping) else None
    return "good" if state is None else _verdict(state)


class ArmClient:
    """One for all callers.

    Args:
        http: Required. Trusts ARM and the token service.
        tokens: Required. Access tokens.
        arm: Required. URL of ARM.
        scale: Optional. Azure seconds that pass in one real second.
    """

    def __init__(self, http: httpx.AsyncClient, tokens: TokenCache, arm: str, scale: float = 1.0) -> None:
        self._http = http
        self._tokens = tokens
        self._arm = arm.rstrip("/")
        self._scale = scale

    async def wait(self, caller: Caller, azure_seconds: float, answer: httpx.Response | None = None) -> None:
        """Wait for the `Retry-After` of an answer, else some Azure seconds."""
        try:
            seconds = float(answer.headers["retry-after"] if answer is not None else "")
        except (KeyError, ValueError):
            seconds = azure_seconds / self._scale
        await caller.pause(seconds)

    async def get(self, caller: Caller, resource_id: str, api_version: str) -> dict[str, Any]:
        """The resource. Raises ArmError."""
        answer = await self._call(caller, "GET", resource_id, {"api-version": api_version}, expect=(200,))
        return _object(answer)

    async def exists(self, caller: Caller, resource_id: str, api_version: str) -> bool:
        """Whether ARM has it: 200 with content is yes, 404 of any code is no. Raises ProviderError for all else."""
        answer = await self._send(caller, "GET", resource_id, {"api-version": api_version})
        if answer.status_code not in (200, 204, 404):
            raise ProviderError(
                f"cannot check existence of resource '{resource_id}': status code {answer.status_code}, {answer.text}"
            )
        return answer.status_code == 200 and bool(_json(answer))

    async def write(
        self,
        caller: Caller,
        resource_id: str,
        api_version: str,
        body: Mapping[str, Any],
        accepted: Callable[[], None],
    ) -> dict[str, Any]:
        """Write the resource and wait until it is there; what ARM answers in the end.

        A body with nulls, which remove something, is sent by PATCH: ARM takes them in no PUT.

        Args:
            accepted: Required. Called as soon as ARM has taken the request: what fails later leaves a resource behind.

        Raises:
            ArmError: refused, or failed later.
        """
        query = {"api-version": api_version}
        method = "PATCH" if _has_nulls(body) else "PUT"
        answer = await self._call(caller, method, resource_id, query, body, expect=(200, 201, 202))
        accepted()
        if last := await self._follow(caller, answer, query, POLLS[method]):
            final = answer.headers.get("azure-asyncoperation") or not last.content
            return await self.get(caller, resource_id, api_version) if final else _object(last)
        state = _object(answer)
        while not ended(state):
            await self.wait(caller, POLLS[method], answer)
            answer = await self._call(caller, "GET", resource_id, query, expect=(200,))
            state = _object(answer)
        if ended(state) == "bad":
            raise _failed(state.get("properties", {}).get("provisioningState"), state.get("error"))
        return state

    async def delete(self, caller: Caller, resource_id: str, api_version: str) -> None:
        """Delete the resource and wait until it is gone; one that does not exist is gone. Raises ArmError.

        The api-version is the only query parameter, also where the service's API requires another one.
        """
        query = {"api-version": api_version}
        try:
            answer = await self._call(caller, "DELETE", resource_id, query, expect=(200, 202, 204))
            await self._follow(caller, answer, query, POLLS["DELETE"])
        except ArmError as error:
            if error.status != 404:
                raise

    async def call_vault(self, caller: Caller, method: str, vault: str, path: str) -> dict[str, Any] | None:
        """Call a vault's own host, which keeps what ARM does not delete; None when it does not have it.

        Args:
            caller: Required.
            method: Required. HTTP method.
            vault: Required. The vault's name.
            path: Required. E.g. `secrets/llama`, `deletedkeys/llama/recover`.

        Raises:
            VaultError: the vault refuses.
        """
        host = f"{vault}.vault.azure.net"
        token = await self._tokens.token(caller.credential, VAULT_AUDIENCE)
        answer = await self._http.request(
            method,
            f"{self._arm}/{path}",
            params={"api-version": _VAULT_VERSION},
            # The sandbox emulates all hosts at one address.
            headers={"Authorization": f"Bearer {token}", "User-Agent": USER_AGENT, "Host": host},
        )
        if answer.status_code == 404:
            return None
        if answer.status_code != 200:
            status = f"{answer.status_code} {answer.reason_phrase}"
            raise VaultError(f"{method} https://{host}/{path}", status, _error(answer).code, answer.text)
        return _object(answer)

    async def post(self, caller: Caller, path: str, api_version: str) -> dict[str, Any]:
        """An action such as `listKeys`. Raises ArmError."""
        answer = await self._call(caller, "POST", path, {"api-version": api_version}, {}, expect=(200, 201))
        return _object(answer)

    async def _follow(
        self, caller: Caller, answer: httpx.Response, query: Mapping[str, str], poll: float
    ) -> httpx.Response | None:
        """Wait for the operation that the answer's headers name, to its last answer; None when they name none."""
        operation = answer.headers.get("azure-asyncoperation")
        location = answer.headers.get("location")
        if not (operation or location):
            return None
        if "retry-after" in answer.headers:
            await self.wait(caller, poll, answer)
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
                return answer
            await self.wait(caller, poll, answer)

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
        answer = await self._send(caller, method, target, query, body)
        if answer.status_code not in expect:
            raise _error(answer)
        return answer

    async def _send(
        self,
        caller: Caller,
        method: str,
        target: str,
        query: Mapping[str, str],
        body: Mapping[str, Any] | None = None,
    ) -> httpx.Response:
        async def send() -> httpx.Response:
            token = await self._tokens.token(caller.credential)
            headers = {"Authorization": f"Bearer {token}", "User-Agent": USER_AGENT, "Accept": "application/json"}
            return await self._http.request(method, self._url(target, query), headers=headers, json=body)

        answer = await self._retrying(send, caller)
        if answer.status_code == 401:
            # Tokens outlive neither a reset nor a restart of the token service.
            self._tokens.forget(caller.credential)
            answer = await self._retrying(send, caller)
        return answer

    async def _retrying(self, send: Callable[[], Awaitable[httpx.Response]], caller: Caller) -> httpx.Response:
        for delay in (*RETRIES, None):
            try:
                answer = await send()
            except httpx.TransportError as error:
                if delay is None:
                    raise ProviderError(f"cannot reach Azure Resource Manager: {error!r}") from None
                await self.wait(caller, delay)
                continue
            if answer.is_success or delay is None or not _error(answer).retryable:
                return answer
            await self.wait(caller, delay, answer)
        raise AssertionError("the last attempt returns or raises")

    def _url(self, target: str, query: Mapping[str, str]) -> httpx.URL:
        # Polling addresses carry Azure's own host name; all of it is here.
        parts = urlsplit(target)
        stated = parse_qs(parts.query, keep_blank_values=True)
        added = urlencode({name: value for name, value in query.items() if name not in stated})
        return httpx.URL(self._arm + parts.path, query="&".join(filter(None, (parts.query, added))).encode())


def _has_nulls(value: Any) -> bool:
    return value is None or (isinstance(value, Mapping) and any(map(_has_nulls, value.values())))


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


def _json(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None


def _error(answer: httpx.Response) -> ArmError:
    body = _json(answer)
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        error = {"message": answer.text[:400]}
    return ArmError(answer.status_code, error)


def _failed(status: Any, error: Any) -> ArmError:
    if not isinstance(error, dict):
        error = {"code": str(status), "message": f"the operation ended in the state {status}"}
    return ArmError(200, error)
