"""The platform metrics of managed endpoints that a deployment can be scaled by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Metric:
    """A platform metric of Azure Monitor.

    Attributes:
        name: As the REST API has it.
        of: The resource that reports it: the deployment, or its endpoint.
        unit: `Percent`, `Milliseconds` or `Count`.
        source: Key of the source.
        as_of: Its date.
    """

    name: str
    of: Literal["deployment", "endpoint"]
    unit: Literal["Percent", "Milliseconds", "Count"]
    source: str
    as_of: str


_DEPLOYMENT = ("monitor-deployments-2024-02", "2024-02-19")
_ENDPOINT = ("monitor-endpoints-2026-07", "2026-07-13")

SCALING: tuple[Metric, ...] = (
    *(
        Metric(f"{part}Percentage", "deployment", "Percent", *_DEPLOYMENT)
        for part in ("GpuUtilization", "GpuMemoryUtilization", "CpuUtilization", "CpuMemoryUtilization")
    ),
    # Deployments have the four percentiles, too; the endpoint's are what callers see.
    *(
        Metric(f"RequestLatency{part}", "endpoint", "Milliseconds", *_ENDPOINT)
        for part in ("", "_P50", "_P90", "_P95", "_P99")
    ),
    Metric("RequestsPerMinute", "deployment", "Count", *_DEPLOYMENT),
)
"""What scales a deployment. Engines reserve their cache at start, so that `GpuMemoryUtilizationPercentage` stays near
its top whatever the load (judgement of the facts, not of a document)."""


def scaling_metric(name: str) -> Metric:
    """The metric of a name.

    Raises:
        KeyError: there is none that scales a deployment.
    """
    return {metric.name: metric for metric in SCALING}[name]


WINDOW_MINUTES = (5, 720)
"""The shortest and the longest time that a scaling rule looks back on (source `monitor-sdk`)."""

COOLDOWN_MINUTES = (1, 10_080)
"""The shortest and the longest wait between two steps of scaling (source `monitor-sdk`)."""
