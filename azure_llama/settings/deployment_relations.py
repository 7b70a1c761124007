"""The rules that bind several values of one managed deployment together; see `relations`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import time
from typing import Any

from azure_llama.catalog import Catalog
from azure_llama.catalog.fit import fits
from azure_llama.catalog.limits import COLLECTORS_PER_DEPLOYMENT, PROFILES_PER_AUTOSCALE, RULES_PER_PROFILE
from azure_llama.settings.checks import Finding, whole
from azure_llama.settings.endpoint_checks import CLOCK, METAS_REGISTRY
from azure_llama.settings.problems import show

_NAMED = 3
"""Sizes that a sentence lists."""

USUAL_PROFILE = "default"
"""Name of the autoscale profile that holds whenever no schedule does."""

_OWN_COLLECTIONS = ("request", "response")
"""Collections that need no scoring script; all others come from a Collector in one."""


def deployment(value: Mapping[str, Any], catalog: Catalog) -> Iterator[Finding]:
    """Everything that binds two values of a deployment."""
    yield from version(value, catalog)
    yield from fit(value, catalog)
    yield from collections(value.get("dataCollection"))
    yield from probes(value.get("probes"))
    yield from autoscale(value.get("autoscale"), value.get("instances"))


def version(value: Mapping[str, Any], catalog: Catalog) -> Iterator[Finding]:
    """A managed deployment names a version, or its model has one that is known."""
    name = value.get("model")
    if not isinstance(name, str) or value.get("modelVersion") is not None:
        return
    reference = catalog.reference(name)
    model, asset = reference.model, reference.asset
    known = model or asset
    if known is None or (model is not None and model.versions):
        return
    if model is None and asset is not None and (asset.version is not None or asset.registry == METAS_REGISTRY):
        return  # told about already, as what it is
    yield Finding(
        f"is missing, and no version of {known.name} is known",
        f"look it up in the registry {known.registry} and write it here, in quotes",
        at=("modelVersion",),
        shown="",
    )


def fit(value: Mapping[str, Any], catalog: Catalog) -> Iterator[Finding]:
    """The size holds the model, unless a container of one's own decides how it is loaded."""
    if value.get("packagedModel") is True and value.get("environment") is None:
        rule = "needs the package: an environment that holds the model"
        yield Finding(rule, "name it with environment, or leave packagedModel out", at=("packagedModel",))
    unchecked = value.get("fit") == "Unchecked"
    if unchecked and value.get("environment") is None:
        rule = "is for containers of your own, which decide how a model is loaded"
        yield Finding(rule, "name the container with environment, or leave fit out", at=("fit",))
    model, size = value.get("model"), value.get("vmSize")
    if unchecked or not isinstance(model, str) or not isinstance(size, str):
        return
    found, machine = catalog.find_model(model), catalog.find_gpu_size(size)
    if found is None or machine is None or (found.name, machine.name) != (model, size) or not machine.managed_online:
        return  # a name that is told about already, or no model of the catalogue
    if fits(found, machine).fits is not False:
        return
    holding = catalog.smallest_sizes(found)[:_NAMED]
    if holding:
        way_out = f"the smallest that hold it are {', '.join(holding)}"
    else:
        way_out = "no size that Azure ML serves holds it; with an environment of your own, write fit: Unchecked"
    yield Finding(fits(found, machine).reason, way_out, holding[0] if holding else None, at=("vmSize",))


def collections(value: Any) -> Iterator[Finding]:
    """The collections of inference data."""
    names = value.get("collections") if isinstance(value, Mapping) else None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return
    place = ("dataCollection", "collections")
    if not names:
        yield Finding("is empty", "name one, or leave dataCollection out", at=place)
    yield from repeated(names, place, "collection")
    most = COLLECTORS_PER_DEPLOYMENT.low
    own = [name for name in names if name not in _OWN_COLLECTIONS]
    if len(own) > most:
        rule = f"has {len(own)} collections of a scoring script's, and a deployment has {most} at most"
        yield Finding(rule, f"remove {len(own) - most}", at=place, shown="")


def repeated(names: list[str], place: tuple[str, ...], what: str) -> Iterator[Finding]:
    """What a list has twice."""
    for index, name in enumerate(names):
        if name in names[:index]:
            yield Finding(f"is there already, and a {what} counts once", "remove one of them", at=(*place, str(index)))


def probes(value: Any) -> Iterator[Finding]:
    """A liveness probe succeeds at once."""
    liveness = value.get("liveness") if isinstance(value, Mapping) else None
    times = liveness.get("successThreshold") if isinstance(liveness, Mapping) else None
    if whole(times) and times != 1:
        rule = "is not 1, and Azure takes no other number for a liveness probe"
        yield Finding(rule, "write 1, or leave it out", at=("probes", "liveness", "successThreshold"))


def autoscale(value: Any, instances: Any) -> Iterator[Finding]:
    """The rules, limits and schedules that scale a deployment."""
    if not isinstance(value, Mapping):
        return
    value = _stated(value)
    low, high = value.get("minimum", 1), value.get("maximum")
    first = value.get("default", low)
    if not all(whole(number) for number in (low, high, first)):
        return
    if low > high:
        yield Finding(
            f"is above maximum ({high})", f"write {high} or less", at=("autoscale", "minimum"), shown=str(low)
        )
    elif not low <= first <= high:
        rule = f"is outside minimum to maximum ({low} to {high})"
        yield Finding(rule, f"write a number from {low} to {high}", at=("autoscale", "default"))
    elif whole(instances) and not low <= instances <= high:
        rule = f"is outside autoscale's minimum to maximum ({low} to {high})"
        yield Finding(rule, f"write a number from {low} to {high}, or leave it out", at=("instances",))
    yield from _rules(value.get("rules"))
    yield from _schedules(value.get("schedules"))


def _stated(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """A map without the keys that have nothing after them."""
    return {key: each for key, each in value.items() if each is not None}


def _rules(rules: Any) -> Iterator[Finding]:
    place = ("autoscale", "rules")
    if not isinstance(rules, list) or not all(isinstance(rule, Mapping) for rule in rules):
        return
    rules = [_stated(rule) for rule in rules]
    if not any("above" in rule for rule in rules):
        rule = "has no rule that scales out, so nothing ever would"
        yield Finding(rule, "add one such as {metric: GpuUtilizationPercentage, above: 70, by: 1}", at=place, shown="")
    most = RULES_PER_PROFILE.low
    if len(rules) > most:
        rule = f"has {len(rules)} rules, and Azure Monitor takes {most}"
        yield Finding(rule, f"remove {len(rules) - most}", at=place, shown="")
    for index, each in enumerate(rules):
        if ("above" in each) == ("below" in each):
            rule = "has both above and below" if "above" in each else "has neither above nor below"
            yield Finding(rule, "write above to scale out, or below to scale in", at=(*place, str(index)), shown="")
    yield from _flapping(rules, place)


def _flapping(rules: list[Mapping[str, Any]], place: tuple[str, ...]) -> Iterator[Finding]:
    """A rule that scales in where another one, of the same metric, scales out."""
    for index, each in enumerate(rules):
        below = each.get("below")
        outs = [rule.get("above") for rule in rules if rule.get("metric") == each.get("metric")]
        lowest = min((above for above in outs if above is not None and whole(above)), default=None)
        if whole(below) and lowest is not None and below >= lowest:
            rule = (
                f"is not below {lowest}, where a rule of {show(each.get('metric'))} scales out: it would go to and fro"
            )
            yield Finding(rule, f"write less than {lowest}", at=(*place, str(index), "below"))


def _clock(value: Any) -> time | None:
    """A time of the day, of a text or as one; None when it is neither."""
    if isinstance(value, str) and CLOCK.fullmatch(value):
        return time.fromisoformat(value)
    return value if isinstance(value, time) else None


def _schedules(schedules: Any) -> Iterator[Finding]:
    place = ("autoscale", "schedules")
    if not isinstance(schedules, Mapping):
        return
    # Each is two profiles: the one that it names, and the way back. One more is for all other times.
    most = (PROFILES_PER_AUTOSCALE.low - 1) // 2
    if len(schedules) > most:
        rule = f"has {len(schedules)} schedules, and Azure Monitor takes {most}"
        yield Finding(rule, f"remove {len(schedules) - most}", at=place, shown="")
    for name, each in schedules.items():
        if not name.strip() or name.casefold() == USUAL_PROFILE:
            rule = "is no name" if not name.strip() else "is the name of the profile for all other times"
            yield Finding(rule, "choose another, such as 'weekend'", at=(*place, name), shown=show(name))
        if not isinstance(each, Mapping):
            continue
        days, start, end = each.get("days"), each.get("start", "00:00"), each.get("end", "23:59")
        if isinstance(days, list) and not days:
            yield Finding("is empty", "name at least one day", at=(*place, name, "days"))
        if isinstance(days, list) and all(isinstance(day, str) for day in days):
            yield from repeated(days, (*place, name, "days"), "day")
        first, last = _clock(start), _clock(end)
        if first is not None and last is not None and first >= last:
            rule = f"is not after start ({first:%H:%M})"
            yield Finding(rule, "write a later time; past midnight, write two schedules", at=(*place, name, "end"))
