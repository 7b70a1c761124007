"""Health probes of a deployment's instances."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator

from azure_llama.settings import checks
from azure_llama.settings.base import StrictModel, relation
from azure_llama.settings.problems import Violation
from azure_llama.settings.wire import Wire, seconds

Seconds = Annotated[int, AfterValidator(checks.at_least(1, "number of seconds"))]
Times = Annotated[int, AfterValidator(checks.at_least(1, "number of times"))]


class ProbeSettings(StrictModel):
    """How Azure checks that an instance works; defaults suit large models.

    Attributes:
        initial_delay_seconds: Optional. Seconds before the first probe.
        period_seconds: Optional. Seconds between two probes.
        timeout_seconds: Optional. Seconds for the answer.
        failure_threshold: Optional. Consecutive failures after which an instance counts as failed.
        success_threshold: Optional. Consecutive successes after which it counts as working; 1 for a liveness probe.
    """

    initial_delay_seconds: Annotated[Seconds, Wire("initialDelay", seconds)] = 500
    period_seconds: Annotated[Seconds, Wire("period", seconds)] = 100
    timeout_seconds: Annotated[Seconds, Wire("timeout", seconds)] = 10
    failure_threshold: Annotated[Times, Wire("failureThreshold")] = 30
    success_threshold: Annotated[Times, Wire("successThreshold")] = 1


class ProbesSettings(StrictModel):
    """The probes of a deployment.

    Attributes:
        liveness: Optional. Decides when an instance is restarted.
        readiness: Optional. Decides when an instance gets requests.
        startup: Optional. Decides when an instance has started, before the two others begin; none when not set.
    """

    liveness: Annotated[ProbeSettings, Wire("properties.livenessProbe")] = ProbeSettings()
    readiness: Annotated[ProbeSettings, Wire("properties.readinessProbe")] = ProbeSettings()
    startup: Annotated[ProbeSettings | None, Wire("properties.startupProbe")] = None

    @relation
    def _liveness_needs_one_success(self) -> Iterator[Violation]:
        if self.liveness.success_threshold != 1:
            remedy = "set 1, or remove it"
            yield Violation("must be 1 for a liveness probe", remedy, at=("liveness", "successThreshold"))
