"""The table of docs/changes.md: what another property takes is made first, or refused, and never deleted before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.harness import DEV, Azure

pytestmark = pytest.mark.engine

Edit = Callable[[dict[str, Any]], object]
LLAMA, SIZE = "Meta-Llama-3.1-8B-Instruct", "Standard_NC24ads_A100_v4"
IMAGE = "azureml://registries/azureml/environments/foundation-model-inference/versions/70"
IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities/id-other"
SCALING = {"maximum": 2, "rules": [{"metric": "GpuUtilizationPercentage", "above": 70}]}


def group(azure: Azure, name: str = "rg-llama-dev-eastus2") -> str:
    return f"/subscriptions/{azure.status['subscription']}/resourceGroups/{name}"


def base(azure: Azure) -> dict[str, Any]:
    """The dev stack with one of each that has a property to change."""
    config: dict[str, Any] = deepcopy(dict(DEV))
    del config["azure-llama:foundry"]  # its rows are driven in test_foundry.py
    hub = f"{group(azure)}/providers/Microsoft.MachineLearningServices/workspaces/llama-dev-hub"
    config["azure-llama:serverless"]["llama-33-70b"]["connections"] = {"flow": {"workspace": hub}}
    endpoint = config["azure-llama:managed"]["llama-8b"]
    endpoint["auth"] = "Key"
    endpoint["deployments"]["blue"] |= {"autoscale": SCALING}
    config["azure-llama:secrets"] = {"expiresOn": "2027-01-01"}
    return config


def edited(azure: Azure, *edits: Edit) -> dict[str, Any]:
    config = base(azure)
    for edit in edits:
        edit(config)
    return config


def endpoint(config: dict[str, Any]) -> Any:
    return config["azure-llama:managed"]["llama-8b"]


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azure]:
    """The stack, deployed; for tests that only look."""
    sandbox = Azure(tmp_path_factory.mktemp("standing") / "home")
    sandbox.start()
    sandbox.init()
    sandbox.write(base(sandbox))
    sandbox.pulumi("up")
    yield sandbox
    sandbox.cli("stop", check=False)


REFUSED: dict[str, tuple[Edit, str]] = {
    "serverless.model": (
        lambda config: config["azure-llama:serverless"]["llama-33-70b"].update(model="Meta-Llama-3.1-8B-Instruct"),
        "Add an endpoint of the new model under a new name",
    ),
    "managed.identity": (
        lambda config: endpoint(config).update(
            identity={
                "type": "UserAssigned",
                "id": "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/" + IDENTITY,
            }
        ),
        "Add an endpoint under a new name",
    ),
    "managed.sharedQuota": (
        lambda config: endpoint(config).update(sharedQuota={"since": "2026-11-25T00:00:00Z"}),
        "Add an endpoint under a new name",
    ),
    "deployments.model": (
        lambda config: endpoint(config)["deployments"]["blue"].update(model="Llama-3.2-1B-Instruct"),
        "Add a deployment under a new name",
    ),
    "deployments.modelVersion": (
        lambda config: endpoint(config)["deployments"]["blue"].update(modelVersion="3"),
        "Add a deployment under a new name",
    ),
    "deployments.vmSize": (
        lambda config: endpoint(config)["deployments"]["blue"].update(vmSize="Standard_NC48ads_A100_v4"),
        "Add a deployment under a new name",
    ),
    "deployments.environment": (
        lambda config: endpoint(config)["deployments"]["blue"].update(environment=IMAGE),
        "Add a deployment under a new name",
    ),
}


@pytest.mark.parametrize("row", REFUSED)
def test_what_would_change_in_place_is_refused_in_the_preview(standing: Azure, row: str) -> None:
    edit, recipe = REFUSED[row]
    standing.write(edited(standing, edit))
    run = standing.pulumi("preview", check=False)
    assert run.code != 0
    assert recipe in run.text
    standing.write(base(standing))


def test_a_serverless_endpoint_under_another_name_is_refused_and_nothing_is_deleted(standing: Azure) -> None:
    def renamed(config: dict[str, Any]) -> None:
        serverless = config["azure-llama:serverless"]
        serverless["llama-again"] = serverless.pop("llama-33-70b")

    before = len(standing.requests())
    standing.write(edited(standing, renamed))
    assert standing.pulumi("up", check=False).code != 0
    deleted = [line["path"] for line in standing.requests()[before:] if line["method"] == "DELETE"]
    assert not any("serverlessEndpoints" in path for path in deleted)


def test_another_name_of_the_workspace_is_refused_and_nothing_is_deleted(standing: Azure) -> None:
    before = len(standing.requests())
    standing.write(edited(standing, lambda config: config["azure-llama:workspace"].update(name="llama-dev-2")))
    run = standing.pulumi("up", check=False)
    assert run.code != 0
    assert "not available" in run.text or "already exist" in run.text
    assert [line["path"] for line in standing.requests()[before:] if line["method"] == "DELETE"] == []


def officer(azure: Azure) -> Callable[..., str]:
    """Pulumi as somebody who may delete secrets at their vault, which owning the subscription does not give."""
    azure.cli("principal", "create", "officer", "--role", "Owner", "--role", "Key Vault Secrets Officer")

    def pulumi(verb: str) -> str:
        return azure.cli("exec", "--principal", "officer", "--", *azure.pulumi_arguments(verb)).text

    return pulumi


def rename(config: dict[str, Any]) -> None:
    """Other names for all that takes one."""
    connections = config["azure-llama:serverless"]["llama-33-70b"]["connections"]
    connections["flow-2"] = connections.pop("flow")
    managed = config["azure-llama:managed"]
    managed["llama-9b"] = managed.pop("llama-8b")
    config["azure-llama:workspace"]["names"] = {"contentSafety": "cs-llama-another"}


def order(azure: Azure, since: int) -> dict[tuple[str, str], int]:
    """When each path was first put, and when it was deleted, in the order of the log."""
    lines = azure.requests()[since:]
    seen: dict[tuple[str, str], int] = {}
    for at, line in enumerate(lines):
        if line["method"] in ("PUT", "DELETE") and line["status"] < 300:
            seen.setdefault((line["method"], line["path"].casefold()), at)
    return seen


def one(seen: dict[tuple[str, str], int], method: str, ending: str) -> int:
    found = [at for (verb, path), at in seen.items() if verb == method and path.endswith(ending.casefold())]
    assert found, (method, ending, sorted(seen))
    return min(found)


def test_another_name_is_made_before_the_old_one_goes(azure: Azure) -> None:
    azure.write(base(azure))
    pulumi = officer(azure)
    pulumi("up")
    old_account = next(
        line["path"] for line in azure.requests() if line["method"] == "PUT" and "/accounts/cs-" in line["path"]
    ).rsplit("/", 1)[1]

    since = len(azure.requests())
    azure.write(edited(azure, rename))
    pulumi("up")
    seen = order(azure, since)
    for new, old in (
        ("/connections/flow-2", "/connections/flow"),
        ("/onlineEndpoints/llama-9b", "/onlineEndpoints/llama-8b"),
        ("/accounts/cs-llama-another", f"/accounts/{old_account}"),
        ("/autoscalesettings/llama-9b.blue-autoscale", "/autoscalesettings/llama-8b.blue-autoscale"),
        ("/secrets/llama-9b-primary-key", "/secrets/llama-8b-primary-key"),
    ):
        assert one(seen, "PUT", new) < one(seen, "DELETE", old), (new, old)

    since = len(azure.requests())

    def another_deployment(config: dict[str, Any]) -> None:
        deployments = config["azure-llama:managed"]["llama-9b"]["deployments"]
        deployments["green"] = deployments.pop("blue")

    azure.write(edited(azure, rename, another_deployment))
    pulumi("up")
    seen = order(azure, since)
    made, gone = one(seen, "PUT", "/deployments/green"), one(seen, "DELETE", "/llama-9b/deployments/blue")
    assert made < one(seen, "PUT", "/deployments/llama-9b-traffic") < gone


def test_secrets_are_in_the_other_vault_before_they_leave_this_one(azure: Azure) -> None:
    pulumi = officer(azure)
    azure.write(base(azure))
    pulumi("up")
    first = next(line["path"] for line in azure.requests() if line["method"] == "PUT" and "/vaults/" in line["path"])
    other = f"{group(azure)}/providers/Microsoft.KeyVault/vaults/kv-other"
    body = {
        "location": "eastus2",
        "properties": {
            "tenantId": azure.status["tenant"],
            "sku": {"family": "A", "name": "standard"},
            "enableRbacAuthorization": True,
        },
    }
    assert azure.put(other, body, "2024-11-01").status_code < 300
    since = len(azure.requests())
    azure.write(edited(azure, lambda config: config["azure-llama:secrets"].update(keyVault=other)))
    pulumi("up")
    seen = order(azure, since)
    made = one(seen, "PUT", "/vaults/kv-other/secrets/llama-8b-primary-key")
    gone = [at for (verb, path), at in seen.items() if verb == "DELETE" and "llama-8b-primary-key" in path]
    assert gone, (first, sorted(seen))
    assert made < min(gone)


def test_another_region_is_moved_into_before_the_old_one_is_left(azure: Azure) -> None:
    def nearby(config: dict[str, Any]) -> None:
        del config["azure-llama:serverless"]["llama-33-70b"]["connections"]

    azure.write(edited(azure, nearby))
    azure.pulumi("up")
    since = len(azure.requests())
    azure.write(edited(azure, nearby, lambda config: config.update({"azure-native:location": "westus3"})))
    azure.pulumi("up")
    seen = order(azure, since)
    for ending in (
        "/serverlessEndpoints/llama-33-70b",
        "/marketplaceSubscriptions/Llama-3-3-70B-Instruct",
        "/onlineEndpoints/llama-8b",
        "/autoscalesettings/llama-8b.blue-autoscale",
    ):
        there = {path: at for (verb, path), at in seen.items() if verb == "PUT" and path.endswith(ending.casefold())}
        gone = {path: at for (verb, path), at in seen.items() if verb == "DELETE" and path.endswith(ending.casefold())}
        assert len(there) == 1, ending
        assert "rg-llama-dev-westus3" in next(iter(there))
        assert all("rg-llama-dev-eastus2" in path for path in gone)
        assert gone, ending
        assert max(there.values()) < min(gone.values()), ending


def test_every_row_of_the_table_is_driven_here() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "changes.md").read_text(encoding="utf-8")
    # The workspace and what stands around it: test_workspace_changes.py.
    page = page[: page.index("## The workspace")]
    rows = [line for line in page.splitlines() if line.startswith("|") and "refused in the preview" in line]
    # An edit of two keys at once, of a Foundry deployment: test_foundry.py.
    rows = [row for row in rows if "` with `" not in row]
    said = {f"{kind}.{key}" for row in rows for kind, key in (name.rsplit(".", 1) for name in _yaml(row))}
    driven = {row.rsplit(".", 1)[1] for row in REFUSED}
    # Entries of a deployment's own map, which `base` is one of: tests/components/test_managed_deployments.py.
    assert {name.rsplit(".", 1)[1] for name in said} - {"packagedModel", "base", "properties"} <= driven


def _yaml(row: str) -> list[str]:
    """The keys of a row's third cell; one that follows another is of a deployment, too."""
    parts = row.split("|")[3].replace(" ", "").split(",")
    return [part.strip("`") if "." in part else f"deployments.{part.strip('`')}" for part in parts]
