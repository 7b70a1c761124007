"""The routes of a Foundry account's hosts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from azure_llama_sandbox.hosts import AI_SERVICES, COGNITIVE_SERVICES, OPEN_AI
from azure_llama_sandbox.inference.asking import Family


class Api(Enum):
    """The purpose of a route."""

    CHAT = auto()
    COMPLETION = auto()
    MODELS = auto()


@dataclass(frozen=True, slots=True)
class Route:
    """A path.

    Attributes:
        api: Required.
        pattern: Required. Regular expression of the path; the groups `deployment`, `project` and `model` name parts.
        family: Optional. The API whose bodies it takes.
        hosts: Optional. Domains whose hosts have it.
        versioned: Optional. Whether it needs an `api-version`.
        entra_only: Optional. Whether it takes no keys.
    """

    api: Api
    pattern: str
    family: Family = Family.OPENAI
    hosts: tuple[str, ...] = (OPEN_AI, AI_SERVICES, COGNITIVE_SERVICES)
    versioned: bool = False
    entra_only: bool = False

    @property
    def method(self) -> str:
        """The one that it takes."""
        return "GET" if self.api is Api.MODELS else "POST"


_DEPLOYMENT = "/openai/deployments/(?P<deployment>[^/]+)"
_PROJECT = "/api/projects/(?P<project>[^/]+)/openai/v1"
_MODELS = "/models(/(?P<model>[^/]+))?"
_INFERENCE = (AI_SERVICES, COGNITIVE_SERVICES)
_OPERATIONS = ((Api.CHAT, "/chat/completions"), (Api.COMPLETION, "/completions"))

ROUTES = (
    *(Route(api, f"/openai/v1{path}") for api, path in (*_OPERATIONS, (Api.MODELS, _MODELS))),
    *(Route(api, f"{_DEPLOYMENT}{path}", versioned=True) for api, path in _OPERATIONS),
    Route(Api.MODELS, f"/openai{_MODELS}", versioned=True),
    Route(Api.CHAT, "/models/chat/completions", Family.INFERENCE, _INFERENCE, versioned=True),
    *(
        Route(api, f"{_PROJECT}{path}", hosts=(AI_SERVICES,), entra_only=True)
        for api, path in (*_OPERATIONS, (Api.MODELS, _MODELS))
    ),
)


def find(method: str, path: str, host: str) -> tuple[Route, dict[str, str]] | None:
    """The route of a request and the parts that its path names; None when there is none."""
    for route in ROUTES:
        match = re.fullmatch(route.pattern, path)
        if match is not None and route.method == method and host.partition(".")[2] in route.hosts:
            return route, {name: text for name, text in match.groupdict().items() if text is not None}
    return None
