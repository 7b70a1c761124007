"""Refusals by circumstances in Azure are predicted, and every kind of circumstance is drawn."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings

from tests.differential import around
from tests.differential.circumstances import ENDPOINT, kinds, merged, quotas
from tests.differential.conftest import Examine
from tests.differential.repair import Config
from tests.differential.stacks import deployments
from tests.differential.test_verdicts import GENERATED
from tests.policies.test_examples import LEFT_OUT

ACCOUNT, VAULT = "Microsoft.CognitiveServices/accounts", "Microsoft.KeyVault/vaults"
SIZE = "Standard_NC24ads_A100_v4"
MACHINE = {"model": "Meta-Llama-3.1-8B-Instruct", "vmSize": SIZE, "traffic": 100}
CHAT = {"model": "Llama-3.3-70B-Instruct", "modelVersion": "5", "sku": "GlobalStandard", "capacity": 10}
SCOUT = {"model": "Llama-4-Scout-17B-16E-Instruct", "modelVersion": "1", "sku": "GlobalStandard", "capacity": 1}
RETIRED = CHAT | {"model": "Llama-4-Maverick-17B-128E-Instruct-FP8", "modelVersion": "1"}
MANAGED: Config = {"azure-llama:managed": {"llama-8b": {"deployments": {"blue": MACHINE}}}}
SHARED: Config = {
    "azure-llama:managed": {
        "llama-8b": {"sharedQuota": {"since": "2026-11-25T00:00:00Z"}, "deployments": {"blue": MACHINE}}
    }
}
NOTHING: Config = {"azure-llama:workspace": {"id": around.WORKSPACE}, "azure-llama:managed": {}}
FOUNDRY: Config = {"azure-llama:foundry": {"contoso-llama": {"deployments": {"chat": CHAT}}}}
BOUGHT: Config = {"azure-llama:foundry": {"contoso-llama": {"deployments": {"scout": SCOUT}}}}
FAMILY = "standardNCADSA100v4Family"
QUOTA = "AIServices.GlobalStandard.Llama-3.3-70B-Instruct"
PAYS_AS_IT_GOES: Config = {"conditions": {"subscription": {"quotaId": "PayAsYouGo_2014-09-01"}}}


@pytest.mark.parametrize(
    ("config", "drawn", "check"),
    [
        pytest.param(SHARED, PAYS_AS_IT_GOES, "subscription", id="shared quota outside an Enterprise Agreement"),
        pytest.param(BOUGHT, {"unregistered": ["Microsoft.SaaS"]}, "providers", id="a seller that is not registered"),
        pytest.param(MANAGED, {"cores": {FAMILY: 23}}, "quota", id="a core too few"),
        pytest.param(MANAGED, {"cores": {"TotalDedicatedCores": 23}}, "quota", id="a core too few in all"),
        pytest.param(FOUNDRY, {"conditions": {"foundry": {"quota": {QUOTA: 9}}}}, "model-quota", id="a unit too few"),
        pytest.param(
            FOUNDRY,
            {
                "used": [
                    {
                        "model": {"format": "Meta", "name": CHAT["model"], "version": "5"},
                        "sku": {"name": "GlobalStandard", "capacity": 10},
                    }
                ],
                "conditions": {"foundry": {"quota": {QUOTA: 19}}},
            },
            "model-quota",
            id="units that another account uses",
        ),
        pytest.param(FOUNDRY, {"taken": [ACCOUNT]}, "global-names", id="a subdomain that is taken"),
        pytest.param(FOUNDRY, {"deleted": [ACCOUNT]}, "soft-deleted", id="an account that is soft-deleted"),
        pytest.param(MANAGED, {"deleted": [VAULT]}, "soft-deleted", id="a vault that is soft-deleted"),
        pytest.param(MANAGED, {"unregistered": ["Microsoft.Storage"]}, "providers", id="a provider"),
        pytest.param(MANAGED, {"conditions": {"subscription": {"state": "Warned"}}}, "subscription", id="a warning"),
    ],
)
def test_a_refusal_by_circumstances_is_predicted(examine: Examine, config: Config, drawn: Config, check: str) -> None:
    case = examine(LEFT_OUT | config, drawn)
    assert f"preflight {check}" in {each.who for each in case.predicted}
    assert case.refusals
    assert case.disagreements == ()


@pytest.mark.parametrize(
    ("config", "drawn"),
    [
        pytest.param(SHARED, {}, id="shared quota in an Enterprise Agreement"),
        pytest.param(MANAGED, {"cores": {FAMILY: 24, "TotalDedicatedCores": 24}}, id="just enough cores"),
        pytest.param(FOUNDRY, {"conditions": {"foundry": {"quota": {QUOTA: 10}}}}, id="just enough units"),
        pytest.param(BOUGHT, {}, id="a model that is bought"),
        pytest.param(FOUNDRY, {"unregistered": ["Microsoft.SaaS"]}, id="no seller is needed"),
        pytest.param(MANAGED, {"conditions": {"subscription": {"state": "PastDue"}}}, id="a payment that is due"),
        pytest.param(NOTHING, {"conditions": {"subscription": {"state": "Disabled"}}}, id="nothing is deployed"),
    ],
)
def test_circumstances_that_do_not_matter_refuse_nothing(examine: Examine, config: Config, drawn: Config) -> None:
    case = examine(LEFT_OUT | config, drawn)
    assert (case.predicted, case.refusals) == ((), ())


def test_nobody_has_an_endpoint_in_a_hub(examine: Examine) -> None:
    hub: Config = {"azure-llama:workspace": {"id": around.HUB}}
    assert examine(LEFT_OUT | MANAGED | hub, {"there": [ENDPOINT]}).disagreements == ()


def test_a_report_of_a_disagreement_shows_the_circumstances(examine: Examine) -> None:
    drawn = {"unregistered": ["Microsoft.Storage"]}
    assert f"circumstances: {json.dumps(drawn, indent=1)}" in str(examine(LEFT_OUT | MANAGED, drawn))


def test_circumstances_of_every_kind_are_drawn() -> None:
    found: set[str] = set()

    @settings(GENERATED, max_examples=400, derandomize=True)
    @given(deployments())
    def draw(deployment: tuple[Config, Config]) -> None:
        found.update(kinds(deployment[1]))

    draw()
    conditions = {f"conditions.{each}" for each in ("foundry", "marketplace", "subscription")}
    assert found >= {"cores", "deleted", "taken", "there", "unregistered", "used", *conditions}


@pytest.mark.parametrize(("model", "used"), [(CHAT, True), (RETIRED, False)])
def test_a_model_that_is_offered_no_more_is_not_used_by_others(model: Config, used: bool) -> None:
    config = {"azure-native:location": "eastus2", "azure-llama:foundry": {"one": {"deployments": {"chat": model}}}}
    assert any("used" in each for each in quotas(config)) == used


def test_what_is_deleted_is_deleted_once_and_not_there() -> None:
    both = merged({"deleted": [VAULT], "there": [ACCOUNT]}, {"deleted": [VAULT], "there": [VAULT]})
    assert both == {"deleted": [VAULT], "there": [ACCOUNT]}


@pytest.mark.parametrize(("region", "served"), [("eastus2", True), ("spaincentral", False)])
def test_a_model_is_served_already_only_where_it_is_offered(region: str, served: bool) -> None:
    serverless = {"chat": {"model": "Llama-3.3-70B-Instruct"}}
    workspace = {"id": around.PROJECT}
    config = {"azure-llama:serverless": serverless, "azure-llama:workspace": workspace}
    assert any("served" in each for each in quotas({"azure-native:location": region, **config})) == served
