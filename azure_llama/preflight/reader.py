"""Reads from Azure for all checks: each request is sent once, and its answer is kept."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

from azure_llama.arm import ArmClient, ArmError, NotFoundError, RefusedError
from azure_llama.arm.answers import kind_of

Stored = dict[str, Any]


class Asks(Protocol):
    """Reads of Azure: a live client, or answers that were kept."""

    async def get(self, path: str, api_version: str, **query: str) -> dict[str, Any]: ...

    async def list(self, path: str, api_version: str, **query: str) -> list[dict[str, Any]]: ...

    async def post(self, path: str, api_version: str, body: Any = None, **query: str) -> dict[str, Any]: ...

    async def signed_in(self) -> None: ...


class NotAskedError(ArmError):
    """The kept answers do not have this one."""

    reason = "not in the saved answers"


class Reader:
    """Asks each thing once; checks that run side by side share the answer."""

    def __init__(self, source: Asks) -> None:
        self._source = source
        self._asked: dict[str, asyncio.Task[Any]] = {}

    async def signed_in(self) -> None:
        """That there is a token."""
        await self._once("sign-in", self._source.signed_in)

    async def get(self, path: str, api_version: str, **query: str) -> dict[str, Any]:
        """An object."""
        key = _key("GET", path, api_version, query)
        found: dict[str, Any] = await self._once(key, lambda: self._source.get(path, api_version, **query))
        return found

    async def find(self, path: str, api_version: str, **query: str) -> dict[str, Any] | None:
        """An object; None when there is none."""
        try:
            return await self.get(path, api_version, **query)
        except NotFoundError:
            return None

    async def list(self, path: str, api_version: str, **query: str) -> list[dict[str, Any]]:
        """A list, whole."""
        key = _key("LIST", path, api_version, query)
        found: list[dict[str, Any]] = await self._once(key, lambda: self._source.list(path, api_version, **query))
        return found

    async def post(self, path: str, api_version: str, body: Any = None) -> dict[str, Any]:
        """The response of a read-only action."""
        key = _key("POST", path, api_version, {"body": json.dumps(body, sort_keys=True)})
        found: dict[str, Any] = await self._once(key, lambda: self._source.post(path, api_version, body))
        return found

    async def _once(self, key: str, ask: Callable[[], Awaitable[Any]]) -> Any:
        if key not in self._asked:
            self._asked[key] = asyncio.ensure_future(ask())
        # A check that is given up must not take the answer away from the others.
        return await asyncio.shield(self._asked[key])

    def kept(self) -> dict[str, Stored]:
        """Every answer so far, failures included, as JSON can hold it."""
        found: dict[str, Stored] = {}
        for key, task in sorted(self._asked.items()):
            if not task.done() or task.cancelled():
                continue
            failure = task.exception()
            if failure is None:
                found[key] = {"answer": task.result()}
            elif isinstance(failure, RefusedError):
                kept = {"status": failure.status, "code": failure.code, "message": failure.message}
                found[key] = {"refused": kept}
            else:
                reason = failure.reason if isinstance(failure, ArmError) else "error"
                found[key] = {"failed": {"reason": reason, "text": str(failure)}}
        return found

    async def close(self) -> None:
        """Cancel pending requests."""
        for task in self._asked.values():
            task.cancel()
        await asyncio.gather(*self._asked.values(), return_exceptions=True)


class Kept:
    """Answers that were taken before, in the place of Azure."""

    def __init__(self, answers: Mapping[str, Stored]) -> None:
        self._answers = answers

    async def signed_in(self) -> None:
        """As it was then."""
        self._answer("sign-in")

    async def get(self, path: str, api_version: str, **query: str) -> dict[str, Any]:
        """An object."""
        found: dict[str, Any] = self._answer(_key("GET", path, api_version, query))
        return found

    async def list(self, path: str, api_version: str, **query: str) -> list[dict[str, Any]]:
        """A list."""
        found: list[dict[str, Any]] = self._answer(_key("LIST", path, api_version, query))
        return found

    async def post(self, path: str, api_version: str, body: Any = None, **_: str) -> dict[str, Any]:
        """The response of an action."""
        key = _key("POST", path, api_version, {"body": json.dumps(body, sort_keys=True)})
        found: dict[str, Any] = self._answer(key)
        return found

    def _answer(self, key: str) -> Any:
        stored = self._answers.get(key)
        if stored is None:
            raise NotAskedError(f"the saved answers have none to {key.partition('?')[0]}: take them again with --save")
        if "refused" in stored:
            told = stored["refused"]
            raise kind_of(told["status"], told["code"])(told["status"], told["code"], told["message"])
        if "failed" in stored:
            raise ArmError(f"{stored['failed']['text']} (when the answers were saved)")
        return stored["answer"]


def _key(method: str, path: str, api_version: str, query: Mapping[str, str]) -> str:
    more = "".join(f"&{name}={value}" for name, value in sorted(query.items()))
    return f"{method} {path.casefold()}?api-version={api_version}{more}"


def now() -> datetime:
    """This moment, UTC."""
    return datetime.now(UTC)


def live(arm: ArmClient) -> Reader:
    """A reader of Azure itself."""
    return Reader(arm)
