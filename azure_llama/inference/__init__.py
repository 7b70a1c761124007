"""Calling the endpoints of a stack: requests that are checked before they are sent, and answers with their types.

    endpoint = Endpoint.from_output("llama-33-70b", outputs["endpoints"]["llama-33-70b"], key)
    with Client(endpoint) as client:
        print(client.chat("What is a llama?", max_tokens=64).text)
        for chunk in client.stream_chat("And an alpaca?", max_tokens=64):
            print(chunk.text, end="")

Both route families are spoken (`api="llama"`, `api="inference"`); what they take is in `parameters`.
"""

from __future__ import annotations

from azure_llama.inference.async_client import AsyncClient
from azure_llama.inference.client import Client
from azure_llama.inference.endpoint import Endpoint
from azure_llama.inference.errors import (
    AnswerError,
    AuthenticationError,
    ContentFilterError,
    InferenceError,
    ModelError,
    ParameterError,
    Problem,
    RateLimitError,
    RequestError,
    RouteError,
    ServiceError,
    ServiceTimeoutError,
    UnreachableError,
)
from azure_llama.inference.responses import (
    ChatChunk,
    ChatCompletion,
    Health,
    Logprobs,
    Meta,
    ModelInfo,
    TextChunk,
    TextCompletion,
    Usage,
)
from azure_llama.inference.streams import AsyncStream, Stream
from azure_llama.inference.validation import Api, Route

__all__ = [
    "AnswerError",
    "Api",
    "AsyncClient",
    "AsyncStream",
    "AuthenticationError",
    "ChatChunk",
    "ChatCompletion",
    "Client",
    "ContentFilterError",
    "Endpoint",
    "Health",
    "InferenceError",
    "Logprobs",
    "Meta",
    "ModelError",
    "ModelInfo",
    "ParameterError",
    "Problem",
    "RateLimitError",
    "RequestError",
    "Route",
    "RouteError",
    "ServiceError",
    "ServiceTimeoutError",
    "Stream",
    "TextChunk",
    "TextCompletion",
    "UnreachableError",
    "Usage",
]
