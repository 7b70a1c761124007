"""Shared code of the resources of Microsoft.Insights."""

from __future__ import annotations

import re
from typing import Any

from azure_llama.catalog.names import NameRule
from azure_llama_sandbox.arm.calls import Call
from azure_llama_sandbox.arm.errors import bad_request
from azure_llama_sandbox.arm.monitor import offered
from azure_llama_sandbox.store import Resource

_DURATION = re.compile(r"P(?=.)(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


def name_rule(what: str) -> NameRule:
    """The rule that alerts, action groups and autoscale settings share."""
    rule = "no :, <, >, +, /, &, %, \\ or ?, not ending with a space or dot"
    return NameRule(what, r"[^:<>+/&%\\?|]*[^:<>+/&%\\?|\s.]", 1, 260, rule, "azure-names-2020-02", "2020-02-11")


def seconds(text: str, path: str) -> int:
    """Seconds of a duration such as `PT5M`.

    Raises:
        ArmError: 400, it is none.
    """
    match = _DURATION.fullmatch(text)
    if match is None:
        raise bad_request(f"'{path}' is '{text}'; it is a duration such as PT5M.", target=path)
    days, hours, minutes, rest = (int(part or 0) for part in match.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + rest


def existing(call: Call, id_: Any, path: str, type_: str = "") -> Resource:
    """A resource that the body names.

    Raises:
        ArmError: 400, it is not there, or of another type.
    """
    found = call.store.get(str(id_ or ""))
    if found is None or (type_ and found.type != type_):
        raise bad_request(f"'{path}' is '{id_}', which was not found.", target=path, code="ResourceNotFound")
    return found


def check_metric(resource: Resource, metric: str, path: str) -> None:
    """Reject a metric that the resource's type does not have; types without a list accept all metrics."""
    known = offered.METRICS.get(resource.type.lower())
    if known is not None and metric not in known:
        raise bad_request(
            f"Couldn't find a metric named {metric}. Make sure the name is correct. Metrics of {resource.type}:"
            f" {', '.join(sorted(known))}.",
            target=path,
        )
