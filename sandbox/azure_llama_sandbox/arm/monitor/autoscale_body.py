"""The body of a Microsoft.Insights/autoscalesettings PUT (contract 2021-05-01-preview)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from azure_llama_sandbox.arm.contract import ABSENT, Located, Strict


class ScaleCapacity(Strict):
    """`profiles[].capacity`."""

    default: str
    maximum: str
    minimum: str


class ScaleRuleMetricDimension(Strict):
    """`profiles[].rules[].metricTrigger.dimensions[]`."""

    dimension_name: str = Field(alias="DimensionName")
    operator: str = Field(alias="Operator")
    values: list[str] = Field(alias="Values")


class MetricTrigger(Strict):
    """`profiles[].rules[].metricTrigger`."""

    metric_name: str
    metric_resource_uri: str
    operator: Literal["Equals", "NotEquals", "GreaterThan", "GreaterThanOrEqual", "LessThan", "LessThanOrEqual"]
    statistic: Literal["Average", "Min", "Max", "Sum", "Count"]
    threshold: float
    time_aggregation: Literal["Average", "Minimum", "Maximum", "Total", "Count", "Last"]
    time_grain: str
    time_window: str
    dimensions: list[ScaleRuleMetricDimension] = ABSENT
    divide_per_instance: bool = ABSENT
    metric_namespace: str = ABSENT
    metric_resource_location: str = ABSENT


class ScaleAction(Strict):
    """`profiles[].rules[].scaleAction`."""

    cooldown: str
    direction: Literal["None", "Increase", "Decrease"]
    type: Literal["ChangeCount", "PercentChangeCount", "ExactCount", "ServiceAllowedNextValue"]
    value: str = ABSENT


class ScaleRule(Strict):
    """`profiles[].rules[]`."""

    metric_trigger: MetricTrigger
    scale_action: ScaleAction


class TimeWindow(Strict):
    """`profiles[].fixedDate`."""

    end: str
    start: str
    time_zone: str = ABSENT


class RecurrentSchedule(Strict):
    """`profiles[].recurrence.schedule`."""

    days: list[str]
    hours: list[int]
    minutes: list[int]
    time_zone: str


class Recurrence(Strict):
    """`profiles[].recurrence`."""

    frequency: Literal["None", "Second", "Minute", "Hour", "Day", "Week", "Month", "Year"]
    schedule: RecurrentSchedule


class AutoscaleProfile(Strict):
    """`profiles[]`."""

    capacity: ScaleCapacity
    name: str
    rules: list[ScaleRule]
    fixed_date: TimeWindow = ABSENT
    recurrence: Recurrence = ABSENT


class EmailNotification(Strict):
    """`notifications[].email`."""

    custom_emails: list[str] = ABSENT
    send_to_subscription_administrator: bool = ABSENT
    send_to_subscription_co_administrators: bool = ABSENT


class WebhookNotification(Strict):
    """`notifications[].webhooks[]`."""

    properties: dict[str, str] = ABSENT
    service_uri: str = ABSENT


class AutoscaleNotification(Strict):
    """`notifications[]`."""

    operation: Literal["Scale"]
    email: EmailNotification = ABSENT
    webhooks: list[WebhookNotification] = ABSENT


class PredictiveAutoscalePolicy(Strict):
    """`predictiveAutoscalePolicy`."""

    scale_mode: Literal["Disabled", "ForecastOnly", "Enabled"]
    scale_look_ahead_time: str = ABSENT


class AutoscaleSetting(Strict):
    """`properties`."""

    profiles: list[AutoscaleProfile]
    enabled: bool = ABSENT
    name: str = ABSENT
    notifications: list[AutoscaleNotification] = ABSENT
    predictive_autoscale_policy: PredictiveAutoscalePolicy = ABSENT
    target_resource_location: str = ABSENT
    target_resource_uri: str = ABSENT


class AutoscaleBody(Located):
    """A PUT's body."""

    properties: AutoscaleSetting
