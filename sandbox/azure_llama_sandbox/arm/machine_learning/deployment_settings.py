"""Rules for a managed deployment's settings: timeouts, probes, data collection."""

from __future__ import annotations

import re

from azure_llama.catalog import limits
from azure_llama_sandbox.arm.errors import ArmError, user_error
from azure_llama_sandbox.arm.kinds import Body
from azure_llama_sandbox.arm.machine_learning.common import with_default
from azure_llama_sandbox.arm.machine_learning.iso8601 import seconds_of

_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_ENVIRONMENT = re.compile(r"(azureml:|azureml://|/subscriptions/).*environments/.+|azureml:[^/]+:[^/]+", re.IGNORECASE)

_MOST_COLLECTIONS = 5
"""Of a deployment's data collector (how-to-collect-production-data, 2025-12-30)."""


def refuse(message: str, region: str, target: str) -> ArmError:
    """The refusal of a property's value."""
    return user_error(message, "BadArgument", location=region, target=target)


def check(given: Body, region: str) -> None:
    """Refuse settings that the service does not take.

    Args:
        given: Required. The deployment's properties.
        region: Required. The workspace's.

    Raises:
        ArmError: 400.
    """
    with_default(given, "egressPublicNetworkAccess", "properties.egressPublicNetworkAccess", ("Enabled", "Disabled"))
    if (given.get("scaleSettings") or {}).get("scaleType", "Default") != "Default":
        raise refuse(
            "'properties.scaleSettings.scaleType' must be Default on managed compute; scale with Azure Monitor.",
            region,
            "properties.scaleSettings.scaleType",
        )
    requests = given.get("requestSettings") or {}
    for key in ("requestTimeout", "maxQueueWait"):
        path = f"properties.requestSettings.{key}"
        seconds = seconds_of(requests[key], path, region) if key in requests else 0
        if key == "requestTimeout" and seconds > limits.REQUEST_TIMEOUT.high:
            raise refuse(f"'{path}' is {requests[key]}; PT{limits.REQUEST_TIMEOUT.high}S is the most.", region, path)
    if requests.get("maxConcurrentRequestsPerInstance", 1) < 1:
        path = "properties.requestSettings.maxConcurrentRequestsPerInstance"
        raise refuse(f"'{path}' must be 1 or more.", region, path)
    for probe in _PROBES:
        _check_probe(given.get(probe) or {}, f"properties.{probe}", region)
    _check_environment(given.get("environmentId"), region)
    _check_collector(given.get("dataCollector"), region)


def _check_probe(probe: Body, path: str, region: str) -> None:
    for key in ("initialDelay", "period", "timeout"):
        if key in probe and seconds_of(probe[key], f"{path}.{key}", region) < 1:
            raise refuse(f"'{path}.{key}' is {probe[key]}; PT1S is the least.", region, f"{path}.{key}")
    if path.endswith("livenessProbe") and probe.get("successThreshold", 1) != 1:
        raise refuse(f"'{path}.successThreshold' must be 1.", region, f"{path}.successThreshold")


def _check_environment(environment: str | None, region: str) -> None:
    path = "properties.environmentId"
    if environment is not None and not _ENVIRONMENT.fullmatch(environment):
        raise refuse(f"'{path}' is '{environment}', which is not the id of an environment.", region, path)


def _check_collector(collector: Body | None, region: str) -> None:
    if collector is None:
        return
    path = "properties.dataCollector"
    with_default(collector, "rollingRate", f"{path}.rollingRate", ("Hour", "Year", "Month", "Day", "Minute"))
    collections: dict[str, Body] = collector["collections"]
    if not 1 <= len(collections) <= _MOST_COLLECTIONS:
        raise refuse(
            f"'{path}.collections' has {len(collections)} entries; it has 1 to {_MOST_COLLECTIONS}.",
            region,
            f"{path}.collections",
        )
    for name, collection in collections.items():
        inside = f"{path}.collections.{name}"
        with_default(collection, "dataCollectionMode", f"{inside}.dataCollectionMode", ("Disabled", "Enabled"))
        rate = collection.get("samplingRate", 1.0)
        if not 0 <= rate <= 1:
            raise refuse(f"'{inside}.samplingRate' is {rate}; it is a share from 0 to 1.", region, inside)
