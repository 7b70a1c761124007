"""Scaling of a managed deployment by Azure Monitor."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from typing import Any

from pulumi import ComponentResource, Input, ResourceOptions
from pulumi_azure_native import monitor

from azure_llama.catalog.metrics import scaling_metric
from azure_llama_components import durations, names
from azure_llama_components.placement import waits_for

GRAIN = "PT1M"
"""How often Azure measures: every metric of managed endpoints has this grain (source `monitor-endpoints-2026-07`)."""


@dataclass(frozen=True, kw_only=True)
class ScalingRuleArgs:
    """When to scale, and by how much: exactly one of `above` and `below`.

    Attributes:
        metric: Required. One of `azure_llama.catalog.metrics.SCALING`.
        above: Conditional. Scale out above this average, in the metric's unit.
        below: Conditional. Scale in below it.
        by: Optional. Instances to add or remove.
        window_minutes: Optional. Minutes that the average is of, 5 to 720.
    """

    metric: str
    above: int | None = None
    below: int | None = None
    by: int = 1
    window_minutes: int = 5

    def __post_init__(self) -> None:
        if (self.above is None) == (self.below is None):
            raise ValueError(
                f"A rule of {self.metric} has above={self.above} and below={self.below}; give one of them."
            )


@dataclass(frozen=True, kw_only=True)
class ScheduleArgs:
    """A fixed number of instances at times of the week.

    Attributes:
        days: Required. Days of the week, in English.
        instances: Required. How many.
        start: Optional. Time of each of those days at which it begins.
        end: Optional. Time of the same day at which it ends.
        time_zone: Optional. A time zone of Windows.
    """

    days: Sequence[str]
    instances: int
    start: time = time(0, 0)
    end: time = time(23, 59)
    time_zone: str = "UTC"


@dataclass(frozen=True, kw_only=True)
class ScalingArgs:
    """How a deployment is scaled, whichever it is.

    Attributes:
        maximum: Required. The most instances; quota has to have them.
        rules: Required. At least one that scales out.
        minimum: Optional. The fewest; managed endpoints do not scale to none.
        default: Optional. How many while there are no measurements; the minimum when None.
        cooldown_minutes: Optional. Between two steps.
        schedules: Optional. By name.
    """

    maximum: int
    rules: Sequence[ScalingRuleArgs]
    minimum: int = 1
    default: int | None = None
    cooldown_minutes: int = 60
    schedules: Mapping[str, ScheduleArgs] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class AutoscaleArgs:
    """Arguments of an autoscale setting.

    Attributes:
        endpoint_name: Required. Name of the endpoint.
        deployment_name: Required. Name of the deployment.
        endpoint_id: Required. ARM id of the endpoint, whose latency is measured.
        deployment_id: Required. ARM id of the deployment, which is scaled.
        resource_group_name: Required. Where the setting is.
        location: Required. ARM name of the region of both.
        scaling: Required. How it is scaled.
        tags: Optional. On the setting.
    """

    endpoint_name: str
    deployment_name: str
    endpoint_id: Input[str]
    deployment_id: Input[str]
    resource_group_name: str
    location: str
    scaling: ScalingArgs
    tags: Mapping[str, str] = field(default_factory=dict)


class Autoscale(ComponentResource):
    """An autoscale setting on a deployment, whose number of instances is then Azure Monitor's.

    Attributes:
        resource: The setting itself.
        outputs: minimum, maximum, default.
    """

    def __init__(self, name: str, args: AutoscaleArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("azure-llama:index:Autoscale", name, {}, opts)
        setting = names.autoscale_name(args.endpoint_name, args.deployment_name)
        self.resource = monitor.AutoscaleSetting(
            name,
            autoscale_setting_name=setting,
            name=setting,
            resource_group_name=args.resource_group_name,
            location=args.location,
            tags=dict(args.tags),
            enabled=True,
            target_resource_uri=args.deployment_id,
            target_resource_location=args.location,
            profiles=_profiles(args),
            opts=ResourceOptions(parent=self, depends_on=waits_for(opts), delete_before_replace=False),
        )
        low, first = args.scaling.minimum, args.scaling.default
        self.outputs: dict[str, Any] = {
            "minimum": low,
            "maximum": args.scaling.maximum,
            "default": low if first is None else first,
        }
        self.register_outputs(self.outputs)


def _profiles(args: AutoscaleArgs) -> list[monitor.AutoscaleProfileArgs]:
    scaling = args.scaling
    low, high = scaling.minimum, scaling.maximum
    usual = monitor.ScaleCapacityArgs(
        minimum=str(low), maximum=str(high), default=str(low if scaling.default is None else scaling.default)
    )
    rules = [_rule(rule, args) for rule in scaling.rules]
    profiles = [monitor.AutoscaleProfileArgs(name="default", capacity=usual, rules=rules)]
    for name, schedule in scaling.schedules.items():
        fixed = str(schedule.instances)
        profiles.append(
            monitor.AutoscaleProfileArgs(
                name=name,
                capacity=monitor.ScaleCapacityArgs(minimum=fixed, maximum=fixed, default=fixed),
                rules=[],
                recurrence=_weekly(schedule, schedule.start),
            )
        )
        # A profile says when it begins, and never when it ends: the next one begins. Named as portal and CLI do, which
        # then show the two as one.
        profiles.append(
            monitor.AutoscaleProfileArgs(
                name=json.dumps({"name": "default", "for": name}),
                capacity=usual,
                rules=rules,
                recurrence=_weekly(schedule, schedule.end),
            )
        )
    return profiles


def _weekly(schedule: ScheduleArgs, at: time) -> monitor.RecurrenceArgs:
    return monitor.RecurrenceArgs(
        frequency=monitor.RecurrenceFrequency.WEEK,
        schedule=monitor.RecurrentScheduleArgs(
            days=list(schedule.days), hours=[at.hour], minutes=[at.minute], time_zone=schedule.time_zone
        ),
    )


def _rule(rule: ScalingRuleArgs, args: AutoscaleArgs) -> monitor.ScaleRuleArgs:
    out = rule.above is not None
    threshold = rule.above if rule.above is not None else rule.below
    assert threshold is not None  # ScalingRuleArgs has one of them
    measured = args.endpoint_id if scaling_metric(rule.metric).of == "endpoint" else args.deployment_id
    return monitor.ScaleRuleArgs(
        metric_trigger=monitor.MetricTriggerArgs(
            metric_name=rule.metric,
            metric_resource_uri=measured,
            metric_resource_location=args.location,
            operator=(
                monitor.ComparisonOperationType.GREATER_THAN if out else monitor.ComparisonOperationType.LESS_THAN
            ),
            statistic=monitor.MetricStatisticType.AVERAGE,
            time_aggregation=monitor.TimeAggregationType.AVERAGE,
            threshold=threshold,
            time_grain=GRAIN,
            time_window=durations.minutes(rule.window_minutes),
        ),
        scale_action=monitor.ScaleActionArgs(
            direction=monitor.ScaleDirection.INCREASE if out else monitor.ScaleDirection.DECREASE,
            type=monitor.ScaleType.CHANGE_COUNT,
            value=str(rule.by),
            cooldown=durations.minutes(args.scaling.cooldown_minutes),
        ),
    )
