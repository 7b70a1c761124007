from __future__ import annotations

import json
from collections.abc import Callable
from datetime import time
from typing import Any

import pulumi
import pytest

from azure_llama_components import Autoscale, AutoscaleArgs, ScalingArgs, ScalingRuleArgs, ScheduleArgs
from tests.components.arm import put
from tests.components.mocked import UNKNOWN, Recorded, run
from tests.components.stack import TAGS

ENDPOINT = (
    "/subscriptions/0/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/onlineEndpoints/chat"
)
DEPLOYMENT = f"{ENDPOINT}/deployments/blue"
OUT = ScalingRuleArgs(metric="GpuUtilizationPercentage", above=70, by=2)
IN = ScalingRuleArgs(metric="GpuUtilizationPercentage", below=30)
SLOW = ScalingRuleArgs(metric="RequestLatency_P95", above=5_000, window_minutes=90)
WEEKEND = ScheduleArgs(days=["Saturday", "Sunday"], start=time(8, 30), end=time(20), instances=4)


def scaled(preview: bool = False, **asked: Any) -> Recorded:
    scaling = ScalingArgs(**{"maximum": 3, "rules": [OUT, IN, SLOW], **asked})

    def program() -> None:
        made = Autoscale(
            "blue",
            AutoscaleArgs(
                endpoint_name="chat",
                deployment_name="blue",
                endpoint_id=ENDPOINT,
                deployment_id=DEPLOYMENT,
                resource_group_name="g",
                location="eastus2",
                scaling=scaling,
                tags=TAGS,
            ),
        )
        pulumi.export("scaled", made.outputs)

    return run(program, preview=preview)


def setting(recorded: Recorded) -> dict[str, Any]:
    return recorded.one("monitor:AutoscaleSetting").inputs


def test_the_deployment_is_scaled() -> None:
    made = setting(scaled())
    assert made["autoscaleSettingName"] == made["name"] == "chat.blue-autoscale"
    assert made["targetResourceUri"] == DEPLOYMENT
    assert made["enabled"] is True
    assert (made["location"], made["targetResourceLocation"]) == ("eastus2", "eastus2")
    assert made["tags"] == TAGS


@pytest.mark.parametrize(("default", "said"), [(None, "2"), (3, "3")])
def test_the_usual_capacity_is_in_texts(default: int | None, said: str) -> None:
    (profile,) = setting(scaled(minimum=2, maximum=5, default=default))["profiles"]
    assert profile["name"] == "default"
    assert profile["capacity"] == {"minimum": "2", "maximum": "5", "default": said}
    assert "recurrence" not in profile


def test_a_rule_above_scales_out_and_one_below_scales_in() -> None:
    out, in_, _ = setting(scaled(cooldown_minutes=20))["profiles"][0]["rules"]
    assert out["scaleAction"] == {"direction": "Increase", "type": "ChangeCount", "value": "2", "cooldown": "PT20M"}
    assert in_["scaleAction"] == {"direction": "Decrease", "type": "ChangeCount", "value": "1", "cooldown": "PT20M"}
    assert (out["metricTrigger"]["operator"], out["metricTrigger"]["threshold"]) == ("GreaterThan", 70)
    assert (in_["metricTrigger"]["operator"], in_["metricTrigger"]["threshold"]) == ("LessThan", 30)


def test_utilisation_is_the_deployments_and_latency_the_endpoints() -> None:
    out, _, slow = (rule["metricTrigger"] for rule in setting(scaled())["profiles"][0]["rules"])
    assert (out["metricName"], out["metricResourceUri"]) == ("GpuUtilizationPercentage", DEPLOYMENT)
    assert (slow["metricName"], slow["metricResourceUri"]) == ("RequestLatency_P95", ENDPOINT)
    assert (out["timeGrain"], out["timeWindow"], slow["timeWindow"]) == ("PT1M", "PT5M", "PT1H30M")
    assert {out["statistic"], out["timeAggregation"]} == {"Average"}


def test_a_schedule_is_a_fixed_number_and_the_way_back() -> None:
    usual, weekend, back = setting(scaled(schedules={"weekend": WEEKEND}))["profiles"]
    assert weekend["name"] == "weekend"
    assert weekend["capacity"] == {"minimum": "4", "maximum": "4", "default": "4"}
    assert weekend["rules"] == []
    assert weekend["recurrence"] == {
        "frequency": "Week",
        "schedule": {"days": ["Saturday", "Sunday"], "hours": [8], "minutes": [30], "timeZone": "UTC"},
    }
    assert json.loads(back["name"]) == {"name": "default", "for": "weekend"}
    assert (back["capacity"], back["rules"]) == (usual["capacity"], usual["rules"])
    assert back["recurrence"]["schedule"] == {**weekend["recurrence"]["schedule"], "hours": [20], "minutes": [0]}


def test_everything_is_known_in_a_first_preview() -> None:
    recorded = scaled(preview=True, schedules={"weekend": WEEKEND})
    assert UNKNOWN not in str(recorded.one("monitor:AutoscaleSetting").request.object)
    assert recorded.outputs["scaled"] == {"minimum": 1, "maximum": 3, "default": 1}


@pytest.mark.parametrize("sides", [{}, {"above": 1, "below": 1}])
def test_a_rule_has_one_side(sides: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="give one of them"):
        ScalingRuleArgs(metric="RequestLatency", **sides)


def test_a_metric_that_there_is_not_is_an_error() -> None:
    assert isinstance(scaled(rules=[ScalingRuleArgs(metric="Nonsense", above=1)]).error, KeyError)


def test_the_body_keeps_arms_contract(contract_errors: Callable[..., list[str]]) -> None:
    made = scaled(schedules={"weekend": WEEKEND}).one("monitor:AutoscaleSetting")
    assert contract_errors(*put(made)) == []
