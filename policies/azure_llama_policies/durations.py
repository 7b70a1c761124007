"""Durations as ARM writes them: `PT180S`."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from azure_llama_policies.resources import NotSeenError, Resource


def minimum_seconds(default: int, description: str, **limits: int) -> dict[str, Any]:
    """The schema of a rule's setting `minimumSeconds`.

    Args:
        default: Required. Seconds.
        description: Required. What has to last so long.
        limits: Optional. `maximum`, in seconds.
    """
    schema = {"type": "number", "minimum": 1, **limits, "default": default, "description": description}
    return {"minimumSeconds": schema}


@cache
def _adapter() -> TypeAdapter[timedelta]:
    return TypeAdapter(timedelta)


def seconds(resource: Resource, path: str, absent: float) -> float:
    """The seconds of a duration.

    Args:
        resource: Required. The resource.
        path: Required. The duration.
        absent: Required. The seconds that Azure takes when it is left out.

    Raises:
        NotSeenError: it is not known yet, or not a duration of ISO 8601.
    """
    value = resource.value(path)
    if value is None:
        return absent
    if isinstance(value, str) and value.startswith("P"):
        try:
            return _adapter().validate_python(value).total_seconds()
        except ValidationError:
            pass
    raise NotSeenError(f"'{path}' is not a duration such as PT180S: {value}", path)
