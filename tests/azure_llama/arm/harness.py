"""A client of ARM whose Azure is a list of answers, and whose time does not pass."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import httpx
from azure.core.credentials import AccessToken

from azure_llama.arm import ArmClient, SignIn
from azure_llama.arm.clouds import PUBLIC

SUB = "/subscriptions/5a0d80c5-11a3-4a5d-9b0e-000000000001"
SECRET = "a-client-secret-that-nobody-may-see"
TOKEN = "eyJ0eXAiOiJKV1Qi.eyJhdWQiOiJhcm0ifQ.c2lnbmF0dXJl"
_T = TypeVar("_T")
Answer = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


class Credential:
    """Gives tokens that are all alike, or fails; counts."""

    def __init__(self, failure: Exception | None = None, lifetime: int = 4_000_000_000) -> None:
        self.failure, self.lifetime, self.asked = failure, lifetime, 0

    def get_token(self, *_: str, **__: Any) -> AccessToken:
        self.asked += 1
        if self.failure is not None:
            raise self.failure
        return AccessToken(TOKEN, self.lifetime)


class Azure:
    """Answers in their order, the last one for ever; the requests that came, and the waits that were asked for."""

    def __init__(self, *answers: Answer, credential: Credential | None = None, patience: float = 60) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []
        self.waits: list[float] = []
        self.credential = credential or Credential()
        self.patience = patience

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer(request) if callable(answer) else answer

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)

    def client(self) -> ArmClient:
        """A client that it answers."""
        who = SignIn("a test", PUBLIC, SUB.rsplit("/", 1)[1], lambda: self.credential, secrets=frozenset({SECRET}))
        return ArmClient(who, transport=httpx.MockTransport(self), sleep=self._sleep, patience=self.patience)

    def ask(self, call: Callable[[ArmClient], Awaitable[_T]]) -> _T:
        """Make a call to the end."""

        async def run() -> _T:
            async with self.client() as arm:
                return await call(arm)

        return asyncio.run(run())


def error(status: int, code: str = "Code", message: str = "Words.", **headers: str) -> httpx.Response:
    """A refusal in ARM's form."""
    return httpx.Response(status, json={"error": {"code": code, "message": message}}, headers=headers)


def everything(failure: BaseException) -> str:
    """All that an exception and what it comes from can print."""
    texts, seen, todo = [], set[int](), [failure]
    while todo:
        each = todo.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        texts += [str(each), repr(each), repr(each.args), repr(vars(each)), *traceback.format_exception(each)]
        todo += [other for other in (each.__cause__, each.__context__) if other is not None]
    return "\n".join(texts)
