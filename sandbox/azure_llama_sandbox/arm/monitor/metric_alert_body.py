"""The body of a Microsoft.Insights/metricAlerts PUT (contract 2018-03-01)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from azure_llama_sandbox.arm.contract import ABSENT, Comparison, Located, Strict


class Criterion(Strict):
    """The common fields of `criteria.allOf[]`."""

    metric_name: str
    name: str
    operator: str
    time_aggregation: str
    dimensions: list[Comparison] = ABSENT
    metric_namespace: str = ABSENT
    skip_metric_validation: bool = ABSENT


class MetricCriteria(Criterion):
    """`criteria.allOf[]` of an alert on one resource: others than these are let through."""

    model_config = ConfigDict(extra="allow")

    criterion_type: str
    threshold: float


class FailingPeriods(Strict):
    """`criteria.allOf[].failingPeriods`."""

    min_failing_periods_to_alert: float
    number_of_evaluation_periods: float


class DynamicCriterion(Criterion):
    """`criteria.allOf[]` with a threshold that Azure learns."""

    alert_sensitivity: str
    criterion_type: Literal["DynamicThresholdCriterion"]
    failing_periods: FailingPeriods
    ignore_data_before: str = ABSENT


class StaticCriterion(Criterion):
    """`criteria.allOf[]` with a fixed threshold."""

    criterion_type: Literal["StaticThresholdCriterion"]
    threshold: float


_Criterion = Annotated[DynamicCriterion | StaticCriterion, Field(discriminator="criterion_type")]


class ManyResources(Strict):
    """`criteria` of an alert on several resources, or with learned thresholds."""

    odata_type: Literal["Microsoft.Azure.Monitor.MultipleResourceMultipleMetricCriteria"] = Field(alias="odata.type")
    all_of: list[_Criterion] = ABSENT


class OneResource(Strict):
    """`criteria` of an alert on one resource."""

    odata_type: Literal["Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria"] = Field(alias="odata.type")
    all_of: list[MetricCriteria] = ABSENT


class WebTest(Strict):
    """`criteria` of an alert on an availability test."""

    component_id: str
    failed_location_count: float
    odata_type: Literal["Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria"] = Field(alias="odata.type")
    web_test_id: str


class MetricAlertAction(Strict):
    """`actions[]`."""

    action_group_id: str = ABSENT
    web_hook_properties: dict[str, str] = ABSENT


class MetricAlertProperties(Strict):
    """`properties`."""

    criteria: Annotated[ManyResources | OneResource | WebTest, Field(discriminator="odata_type")]
    enabled: bool
    evaluation_frequency: str
    scopes: list[str]
    severity: int
    window_size: str
    actions: list[MetricAlertAction] = ABSENT
    auto_mitigate: bool = ABSENT
    description: str = ABSENT
    target_resource_region: str = ABSENT
    target_resource_type: str = ABSENT


class MetricAlertBody(Located):
    """A PUT's body."""

    properties: MetricAlertProperties
