"""Durations as ARM writes them: `PT180S`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pydantic_core import SchemaValidator, ValidationError

from azure_llama_policies.resources import NotSeenError, Resource

_DURATION = SchemaValidator({"type": "timedelta"})
"""Without the rest of pydantic, which takes the pack longer to load than all its rules."""


def minimum_seconds(default: int, description: str, **limits: int) -> dict[str, Any]:
    """The schema of a rule's setting `minimumSeconds`.

    Args:
        default: Required. Seconds.
        description: Required. What has to last so long.
        limits: Optional. `maximum`, in seconds.
    """
    schema = {"type": "number", "minimum": 1, **limits, "default": default, "description": description}
    return {"minimumSeconds": schema}


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
            duration: timedelta = _DURATION.validate_python(value)
            return duration.total_seconds()
        except ValidationError:
            pass
    raise NotSeenError(f"'{path}' is not a duration such as PT180S: {value}", path)
