"""The policies of a gateway as XML: routing to pools, and limits of teams.

API Management runs the policy of the product first and then that of the API, where the latter has `<base />`. The C#
expressions are in `EXPRESSIONS`, and nowhere else: the sandbox interprets exactly these.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

NAMESPACE = "azure-llama"
"""The namespace of the gateway's metrics in Application Insights."""
KEY_HEADER = "api-key"
"""The header in which a client sends the key of its team."""
MODELS_OPERATION = "models"
"""The id of the operation that lists the models; the policy answers it."""
REMAINING_TOKENS = "x-ratelimit-remaining-tokens"
REMAINING_QUOTA = "x-ratelimit-remaining-quota-tokens"
"""The headers in which a client reads what is left of its team's limits."""

EXPRESSIONS: Mapping[str, str] = {
    # The model that a request names: empty without a body, as for the list of models.
    "model": '@(context.Request.Body?.As<JObject>(preserveContent: true)?["model"]?.ToString() ?? "")',
    "is-model": '@((string)context.Variables["model"] == "%s")',
    # A list of quoted names. The empty one is there, so that the API's policy reports a request without a model.
    "is-not-of-team": '@(!new [] { "", %s }.Contains((string)context.Variables["model"]))',
    "rename": (
        "@{ var body = context.Request.Body.As<JObject>(preserveContent: true); "
        'body["model"] = "%s"; return body.ToString(); }'
    ),
    "is-list": f'@(context.Operation.Id == "{MODELS_OPERATION}")',
    # There is no response where a member cannot be reached. An account that is being deleted answers 404: it loses its
    # deployments first. 401 and 403 are of the gateway's own identity or key: a role that is new, or lost with an
    # account that was deleted and deployed again.
    "retry": (
        "@(context.Response == null || context.Response.StatusCode == 401 || context.Response.StatusCode == 403"
        " || context.Response.StatusCode == 404 || context.Response.StatusCode == 429"
        " || context.Response.StatusCode >= 500)"
    ),
    "is-no-json": '@(context.LastError.Source == "set-variable")',
    "team": '@(context.Product?.Id ?? "none")',
    "metric-model": '@((string)context.Variables["model"])',
    "counter": "@(context.Subscription.Id)",
}
"""The expressions by what they are for; `%s` is a name of letters, digits, `.`, `_` and `-`, or names of that form."""


@dataclass(frozen=True, kw_only=True)
class Route:
    """How a gateway serves one model.

    Attributes:
        model: Required. The name that clients send.
        pool: Required. The id of the pool of its members.
        members: Required. How many members the pool has.
        audience: Optional. What the token of the gateway's identity is for; None where members take keys.
        deployment: Optional. The name that the members have for the model; `model` when None.
    """

    model: str
    pool: str
    members: int
    audience: str | None = None
    deployment: str | None = None


def api_policy(routes: Sequence[Route], *, timeout: int, metrics: bool) -> str:
    """The policy of the gateway's API.

    Args:
        routes: Required. One for each model.
        timeout: Required. How many seconds a member has for the headers of its answer.
        metrics: Required. Whether tokens are counted by team and model.
    """
    policies, inbound = _policies()
    _add(inbound, "set-variable", name="model", value=EXPRESSIONS["model"])
    # The policy of the team's product: it reads the variable.
    _add(inbound, "base")
    for header in (KEY_HEADER, "Authorization"):
        # What a client proves itself with to the gateway is not for the members.
        _add(inbound, "set-header", **{"name": header, "exists-action": "delete"})
    _add(inbound, "set-query-parameter", **{"name": KEY_HEADER, "exists-action": "delete"})
    _choose_pool(inbound, routes)
    if metrics:
        metric = _add(inbound, "llm-emit-token-metric", namespace=NAMESPACE)
        _add(metric, "dimension", name="Team", value=EXPRESSIONS["team"])
        _add(metric, "dimension", name="Model", value=EXPRESSIONS["metric-model"])
    _forward(_add(policies, "backend"), max(route.members for route in routes), timeout)
    _add(_add(policies, "outbound"), "base")
    on_error = _add(policies, "on-error")
    _add(on_error, "base")
    invalid = _add(_add(on_error, "choose"), "when", condition=EXPRESSIONS["is-no-json"])
    _answer(invalid, 400, "Bad Request", _error("The body of the request is not valid JSON.", None, None))
    return _text(policies)


def product_policy(
    *, tokens_per_minute: int | None = None, tokens_per_month: int | None = None, models: Sequence[str] = ()
) -> str:
    """The policy of a team's product.

    Args:
        tokens_per_minute: Optional. The team's limit; above it, requests are answered with 429.
        tokens_per_month: Optional. The team's quota; above it, requests are answered with 403.
        models: Optional. The models that the team may call; all when empty.
    """
    policies, inbound = _policies()
    _add(inbound, "base")
    if models:
        names = ", ".join(f'"{name}"' for name in models)
        other = _add(_add(inbound, "choose"), "when", condition=EXPRESSIONS["is-not-of-team"] % names)
        _answer(other, 404, "Not Found", _no_model(models))
    if tokens_per_minute or tokens_per_month:
        _add(inbound, "llm-token-limit", **_limits(tokens_per_minute, tokens_per_month))
    for section in ("backend", "outbound", "on-error"):
        _add(_add(policies, section), "base")
    return _text(policies)


def _choose_pool(inbound: ET.Element, routes: Sequence[Route]) -> None:
    choose = _add(inbound, "choose")
    listing = _add(choose, "when", condition=EXPRESSIONS["is-list"])
    models = [{"id": route.model, "object": "model", "created": 0, "owned_by": NAMESPACE} for route in routes]
    _answer(listing, 200, "OK", {"object": "list", "data": models})
    for route in routes:
        chosen = _add(choose, "when", condition=EXPRESSIONS["is-model"] % route.model)
        _add(chosen, "set-backend-service", **{"backend-id": route.pool})
        if route.audience:
            _add(chosen, "authentication-managed-identity", resource=route.audience)
        if route.deployment and route.deployment != route.model:
            _add(chosen, "set-body").text = EXPRESSIONS["rename"] % route.deployment
    _answer(_add(choose, "otherwise"), 404, "Not Found", _no_model([route.model for route in routes]))


def _forward(backend: ET.Element, members: int, timeout: int) -> None:
    """The call of a member; of the next one, where there is one, when it fails. Streams pass as they come."""
    where = backend
    if members > 1:
        where = _add(
            backend,
            "retry",
            **{
                "condition": EXPRESSIONS["retry"],
                "count": str(members - 1),
                "interval": "0",
                "first-fast-retry": "true",
            },
        )
    buffers = {"buffer-request-body": "true", "buffer-response": "false"}
    _add(where, "forward-request", timeout=str(timeout), **buffers)


def _limits(per_minute: int | None, per_month: int | None) -> dict[str, str]:
    rate = {"tokens-per-minute": str(per_minute), "remaining-tokens-header-name": REMAINING_TOKENS}
    quota = {
        "token-quota": str(per_month),
        "token-quota-period": "Monthly",
        "remaining-quota-tokens-header-name": REMAINING_QUOTA,
    }
    return {
        "counter-key": EXPRESSIONS["counter"],
        "estimate-prompt-tokens": "false",
        "retry-after-header-name": "Retry-After",
        **(rate if per_minute else {}),
        **(quota if per_month else {}),
    }


def _answer(where: ET.Element, status: int, reason: str, body: Mapping[str, object]) -> None:
    """The gateway's own answer, as JSON."""
    answer = _add(where, "return-response")
    _add(answer, "set-status", code=str(status), reason=reason)
    header = _add(answer, "set-header", **{"name": "Content-Type", "exists-action": "override"})
    _add(header, "value").text = "application/json"
    _add(answer, "set-body").text = json.dumps(body)


def _no_model(served: Sequence[str]) -> dict[str, object]:
    text = f"The model does not exist, or your team has no access to it. Models: {', '.join(served)}."
    return _error(text, "model", "model_not_found")


def _error(message: str, parameter: str | None, code: str | None) -> dict[str, object]:
    """An error as the clients of OpenAI read it."""
    return {"error": {"message": message, "type": "invalid_request_error", "param": parameter, "code": code}}


def _policies() -> tuple[ET.Element, ET.Element]:
    policies = ET.Element("policies")
    return policies, _add(policies, "inbound")


def _add(parent: ET.Element, tag: str, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, tag, attributes)


def _text(policies: ET.Element) -> str:
    ET.indent(policies)
    return ET.tostring(policies, encoding="unicode")
