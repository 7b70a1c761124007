"""The policies that the sandbox interprets: their elements, attributes and expressions. All others are refused.

API Management has dozens of elements and takes any C# expression. Half of a language would mislead, so that these are
exactly the forms that a gateway of azure-llama is made of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from azure_llama_sandbox.arm.api_management.policy_xml import Node, PolicyXmlError, parse

EXPRESSIONS: Final[Mapping[str, str]] = {
    "model": '@(context.Request.Body?.As<JObject>(preserveContent: true)?["model"]?.ToString() ?? "")',
    "is-model": '@((string)context.Variables["model"] == "%s")',
    "is-not-of-team": '@(!new [] { "", %s }.Contains((string)context.Variables["model"]))',
    "rename": (
        "@{ var body = context.Request.Body.As<JObject>(preserveContent: true); "
        'body["model"] = "%s"; return body.ToString(); }'
    ),
    "is-list": '@(context.Operation.Id == "models")',
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
"""By what they are for; `%s` is a name, or in a list of names several in quotes."""

_NAME = r"[\w.-]+"
_HOLES = {"is-not-of-team": rf'"{_NAME}"(?:, "{_NAME}")*'}
_PATTERNS = {
    name: re.compile(re.escape(text).replace("%s", f"({_HOLES.get(name, _NAME)})"))
    for name, text in EXPRESSIONS.items()
}
_COMPARISON = r"context\.Response\.StatusCode (==|>=) ([1-5][0-9]{2})"
_NO_RESPONSE = "context.Response == null"
# Which status codes are repeated is the gateway's choice.
_PATTERNS["retry"] = re.compile(rf"@\((?:{re.escape(_NO_RESPONSE)} \|\| )?{_COMPARISON}(?: \|\| {_COMPARISON})*\)")

_TEXT, _NUMBER, _FLAG = ".+", "[0-9]+", "true|false"


@dataclass(frozen=True)
class Element:
    """The content model of an element.

    Attributes:
        children: Optional. Tags.
        required, optional: Optional. Attributes, each with a pattern of its values, or `@` and the names of the
            expressions that it takes.
        text: Optional. The same for its text; none when empty.
    """

    children: str = ""
    required: Mapping[str, str] = field(default_factory=dict)
    optional: Mapping[str, str] = field(default_factory=dict)
    text: str = ""


_LIMIT_HEADERS = ("retry-after", "remaining-tokens", "remaining-quota-tokens")
ELEMENTS: Final[Mapping[str, Element]] = {
    "policies": Element("inbound backend outbound on-error"),
    "inbound": Element("base set-variable set-header set-query-parameter choose llm-token-limit llm-emit-token-metric"),
    "backend": Element("base retry forward-request"),
    "outbound": Element("base"),
    "on-error": Element("base choose"),
    "base": Element(),
    "choose": Element("when otherwise"),
    "when": Element(
        "set-backend-service authentication-managed-identity set-body return-response",
        {"condition": "@is-model is-not-of-team is-list is-no-json"},
    ),
    "otherwise": Element("return-response"),
    "set-variable": Element("", {"name": "model", "value": "@model"}),
    "set-header": Element("value", {"name": _TEXT}, {"exists-action": "override|delete"}),
    "set-query-parameter": Element("", {"name": _TEXT, "exists-action": "delete"}),
    "value": Element(text=_TEXT),
    "set-status": Element("", {"code": "[1-5][0-9][0-9]"}, {"reason": _TEXT}),
    "set-body": Element(text="@rename|" + _TEXT),
    "return-response": Element("set-status set-header set-body"),
    "set-backend-service": Element("", {"backend-id": _TEXT}),
    "authentication-managed-identity": Element("", {"resource": "https://.+"}),
    "retry": Element(
        "forward-request",
        {"condition": "@retry", "count": "[1-9]|[1-4][0-9]|50", "interval": "0"},
        {"first-fast-retry": _FLAG},
    ),
    "forward-request": Element("", {}, {"timeout": _NUMBER, "buffer-request-body": "true", "buffer-response": "false"}),
    "llm-token-limit": Element(
        "",
        {"counter-key": "@counter", "estimate-prompt-tokens": "false"},
        {
            "tokens-per-minute": _NUMBER,
            "token-quota": _NUMBER,
            "token-quota-period": "Monthly",
            **{f"{name}-header-name": _TEXT for name in _LIMIT_HEADERS},
        },
    ),
    "llm-emit-token-metric": Element("dimension", {"namespace": _TEXT}),
    "dimension": Element("", {"name": _TEXT, "value": "@team metric-model"}),
}


@dataclass(frozen=True)
class PolicyProblem:
    """Why a policy is refused.

    Attributes:
        element: Required. Its tag.
        message: Required. Element, line, column, and the rule.
    """

    element: str
    message: str


@dataclass(frozen=True)
class Expression:
    """An expression in a policy.

    Attributes:
        name: Required. Key of `EXPRESSIONS`.
        names: Required. The names in it.
    """

    name: str
    names: tuple[str, ...]


def expression(text: str) -> Expression | None:
    """The expression that a text is; None when it is none of those that are interpreted."""
    for name, pattern in _PATTERNS.items():
        if (match := pattern.fullmatch(text)) is not None:
            holes = pattern.groups == 1
            return Expression(name, tuple(re.findall(_NAME, match[1])) if holes else ())
    return None


def repeats(condition: str, status: int | None) -> bool:
    """Whether the condition of a `retry` holds.

    Args:
        condition: Required. The expression.
        status: Required. Of the response; None where there is none.
    """
    if status is None:
        return _NO_RESPONSE in condition
    comparisons = re.findall(_COMPARISON, condition)
    return any(status == int(code) if sign == "==" else status >= int(code) for sign, code in comparisons)


@lru_cache(maxsize=256)
def read(text: str) -> Node:
    """A policy that was taken, as a tree."""
    return parse(text)


def problems(text: str) -> list[PolicyProblem]:
    """All errors in a policy."""
    try:
        root = parse(text)
    except PolicyXmlError as error:
        return [PolicyProblem("policies", f"Error on line {error.line}, column {error.column}: {error.reason}")]
    if root.tag != "policies":
        return [_problem(root, "the root element must be 'policies'")]
    return list(_check(root))


def elements(node: Node) -> Iterator[Node]:
    """An element and all that lie in it."""
    yield node
    for child in node.children:
        yield from elements(child)


def _check(node: Node) -> Iterator[PolicyProblem]:
    element = ELEMENTS[node.tag]
    known = {**element.required, **element.optional}
    for name in element.required:
        if name not in node.attributes:
            yield _problem(node, f"the required attribute '{name}' is missing")
    for name, value in node.attributes.items():
        if name not in known:
            yield _problem(node, f"the sandbox does not emulate the attribute '{name}'")
        elif not _takes(known[name], value):
            yield _problem(node, f"the sandbox does not emulate the value of the attribute '{name}': {value}")
    if (node.text or element.text) and not _takes(element.text, node.text):
        yield _problem(node, f"the sandbox does not emulate the text: {node.text or '(none)'}")
    yield from _check_children(node, element.children.split())


def _check_children(node: Node, allowed: list[str]) -> Iterator[PolicyProblem]:
    for child in node.children:
        if child.tag not in allowed:
            rule = f"it must be one of {', '.join(allowed)}" if allowed else "it takes no elements"
            yield _problem(child, f"the sandbox does not emulate this element in '{node.tag}'; {rule}")
        else:
            yield from _check(child)
    if node.tag == "llm-token-limit" and not {"tokens-per-minute", "token-quota"} & node.attributes.keys():
        yield _problem(node, "one of the attributes 'tokens-per-minute' and 'token-quota' must be set")
    if node.tag == "llm-token-limit" and ("token-quota" in node.attributes) != (
        "token-quota-period" in node.attributes
    ):
        yield _problem(node, "the attributes 'token-quota' and 'token-quota-period' must be set together")


def _takes(rule: str, value: str) -> bool:
    names, _, pattern = rule.partition("|") if rule.startswith("@") else ("", "", rule)
    if value.lstrip().startswith("@"):
        found = expression(value)
        return found is not None and found.name in names.removeprefix("@").split()
    if "{{" in value:  # a named value, which no policy of ours has
        return False
    return bool(pattern) and re.fullmatch(pattern, value, re.DOTALL) is not None


def _problem(node: Node, rule: str) -> PolicyProblem:
    place = f"Error in element '{node.tag}' on line {node.line}, column {node.column}"
    return PolicyProblem(node.tag, f"{place}: {rule}.")
