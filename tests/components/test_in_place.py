from __future__ import annotations

import asyncio
import sys
from typing import Any

import pulumi
import pytest
from pulumi import ResourceHookArgs

from azure_llama_components import (
    compute_instance,
    foundry_account,
    foundry_children,
    gateway_service,
    in_place,
    managed_deployment,
    managed_endpoint,
    private_endpoint,
    serverless_endpoint,
    workspace_resources,
)
from azure_llama_components.content_safety import FIXED as ACCOUNT_FIXED
from azure_llama_components.dependencies import VAULT_FIXED

FIXED = in_place.Fixed(
    what="thing",
    properties={
        "size": in_place.at("properties", "size"),
        "place": in_place.at("location"),
        "first": in_place.at("list", 0, "name"),
        "mode": in_place.at("mode", default="Off", may_be_set=True),
        "days": in_place.at("days", default=90),
    },
    why="it cannot be",
    recipe="Do this.",
)
TABLES = {
    "compute instance": compute_instance.FIXED,
    "Content Safety account": ACCOUNT_FIXED,
    "key vault": VAULT_FIXED,
    "Foundry account": foundry_account.FIXED,
    "API Management service": gateway_service.FIXED,
    "Foundry deployment": foundry_children.TOGETHER,
    "deployment": managed_deployment.FIXED,
    "endpoint of": managed_endpoint.FIXED,
    "private endpoint": private_endpoint.FIXED,
    "virtual network": private_endpoint.NETWORK_FIXED,
    "serverless endpoint": serverless_endpoint.FIXED,
    "workspace": workspace_resources.FIXED,
}
HUB = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/hub"
ACCOUNT = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st"
VAULT = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv"


def change(old: Any, new: Any) -> ResourceHookArgs:
    return ResourceHookArgs("urn", "id", "one", "a:b:C", old_inputs=old, new_inputs=new)


def refusal(old: Any, new: Any, stated: dict[str, Any] | None = None) -> str:
    with pytest.raises(ValueError, match="it cannot be") as refused:
        FIXED.check(change(old, new), stated)
    return str(refused.value)


def nested(path: tuple[str | int, ...], value: Any) -> Any:
    """Inputs in which a property has a value."""
    for step in reversed(path):
        value = [value] if step == 0 else {step: value}
    return value


def test_a_project_may_leave_out_what_it_has_from_its_hub() -> None:
    table = workspace_resources.FIXED
    imported = {"kind": "Project", "hubResourceId": HUB, "storageAccount": ACCOUNT, "keyVault": VAULT}
    table.check(change(imported, {"kind": "Project", "hubResourceId": HUB}))
    with pytest.raises(ValueError, match=r"names\.storageAccount"):
        table.check(change(imported, {**imported, "storageAccount": f"{ACCOUNT}2"}))


def test_only_the_properties_of_the_table_count() -> None:
    was = {"location": "eastus2", "properties": {"size": "small", "text": "a"}, "list": [{"name": "x"}]}
    FIXED.check(change(was, was))
    FIXED.check(change(was, {**was, "properties": {"size": "small", "text": "b"}}))
    assert refusal(was, {"location": "westus", "properties": {"size": 7.0}, "list": [{"name": "y"}]}) == (
        "thing 'one': size 'small' to 7 and place 'eastus2' to 'westus' and first 'x' to 'y': it cannot be. Do this."
    )


def test_what_is_not_there_is_none() -> None:
    assert "place None to 'eastus2'" in refusal(None, {"location": "eastus2"})
    FIXED.check(change({"properties": "unknown", "list": []}, {}))


def test_what_may_be_set_only_cannot_go_back() -> None:
    FIXED.check(change({}, {"mode": "One"}))
    FIXED.check(change({"mode": "One"}, {"mode": "Two"}))
    assert "mode 'One' to 'Off'" in refusal({"mode": "One"}, {})
    assert "mode 'One' to 'Off'" in refusal({"mode": "One"}, {"mode": "Off"})


def test_absent_and_azures_default_are_equal_in_both_directions() -> None:
    FIXED.check(change({"days": 90, "mode": "Off"}, {}))
    FIXED.check(change({}, {"days": 90, "mode": "Off"}))
    assert "days 90 to 7" in refusal({}, {"days": 7})


@pytest.mark.parametrize("what", TABLES)
def test_every_table_counts_absent_and_the_default_as_equal(what: str) -> None:
    table = TABLES[what]
    assert table.what == what
    for fixed in table.properties.values():
        explicit = nested(fixed.path, fixed.default)
        table.check(change(explicit, {}))
        table.check(change({}, explicit))


def test_every_table_of_the_package_is_among_them() -> None:
    modules = [module for name, module in sys.modules.items() if name.startswith("azure_llama_components.")]
    tables = [value for module in modules for value in vars(module).values() if isinstance(value, in_place.Fixed)]
    assert all(table in TABLES.values() for table in tables)


def test_a_hub_that_was_imported_after_a_crash_is_not_refused() -> None:
    # What Azure returns on import writes defaults out, and spells resource types as it likes.
    imported = {
        "kind": "Hub",
        "storageAccount": ACCOUNT.replace("storageAccounts", "storageaccounts"),
        "keyVault": VAULT,
        "managedNetwork": {"isolationMode": "Disabled"},
    }
    stated = {"names.storageAccount": ACCOUNT, "names.keyVault": VAULT, "hub": HUB}
    known = {"kind": "Hub", "storageAccount": ACCOUNT, "keyVault": VAULT}
    table = workspace_resources.FIXED
    table.check(change(imported, known), stated)
    # A preview does not know the id of an account that it creates or imports as well.
    unknown = {"kind": "Hub", "storageAccount": pulumi.UNKNOWN, "keyVault": pulumi.UNKNOWN}
    table.check(change(imported, unknown), stated)
    with pytest.raises(ValueError, match=r"names\.storageAccount '.*/st' to '.*/other'"):
        table.check(change(known, unknown), {**stated, "names.storageAccount": ACCOUNT[:-2] + "other"})


def test_an_unknown_value_without_a_plain_one_is_refused() -> None:
    assert "size 'small' to another" in refusal(
        {"properties": {"size": "small"}}, {"properties": {"size": pulumi.UNKNOWN}}
    )


def test_what_stands_beside_a_secret_is_looked_at_too() -> None:
    def hidden(size: str) -> dict[str, Any]:
        # As the SDK hands over a property with a secret in it.
        return {"properties": pulumi.Output.secret({"size": size, "variables": {"TOKEN": "x"}})}

    async def program() -> None:
        await FIXED.check_opened(change({"properties": {"size": "small"}}, hidden("small")))
        with pytest.raises(ValueError, match="size 'small' to 'large'"):
            await FIXED.check_opened(change(hidden("small"), hidden("large")))

    asyncio.run(program())
