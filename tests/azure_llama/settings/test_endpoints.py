"""Each rule of endpoints and deployments, as a report tells it."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from azure_llama.settings import (
    AutoscaleSettings,
    DeploymentSettings,
    ManagedSettings,
    ScalingRuleSettings,
    SettingsError,
    load,
)
from tests.catalogs import PACKAGE

Make = Callable[..., dict[str, str]]
SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-other/providers"
OTHER = f"{SUBSCRIPTION}/Microsoft.MachineLearningServices/workspaces/other"
VAULT = f"{SUBSCRIPTION}/Microsoft.KeyVault/vaults/kv-other"
IDENTITY = f"{SUBSCRIPTION}/Microsoft.ManagedIdentity/userAssignedIdentities/id-other"
IMAGE = "azureml://registries/azureml/environments/vllm/versions/3"
MISTRAL = "azureml://registries/azureml-mistral/models/Mistral-large-2407"
OUT = {"metric": "GpuUtilizationPercentage", "above": 70}
IN = {"metric": "GpuUtilizationPercentage", "below": 30}

Change = Callable[[dict[str, Any]], None]


def blue(**keys: Any) -> Change:
    return lambda stack: stack["azure-llama:managed"]["llama-8b"]["deployments"]["blue"].update(keys)


def green(**keys: Any) -> Change:
    def change(stack: dict[str, Any]) -> None:
        deployments = stack["azure-llama:managed"]["llama-8b"]["deployments"]
        deployments["green"] = {**deployments["blue"], "traffic": 0, **keys}

    return change


def managed(**keys: Any) -> Change:
    return lambda stack: stack["azure-llama:managed"]["llama-8b"].update(keys)


def serverless(**keys: Any) -> Change:
    return lambda stack: stack["azure-llama:serverless"]["llama-33-70b"].update(keys)


def existing(stack: dict[str, Any]) -> None:
    """An endpoint that is there already."""
    endpoint = stack["azure-llama:managed"]["llama-8b"]
    del endpoint["auth"], endpoint["deployments"]["blue"]["traffic"]
    endpoint["existing"] = True


def problem(config: dict[str, str]) -> str:
    with pytest.raises(SettingsError) as caught:
        load(config, PACKAGE)
    (found,) = caught.value.problems
    return str(found)


@pytest.mark.parametrize(
    ("change", "place", "says"),
    [
        (
            serverless(model=f"{MISTRAL}/versions/2"),
            "model",
            f"serverless endpoints always serve the newest; set '{MISTRAL}'",
        ),
        (serverless(model=MISTRAL.replace("registries", "Registries")), "model", f"set '{MISTRAL}'"),
        (serverless(auth="AADToken"), "auth", "'AADToken' is not 'Key' or 'AAD' or 'KeyAndAAD'; set one of them"),
        (
            serverless(auth="AAD", connections={"elsewhere": {"workspace": OTHER}}),
            "connections",
            "cannot be combined with auth: AAD",
        ),
        (
            serverless(connections={"elsewhere": {"workspace": VAULT}}),
            "connections.elsewhere.workspace",
            "is the ARM id of",
        ),
        (serverless(connections={"elsewhere": {}}), "connections.elsewhere.workspace", "is missing; set the ARM id"),
        (
            serverless(connections={"a.b": {"workspace": OTHER}}),
            'connections["a.b"]',
            "rename it, for example to 'a-b'",
        ),
    ],
)
def test_serverless(config: Make, change: Change, place: str, says: str) -> None:
    told = problem(config(change))
    assert told.startswith(f"azure-llama:serverless.llama-33-70b.{place}: ")
    assert says in told


@pytest.mark.parametrize(
    ("change", "place", "says"),
    [
        (blue(model=f"{MISTRAL}/versions/2"), "model", f"has a version; set '{MISTRAL}' and modelVersion: '2'"),
        (blue(model=MISTRAL), "modelVersion", "is missing, and no version of Mistral-large-2407 is known"),
        (
            blue(model="Llama-3.3-70B-Instruct"),
            "vmSize",
            "does not hold Llama-3.3-70B-Instruct: 143.8 GB needed, 75.2 GB usable; "
            "the smallest that hold it are Standard_NC48ads_A100_v4, Standard_NC80adis_H100_v5, Standard_ND96asr_v4",
        ),
        (blue(vmSize="Standard_NC64as_T4_v3"), "vmSize", "does not compute in bf16"),
        (
            blue(model="Meta-Llama-3.1-405B-Instruct", modelVersion="1", vmSize="Standard_ND96isr_H100_v5"),
            "vmSize",
            "no size that Azure ML serves holds it; with an environment of your own, set fit: Unchecked",
        ),
        (blue(fit="Unchecked"), "fit", "'Unchecked' requires environment"),
        (blue(fit="No", environment=IMAGE), "fit", "'No' is not 'Checked' or 'Unchecked'"),
        (blue(environment="vllm:3"), "environment", "is not the asset id of an environment's version"),
        (blue(packagedModel=True), "packagedModel", "true requires environment; set environment"),
        (blue(requestTimeoutSeconds=181), "requestTimeoutSeconds", "181 is outside 1 to 180"),
        (blue(maxConcurrentRequestsPerInstance=0), "maxConcurrentRequestsPerInstance", "0 is below 1"),
        (blue(egressPublicNetworkAccess="Off"), "egressPublicNetworkAccess", "is not 'Enabled' or 'Disabled'"),
        (blue(environmentVariables={"1A": "x"}), "environmentVariables.1A", "no digit first"),
        (
            blue(environmentVariables={"A": 1}),
            "environmentVariables.A",
            "must be a string, not an integer; put it in quotes",
        ),
        (blue(dataCollection="yes"), "dataCollection", "must be a map, not a string; set a map"),
        (
            blue(dataCollection={"samplingRate": 0}),
            "dataCollection.samplingRate",
            "0 must be greater than 0 and at most 1",
        ),
        (blue(dataCollection={"samplingRate": "all"}), "dataCollection.samplingRate", "must be a number, not a string"),
        (blue(dataCollection={"samplingRate": True}), "dataCollection.samplingRate", "must be a number, not a boolean"),
        (blue(dataCollection={"collections": []}), "dataCollection.collections", "is empty; name one"),
        (
            blue(dataCollection={"collections": ["a b"]}),
            "dataCollection.collections.0",
            "is not the name of a collection",
        ),
        (
            blue(dataCollection={"collections": ["request", "request"]}),
            "dataCollection.collections.1",
            "'request' is in the list already",
        ),
        (
            blue(dataCollection={"collections": ["request", *"abcdef"]}),
            "dataCollection.collections",
            "has 6 collections of a scoring script, and a deployment has 5 at most; remove 1",
        ),
        (
            blue(dataCollection={"captureHeaders": ["a:b"]}),
            "dataCollection.captureHeaders.0",
            "not the name of an HTTP header",
        ),
        (blue(maxQueueWait="PT"), "maxQueueWait", "'PT' is not a duration in ISO 8601; set one such as 'PT0.5S'"),
        (blue(probes={"liveness": {"periodSeconds": 0}}), "probes.liveness.periodSeconds", "0 is below 1"),
        (
            blue(probes={"liveness": {"successThreshold": 2}}),
            "probes.liveness.successThreshold",
            "2 must be 1 for a liveness probe",
        ),
        (blue(probes={"live": {}}), "probes.live", "did you mean 'liveness'?"),
    ],
)
def test_deployments(config: Make, change: Change, place: str, says: str) -> None:
    told = problem(config(change))
    assert told.startswith(f"azure-llama:managed.llama-8b.deployments.blue.{place}: ")
    assert says in told


@pytest.mark.parametrize(
    ("autoscale", "place", "says"),
    [
        ({"maximum": 3}, "rules", "is missing; set a list of at least one rule"),
        ({"maximum": 3, "rules": []}, "rules", "has no rule that scales out"),
        ({"maximum": 3, "rules": [IN]}, "rules", "has no rule that scales out"),
        ({"maximum": 3, "rules": {"a": OUT}}, "rules", "must be a list, not a map"),
        ({"maximum": 51, "rules": [OUT]}, "maximum", "51 is outside 1 to 50"),
        ({"minimum": 0, "maximum": 3, "rules": [OUT]}, "minimum", "0 is outside 1 to 50"),
        ({"minimum": 4, "maximum": 3, "rules": [OUT]}, "minimum", "4 is above maximum (3); set 3 or less"),
        ({"maximum": 3, "default": 4, "rules": [OUT]}, "default", "4 is outside minimum to maximum (1 to 3)"),
        ({"maximum": 3, "rules": [{**OUT, "below": 1}]}, "rules.0", "has both above and below"),
        ({"maximum": 3, "rules": [OUT, {**IN, "below": None}]}, "rules.1", "has neither above nor below"),
        ({"minimum": 4, "maximum": 3, "default": None, "rules": [OUT]}, "minimum", "4 is above maximum (3)"),
        ({"maximum": 3, "rules": [OUT, {"metric": "RequestLatency"}]}, "rules.1", "has neither above nor below"),
        (
            {"maximum": 3, "rules": [{**OUT, "metric": "GpuUtilisation"}]},
            "rules.0.metric",
            "did you mean 'GpuUtilization",
        ),
        ({"maximum": 3, "rules": [{**OUT, "by": 0}]}, "rules.0.by", "0 is outside 1 to 50"),
        ({"maximum": 3, "rules": [{**OUT, "windowMinutes": 4}]}, "rules.0.windowMinutes", "4 is outside 5 to 720"),
        ({"maximum": 3, "rules": [OUT] * 11}, "rules", "has 11 rules, and Azure Monitor allows 10"),
        (
            {"maximum": 3, "rules": [OUT, {**IN, "below": 70}]},
            "rules.1.below",
            "scaling would flap; set less than 70",
        ),
        ({"maximum": 3, "rules": [OUT], "cooldownMinutes": 0}, "cooldownMinutes", "0 is outside 1 to 10080"),
    ],
)
def test_autoscale(config: Make, autoscale: Any, place: str, says: str) -> None:
    told = problem(config(blue(autoscale=autoscale)))
    assert told.startswith(f"azure-llama:managed.llama-8b.deployments.blue.autoscale.{place}: ")
    assert says in told


def test_instances_are_within_autoscales_limits(config: Make) -> None:
    told = problem(config(blue(instances=4, autoscale={"maximum": 3, "rules": [OUT]})))
    assert told.startswith("azure-llama:managed.llama-8b.deployments.blue.instances: 4 is outside autoscale's minimum")


@pytest.mark.parametrize(
    ("schedule", "place", "says"),
    [
        ({"days": ["Saturday"]}, "instances", "is missing; set a number of instances"),
        ({"days": [], "instances": 1}, "days", "is empty; name at least one day"),
        ({"days": ["Sat"], "instances": 1}, "days.0", "'Sat' is not 'Monday' or"),
        ({"days": ["Sunday", "Sunday"], "instances": 1}, "days.1", "'Sunday' is in the list already"),
        ({"days": ["Sunday"], "start": "8:30", "instances": 1}, "start", "write it as '08:30', in quotes"),
        ({"days": ["Sunday"], "start": 510, "instances": 1}, "start", "must be a string, not an integer"),
        ({"days": ["Sunday"], "start": "09:00", "end": "09:00", "instances": 1}, "end", "is not after start (09:00)"),
        ({"days": ["Sunday"], "timeZone": "Europe/Berlin", "instances": 1}, "timeZone", "'W. Europe Standard Time'"),
    ],
)
def test_schedules(config: Make, schedule: Any, place: str, says: str) -> None:
    scaled = {"maximum": 3, "rules": [OUT], "schedules": {"weekend": schedule}}
    told = problem(config(blue(autoscale=scaled)))
    assert told.startswith(f"azure-llama:managed.llama-8b.deployments.blue.autoscale.schedules.weekend.{place}: ")
    assert says in told


@pytest.mark.parametrize(
    ("name", "says"), [(" ", "' ' is blank"), ("Default", "is the name of the profile for all other")]
)
def test_a_schedule_has_a_name_of_its_own(config: Make, name: str, says: str) -> None:
    schedules = {name: {"days": ["Sunday"], "instances": 1}}
    assert says in problem(config(blue(autoscale={"maximum": 3, "rules": [OUT], "schedules": schedules})))


def test_azure_monitor_takes_so_many_profiles(config: Make) -> None:
    schedules = {f"s{index}": {"days": ["Sunday"], "instances": 1} for index in range(10)}
    told = problem(config(blue(autoscale={"maximum": 3, "rules": [OUT], "schedules": schedules})))
    assert "has 10 schedules, and Azure Monitor allows 9; remove 1" in told


@pytest.mark.parametrize(
    ("changes", "place", "says"),
    [
        ([managed(identity={"type": "UserAssigned"})], "identity.id", "is missing, and type: UserAssigned requires"),
        ([managed(identity={"id": IDENTITY})], "identity.id", "requires type: UserAssigned"),
        ([managed(identity={"type": "UserAssigned", "id": VAULT})], "identity.id", "not of a user-assigned identity"),
        ([managed(publicNetworkAccess="No")], "publicNetworkAccess", "is not 'Enabled' or 'Disabled'"),
        ([managed(mirrorTraffic={"blue": 10})], "mirrorTraffic.blue", "has live traffic, and Azure"),
        (
            [managed(mirrorTraffic={"green": 10}), blue(traffic=90), green(traffic=10)],
            "mirrorTraffic.green",
            "live or mirrored traffic, not both; set its traffic to 0",
        ),
        ([managed(mirrorTraffic={"gren": 10}), green()], "mirrorTraffic.gren", "did you mean 'green'?"),
        ([managed(mirrorTraffic={"green": 51}), green()], "mirrorTraffic.green", "51 is outside 1 to 50"),
        (
            [managed(mirrorTraffic={"green": 1, "blue": 1}), green()],
            "mirrorTraffic",
            "has 2 deployments, and Azure mirrors",
        ),
        ([managed(sharedQuota={})], "sharedQuota.since", "is missing; set when the 168 hours begin"),
        ([managed(sharedQuota={"since": "2026-11-25"})], "sharedQuota.since", "has no time zone"),
        ([managed(sharedQuota={"since": "soon"})], "sharedQuota.since", "is not a date with a time; set one such as"),
        ([managed(sharedQuota={"since": 5})], "sharedQuota.since", "must be a string, not an integer"),
        ([existing, managed(auth="Key")], "auth", "cannot be set when existing: true"),
        ([existing, blue(traffic=100)], "deployments.blue.traffic", "cannot be set when existing: true"),
    ],
)
def test_managed(config: Make, changes: list[Change], place: str, says: str) -> None:
    lines = _lines(config(*changes))
    told = [line for line in lines if line.startswith(f"azure-llama:managed.llama-8b.{place}: ")]
    assert len(told) == 1, lines
    assert says in told[0]


def _lines(config: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(config, PACKAGE)
    return [str(each) for each in caught.value.problems]


def test_an_endpoint_has_so_many_deployments(config: Make) -> None:
    def add(stack: dict[str, Any]) -> None:
        deployments = stack["azure-llama:managed"]["llama-8b"]["deployments"]
        deployments |= {f"d{index:02}": {**deployments["blue"], "traffic": 0} for index in range(20)}

    assert "has 21 deployments, and an endpoint has 20 at most; remove 1" in problem(config(add))


@pytest.mark.parametrize(
    ("secrets", "place", "says"),
    [
        ({"keyVault": "workspace"}, "expiresOn", "is missing; set the day on which the secrets expire"),
        ({"expiresOn": "1.1.2027"}, "expiresOn", "is not a date; set one such as '2027-01-01'"),
        ({"expiresOn": 20270101}, "expiresOn", "must be a string, not an integer"),
        ({"expiresOn": "2027-01-01", "keyVault": "mine"}, "keyVault", "'mine' is not the ARM id of a key vault"),
    ],
)
def test_secrets(config: Make, secrets: Any, place: str, says: str) -> None:
    told = problem(config() | {"azure-llama:secrets": json.dumps(secrets)})
    assert told.startswith(f"azure-llama:secrets.{place}: ")
    assert says in told


def test_what_an_existing_workspace_does_not_tell(config: Make) -> None:
    stack = config(managed(diagnostics=True)) | {
        "azure-llama:workspace": json.dumps({"id": OTHER}),
        "azure-llama:secrets": json.dumps({"expiresOn": "2027-01-01"}),
    }
    lines = _lines(stack)
    assert [line.split(": ")[0] for line in lines] == [
        "azure-llama:managed.llama-8b.diagnostics",
        "azure-llama:secrets.keyVault",
    ]
    assert "set the vault's ARM id" in lines[1]
    own = {"expiresOn": "2027-01-01", "keyVault": VAULT}
    loaded = load(
        config() | {"azure-llama:workspace": json.dumps({"id": OTHER}), "azure-llama:secrets": json.dumps(own)},
        PACKAGE,
    )
    assert loaded.secrets is not None
    assert loaded.secrets.key_vault == VAULT


WEEKEND: dict[str, Any] = {
    "days": ["Saturday", "Sunday"],
    "start": "08:00",
    "end": "20:00",
    "timeZone": "UTC",
    "instances": 1,
}
SCALED: dict[str, Any] = {
    "minimum": 1,
    "maximum": 3,
    "default": 2,
    "rules": [{**OUT, "by": 2, "windowMinutes": 10}, IN, {"metric": "RequestLatency_P95", "above": 5000}],
    "cooldownMinutes": 20,
    "schedules": {"weekend": WEEKEND},
}
ON_DEPLOYMENT: dict[str, Any] = {
    "environment": IMAGE,
    "fit": "Unchecked",
    "dataCollection": {
        "samplingRate": 0.5,
        "rollingRate": "Day",
        "collections": ["request"],
        "captureHeaders": ["x-a"],
    },
    "applicationInsights": False,
    "egressPublicNetworkAccess": "Disabled",
    "environmentVariables": {"WORKER_COUNT": "4"},
    "requestTimeoutSeconds": 90,
    "maxConcurrentRequestsPerInstance": 4,
    "probes": {"startup": {"initialDelaySeconds": 1000}},
    "autoscale": SCALED,
}
ON_ENDPOINT: dict[str, Any] = {
    "publicNetworkAccess": "Disabled",
    "identity": {"type": "UserAssigned", "id": IDENTITY},
    "mirrorTraffic": {"green": 10},
    "contentSafety": False,
    "sharedQuota": {"since": "2026-11-25 19:00:00 +0100 +0100"},
    "diagnostics": False,
}


def test_every_option_at_once_loads(config: Make) -> None:
    secrets = {"expiresOn": "2027-01-01 00:00:00 +0000 UTC"}
    changes = (
        blue(**ON_DEPLOYMENT),
        green(autoscale=None),
        managed(**ON_ENDPOINT),
        serverless(model=MISTRAL, auth="KeyAndAAD"),
    )
    loaded = load(config(*changes) | {"azure-llama:secrets": json.dumps(secrets)}, PACKAGE)
    endpoint = loaded.managed["llama-8b"]
    deployment = endpoint.deployments["blue"]
    assert deployment.autoscale is not None
    assert deployment.autoscale.schedules["weekend"].start == time(8, 0)
    assert deployment.data_collection is not None
    assert deployment.data_collection.sampling_rate == 0.5
    assert endpoint.shared_quota is not None
    assert endpoint.shared_quota.since == datetime(2026, 11, 25, 18, tzinfo=UTC)
    assert endpoint.shared_quota.deletion == datetime(2026, 12, 2, 18, tzinfo=UTC)
    assert endpoint.mirror_traffic == {"green": 10}
    assert loaded.serverless["llama-33-70b"].model == MISTRAL
    assert loaded.secrets is not None
    assert (loaded.secrets.key_vault, loaded.secrets.expires_on) == ("workspace", date(2027, 1, 1))


def test_an_existing_endpoint_has_deployments_and_no_traffic(config: Make) -> None:
    loaded = load(config(existing, green(), stack_without_traffic), PACKAGE)
    assert loaded.managed["llama-8b"].traffic == {}
    assert not loaded.managed["llama-8b"].has_keys


def stack_without_traffic(stack: dict[str, Any]) -> None:
    for each in stack["azure-llama:managed"]["llama-8b"]["deployments"].values():
        each.pop("traffic", None)


@pytest.mark.parametrize(("asked", "kept"), [(True, True), (False, False), ({}, True)])
def test_true_means_the_defaults_of_data_collection(config: Make, asked: Any, kept: bool) -> None:
    deployment = load(config(blue(dataCollection=asked)), PACKAGE).managed["llama-8b"].deployments["blue"]
    assert (deployment.data_collection is not None) == kept
    if deployment.data_collection:
        assert deployment.data_collection.collections == ["request", "response"]


def test_a_packaged_model_has_its_environment(config: Make) -> None:
    deployment = (
        load(config(blue(packagedModel=True, environment=IMAGE)), PACKAGE).managed["llama-8b"].deployments["blue"]
    )
    assert deployment.packaged_model
    assert deployment.environment
    assert deployment.environment.id == IMAGE


@pytest.mark.parametrize("size", ["Standard_NV6ads_A10_v5", "Standard_NC4as_T4_v3"])
def test_a_container_of_ones_own_may_go_anywhere(config: Make, size: str) -> None:
    assert load(config(blue(fit="Unchecked", environment=IMAGE, vmSize=size)), PACKAGE).managed
    assert "vmSize" in problem(config(blue(environment=IMAGE, vmSize=size)))


def test_what_is_not_known_to_fit_is_let_through(config: Make) -> None:
    assert load(config(blue(model="Llama-2-7b", vmSize="Standard_NC4as_T4_v3")), PACKAGE).managed
    assert load(config(blue(model=MISTRAL, modelVersion="2", vmSize="Standard_NC4as_T4_v3")), PACKAGE).managed


def test_values_of_variables_stay_out_of_the_report(config: Make) -> None:
    for secret in (98765, ["s3cret"], {"a": "s3cret"}, True):
        told = problem(config(blue(environmentVariables={"TOKEN": secret})))
        assert "environmentVariables.TOKEN" in told
        for part in ("98765", "s3cret", "true"):
            assert part not in told
    assert "s3cret" not in problem(config(blue(environmentVariables="s3cret")))


def test_machines_to_begin_with_and_the_most_there_can_be() -> None:
    def deployment(instances: int | None = None, **scaled: Any) -> DeploymentSettings:
        rule = ScalingRuleSettings(metric="RequestsPerMinute", above=60)
        asked: dict[str, Any] = {} if instances is None else {"instances": instances}
        if scaled:
            asked["autoscale"] = AutoscaleSettings(rules=[rule], **scaled)
        return DeploymentSettings(
            model="Meta-Llama-3.1-8B-Instruct", vm_size="Standard_NC24ads_A100_v4", traffic=100, **asked
        )

    assert (deployment(3).initial_instances, deployment(3).most_instances) == (3, 3)
    assert (deployment(minimum=2, maximum=5).initial_instances, deployment(minimum=2, maximum=5).most_instances) == (
        2,
        5,
    )
    assert deployment(minimum=2, maximum=5, default=4).initial_instances == 4
    assert deployment(3, minimum=2, maximum=5, default=4).initial_instances == 3


def test_python_callers_meet_the_same_rules() -> None:
    with pytest.raises(ValidationError, match="does not hold"):
        DeploymentSettings(model="Llama-3.3-70B-Instruct", vm_size="Standard_NC24ads_A100_v4")
    deployment = DeploymentSettings(model="Meta-Llama-3.1-8B-Instruct", vm_size="Standard_NC24ads_A100_v4")
    with pytest.raises(ValidationError, match="cannot be set when existing: true"):
        ManagedSettings(existing=True, auth="Key", deployments={"blue": deployment})


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=6)
    | st.sampled_from(["08:00", "Sunday"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
RULES = st.lists(
    st.fixed_dictionaries({}, optional=dict.fromkeys(("metric", "above", "below", "by", "windowMinutes"), JUNK)) | JUNK,
    max_size=3,
)
SCHEDULE = st.fixed_dictionaries({}, optional=dict.fromkeys(("days", "start", "end", "timeZone", "instances"), JUNK))
AUTOSCALE = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("minimum", "maximum", "default", "cooldownMinutes"), JUNK),
        "rules": RULES | JUNK,
        "schedules": st.dictionaries(st.text(max_size=3), SCHEDULE | JUNK, max_size=2) | JUNK,
    },
)
OPTIONS = [field.alias or name for name, field in DeploymentSettings.model_fields.items()]
DEPLOYMENT = st.fixed_dictionaries({}, optional={**dict.fromkeys(OPTIONS, JUNK), "autoscale": AUTOSCALE | JUNK})
KEYS = [field.alias or name for name, field in ManagedSettings.model_fields.items()]
ENDPOINT = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(KEYS, JUNK),
        "existing": st.booleans() | JUNK,
        "mirrorTraffic": st.dictionaries(st.sampled_from(["blue", "x"]), st.integers(0, 60) | JUNK, max_size=2) | JUNK,
        "deployments": st.dictionaries(st.sampled_from(["blue", "green"]), DEPLOYMENT | JUNK, max_size=2) | JUNK,
    },
)


@given(st.dictionaries(st.sampled_from(["chat", "x"]), ENDPOINT, max_size=2), JUNK, JUNK)
def test_no_endpoint_fails_in_any_other_way(asked: Any, workspace_id: Any, secrets: Any) -> None:
    config = {
        "azure-native:location": "eastus2",
        "azure-llama:workspace": json.dumps({"name": "llama-dev", "id": workspace_id}),
        "azure-llama:managed": json.dumps(asked),
        "azure-llama:secrets": json.dumps(secrets),
    }
    with suppress(SettingsError):
        load(config, PACKAGE)
        return
    with pytest.raises(SettingsError) as caught:
        load(config, PACKAGE)
    assert caught.value.problems
    assert "pydantic" not in str(caught.value)


def test_two_connections_of_a_workspace_have_different_names(config: Callable[..., dict[str, str]]) -> None:
    def twice(stack: dict[str, Any]) -> None:
        connected = {"connections": {"llama": {"workspace": OTHER}}}
        stack["azure-llama:serverless"] = {
            "one": {"model": "Llama-3.3-70B-Instruct"} | connected,
            "two": {"model": "Llama-3.2-11B-Vision-Instruct"} | connected,
        }

    with pytest.raises(SettingsError) as caught:
        load(config(twice), PACKAGE)
    assert (
        "azure-llama:serverless.two.connections.llama: 'llama' is the name of the connection to 'one' in the same"
        in (str(caught.value))
    )
