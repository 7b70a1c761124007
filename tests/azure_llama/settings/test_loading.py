from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from azure_llama.catalog.fit import fits
from azure_llama.settings import ManagedSettings, ServerlessSettings, SettingsError, load
from tests.catalogs import PACKAGE
from tests.workspaces import workspace_of

Make = Callable[..., dict[str, str]]
ROOT = Path(__file__).parents[3]


def blue(stack: dict[str, Any]) -> Any:
    return stack["azure-llama:managed"]["llama-8b"]["deployments"]["blue"]


def report(config: dict[str, str]) -> list[str]:
    """The errors in a configuration, one a line."""
    with pytest.raises(SettingsError) as caught:
        load(config, PACKAGE)
    lines = str(caught.value).splitlines()
    assert len(lines) == len(caught.value.problems) + 1
    assert "pydantic" not in str(caught.value)
    return [line.removeprefix("- ") for line in lines[1:]]


def test_the_dev_stack_loads(config: Make) -> None:
    loaded = load(config(), PACKAGE)
    assert loaded.location == "eastus2"
    assert (workspace_of(loaded).name, workspace_of(loaded).kind) == ("llama-dev", "Project")
    assert loaded.serverless == {"llama-33-70b": ServerlessSettings(model="Llama-3.3-70B-Instruct")}
    endpoint = loaded.managed["llama-8b"]
    assert isinstance(endpoint, ManagedSettings)
    assert endpoint.auth == "AADToken"
    assert endpoint.traffic == {"blue": 100}
    assert endpoint.deployments["blue"].vm_size == "Standard_NC24ads_A100_v4"
    assert endpoint.deployments["blue"].model_version is None
    assert loaded.tags == {}


def test_the_least_is_a_location_and_a_workspace() -> None:
    least = {"azure-native:location": "swedencentral", "azure-llama:workspace": '{"name": "abc"}'}
    loaded = load(least, PACKAGE)
    assert workspace_of(loaded).kind == "Project"
    assert (loaded.serverless, loaded.managed, loaded.tags) == ({}, {}, {})


def test_other_namespaces_are_nobodys_business(config: Make) -> None:
    others = {"azure-native:clientId": "x", "pulumi:tags": "{", "random:seed": "1", "azure-llama-tools:x": "y"}
    assert load(config() | others, PACKAGE) == load(config(), PACKAGE)


def test_the_sentence_of_the_design(config: Make) -> None:
    def misspell(stack: dict[str, Any]) -> None:
        blue(stack)["vmSize"] = "Standard_NC24ads_A100_v5"

    assert report(config(misspell)) == [
        "azure-llama:managed.llama-8b.deployments.blue.vmSize: 'Standard_NC24ads_A100_v5' is not a GPU size Azure ML "
        "serves; did you mean 'Standard_NC24ads_A100_v4'?"
    ]


def test_one_report_has_every_mistake_in_the_order_of_the_configuration(config: Make) -> None:
    def spoil(stack: dict[str, Any]) -> None:
        stack["azure-native:location"] = "eastus22"
        stack["azure-llama:workspace"] = {"kind": "Projekt"}
        stack["azure-llama:serverless"]["llama-33-70b"]["modle"] = "x"
        blue(stack).update(model="Meta-Llama-3.1-8B-Instrct", traffic=60)
        green = {"vmSize": "Standard_NC24ads_A100_v4", "model": "Llama-3.2-1B", "traffic": 30}
        stack["azure-llama:managed"]["llama-8b"]["deployments"]["green"] = green
        stack["azure-llama:managd"] = {}
        stack["azure-llama:managed"]["e" * 33] = {"deployments": {}}

    lines = report(config(spoil))
    assert [line.split(": ")[0] for line in lines] == [
        "azure-native:location",
        "azure-llama:workspace.kind",
        "azure-llama:workspace.name",
        "azure-llama:serverless.llama-33-70b.modle",
        "azure-llama:managed.llama-8b.deployments",
        "azure-llama:managed.llama-8b.deployments.blue.model",
        "azure-llama:managed." + "e" * 33,
        f"azure-llama:managed.{'e' * 33}.deployments",
        "azure-llama:managd",
    ]
    assert "traffic sums to 90" in lines[4]
    assert "has 33 characters" in lines[6]


@pytest.mark.parametrize(
    ("place", "value", "says"),
    [
        (
            "azure-native:location",
            "East US 2",
            "'East US 2' is not the ARM name of an Azure region; did you mean 'eastus2'?",
        ),
        (
            "azure-native:location",
            "tokyo",
            "'tokyo' is not the ARM name of an Azure region; set one such as 'eastus2'",
        ),
        ("azure-llama:workspace", "llama-dev", "'llama-dev' must be a map, not a string; set a map"),
        ("azure-llama:workspace", "", "must be a map, not empty; set a map, or remove it"),
        ("azure-llama:requiredTags", "", "must be a list, not empty; set a list, or remove it"),
        ("azure-llama:workspace", "null", ".name: is missing; set the workspace's name"),
        ("azure-llama:workspace", '{"name": null}', ".name: is missing; set the workspace's name"),
        ("azure-llama:workspace", "[1]", "[1] must be a map, not a list; set a map"),
        ("azure-llama:workspace", '{"name": ', "is invalid JSON: Expecting value at line 1, column 10; set a map"),
        ("azure-llama:workspace", '{"name": "abc", "name": "abd"}', "has the key 'name' twice; set a map"),
        ("azure-llama:workspace", '{"name": NaN}', "contains NaN, which is not a number; set a map"),
        ("azure-llama:workspace", '{"name": ' + "1" * 5000 + "}", "contains a number that is too long; set a map"),
        ("azure-llama:workspace", "[" * 100_000, "is nested too deeply; set a map"),
        ("azure-llama:tags", '{"a": "\\ud800"}', "contains half a character, which UTF-8 cannot encode; set a map"),
        ("azure-llama:location", "eastus2", "is not a key of this project; did you mean 'azure-native:location'?"),
        (
            "azure-lama:managed",
            "{}",
            "is not a key of this project or its providers; did you mean 'azure-llama:managed'?",
        ),
        (
            "azure-natve:location",
            "s3cret",
            "is not a key of this project or its providers; did you mean 'azure-native:location'?",
        ),
        ("azure-llama:zzz", "s3cret", "is not a key of this project; the keys are azure-native:location, "),
    ],
)
def test_mistakes_in_whole_keys(config: Make, place: str, value: str, says: str) -> None:
    (line,) = report(config() | {place: value})
    assert line.startswith(place)
    assert says in line
    assert len(line) < 300


@pytest.mark.parametrize("key", ["azure:location", "azuread:tenantId", "azure-native-v2:location", "aws:region"])
def test_what_is_of_another_provider_is_left_alone(config: Make, key: str) -> None:
    assert load(config() | {key: "x"}, PACKAGE) == load(config(), PACKAGE)


def test_what_cannot_be_read_is_not_called_missing(config: Make) -> None:
    assert len(report(config() | {"azure-llama:workspace": "{"})) == 1


def test_what_is_missing_is_named_with_an_example() -> None:
    assert report({}) == [
        "azure-native:location: is missing; set the region of the workspace, such as 'eastus2'",
        "azure-llama:workspace.name: is missing; set the workspace's name, such as 'llama-dev', or id: the ARM id of"
        " one that exists",
    ]


def test_problems_are_there_for_programs_too(config: Make) -> None:
    with pytest.raises(SettingsError) as caught:
        load(config(lambda stack: blue(stack).update(vm_size="x")), PACKAGE)
    (problem,) = caught.value.problems
    assert problem.path == "azure-llama:managed.llama-8b.deployments.blue.vm_size"
    assert problem.value == "'vm_size'"
    assert problem.nearest == "vmSize"
    assert str(caught.value).startswith("The stack's configuration has 1 error:\n- ")


def test_values_of_unknown_keys_stay_out_of_the_report(config: Make) -> None:
    def leak(stack: dict[str, Any]) -> None:
        stack["azure-llama:apiKey"] = "s3cret"
        blue(stack)["apiKey"] = "s3cret"

    lines = report(config(leak))
    assert len(lines) == 2
    assert "s3cret" not in "".join(lines)


def test_odd_keys_are_quoted_in_paths(config: Make) -> None:
    lines = report(config(lambda stack: stack["azure-llama:serverless"].update({"a.b": {"model": "Llama-3.2-1B"}})))
    assert lines[0].startswith('azure-llama:serverless["a.b"]: ')
    assert "rename it, for example to 'a-b'" in lines[0]


def test_loading_never_imports_pulumi() -> None:
    program = "import sys, azure_llama.settings; print([each for each in sys.modules if each.startswith('pulumi')])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


TEXT = st.text(st.characters(exclude_categories=()), max_size=12)
WORDS = st.sampled_from(
    [
        "name",
        "kind",
        "model",
        "vmSize",
        "instances",
        "traffic",
        "deployments",
        "auth",
        "blue",
        "modelVersion",
        "x_y",
        "Project",
        "Llama-3.3-70B-Instruct",
        "Llama-Guard-3-8B",
        "Standard_NC24ads_A100_v4",
        "AADToken",
        "llama-8b",
    ]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXT | WORDS
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS | TEXT, inner, max_size=4),
    max_leaves=12,
)
DEPLOYMENTS = st.dictionaries(
    WORDS | TEXT,
    st.fixed_dictionaries({}, optional={"model": SCALARS, "vmSize": SCALARS, "traffic": SCALARS, "x": SCALARS})
    | VALUES,
    max_size=3,
)
KEYS = st.sampled_from(["workspace", "serverless", "managed", "tags"]).map("azure-llama:{}".format)
CONFIGS = st.dictionaries(
    KEYS | TEXT.map("azure-llama:{}".format) | TEXT,
    VALUES.map(json.dumps)
    | st.dictionaries(WORDS | TEXT, st.fixed_dictionaries({"deployments": DEPLOYMENTS}), max_size=2).map(json.dumps)
    | TEXT,
    max_size=6,
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(CONFIGS, st.none() | TEXT | st.just("eastus"))
def test_no_configuration_fails_in_any_other_way(config: dict[str, str], location: str | None) -> None:
    if location is not None:
        config["azure-native:location"] = location
    with suppress(SettingsError):
        load(config, PACKAGE)
        return
    with pytest.raises(SettingsError) as caught:
        load(config, PACKAGE)
    problems = caught.value.problems
    assert problems
    assert len(set(problems)) == len(problems)
    assert "pydantic" not in str(caught.value)
    str(caught.value).encode()


SERVERLESS_NAMES = st.from_regex(r"s[a-z0-9-]{0,40}", fullmatch=True)
MANAGED_NAMES = st.from_regex(r"m[a-z0-9]{2,20}", fullmatch=True)
SERVED = [size for size in PACKAGE.gpu_sizes if size.managed_online]
HOLDING = {
    each.name: sizes
    for each in PACKAGE.models
    if (sizes := [size for size in SERVED if fits(each, size).fits is not False])
}
MODELS = list(HOLDING)
VERSIONED = [each.name for each in PACKAGE.models if each.versions and each.name in HOLDING]


@st.composite
def valid_deployments(draw: st.DrawFn) -> dict[str, Any]:
    names = draw(st.lists(MANAGED_NAMES, min_size=1, max_size=4, unique=True))
    cuts = sorted(draw(st.lists(st.integers(0, 100), min_size=len(names) - 1, max_size=len(names) - 1)))
    shares = [high - low for low, high in zip([0, *cuts], [*cuts, 100], strict=True)]
    if draw(st.booleans()):
        shares = [0] * len(names)
    made = {}
    for name, share in zip(names, shares, strict=True):
        own_version = draw(st.booleans())
        model = draw(st.sampled_from(MODELS if own_version else VERSIONED))
        made[name] = {
            "model": model,
            "vmSize": draw(st.sampled_from(HOLDING[model])).name,
            "instances": draw(st.integers(1, 50)),
            "traffic": share,
        } | ({"modelVersion": str(draw(st.integers(1, 99)))} if own_version else {})
    return made


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(PACKAGE.regions),
    st.fixed_dictionaries(
        {"name": st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{2,32}", fullmatch=True)},
        optional={"kind": st.sampled_from(["Project", "Default"])},
    ),
    st.dictionaries(
        SERVERLESS_NAMES,
        st.fixed_dictionaries({"model": st.sampled_from(MODELS)}, optional={"contentSafety": st.booleans()}),
        max_size=3,
    ),
    st.dictionaries(
        MANAGED_NAMES,
        st.fixed_dictionaries(
            {"deployments": valid_deployments()}, optional={"auth": st.sampled_from(["AADToken", "AMLToken", "Key"])}
        ),
        max_size=3,
    ),
    st.dictionaries(st.from_regex(r"[a-z][a-z .:_-]{0,126}", fullmatch=True), st.text(max_size=256), max_size=50),
)
def test_valid_configurations_load_and_keep_what_they_say(
    region: Any, workspace: Any, serverless: Any, managed: Any, tags: Any
) -> None:
    objects = {"workspace": workspace, "serverless": serverless, "managed": managed, "tags": tags}
    texts = {f"azure-llama:{key}": json.dumps(value) for key, value in objects.items()}
    loaded = load({"azure-native:location": region.name, **texts}, PACKAGE)
    assert loaded.location == region.name
    said = loaded.model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert said == {"location": region.name, **objects}
    for endpoint in loaded.managed.values():
        assert sum(endpoint.traffic.values()) in (0, 100)
        assert endpoint.traffic.keys() == endpoint.deployments.keys()
