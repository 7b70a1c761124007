"""Both clients behind one face, over a transport that a test scripts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any, Literal

import httpx
from pydantic import SecretStr

from azure_llama.inference import AsyncClient, Client, Endpoint

KEY = "k3y-0123456789abcdef/+="
HOST = "https://llama.eastus2.models.ai.azure.com"
SERVERLESS = Endpoint(
    name="llama",
    kind="serverless",
    uri=HOST,
    chat_url=f"{HOST}/v1/chat/completions",
    completions_url=f"{HOST}/v1/completions",
    openai_base_url=f"{HOST}/v1",
    model="Llama-3.3-70B-Instruct",
    key=SecretStr(KEY),
)
MANAGED = Endpoint(
    name="llama-8b",
    kind="managed",
    uri="https://llama-8b.eastus2.inference.ml.azure.com/score",
    chat_url="https://llama-8b.eastus2.inference.ml.azure.com/v1/chat/completions",
    deployments={"blue": "Meta-Llama-3.1-8B-Instruct", "green": "Llama-3.2-11B-Vision-Instruct"},
    key=SecretStr(KEY),
)
USAGE = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}
CHAT = {
    "id": "1",
    "object": "chat.completion",
    "created": 1,
    "model": "llama",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "An animal."}}],
    "usage": USAGE,
}
TEXT = {
    "id": "2",
    "object": "text_completion",
    "created": 1,
    "choices": [{"index": 0, "text": "An animal.", "finish_reason": "length", "logprobs": None}],
    "usage": USAGE,
}

Answer = httpx.Response | Exception
Kind = Literal["sync", "async"]


def delta(text: str | None, reason: str | None = None) -> dict[str, Any]:
    """A chunk of a chat."""
    content = {} if text is None else {"content": text}
    return {"id": "1", "choices": [{"index": 0, "delta": content, "finish_reason": reason}]}


def stream(*events: Any, done: bool = True) -> httpx.Response:
    """A response that streams events."""
    lines = [event if isinstance(event, str) else "data: " + json.dumps(event) for event in events]
    content = "".join(f"{line}\n\n" for line in [*lines, *(["data: [DONE]"] if done else [])])
    return httpx.Response(200, headers={"content-type": "text/event-stream"}, content=content.encode())


class Wire:
    """Answers requests one after the other, the last answer permanently, and keeps what it was asked."""

    def __init__(self, *answers: Answer) -> None:
        self.answers, self.requests = list(answers), list[httpx.Request]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """The next answer."""
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def body(self) -> Any:
        """What was sent last."""
        return json.loads(self.requests[-1].content)


class Both:
    """One of the two clients: `ask` calls a method of it, and reads a stream to its end."""

    def __init__(self, kind: Kind, wire: Wire, endpoint: Endpoint = SERVERLESS, **options: Any) -> None:
        self.kind, self.wire, self.endpoint, self.options = kind, wire, endpoint, options
        self.slept: list[float] = []

    def ask(self, method: str, *args: Any, **params: Any) -> Any:
        """The answer, or a list of chunks."""
        return (
            self._sync(method, args, params) if self.kind == "sync" else asyncio.run(self._async(method, args, params))
        )

    def _sync(self, method: str, args: tuple[Any, ...], params: Mapping[str, Any]) -> Any:
        http = httpx.Client(transport=httpx.MockTransport(self.wire))
        with http, Client(self.endpoint, http=http, sleep=self.slept.append, **self.options) as client:
            call: Callable[..., Any] = getattr(client, method)
            answer = call(*args, **params)
            return list(answer) if method.startswith("stream") else answer

    async def _async(self, method: str, args: tuple[Any, ...], params: Mapping[str, Any]) -> Any:
        async def sleep(seconds: float) -> None:
            self.slept.append(seconds)

        async with (
            httpx.AsyncClient(transport=httpx.MockTransport(self.wire)) as http,
            AsyncClient(self.endpoint, http=http, sleep=sleep, **self.options) as client,
        ):
            call: Callable[..., Any] = getattr(client, method)
            answer = await call(*args, **params)
            return [chunk async for chunk in answer] if method.startswith("stream") else answer
