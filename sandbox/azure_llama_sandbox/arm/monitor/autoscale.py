"""Microsoft.Insights/autoscalesettings (contract 2021-05-01-preview): how many instances a deployment has, and when.

Azure Monitor looks at a target once a minute, and puts its number of instances between the limits of the profile that
holds. The sandbox does this whenever it looks at all: that is what an `ignore_changes` on `sku.capacity` is for. It
measures no load, so no rule ever scales; the number inside the limits is left alone.
"""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from azure_llama_sandbox.arm.calls import Call
from azure_llama_sandbox.arm.errors import ArmError, bad_request
from azure_llama_sandbox.arm.kinds import HEALTHY, Body, Kind
from azure_llama_sandbox.arm.monitor.autoscale_body import AutoscaleBody
from azure_llama_sandbox.arm.monitor.common import check_metric, existing, name_rule, seconds
from azure_llama_sandbox.store import Resource
from azure_llama_sandbox.world import World

SETTING = "Microsoft.Insights/autoscalesettings"
_DEPLOYMENT = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments"
_TARGETS = frozenset({_DEPLOYMENT})
_MOST_PROFILES, _MOST_RULES = 20, 10
_WINDOW = (5 * 60, 12 * 3600)
_COOLDOWN = (60, 7 * 86_400)
_MINUTE = 60


class AutoscaleSetting(Kind):
    """An autoscale setting of one target."""

    type = SETTING
    contract = AutoscaleBody
    names = name_rule("an autoscale setting")
    stateful = False
    patchable = frozenset({"tags", "properties"})

    def build(self, call: Call, existing_: Resource | None) -> Resource:
        """The setting; it is inactive unless `enabled` is true."""
        given = call.properties
        target = existing(call, given.get("targetResourceUri"), "properties.targetResourceUri")
        _check_target(call, target)
        _check_profiles(call, given["profiles"])
        properties = {
            "name": call.id.name,
            "enabled": False,
            "notifications": [],
            "predictiveAutoscalePolicy": {"scaleMode": "Disabled"},
            "targetResourceLocation": target.body.get("location"),
            **given,
            "targetResourceUri": target.id,
        }
        return self.new(call, existing_, properties)

    def check_patch(self, call: Call, resource: Resource) -> None:
        """The same rules as for a PUT."""
        _check_target(call, existing(call, resource.properties["targetResourceUri"], "properties.targetResourceUri"))
        _check_profiles(call, resource.properties["profiles"])


def _check_target(call: Call, target: Resource) -> None:
    # Azure's codes for both are unknown; these are the sandbox's.
    path = "properties.targetResourceUri"
    if target.type not in _TARGETS:
        raise bad_request(f"Resources of type '{target.type}' cannot be scaled.", target=path, code="UnsupportedTarget")
    own = call.id.text.lower()
    for other in call.store.of_type(SETTING):
        if other.id.lower() != own and other.properties["targetResourceUri"].lower() == target.id.lower():
            raise ArmError(
                HTTPStatus.CONFLICT,
                "TargetAlreadyScaled",
                f"The resource '{target.id}' has the autoscale setting '{other.name}' already.",
                target=path,
            )


def _check_profiles(call: Call, profiles: list[Body]) -> None:
    if not 1 <= len(profiles) <= _MOST_PROFILES:
        raise bad_request(
            f"There are {len(profiles)} profiles; a setting has 1 to {_MOST_PROFILES}.", target="properties.profiles"
        )
    for index, profile in enumerate(profiles):
        path = f"properties.profiles[{index}]"
        numbers = [
            _count(profile["capacity"][key], f"{path}.capacity.{key}") for key in ("minimum", "default", "maximum")
        ]
        if numbers != sorted(numbers):
            raise bad_request(
                f"'{path}.capacity' has minimum {numbers[0]}, default {numbers[1]} and maximum {numbers[2]}; the"
                " default lies between the other two.",
                target=f"{path}.capacity",
            )
        if len(profile["rules"]) > _MOST_RULES:
            raise bad_request(f"'{path}' has more than {_MOST_RULES} rules.", target=f"{path}.rules")
        if profile.get("fixedDate") and profile.get("recurrence"):
            raise bad_request(f"'{path}' has both fixedDate and recurrence; a profile has one at most.", target=path)
        for number, rule in enumerate(profile["rules"]):
            _check_rule(call, rule, f"{path}.rules[{number}]")


def _check_rule(call: Call, rule: Body, path: str) -> None:
    trigger, action = rule["metricTrigger"], rule["scaleAction"]
    measured = existing(call, trigger["metricResourceUri"], f"{path}.metricTrigger.metricResourceUri")
    check_metric(measured, trigger["metricName"], f"{path}.metricTrigger.metricName")
    grain = seconds(trigger["timeGrain"], f"{path}.metricTrigger.timeGrain")
    _between(trigger["timeWindow"], f"{path}.metricTrigger.timeWindow", (max(_WINDOW[0], grain), _WINDOW[1]))
    _between(action["cooldown"], f"{path}.scaleAction.cooldown", _COOLDOWN)
    if "value" in action:
        _count(action["value"], f"{path}.scaleAction.value")


def _between(text: str, path: str, limits: tuple[int, int]) -> None:
    if not limits[0] <= seconds(text, path) <= limits[1]:
        low, high = (limit // _MINUTE for limit in limits)
        raise bad_request(f"'{path}' is '{text}'; it lies between {low} and {high} minutes.", target=path)


def _count(text: str, path: str) -> int:
    if not text.isdecimal():
        raise bad_request(f"'{path}' is '{text}'; it is a whole number, as text.", target=path)
    return int(text)


# -- Azure Monitor at work ---------------------------------------------------------------------------------------------


def scale(world: World) -> list[Resource]:
    """Deployments whose number of instances is outside the limits of the profile that holds, with the new number."""
    changed = []
    for setting in world.store.of_type(SETTING):
        target = world.store.get(setting.properties["targetResourceUri"]) if setting.properties["enabled"] else None
        if target is None or target.properties.get("provisioningState") != HEALTHY:
            continue
        capacity = holding(setting.properties["profiles"], world.clock.moment())["capacity"]
        sku = target.body.get("sku") or {}
        wanted = within(capacity, int(sku.get("capacity", 1)))
        if wanted != sku.get("capacity", 1):
            target.body["sku"] = {**sku, "capacity": wanted}
            changed.append(target)
    return changed


def within(capacity: Body, instances: int) -> int:
    """A number of instances inside a profile's limits, the nearest to the given one."""
    return min(max(instances, int(capacity["minimum"])), int(capacity["maximum"]))


def holding(profiles: list[Body], moment: datetime) -> Body:
    """The profile that holds: of a fixed date, else of a weekday and time, else the one without either."""
    for profile in profiles:
        dates = profile.get("fixedDate")
        if dates and _instant(dates["start"], dates) <= moment < _instant(dates["end"], dates):
            return profile
    begun = [(_begun(each["recurrence"]["schedule"], moment), each) for each in profiles if each.get("recurrence")]
    known = [(minutes, each) for minutes, each in begun if minutes is not None]
    if known:
        return min(known, key=lambda pair: pair[0])[1]
    plain = [each for each in profiles if not each.get("fixedDate") and not each.get("recurrence")]
    return (plain or profiles)[0]


def _instant(text: str, of: Body) -> datetime:
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=_zone(of.get("timeZone")))


def _zone(name: str | None) -> ZoneInfo:
    """A time zone. (Azure takes Windows' names for them; those that the system does not know are read as UTC.)"""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _begun(schedule: Body, moment: datetime) -> float | None:
    """Minutes since a weekly profile last began: the one that began last holds until another begins."""
    local = moment.astimezone(_zone(schedule.get("timeZone")))
    week = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    now = (local.weekday() * 24 + local.hour) * 60 + local.minute
    ages = [
        (now - ((week.index(day.lower()) * 24 + hour) * 60 + minute)) % (7 * 24 * 60)
        for day in schedule["days"]
        if day.lower() in week
        for hour in schedule["hours"]
        for minute in schedule["minutes"]
    ]
    return min(ages, default=None)
