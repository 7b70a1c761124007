"""Generates a working program that calls an endpoint of a stack, for a chosen client."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from azure_llama.catalog import Catalog, nearest
from azure_llama.inference import gateways
from azure_llama.inference.calls import API_VERSION
from azure_llama.inference.smoke import questions
from azure_llama.inference.smoke.targets import Target, busiest, endpoints_of, require, target_of
from azure_llama.inference.snippets import programs
from azure_llama.inference.snippets.credentials import Credential
from azure_llama.inference.snippets.programs import Ask

__all__ = ["CLIENTS", "SnippetError", "render"]

CLIENTS: Mapping[str, Callable[[Ask], str]] = {
    "curl": programs.curl,
    "python": programs.python,
    "openai": programs.openai,
    "langchain": programs.langchain,
    "litellm": programs.litellm,
}
"""Clients by the name that `azure-llama snippet --client` takes."""

MAX_TOKENS = 256
_SCORING = ("curl", "python")
"""Clients that can post to `/score`; the others add a route of their own to every URL."""


class SnippetError(Exception):
    """There is no such program. The message states the reason and the alternatives."""


def render(
    outputs: Any,
    endpoint: str,
    client: str,
    *,
    stream: bool = False,
    deployment: str | None = None,
    stack_flags: Sequence[str] | None = None,
    catalog: Catalog | None = None,
) -> str:
    """The text of a program that asks one question and prints the answer. It holds no key, only where one is.

    Args:
        outputs: Required. The stack's outputs; secrets are not needed.
        endpoint: Required. Its name.
        client: Required. One of `CLIENTS`.
        stream: Optional. Whether the answer is printed as it comes.
        deployment: Optional. The deployment to ask for by name, past the traffic split; managed endpoints only.
        stack_flags: Optional. Options with which the program names the stack to `pulumi stack output`; None when the
            outputs are not a stack's at hand, so that the program reads its key from the environment alone.
        catalog: Optional. The catalogue to look the model up in; the package's own by default.

    Raises:
        NoEndpointsError: the outputs have no endpoint.
        UnknownEndpointError: none has that name.
        SnippetError: the client cannot talk to it, or it has no such deployment.
    """
    target = _target(outputs, endpoint, deployment, catalog or Catalog.package())
    route = _route(target, client, stream)
    return CLIENTS[client](_ask(outputs, target, route, stream=stream, stack_flags=stack_flags))


def _ask(outputs: Any, target: Target, route: str, *, stream: bool, stack_flags: Sequence[str] | None) -> Ask:
    question = _question(target)
    return Ask(
        title=f"Ask {target.name} ({target.model}).",
        model=target.sent_model,
        url=target.url,
        base_url=target.base_url if target.assumed else str(target.output.get("openaiBaseUrl") or ""),
        api_version=API_VERSION if target.assumed else None,
        route=route,
        body=_body(target, route, question),
        question=question,
        max_tokens=MAX_TOKENS,
        deployment=target.deployment,
        stream=stream,
        openai_only=target.access.names_model,
        key_header=target.access.key_header,
        credential=_credential(outputs, target, stack_flags),
    )


def _target(outputs: Any, endpoint: str, deployment: str | None, catalog: Catalog) -> Target:
    endpoints = endpoints_of(outputs)
    require(endpoints, endpoint)
    output = endpoints[endpoint]
    found = target_of(endpoint, output, _described(endpoint, output, deployment), deployment, catalog=catalog)
    if not found.url.startswith("https://"):
        raise SnippetError(f"endpoint {endpoint!r} has no URL in the outputs; deploy the stack with `pulumi up`")
    return found


def _route(target: Target, client: str, stream: bool) -> str:
    route = "chat" if target.chat else "completions" if target.completions else "score"
    if route == "score":
        _can_score(target.endpoint, client, stream)
    return route


def _question(target: Target) -> str:
    question = questions.HARMLESS if target.guard else questions.QUESTION
    return question if target.chat else questions.prompt(target, question)


def _credential(outputs: Any, target: Target, stack_flags: Sequence[str] | None) -> Credential:
    return Credential(
        endpoint=target.endpoint,
        auth=target.auth,
        workspace_id=str((outputs.get("workspace") or {}).get("id", "")),
        stack_flags=None if stack_flags is None else tuple(stack_flags),
        scope=target.access.scope,
        role=target.access.caller_role,
        **_team(outputs, target),
    )


def _team(outputs: Any, target: Target) -> dict[str, Any]:
    """Where the key of a gateway's caller is."""
    team = gateways.team(outputs, target.endpoint)
    return {"output": gateways.KEYS, "entry": team} if team else {}


def _body(target: Target, route: str, said: str) -> dict[str, Any]:
    if route == "score":
        return questions.score(target)
    asked: dict[str, Any] = {"messages": [{"role": "user", "content": said}]} if route == "chat" else {"prompt": said}
    named = {} if target.sent is None else {"model": target.sent}
    return {**named, **asked, "max_tokens": MAX_TOKENS}


def _described(endpoint: str, output: Mapping[str, Any], deployment: str | None) -> Mapping[str, Any]:
    """What the outputs say of a deployment, or of the one that gets the most traffic."""
    deployments: Mapping[str, Mapping[str, Any]] = output.get("deployments") or {}
    if deployment is not None and deployment not in deployments:
        near = nearest(deployment, deployments)
        has = f"it has: {', '.join(sorted(deployments))}" if deployments else "serverless endpoints have none"
        hint = f"did you mean {near!r}? " if near else ""
        raise SnippetError(f"endpoint {endpoint!r} has no deployment {deployment!r}; {hint}{has}")
    return busiest(output) if deployment is None else deployments[deployment]


def _can_score(endpoint: str, client: str, stream: bool) -> None:
    if client not in _SCORING:
        raise SnippetError(
            f"endpoint {endpoint!r} answers on /score alone, and {client} cannot be led there: it adds a route of its"
            f" own to every URL. Take --client {' or '.join(_SCORING)}"
        )
    if stream:
        raise SnippetError(f"endpoint {endpoint!r} answers on /score alone, which does not stream: leave out --stream")
