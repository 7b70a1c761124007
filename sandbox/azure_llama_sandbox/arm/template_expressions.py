"""Expressions of ARM templates: a parser and the functions that Bicep and the official clients write.

https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import uuid
from collections.abc import Callable, Mapping
from typing import Any

Function = Callable[..., Any]
_TOKEN = re.compile(r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+)|(?P<name>[A-Za-z_]\w*)|(?P<mark>[()\[\],.]))")
_GUIDS = uuid.UUID("11fb06fb-712d-4ddd-98c7-e71bbd588830")


class ExpressionError(Exception):
    """An expression that ARM rejects or the sandbox does not evaluate; the message states the reason."""


def is_expression(text: str) -> bool:
    """Whether a text of a template is an expression."""
    return text.startswith("[") and text.endswith("]") and not text.startswith("[[")


def evaluate(text: str, functions: Mapping[str, Function]) -> Any:
    """The value of an expression.

    Args:
        text: Required. `[concat('a', parameters('b'))]`.
        functions: Required. The functions of the deployment, by name in lower case, beside those without context.

    Raises:
        ExpressionError: it is malformed, or uses what the sandbox does not evaluate.
    """
    parser = _Parser(text[1:-1], {**_PURE, **functions})
    value = parser.value(live=True)
    if parser.peek() is not None:
        raise ExpressionError(f"unexpected '{parser.peek()}'")
    return value


class _Parser:
    """Recursive descent; what stands in the branch of an `if` that is not taken is read, not evaluated."""

    def __init__(self, text: str, functions: Mapping[str, Function]) -> None:
        self._tokens: list[str] = []
        self._at = 0
        self._functions = functions
        position = 0
        while position < len(text.rstrip()):
            match = _TOKEN.match(text, position)
            if match is None:
                raise ExpressionError(f"it cannot be read from '{text[position:]}' on")
            self._tokens.append(match[0].strip())
            position = match.end()

    def peek(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _next(self, wanted: str = "") -> str:
        token = self.peek()
        if token is None or (wanted and token != wanted):
            raise ExpressionError(f"'{wanted or 'a value'}' is expected, not '{token or 'the end'}'")
        self._at += 1
        return token

    def value(self, *, live: bool) -> Any:
        token = self._next()
        if token.startswith("'"):
            result: Any = token[1:-1].replace("''", "'")
        elif token.lstrip("-").isdigit():
            result = int(token)
        elif self.peek() == "(":
            result = self._call(token, live)
        else:
            raise ExpressionError(f"'{token}' is not a value")
        while self.peek() in (".", "["):
            result = self._member(result, live)
        return result

    def _call(self, name: str, live: bool) -> Any:
        function = self._functions.get(name.lower())
        if function is None and live:
            raise ExpressionError(f"the sandbox does not evaluate the function '{name}'")
        self._next("(")
        arguments: list[Any] = []
        while self.peek() != ")":
            taken = live
            if name.lower() == "if" and arguments:
                taken = live and (len(arguments) == 1) == bool(arguments[0])
            arguments.append(self.value(live=taken))
            if self.peek() != ")":
                self._next(",")
        self._next(")")
        if not live or function is None:
            return None
        try:
            return function(*arguments)
        except (TypeError, ValueError, KeyError, IndexError, AttributeError) as error:
            raise ExpressionError(f"the arguments of '{name}' are not valid ({error})") from None

    def _member(self, holder: Any, live: bool) -> Any:
        if self._next() == ".":
            key: Any = self._next()
        else:
            key = self.value(live=live)
            self._next("]")
        if not live:
            return None
        if isinstance(holder, dict):
            found = next((value for name, value in holder.items() if name.lower() == str(key).lower()), _NOTHING)
        else:
            inside = isinstance(holder, list) and isinstance(key, int) and -len(holder) <= key < len(holder)
            found = holder[key] if inside else _NOTHING
        if found is _NOTHING:
            raise ExpressionError(f"there is no '{key}'")
        return found


_NOTHING = object()


def _concat(*parts: Any) -> Any:
    if parts and isinstance(parts[0], list):
        return [item for part in parts for item in part]
    return "".join(_text(part) for part in parts)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _union(*parts: Any) -> Any:
    if isinstance(parts[0], dict):
        result: dict[str, Any] = {}
        for part in parts:
            for key, value in part.items():
                both = isinstance(result.get(key), dict) and isinstance(value, dict)
                result[key] = _union(result[key], value) if both else value
        return result
    merged: list[Any] = []
    for part in parts:
        merged += [item for item in part if item not in merged]
    return merged


def _equals(left: Any, right: Any) -> bool:
    # ARM compares texts with regard to case.
    return type(left) is type(right) and bool(left == right)


def _contains(holder: Any, item: Any) -> bool:
    if isinstance(holder, dict):
        return str(item).lower() in {key.lower() for key in holder}
    return item in holder


def _unique(*parts: str) -> str:
    digest = hashlib.sha256("-".join(parts).encode()).digest()
    return base64.b32encode(digest).decode().lower()[:13]


def _format(template: str, *values: Any) -> str:
    return re.sub(r"\{(\d+)(?::[^}]*)?\}", lambda match: _text(values[int(match[1])]), template)


def _first_of(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)


_PURE: dict[str, Function] = {
    "and": lambda *values: all(values),
    "array": lambda value: value if isinstance(value, list) else [value],
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "bool": lambda value: str(value).lower() in ("true", "1"),
    "coalesce": _first_of,
    "concat": _concat,
    "contains": _contains,
    "createarray": lambda *values: list(values),
    "createobject": lambda *pairs: dict(zip(pairs[::2], pairs[1::2], strict=True)),
    "empty": lambda value: not value,
    "endswith": lambda text, end: text.lower().endswith(end.lower()),
    "equals": _equals,
    "false": lambda: False,
    "first": lambda value: value[0],
    "format": _format,
    "greater": lambda left, right: left > right,
    "guid": lambda *parts: str(uuid.uuid5(_GUIDS, "-".join(parts))),
    "if": lambda condition, then, otherwise: then if condition else otherwise,
    "int": int,
    "join": lambda values, by: by.join(_text(value) for value in values),
    "json": json.loads,
    "last": lambda value: value[-1],
    "length": len,
    "less": lambda left, right: left < right,
    "newguid": lambda: str(uuid.uuid4()),
    "not": lambda value: not value,
    "null": lambda: None,
    "or": lambda *values: any(values),
    "replace": lambda text, old, new: text.replace(old, new),
    "split": lambda text, by: text.split(by),
    "startswith": lambda text, start: text.lower().startswith(start.lower()),
    "string": _text,
    "substring": lambda text, start, length=None: text[start : None if length is None else start + length],
    "take": lambda value, count: value[:count],
    "tolower": lambda text: text.lower(),
    "toupper": lambda text: text.upper(),
    "trim": lambda text: text.strip(),
    "true": lambda: True,
    "trygetproperty": lambda holder, name: (holder or {}).get(name),
    "tryget": lambda holder, *keys: _try_get(holder, keys),
    "union": _union,
    "uniquestring": _unique,
}


def _try_get(holder: Any, keys: tuple[Any, ...]) -> Any:
    for key in keys:
        try:
            holder = holder[key]
        except (KeyError, IndexError, TypeError):
            return None
    return holder


def resource_id(scope: str, types: str, names: tuple[str, ...]) -> str:
    """The id of `resourceId('Namespace/type/type', 'name', 'name')` below a scope.

    Raises:
        ExpressionError: as many types as names are needed.
    """
    namespace, *segments = types.split("/")
    if len(segments) != len(names) or not names:
        raise ExpressionError(f"'{types}' needs {len(segments)} names, and has {len(names)}")
    pairs = (part for pair in zip(segments, names, strict=True) for part in pair)
    return "/".join((scope, "providers", namespace, *pairs))
