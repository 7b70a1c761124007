"""Masks secrets in written output, by field name, by pattern and by value."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import quote

MASK = "***"
_SHORTEST = 8
"""Characters. A shorter secret is no secret, and masking it would garble ordinary text."""

_ENDINGS = (
    *("secret", "secrets", "password", "passphrase", "token", "assertion", "authorization"),
    *("apikey", "primarykey", "secondarykey", "accesskey", "accountkey", "sharedkey", "privatekey", "keyvalue"),
    *("connectionstring", "credential", "credentials"),
)
_EXACT = frozenset({"key", "key1", "key2", "sas", "sig", "pwd", "passwd"})

_VAULT_SECRETS = frozenset({"microsoft.keyvault/vaults/secrets", "secrets"})
"""Types of a vault's secret in a template: whole, and inside its vault."""
_VAULT_SECRET_PATH = re.compile(r"(^|/vaults/[^/]+)/secrets/", re.IGNORECASE)

# JSON web tokens; shared access signatures and the like; bearer tokens. None of them can hold a quote or a backslash,
# so that a serialised line stays well-formed.
_PATTERNS = re.compile(
    r"""(?P<jwt>eyJ[\w-]{8,}\.[\w-]+\.[\w-]*)
    |(?P<field>\b(?:sig|accountkey|sharedaccesskey|sharedaccesssignature|password|client_secret)=)[^;&"\s\\]+
    |(?P<bearer>\bbearer\ +)[\w.~+/=-]{16,}""",
    re.VERBOSE | re.IGNORECASE,
)


@lru_cache(4096)
def is_secret_name(name: str) -> bool:
    """Whether a field of this name holds a secret."""
    plain = re.sub("[^a-z0-9]", "", name.lower())
    return plain.endswith(_ENDINGS) or plain in _EXACT


def mask_fields(value: Any) -> Any:
    """A copy of a JSON value in which strings in secret fields are masked; everything else keeps its shape."""
    if isinstance(value, dict):
        masked = {name: _mask_field(name, item) for name, item in value.items()}
        if str(value.get("type", "")).lower() in _VAULT_SECRETS and isinstance(masked.get("properties"), dict):
            masked["properties"] = _mask_value(masked["properties"])  # in a template
        return masked
    if isinstance(value, list):
        return [mask_fields(item) for item in value]
    return value


def mask_body(path: str, body: Any) -> Any:
    """A copy of a request's body in which secrets are masked; a secret of a vault is known by the path.

    Args:
        path: Required. Of the request.
        body: Required. JSON value.
    """
    masked = mask_fields(body)
    if _VAULT_SECRET_PATH.search(path) and isinstance(masked, dict):
        masked = _mask_value(masked)
        if isinstance(masked.get("properties"), dict):
            masked["properties"] = _mask_value(masked["properties"])
    return masked


def _mask_value(fields: dict[str, Any]) -> dict[str, Any]:
    return {**fields, "value": MASK} if "value" in fields else fields


def _mask_field(name: str, value: Any) -> Any:
    if not is_secret_name(name):
        return mask_fields(value)
    if isinstance(value, str):
        return MASK
    if isinstance(value, list):
        return [MASK if isinstance(item, str) else mask_fields(item) for item in value]
    if isinstance(value, dict):
        # The parameter of a template: {"adminPassword": {"value": "..."}}.
        masked: dict[str, Any] = mask_fields(value)
        if isinstance(value.get("keys"), dict):  # of a workspace's connection, by whatever names its author likes
            masked["keys"] = dict.fromkeys(value["keys"], MASK)
        return {**masked, "value": MASK} if isinstance(masked.get("value"), str) else masked
    return value


def mask_line(line: str, secrets: Iterable[str]) -> str:
    """A line of JSON in which no known secret, and nothing that looks like one, is left."""
    for secret in secrets:
        if len(secret) >= _SHORTEST:
            for form in _forms(secret):
                if form in line:
                    line = line.replace(form, MASK)
    return _PATTERNS.sub(lambda found: (found["field"] or found["bearer"] or "") + MASK, line)


@lru_cache(4096)
def _forms(secret: str) -> tuple[str, ...]:
    """The secret as it may stand in a line: plain, as JSON text, in a URL."""
    return tuple({secret, json.dumps(secret)[1:-1], quote(secret, safe="")})
