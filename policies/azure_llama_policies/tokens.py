"""Type tokens, with and without an API version."""

from __future__ import annotations

import re
from functools import cache

_TYPE = re.compile(r"(azure-native)(?:_\w+?_(v\d+(?:preview)?))?(?:_\w+)?:(\w+)(?:/(\w+))?:(\w+)")


@cache
def resource_type(token: str) -> str:
    """A type token without the API version that older packages and parameterized ones carry."""
    return _TYPE.sub(r"\1:\3:\5", token)


@cache
def api_version(token: str) -> str | None:
    """The API version that a type token carries, as it carries it (`v20240401preview`); None for one without."""
    match = _TYPE.fullmatch(token)
    return match and (match[2] or match[4])
