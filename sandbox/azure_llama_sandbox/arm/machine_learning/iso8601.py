"""ISO 8601 durations."""

from __future__ import annotations

import re

from azure_llama_sandbox.arm.errors import user_error

_DURATION = re.compile(r"P(?=.)(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")


def seconds(text: str) -> float | None:
    """Seconds of an ISO 8601 duration; None when the text is none."""
    match = _DURATION.fullmatch(text)
    if match is None:
        return None
    days, hours, minutes, rest = (float(part or 0) for part in match.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + rest


def seconds_of(text: str, path: str, region: str) -> float:
    """Seconds of an ISO 8601 duration.

    Args:
        text: Required. Such as `PT90S` or `P1DT12H`.
        path: Required. The property, for the refusal.
        region: Required. The workspace's.

    Raises:
        ArmError: 400, another text.
    """
    found = seconds(text)
    if found is None:
        raise user_error(
            f"'{path}' is '{text}', which is not an ISO 8601 duration such as PT90S.",
            "BadArgument",
            location=region,
            target=path,
        )
    return found
