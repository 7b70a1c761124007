"""A new project: valid, named uniquely, and never written over another."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from azure_llama.documents.errors import InputError
from azure_llama.scaffold.configuration import NETWORKS, Answers, EndpointRequest, configuration
from azure_llama.scaffold.files import files, write
from azure_llama.scaffold.kinds import KINDS
from azure_llama.scaffold.pipelines import FORGES
from azure_llama.settings import load
from azure_llama.stack.values import raw_text
from tests.catalogs import PACKAGE

TODAY = date(2026, 11, 25)
SERVERLESS = EndpointRequest("serverless", "meta-llama/Llama-3.3-70B-Instruct")
MANAGED = EndpointRequest("managed", "llama3.1:8b", "nc24ads a100 v4")
FOUNDRY = EndpointRequest("foundry", "llama-3.3-70b-instruct")
ASKED = Answers("my-llama", "dev", "East US 2", (SERVERLESS, MANAGED))


@pytest.mark.parametrize("network", NETWORKS)
def test_answers_make_a_configuration_that_the_settings_accept(network: str) -> None:
    callers = (("11111111-1111-1111-1111-111111111111", "Group"),)
    asked = replace(ASKED, network=network, budget=500, contacts=("a@example.com",), callers=callers)
    config = configuration(asked, PACKAGE, TODAY)
    settings = load({key: raw_text(value) for key, value in config.items()}, PACKAGE)
    assert settings.location == "eastus2"
    assert [endpoint.settings.model for endpoint in settings.endpoints() if endpoint.kind.name == "serverless"] == [
        "Llama-3.3-70B-Instruct"
    ]
    (blue,) = next(iter(settings.managed.values())).deployments.values()
    assert (blue.model, blue.vm_size) == ("Meta-Llama-3.1-8B-Instruct", "Standard_NC24ads_A100_v4")
    assert settings.budget is not None
    assert settings.budget.start_date == "2026-11-01"
    assert settings.workspace is not None
    assert settings.workspace.network.public_network_access == ("Disabled" if network == "private" else "Enabled")


def test_the_smallest_size_that_holds_a_model_is_taken() -> None:
    config = configuration(replace(ASKED, endpoints=(EndpointRequest("managed", "llama3.1:8b"),)), PACKAGE, TODAY)
    (endpoint,) = config["azure-llama:managed"].values()
    model = PACKAGE.model("Meta-Llama-3.1-8B-Instruct")
    assert endpoint["deployments"]["blue"]["vmSize"] == PACKAGE.smallest_sizes(model, "eastus2")[0]


def test_a_model_that_no_size_holds_is_refused_with_the_option_to_give() -> None:
    unknown = next(model.name for model in PACKAGE.models if not PACKAGE.smallest_sizes(model, "eastus2"))
    with pytest.raises(InputError, match=re.escape(f"--managed {unknown}@SIZE")):
        configuration(replace(ASKED, endpoints=(EndpointRequest("managed", unknown),)), PACKAGE, TODAY)


def account(*requests: EndpointRequest, **more: Any) -> dict[str, Any]:
    """The Foundry account of a stack that has nothing else."""
    config = configuration(Answers("my-llama", "dev", "eastus2", requests, **more), PACKAGE, TODAY)
    assert "azure-llama:workspace" not in config
    load({key: raw_text(value) for key, value in config.items()}, PACKAGE)
    ((name, found),) = config["azure-llama:foundry"].items()
    assert re.fullmatch(r"my-llama-dev-[0-9a-f]{4}", name)
    return dict(found)


def test_models_of_foundry_are_deployments_of_one_account_without_a_workspace() -> None:
    found = account(FOUNDRY, EndpointRequest("foundry", "Llama-4-Maverick-17B-128E-Instruct-FP8"))
    assert found["deployments"] == {
        "llama-33-70b-instruct": {"model": "Llama-3.3-70B-Instruct", "modelVersion": "5", "capacity": 10},
        "llama-4-maverick-17b-128e-instruct-fp8": {
            "model": "Llama-4-Maverick-17B-128E-Instruct-FP8",
            "modelVersion": "1",
            "capacity": 10,
        },
    }


def test_the_version_of_a_model_on_foundry_can_be_named() -> None:
    found = account(replace(FOUNDRY, choice="1"))
    assert found["deployments"]["llama-33-70b-instruct"] == {
        "model": "Llama-3.3-70B-Instruct",
        "modelVersion": "1",
        "capacity": 1,
    }


def test_a_model_without_a_version_on_foundry_is_refused_with_the_option_to_give() -> None:
    with pytest.raises(InputError, match=re.escape("--foundry Meta-Llama-3-8B-Instruct@VERSION")):
        account(EndpointRequest("foundry", "Meta-Llama-3-8B-Instruct"))


def test_a_foundry_account_takes_keys_until_somebody_may_call_it() -> None:
    assert account(FOUNDRY)["auth"] == "Key"
    callers = (("11111111-1111-1111-1111-111111111111", "Group"),)
    assert account(FOUNDRY, callers=callers)["auth"] == "AADToken"


def test_a_private_stack_has_a_private_foundry_account() -> None:
    network = account(FOUNDRY, network="private")["network"]
    assert network["publicNetworkAccess"] == "Disabled"
    assert "privateEndpoint" in network


def test_a_model_that_is_given_twice_is_refused() -> None:
    with pytest.raises(InputError, match="is given twice"):
        account(FOUNDRY, replace(FOUNDRY, choice="9"))


def test_names_of_endpoints_differ_between_projects_and_stacks() -> None:
    def name(project: str, stack: str) -> str:
        asked = Answers(project, stack, "eastus2", (SERVERLESS,))
        found: str = next(iter(configuration(asked, PACKAGE, TODAY)["azure-llama:serverless"]))
        return found

    assert name("a-project", "dev").startswith("llama-33-70b-instruct-")
    assert len({name("a-project", "dev"), name("a-project", "prod"), name("another", "dev")}) == 3


def test_nothing_is_written_where_a_file_exists(tmp_path: Path) -> None:
    texts = files(ASKED, configuration(ASKED, PACKAGE, TODAY), PACKAGE)
    (tmp_path / "__main__.py").write_text("mine\n")
    (tmp_path / "Pulumi.dev.yaml").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError) as caught:
        write(tmp_path, texts)
    assert [line.split(":")[0] for line in caught.value.lines] == [
        str(tmp_path / "Pulumi.dev.yaml"),
        str(tmp_path / "__main__.py"),
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Pulumi.dev.yaml", "__main__.py"]
    assert (tmp_path / "__main__.py").read_text() == "mine\n"


@pytest.mark.parametrize("forge", FORGES)
def test_pipelines_check_preview_deploy_and_compare_the_stack(forge: str) -> None:
    texts = files(ASKED, configuration(ASKED, PACKAGE, TODAY), PACKAGE, forge)
    folder = FORGES[forge][0]
    names = {path.removeprefix(f"{folder}/") for path in texts if path.startswith(folder)}
    assert names == {"deploy.yml", "drift.yml", "nights.yml", "pull-request.yml"}
    assert {path for path in texts if path.startswith("deploy/tools/")} >= {"deploy/tools/run_pulumi.py"}


def test_every_kind_of_the_catalogue_is_offered() -> None:
    assert set(KINDS) == {kind.name for kind in PACKAGE.kinds}
