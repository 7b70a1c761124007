"""Autoscaling of a managed deployment by Azure Monitor."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from azure_llama.catalog.limits import INSTANCES_PER_DEPLOYMENT, PROFILES_PER_AUTOSCALE, RULES_PER_PROFILE
from azure_llama.catalog.metrics import COOLDOWN_MINUTES, WINDOW_MINUTES
from azure_llama.settings import checks
from azure_llama.settings.base import StrictModel, relation
from azure_llama.settings.problems import Violation, show
from azure_llama.settings.times import Clock

USUAL_PROFILE = "default"
"""Name of the autoscale profile that applies whenever no schedule does."""


def _time_zone(text: str) -> str:
    """A time zone as Azure Monitor names it."""
    if not text.strip() or "/" in text:
        rule = "is not a Windows time zone, which is what Azure Monitor requires"
        raise Violation(rule, "set one such as 'UTC' or 'W. Europe Standard Time'").error
    return text


Instances = Annotated[
    int, AfterValidator(checks.between(1, INSTANCES_PER_DEPLOYMENT.low, "the instances of a deployment in Azure"))
]
_Average = Annotated[int, AfterValidator(checks.at_least(0, "threshold"))]
_Window = Annotated[int, AfterValidator(checks.between(*WINDOW_MINUTES, "the minutes that Azure Monitor looks back"))]
_Cooldown = Annotated[int, AfterValidator(checks.between(*COOLDOWN_MINUTES, "the minutes that Azure Monitor can wait"))]


class ScalingRuleSettings(StrictModel):
    """When to scale, and by how much. Exactly one of `above` and `below`.

    Attributes:
        metric: Required. A platform metric: of the deployment (utilisation, requests) or of its endpoint (latency, in
            ms). Engines reserve their cache at start, so `GpuMemoryUtilizationPercentage` stays near its maximum.
        above: Conditional. Scale out above this average, in the metric's unit. Exactly one of `above` and `below`.
        below: Conditional. Scale in below this average.
        by: Optional. Instances to add or remove.
        window_minutes: Optional. The minutes over which the average is taken.
    """

    metric: Literal[
        "GpuUtilizationPercentage",
        "GpuMemoryUtilizationPercentage",
        "CpuUtilizationPercentage",
        "CpuMemoryUtilizationPercentage",
        "RequestLatency",
        "RequestLatency_P50",
        "RequestLatency_P90",
        "RequestLatency_P95",
        "RequestLatency_P99",
        "RequestsPerMinute",
    ] = Field(description="a metric, such as 'GpuUtilizationPercentage' or 'RequestLatency_P95'")
    above: _Average | None = None
    below: _Average | None = None
    by: Instances = 1
    window_minutes: _Window = 5

    @relation
    def _scales_one_way(self) -> Iterator[Violation]:
        if (self.above is None) == (self.below is None):
            rule = "has neither above nor below" if self.above is None else "has both above and below"
            yield Violation(rule, "set above to scale out, or below to scale in", shown="")


class ScheduleSettings(StrictModel):
    """A fixed number of instances at times of the week.

    Attributes:
        days: Required. Days of the week, in English.
        start: Optional. The time at which it begins, in quotes.
        end: Optional. The time of the same day at which it ends, in quotes.
        time_zone: Optional. A time zone as Windows names it, such as `W. Europe Standard Time`.
        instances: Required. The fixed number of instances.
    """

    days: list[Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]] = Field(
        description="a list of days, such as [Saturday, Sunday]"
    )
    start: Clock = time(0, 0)
    end: Clock = time(23, 59)
    time_zone: Annotated[str, AfterValidator(_time_zone)] = "UTC"
    instances: Instances = Field(description="a number of instances")

    @relation
    def _days_are_distinct(self) -> Iterator[Violation]:
        if not self.days:
            yield Violation("is empty", "name at least one day", at=("days",))
        yield from checks.repeated(self.days, ("days",))

    @relation
    def _ends_after_its_start(self) -> Iterator[Violation]:
        if self.start >= self.end:
            rule = f"is not after start ({self.start:%H:%M})"
            yield Violation(rule, "set a later time; past midnight, use two schedules", at=("end",))


class AutoscaleSettings(StrictModel):
    """How Azure Monitor scales a deployment. Its number of instances is then no longer Pulumi's.

    Attributes:
        minimum: Optional. The fewest instances: managed endpoints do not scale to zero.
        maximum: Required. The most instances, which the quota must cover.
        default: Optional. Instances when there are no measurements, from minimum to maximum; the minimum when not set.
        rules: Required. 1 to 10 rules, at least one with `above`.
        cooldown_minutes: Optional. Minutes between two steps. A large model takes a quarter of an hour to start, and a
            rule that does not wait for it adds one more instance.
        schedules: Optional. Up to 9 schedules by name (not `default`). Each makes two profiles of Azure Monitor: one
            for the schedule, one that restores the default.
    """

    minimum: Instances = 1
    maximum: Instances = Field(description="the most instances")
    default: Instances | None = None
    rules: list[ScalingRuleSettings] = Field(description="a list of at least one rule that scales out")
    cooldown_minutes: _Cooldown = 60
    schedules: dict[str, ScheduleSettings] = Field(default_factory=dict)

    @relation
    def _limits(self) -> Iterator[Violation]:
        if self.minimum > self.maximum:
            rule = f"is above maximum ({self.maximum})"
            yield Violation(rule, f"set {self.maximum} or less", at=("minimum",), shown=str(self.minimum))
        elif not self.minimum <= self.initial <= self.maximum:
            rule = f"is outside minimum to maximum ({self.minimum} to {self.maximum})"
            yield Violation(rule, f"set a number from {self.minimum} to {self.maximum}", at=("default",))

    @relation
    def _number_of_rules(self) -> Iterator[Violation]:
        most = RULES_PER_PROFILE.low
        if len(self.rules) > most:
            rule = f"has {len(self.rules)} rules, and Azure Monitor allows {most}"
            yield Violation(rule, f"remove {len(self.rules) - most}", at=("rules",), shown="")

    @relation
    def _a_rule_scales_out(self) -> Iterator[Violation]:
        if all(rule.above is None for rule in self.rules):
            remedy = "add one such as {metric: GpuUtilizationPercentage, above: 70, by: 1}"
            yield Violation("has no rule that scales out", remedy, at=("rules",), shown="")

    @relation
    def _rules_do_not_flap(self) -> Iterator[Violation]:
        """A rule that scales in does so below the value at which another one, of the same metric, scales out."""
        for index, rule in enumerate(self.rules):
            outs = [other.above for other in self.rules if other.metric == rule.metric and other.above is not None]
            if rule.below is not None and outs and rule.below >= min(outs):
                text = f"is not below {min(outs)}, where a rule of {show(rule.metric)} scales out: scaling would flap"
                yield Violation(text, f"set less than {min(outs)}", at=("rules", str(index), "below"))

    @relation
    def _number_of_schedules(self) -> Iterator[Violation]:
        # A schedule is two profiles: one for its times, one that restores the default. One more is the default.
        most = (PROFILES_PER_AUTOSCALE.low - 1) // 2
        if len(self.schedules) > most:
            rule = f"has {len(self.schedules)} schedules, and Azure Monitor allows {most}"
            yield Violation(rule, f"remove {len(self.schedules) - most}", at=("schedules",), shown="")

    @relation
    def _names_of_schedules(self) -> Iterator[Violation]:
        for name in self.schedules:
            if not name.strip() or name.casefold() == USUAL_PROFILE:
                rule = "is blank" if not name.strip() else "is the name of the profile for all other times"
                remedy = "choose another name, such as 'weekend'"
                yield Violation(rule, remedy, at=("schedules", name), shown=show(name))

    @property
    def initial(self) -> int:
        """Instances at the start."""
        return self.minimum if self.default is None else self.default
