"""The program as it stands in the repository, under mocks, on the dev stack's configuration and on wrong ones."""

from __future__ import annotations

import json
import runpy
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml

from azure_llama.catalog.kinds import KINDS
from azure_llama.settings import Settings
from tests.components.arm import put
from tests.components.mocked import KEYS, Recorded, run, secret

ROOT = Path(__file__).resolve().parent.parent
DEV: dict[str, Any] = yaml.safe_load((ROOT / "Pulumi.dev.yaml").read_text())["config"]
PROJECT: dict[str, Any] = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())


@cache  # tests only read what the program did
def up(edit: Callable[[dict[str, Any]], object] | None = None, *, preview: bool = False) -> Recorded:
    config = deepcopy(DEV)
    if edit:
        edit(config)
    raw = {key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()}
    return run(lambda: runpy.run_path(str(ROOT / "__main__.py"), run_name="__main__"), config=raw, preview=preview)


def test_the_dev_stack_is_made_of_these() -> None:
    recorded = up()
    assert recorded.error is None
    assert sorted(each.type.removeprefix("azure-native:") for each in recorded.resources) == [
        "applicationinsights:Component",
        "azure-llama:index:ContentSafety",
        "azure-llama:index:FoundryAccount",
        "azure-llama:index:ManagedEndpoint",
        "azure-llama:index:ModelSubscription",
        "azure-llama:index:ServerlessEndpoint",
        "azure-llama:index:Workspace",
        *["cognitiveservices:Account"] * 2,
        "cognitiveservices:Deployment",
        "keyvault:Vault",
        "machinelearningservices:MarketplaceSubscription",
        "machinelearningservices:OnlineDeployment",
        "machinelearningservices:OnlineEndpoint",
        "machinelearningservices:ServerlessEndpoint",
        "machinelearningservices:Workspace",
        "machinelearningservices:Workspace",
        *["monitor:DiagnosticSetting"] * 7,
        "operationalinsights:Workspace",
        "resources:Deployment",
        "resources:ResourceGroup",
        "storage:StorageAccount",
    ]


def test_the_outputs_of_the_dev_stack() -> None:
    outputs = up().outputs
    assert set(outputs) == {"workspace", "endpoints", "keys", "marketplace", "contentSafety"}
    assert set(outputs["workspace"]) == {"id", "name", "region", "studioUrl"}
    serverless, managed = outputs["endpoints"]["llama-33-70b"], outputs["endpoints"]["llama-8b"]
    assert (serverless["kind"], serverless["model"], serverless["auth"]) == (
        "serverless",
        "Llama-3.3-70B-Instruct",
        "Key",
    )
    assert (managed["kind"], managed["auth"]) == ("managed", "AADToken")
    assert managed["deployments"]["blue"]["traffic"] == 100
    pair = {"primary": KEYS["primaryKey"], "secondary": KEYS["secondaryKey"]}
    foundry = outputs["endpoints"]["llama-dev-foundry/chat"]
    assert (foundry["kind"], foundry["modelName"], foundry["auth"]) == ("foundry", "chat", "Key")
    assert secret(outputs["keys"]) == {"llama-33-70b": pair, "llama-dev-foundry/chat": pair}
    assert set(outputs["marketplace"]) == {"Llama-3.3-70B-Instruct"}


def test_every_resource_that_takes_tags_has_the_stacks() -> None:
    tagged = [each for each in up().resources if each.type.startswith("azure-native:")]
    for each in tagged:
        # Azure has no tags for marketplace subscriptions and for diagnostic settings.
        if not each.type.endswith((":MarketplaceSubscription", ":DiagnosticSetting")):
            assert each.inputs["tags"] == DEV["azure-llama:tags"], each.type


def test_every_body_keeps_arms_contract(contract_errors: Callable[..., list[str]]) -> None:
    made = [each for each in up().resources if each.type.startswith("azure-native:")]
    assert [error for each in made for error in contract_errors(*put(each))] == []


def test_two_endpoints_of_a_model_share_its_subscription() -> None:
    def twice(config: dict[str, Any]) -> None:
        config["azure-llama:serverless"]["again"] = {"model": "Llama-3.3-70B-Instruct"}

    recorded = up(twice)
    subscription = recorded.one("machinelearningservices:MarketplaceSubscription")
    endpoints = recorded.of("machinelearningservices:ServerlessEndpoint")
    assert len(endpoints) == 2
    assert all(subscription.name in each.depends_on for each in endpoints)


def test_a_workspace_alone_is_a_stack() -> None:
    def bare(config: dict[str, Any]) -> None:
        for kind in KINDS:
            del config[kind.setting]
        del config["azure-llama:tags"]

    outputs = up(bare).outputs
    assert outputs["endpoints"] == outputs["marketplace"] == {}
    assert secret(outputs["keys"]) == {}


def test_another_share_of_the_traffic_changes_the_template_alone() -> None:
    def green(blue: int) -> Callable[[dict[str, Any]], None]:
        def edit(config: dict[str, Any]) -> None:
            deployments = config["azure-llama:managed"]["llama-8b"]["deployments"]
            deployments["green"] = {**deployments["blue"], "traffic": 100 - blue}
            deployments["blue"]["traffic"] = blue

        return edit

    before, after = up(green(90)), up(green(0))
    changed = [new.type for old, new in zip(_sorted(before), _sorted(after), strict=True) if old.inputs != new.inputs]
    assert changed == ["azure-native:resources:Deployment"]


def _sorted(recorded: Recorded) -> list[Any]:
    return sorted(recorded.resources, key=lambda each: (each.type, each.name))


MISTAKES: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "unknown key": (lambda c: c["azure-llama:workspace"].update(colour="blue"), "azure-llama:workspace.colour"),
    "misspelt top": (lambda c: c.update({"azure-llama:serverles": {}}), "azure-llama:serverless"),
    "wrong type": (lambda c: c["azure-llama:serverless"]["llama-33-70b"].update(contentSafety="yes"), "contentSafety"),
    "misspelt model": (
        lambda c: c["azure-llama:serverless"]["llama-33-70b"].update(model="Llama-3.3-70B-Instrukt"),
        "Llama-3.3-70B-Instruct",
    ),
    "traffic of 90": (
        lambda c: c["azure-llama:managed"]["llama-8b"]["deployments"]["blue"].update(traffic=90),
        "90",
    ),
    "name too long": (lambda c: c["azure-llama:workspace"].update(name="x" * 34), "33"),
    "no location": (lambda c: c.pop("azure-native:location"), "azure-native:location"),
}


@pytest.mark.parametrize("error", MISTAKES)
def test_a_mistake_ends_the_program_before_anything_is_registered(error: str) -> None:
    edit, told = MISTAKES[error]
    recorded = up(edit)
    assert isinstance(recorded.error, pulumi.RunError)
    assert told in str(recorded.error)
    assert recorded.resources == []
    assert recorded.calls == []


def test_the_project_builds_its_environment_from_the_lock_file() -> None:
    assert PROJECT["name"] == "azure-llama"
    assert PROJECT["runtime"] == {"name": "python", "options": {"toolchain": "pip", "virtualenv": ".venv"}}
    assert (ROOT / "requirements.txt").is_file()


def test_the_project_describes_every_key_and_leaves_the_checks_to_the_program() -> None:
    keys = {each.alias for each in Settings.model_fields.values()} - {"location"}
    assert set(PROJECT["config"]) == {f"azure-llama:{key}" for key in keys}
    for key, schema in PROJECT["config"].items():
        assert schema["description"], key
        assert not schema["default"], key
        assert "type" not in schema, key


def test_the_projects_defaults_ask_for_nothing() -> None:
    def defaults(config: dict[str, Any]) -> None:
        for key, schema in PROJECT["config"].items():
            config.setdefault(key, schema["default"])

    assert [each.name for each in _sorted(up(defaults))] == [each.name for each in _sorted(up())]


def test_what_is_asked_for_beside_the_endpoints_is_an_output() -> None:
    def more(config: dict[str, Any]) -> None:
        config["azure-llama:secrets"] = {"expiresOn": "2027-01-01"}
        config["azure-llama:managed"]["llama-8b"]["contentSafety"] = False

    outputs = up(more).outputs
    assert outputs["keyVault"] == {
        name: {"primary": f"{name}-primary-key", "secondary": f"{name}-secondary-key"}
        for name in ("llama-33-70b", "llama-dev-foundry")
    }
    assert "contentSafety" not in outputs
