"""Makes recorded exchanges fit to be shown: secrets are masked, ids and names become placeholders.

A placeholder stands for one value throughout a file, so that the masked file can be replayed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from azure_llama_sandbox.compare.recordings import Exchange
from azure_llama_sandbox.masking import mask_body, mask_line

_KEPT_HEADERS = frozenset(
    {"azure-asyncoperation", "location", "retry-after", "etag", "x-ms-async-operation-timeout", "x-ms-failure-cause"}
)
_GUID = re.compile(
    r"(?<!roleDefinitions/)(?<!policyDefinitions/)\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b",
    re.IGNORECASE,
)
_HEX = re.compile(r"\b[0-9a-f]{32,}\b", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_ADDRESS = re.compile(r"\b(?!10\.|192\.168\.|127\.|0\.0\.0\.0)\d{1,3}(\.\d{1,3}){3}\b(?!/)")
_SIGNED = re.compile(r"(?<=[?&])(t|c|s|h)=[^&\"\s]+&?")
_SUBSCRIPTION = re.compile(r"/subscriptions/([0-9a-f-]{36})", re.IGNORECASE)
_TENANT = re.compile(r'"tenantId": ?"([0-9a-f-]{36})"', re.IGNORECASE)
_SEGMENT = re.compile(r"/(?P<type>[A-Za-z][A-Za-z]+)/(?P<name>[A-Za-z0-9][\w.()-]*)(?=[/?\"\s']|$)")
_PLAIN_TYPES = frozenset(
    {
        "subscriptions",
        "providers",
        "locations",
        "blobservices",
        "registries",
        "models",
        "versions",
        "policydefinitions",
        "roledefinitions",
        "usages",
        "quotas",
    }
)
"""Segments of an id that are followed by what is public, or by what has a placeholder of its own."""
_PUBLIC = frozenset({"default", "providers", "resourcegroups", "subscriptions", "locations"})
_USER_FIELDS = frozenset({"createdBy", "lastModifiedBy", "userName", "displayName"})
_LEAST = 3


def mask(exchanges: Iterable[Exchange], secrets: Iterable[str] = ()) -> list[Exchange]:
    """Copies of the exchanges without secrets, and with placeholders for ids, names and addresses.

    Args:
        exchanges: Required.
        secrets: Optional. Values that are masked wherever they stand.
    """
    kept = list(exchanges)
    placeholders = _Placeholders(kept)
    known = tuple(secrets)

    def text(value: str) -> str:
        return placeholders.fill(mask_line(value, known))

    return [
        replace(
            each,
            path=text(each.path),
            query={name: text(value) for name, value in each.query.items()},
            request=_walk(mask_body(each.path, each.request), text),
            headers={name: text(value) for name, value in each.headers.items() if name.lower() in _KEPT_HEADERS},
            response=_walk(mask_body(each.path, each.response), text),
        )
        for each in kept
    ]


class _Placeholders:
    """Values of a recording, each with its placeholder."""

    def __init__(self, exchanges: list[Exchange]) -> None:
        whole = "\n".join(
            json.dumps([each.path, each.request, dict(each.headers), each.response], ensure_ascii=False)
            for each in exchanges
        )
        self._values: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        for pattern, label in ((_SUBSCRIPTION, "sub"), (_TENANT, "tenant")):
            for match in pattern.finditer(whole):
                self._add(match[1], label)
        for match in _SEGMENT.finditer(whole):
            type_, name = match["type"].lower(), match["name"]
            plain = type_ in _PLAIN_TYPES or name.lower() in _PUBLIC or name.lower().startswith("microsoft.")
            if not plain and len(name) >= _LEAST and _GUID.fullmatch(name) is None:
                self._add(name, type_.removesuffix("s"))
        for value in (found for each in exchanges for found in _users(each.response)):
            self._add(value, "user")
        names = sorted(self._values, key=len, reverse=True)
        self._names = re.compile(
            "|".join(rf"(?<![\w-]){re.escape(name)}(?![\w-])" for name in names) or r"(?!)", re.IGNORECASE
        )

    def _add(self, value: str, label: str) -> str:
        key = value.lower()
        if key not in self._values:
            number = self._counts[label] = self._counts.get(label, 0) + 1
            alone = label in ("sub", "tenant") and number == 1
            self._values[key] = f"{{{label}}}" if alone else f"{{{label}{number}}}"
        return self._values[key]

    def fill(self, text: str) -> str:
        """The text with its placeholders."""
        text = _SIGNED.sub("", text)
        text = self._names.sub(lambda match: self._values[match[0].lower()], text)
        text = _GUID.sub(lambda match: self._add(match[0], "guid"), text)
        text = _HEX.sub(lambda match: self._add(match[0], "hex"), text)
        return _ADDRESS.sub("{ip}", _MAIL.sub("{mail}", text))


def _users(value: Any) -> Iterable[str]:
    """Names of people."""
    if isinstance(value, dict):
        for key, each in value.items():
            if key in _USER_FIELDS and isinstance(each, str) and len(each) >= _LEAST and key != "displayName":
                yield each
            else:
                yield from _users(each)
    elif isinstance(value, list):
        for each in value:
            yield from _users(each)


def _walk(value: Any, text: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return text(value)
    if isinstance(value, list):
        return [_walk(each, text) for each in value]
    if isinstance(value, dict):
        return {text(key): _walk(each, text) for key, each in value.items()}
    return value
