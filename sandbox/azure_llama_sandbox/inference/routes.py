"""The routes of an inference host."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from azure_llama_sandbox.inference.asking import Family


class Api(Enum):
    """The purpose of a route."""

    CHAT = auto()
    COMPLETION = auto()
    SCORE = auto()
    INFO = auto()
    HEALTH = auto()
    SWAGGER = auto()


@dataclass(frozen=True, slots=True)
class Route:
    """One path.

    Attributes:
        api: Required.
        method: Required. The one that it takes.
        family: Optional. Whose route it is; those of Model Inference need an api-version and take an `api-key` header.
        managed: Optional. Whether managed endpoints alone have it.
    """

    api: Api
    method: str
    family: Family | None = None
    managed: bool = False


ROUTES = {
    "/v1/chat/completions": Route(Api.CHAT, "POST", Family.LLAMA),
    "/v1/completions": Route(Api.COMPLETION, "POST", Family.LLAMA),
    "/chat/completions": Route(Api.CHAT, "POST", Family.INFERENCE),
    "/completions": Route(Api.COMPLETION, "POST", Family.INFERENCE),
    "/info": Route(Api.INFO, "GET", Family.INFERENCE),
    "/score": Route(Api.SCORE, "POST", managed=True),
    "/swagger.json": Route(Api.SWAGGER, "GET"),
    "/health": Route(Api.HEALTH, "GET"),
    "/": Route(Api.HEALTH, "GET"),
}
