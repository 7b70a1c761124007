"""Unknown values of a configuration: the rest of it is checked, and stand-ins take their place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, get_args, get_origin

import pytest

from azure_llama.catalog import Catalog
from azure_llama.documents.unknown import ALTERNATE, HIDDEN
from azure_llama.settings import Settings, SettingsError, load
from azure_llama.settings.base import StrictModel
from azure_llama.settings.partial import bare, declared_type
from azure_llama.settings.unknown import NoStandInError, filled

CATALOG = Catalog.package()
WITHOUT_STAND_IN = {
    "workspace.network.outboundRules.destination",
    "workspace.network.outboundRules.ports",
    "managed.deployments.modelVersion",
    "managed.deployments.autoscale",
}
"""Values whose form depends on others; a report asks for them with `--value`."""


def configuration(**sections: Any) -> dict[str, str]:
    """A configuration with a workspace, as Pulumi passes it."""
    texts = {f"azure-llama:{key}": value if value == HIDDEN else json.dumps(value) for key, value in sections.items()}
    return {"azure-native:location": "eastus2", "azure-llama:workspace": '{"name": "llama"}', **texts}


def deployment(**changes: Any) -> dict[str, Any]:
    """A section `managed` with one deployment."""
    entries = {"model": "Meta-Llama-3.1-8B-Instruct", "vmSize": "Standard_NC24ads_A100_v4", **changes}
    return {"llama-8b": {"deployments": {"blue": entries}}}


def places(model: type[StrictModel], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Each key of the settings, with its declared type."""
    for name, field in model.model_fields.items():
        where = (*above, field.alias or name)
        yield where, declared_type(field)
        type_ = bare(field.annotation)
        while get_origin(type_) in (dict, list):
            type_ = bare(get_args(type_)[-1])
        if isinstance(type_, type) and issubclass(type_, StrictModel):
            yield from places(type_, where)


@pytest.mark.parametrize(("where", "declared"), list(places(Settings)), ids=lambda value: str(value)[:60])
def test_every_key_has_a_stand_in(where: tuple[str, ...], declared: Any) -> None:
    if ".".join(where) in WITHOUT_STAND_IN:
        with pytest.raises(NoStandInError):
            filled(declared, HIDDEN, CATALOG)
    else:
        filled(declared, HIDDEN, CATALOG)
        filled(declared, ALTERNATE, CATALOG)


def test_one_secret_of_a_map_leaves_the_rest_of_it_checked() -> None:
    managed = deployment(environmentVariables={"HF_TOKEN": HIDDEN}, requestTimeoutSeconds=300, instances=HIDDEN)
    with pytest.raises(SettingsError) as caught:
        load(configuration(managed=managed), CATALOG)
    (problem,) = caught.value.problems
    assert problem.path == "azure-llama:managed.llama-8b.deployments.blue.requestTimeoutSeconds"


def test_a_secret_of_any_type_is_no_error() -> None:
    managed = deployment(environmentVariables={"HF_TOKEN": HIDDEN}, instances=HIDDEN, traffic=HIDDEN)
    budget = {"amount": HIDDEN, "startDate": HIDDEN, "contacts": [HIDDEN]}
    settings = load(configuration(managed=managed, budget=budget, access=HIDDEN, tags=HIDDEN), CATALOG)
    blue = settings.managed["llama-8b"].deployments["blue"]
    assert blue.environment_variables == {"HF_TOKEN": HIDDEN}
    assert isinstance(blue.instances, int)
    assert settings.budget is not None
    assert settings.budget.contacts == [f"{HIDDEN}@example.com"]


def test_a_relation_that_needs_an_unknown_value_is_not_evaluated() -> None:
    managed = deployment(traffic=HIDDEN)
    managed["llama-8b"]["deployments"]["green"] = {**deployment()["llama-8b"]["deployments"]["blue"], "traffic": 90}
    assert load(configuration(managed=managed), CATALOG).managed["llama-8b"].deployments["green"].traffic == 90


def test_the_two_stand_ins_of_a_value_differ() -> None:
    for key in ("location", "workspace", "tags", "serverless", "budget"):
        full = "azure-native:location" if key == "location" else f"azure-llama:{key}"
        first, second = (load({**configuration(), full: mark}, CATALOG) for mark in (HIDDEN, ALTERNATE))
        assert getattr(first, key) != getattr(second, key)


def test_a_value_without_a_stand_in_is_asked_for() -> None:
    place = "azure-llama:managed.llama-8b.deployments.blue.modelVersion"
    with pytest.raises(SettingsError, match=f"{place}: is unknown, .* give it with --value {place}=VALUE"):
        load(configuration(managed=deployment(modelVersion=HIDDEN)), CATALOG)
