"""Changes of the workspace that need other resources: the new ones first, or a refusal that leaves all as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.harness import Azure

pytestmark = pytest.mark.engine

MONTH = datetime.now(UTC).date().replace(day=1)
"""A budget begins in the present month or later."""
NEXT_MONTH = (MONTH + timedelta(days=31)).replace(day=1)
STACK: dict[str, Any] = {
    "azure-native:location": "eastus2",
    "azure-llama:workspace": {
        "name": "llama-dev",
        "containerRegistry": True,
        "identity": {"type": "UserAssigned"},
        "encryption": {"create": True},
        "systemDatastoresAuthMode": "Identity",
        "network": {"isolationMode": "AllowInternetOutbound", "privateEndpoint": {"addressSpace": "10.40.0.0/16"}},
        "lock": "ReadOnly",
        "computeInstances": {"ci-one": {"vmSize": "Standard_DS3_v2"}},
    },
    "azure-llama:budget": {"amount": 100, "startDate": f"{MONTH}", "contactRoles": ["Owner"]},
}
Edit = Callable[[dict[str, Any], dict[str, Any]], object]


def stack(edit: Edit | None = None) -> dict[str, Any]:
    config = deepcopy(STACK)
    if edit:
        edit(config["azure-llama:workspace"], config)
    return config


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azure]:
    """A workspace without endpoints, deployed."""
    home: Path = tmp_path_factory.mktemp("workspace") / "home"
    azure = Azure(home, config=STACK)
    azure.start()
    azure.init()
    azure.pulumi("up", "--skip-preview")
    yield azure
    azure.cli("stop", check=False)


def puts_and_deletes(azure: Azure, since: int) -> list[tuple[str, str]]:
    """What was written after a number of requests."""
    return [
        (each["method"], each["path"])
        for each in azure.requests()[since:]
        if each["method"] in ("PUT", "DELETE") and each["status"] < 400
    ]


REFUSED: dict[str, tuple[Edit, str]] = {
    "days of soft delete": (lambda own, _: own.update(softDeleteDays=30), "softDeleteDays 7 to 30"),
    "no key": (lambda own, _: own.pop("encryption"), "purgeProtection True to False"),
    "another account": (lambda own, _: own.update(names={"storageAccount": "stother"}), "names.storageAccount"),
    "no managed network": (
        lambda own, _: own.update(network={}, computeInstances={}),
        "network.isolationMode 'AllowInternetOutbound' to 'Disabled'",
    ),
    "another size": (
        lambda own, _: own["computeInstances"]["ci-one"].update(vmSize="Standard_DS4_v2"),
        "vmSize 'Standard_DS3_v2' to 'Standard_DS4_v2'",
    ),
    "other addresses": (
        lambda own, _: own["network"]["privateEndpoint"].update(addressSpace="10.50.0.0/16"),
        "addressSpace ['10.40.0.0/16'] to ['10.50.0.0/16']",
    ),
}


@pytest.mark.parametrize("change", REFUSED)
def test_what_azure_does_not_change_is_refused_in_the_preview(workspace: Azure, change: str) -> None:
    edit, says = REFUSED[change]
    workspace.write(stack(edit))
    run = workspace.pulumi("preview", check=False)
    assert run.code != 0
    assert says in run.text
    assert "Azure does not change that once it exists. " in run.text


def test_another_kind_under_the_same_name_is_refused_and_nothing_is_deleted(workspace: Azure) -> None:
    before = len(workspace.requests())
    workspace.write(stack(lambda own, _: own.update(kind="Default")))
    run = workspace.pulumi("up", "--skip-preview", check=False)
    assert run.code != 0
    assert "cannot create already existing resource" in run.text
    assert [path for method, path in puts_and_deletes(workspace, before) if method == "DELETE"] == []
    workspace.write(STACK)
    workspace.pulumi("up", "--skip-preview", "--expect-no-changes")


def test_an_instance_that_is_removed_from_the_yaml_is_deleted_with_its_machine(workspace: Azure) -> None:
    group = "/subscriptions/5a0d80c5-11a3-4a5d-9b0e-000000000001/resourceGroups/rg-llama-dev-eastus2"
    hub = f"{group}/providers/Microsoft.MachineLearningServices/workspaces/llama-dev-hub"
    assert workspace.arm(f"{hub}/computes/ci-one").status_code == 200
    workspace.write(stack(lambda own, _: own.pop("computeInstances")))
    workspace.pulumi("up", "--skip-preview")
    assert workspace.arm(f"{hub}/computes/ci-one").status_code == 404
    workspace.pulumi("up", "--skip-preview", "--expect-no-changes")
    workspace.write(STACK)
    workspace.pulumi("up", "--skip-preview")


NEW_FIRST: dict[str, Edit] = {
    "month of the budget": lambda _, config: config["azure-llama:budget"].update(startDate=f"{NEXT_MONTH}"),
    "resource group": lambda own, _: own.update(resourceGroup="rg-other"),
    "region": lambda _, config: config.update({"azure-native:location": "westus3"}),
    "name and kind": lambda own, _: own.update(name="llama-two", kind="Default", computeInstances={}),
}


@pytest.mark.parametrize("change", NEW_FIRST)
def test_the_new_ones_are_made_before_the_old_ones_go(workspace: Azure, change: str) -> None:
    workspace.write(stack(NEW_FIRST[change]))
    before = len(workspace.requests())
    workspace.pulumi("up", "--skip-preview")
    written = puts_and_deletes(workspace, before)
    # Locks go when nothing is locked with them any more; nothing that they protect goes before its successor is there.
    methods = [method for method, path in written if not path.lower().endswith("/locks/azure-llama")]
    assert "DELETE" in methods
    assert methods == sorted(methods, key=["PUT", "DELETE"].index)


def test_nothing_is_left(workspace: Azure) -> None:
    workspace.pulumi("destroy")
    assert workspace.arm("/subscriptions/5a0d80c5-11a3-4a5d-9b0e-000000000001/resourceGroups", "2024-03-01").json() == {
        "value": []
    }
