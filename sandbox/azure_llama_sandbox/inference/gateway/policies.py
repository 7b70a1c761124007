"""Interprets policies for requests and errors."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from azure_llama_sandbox.arm.api_management.policy_language import Expression, expression, read
from azure_llama_sandbox.arm.api_management.policy_xml import Node
from azure_llama_sandbox.inference.gateway.limits import Admitted, TokenLimits
from azure_llama_sandbox.inference.gateway.refusals import GatewayError, ReturnedError, failed
from azure_llama_sandbox.inference.gateway.services import Api, Operation, Product, Service, Subscription

_FORWARD = read("<policies><forward-request /></policies>").children


@dataclass
class Context:
    """A request on its way through the policies.

    Attributes:
        service, api, operation, subscription, product: Required. What it is about, and who calls.
        headers: Required. Of the request, names in lower case; as they will be forwarded.
        body: Required. The same of the body.
        limits: Required. Counters of tokens.
        issue: Required. Makes a token of the service's own identity, for an audience; None when it has none.
        removed: Names of parameters of the query that are not forwarded.
        variables: What policies remember.
        backend: Name of the backend or pool; None for the API's own URL.
        failure: The error that `on-error` sees.
        admitted: Limits that what the request uses is charged to.
        metrics: Elements that emit its tokens as a metric.
        answer_headers: What is added to the answer.
    """

    service: Service
    api: Api
    operation: Operation
    subscription: Subscription | None
    product: Product | None
    headers: dict[str, str]
    body: bytes
    limits: TokenLimits
    issue: Callable[[str], str | None]
    removed: set[str] = field(default_factory=set)
    variables: dict[str, str] = field(default_factory=dict)
    backend: str | None = None
    failure: GatewayError | None = None
    admitted: list[Admitted] = field(default_factory=list)
    metrics: list[Node] = field(default_factory=list)
    answer_headers: dict[str, str] = field(default_factory=dict)


def section(context: Context, name: str) -> list[Node]:
    """The elements of a section, with those of the product in the place of the API's `base`."""
    outer = _expand(context.product.policy if context.product else None, name, [])
    if name == "backend":
        outer = outer or list(_FORWARD)
    return _expand(context.api.policy, name, outer)


def _expand(policy: Node | None, name: str, outer: list[Node]) -> list[Node]:
    if policy is None:
        return outer
    found = policy.find(name)
    nodes: list[Node] = []
    for node in found.children if found is not None else ():
        nodes += outer if node.tag == "base" else [node]
    return nodes


def run(context: Context, nodes: list[Node]) -> None:
    """Execute the elements of a policy.

    Raises:
        GatewayError: one fails, or refuses the request.
        ReturnedError: one answers it.
    """
    for node in nodes:
        _ELEMENTS[node.tag](context, node)


def evaluate(context: Context, text: str) -> str:
    """The value of an attribute: of the expression that it is, else the text."""
    found = expression(text)
    return _EXPRESSIONS[found.name](context, found) if found is not None else text


# -- elements ----------------------------------------------------------------------------------------------------------


def _set_variable(context: Context, node: Node) -> None:
    context.variables[node.attributes["name"]] = evaluate(context, node.attributes["value"])


def _set_header(context: Context, node: Node) -> None:
    name = node.attributes["name"].lower()
    if node.attributes.get("exists-action") == "delete":
        context.headers.pop(name, None)
    else:
        context.headers[name] = ", ".join(child.text for child in node.children)


def _remove_parameter(context: Context, node: Node) -> None:
    context.removed.add(node.attributes["name"])


def _choose(context: Context, node: Node) -> None:
    for branch in node.children:
        if branch.tag == "otherwise" or evaluate(context, branch.attributes["condition"]):
            run(context, branch.children)
            return


def _set_backend(context: Context, node: Node) -> None:
    context.backend = node.attributes["backend-id"]


def _sign_in(context: Context, node: Node) -> None:
    token = context.issue(node.attributes["resource"])
    if token is None:
        raise failed(node.tag)
    context.headers["authorization"] = f"Bearer {token}"


def _set_body(context: Context, node: Node) -> None:
    context.body = evaluate(context, node.text).encode()


def _return(context: Context, node: Node) -> None:
    status, headers, body = 200, {}, b""
    for child in node.children:
        if child.tag == "set-status":
            status = int(child.attributes["code"])
        elif child.tag == "set-header":
            headers[child.attributes["name"].lower()] = ", ".join(value.text for value in child.children)
        else:
            body = child.text.encode()
    raise ReturnedError(status, headers, body)


def _limit(context: Context, node: Node) -> None:
    key = f"{context.service.id}/{evaluate(context, node.attributes['counter-key'])}".lower()
    admitted = context.limits.admit(node, key)
    context.admitted.append(admitted)
    context.answer_headers |= admitted.headers


def _emit(context: Context, node: Node) -> None:
    context.metrics.append(node)


_ELEMENTS: dict[str, Callable[[Context, Node], None]] = {
    "set-variable": _set_variable,
    "set-header": _set_header,
    "set-query-parameter": _remove_parameter,
    "choose": _choose,
    "set-backend-service": _set_backend,
    "authentication-managed-identity": _sign_in,
    "set-body": _set_body,
    "return-response": _return,
    "llm-token-limit": _limit,
    "llm-emit-token-metric": _emit,
}

# -- expressions: an empty text is false -------------------------------------------------------------------------------


def _json(context: Context, source: str) -> dict[str, Any]:
    """The request's body.

    Raises:
        GatewayError: it is no JSON object.
    """
    try:
        body = json.loads(context.body)
    except ValueError:
        raise failed(source) from None
    if not isinstance(body, dict):
        raise failed(source)
    return body


def _model(context: Context, _: Expression) -> str:
    if not context.body:
        return ""
    model = _json(context, "set-variable").get("model")
    return model if isinstance(model, str) else "" if model is None else json.dumps(model)


def _rename(context: Context, found: Expression) -> str:
    return json.dumps(_json(context, "set-body") | {"model": found.names[0]})


def _truth(condition: bool) -> str:
    return "true" if condition else ""


def _chosen(context: Context) -> str:
    return context.variables.get("model", "")


_EXPRESSIONS: dict[str, Callable[[Context, Expression], str]] = {
    "model": _model,
    "rename": _rename,
    "is-model": lambda context, found: _truth(_chosen(context) == found.names[0]),
    "is-not-of-team": lambda context, found: _truth(_chosen(context) not in ("", *found.names)),
    "is-list": lambda context, _: _truth(context.operation.name == "models"),
    "is-no-json": lambda context, _: _truth(context.failure is not None and context.failure.source == "set-variable"),
    "team": lambda context, _: context.product.name if context.product else "none",
    "metric-model": lambda context, _: _chosen(context),
    "counter": lambda context, _: context.subscription.name if context.subscription else "",
}
