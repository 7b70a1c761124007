"""Self-description of an endpoint: health, `/info` and OpenAPI."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from azure_llama_sandbox.inference import parameters as p
from azure_llama_sandbox.inference.asking import Family
from azure_llama_sandbox.inference.endpoints import Endpoint, Kind, Served
from azure_llama_sandbox.inference.routes import ROUTES, Api, Route

HEALTHY = b'{"status": "Healthy"}'

_BODIES: dict[tuple[Api, Family | None], type[BaseModel]] = {
    (Api.CHAT, Family.LLAMA): p.LlamaChat,
    (Api.CHAT, Family.INFERENCE): p.InferenceChat,
    (Api.COMPLETION, Family.LLAMA): p.LlamaCompletion,
    (Api.COMPLETION, Family.INFERENCE): p.InferenceCompletion,
    (Api.SCORE, None): p.Score,
}


def serves(route: Route, model: Served, *, managed: bool) -> bool:
    """Whether a model has a route, on managed compute or serverless."""
    if route.managed and not managed:
        return False
    return {Api.CHAT: model.chat, Api.COMPLETION: model.completion}.get(route.api, True)


def info(model: Served) -> bytes:
    """The answer of `GET /info`."""
    kind = "chat_completion" if model.chat else "text_generation"
    return json.dumps({"model_name": model.name, "model_type": kind, "model_provider_name": "Meta"}).encode()


def swagger(endpoint: Endpoint, model: Served) -> bytes:
    """The endpoint's OpenAPI description."""
    return _swagger(endpoint.name, model, endpoint.kind is Kind.MANAGED)


@lru_cache(64)
def _swagger(title: str, model: Served, managed: bool) -> bytes:
    _, schemas = models_json_schema(
        [(body, "validation") for body in _BODIES.values()], ref_template="#/components/schemas/{model}"
    )
    paths: dict[str, Any] = {}
    for path, route in ROUTES.items():
        if not serves(route, model, managed=managed):
            continue
        operation: dict[str, Any] = {"responses": {"200": {"description": "OK"}}}
        body = _BODIES.get((route.api, route.family))
        if body is not None:
            schema = {"$ref": f"#/components/schemas/{body.__name__}"}
            operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
        if route.family is Family.INFERENCE:
            version = {"name": "api-version", "in": "query", "required": True, "schema": {"type": "string"}}
            operation["parameters"] = [version]
        paths[path] = {route.method.lower(): operation}
    document = {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "1", "description": f"Played by the azure-llama sandbox: {model.name}"},
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {
            "schemas": schemas.get("$defs", {}),
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }
    return json.dumps(document).encode()
