"""ARM ids of a program's resources: the paths that azure-native sends, whatever is not known yet."""

from __future__ import annotations

from typing import Any

import pytest

from azure_llama.stack import arm_ids
from azure_llama.stack.arm_ids import Planned
from azure_llama_sandbox.provider.resource_types import RESOURCE_TYPES
from tests.azure_llama.preflight.harness import GROUP, SUBSCRIPTION

NATIVE = "azure-native:"


class Unknown:
    """A value that is not known yet."""


KNOWN = [type_ for type_ in RESOURCE_TYPES if arm_ids.known(type_)]


@pytest.mark.parametrize("type_", KNOWN)
def test_the_path_is_the_one_that_the_sandbox_was_taught_apart_from_it(type_: str) -> None:
    parts = [each[1:-1] for each in RESOURCE_TYPES[type_].path.split("/") if each.startswith("{")]
    # A scope is an id itself.
    scope = {name: GROUP for name in parts if name in ("scope", "resourceUri")}
    props = {name: f"the-{name}" for name in parts} | {"resourceGroupName": "llama"} | scope
    (found,) = arm_ids.planned([(type_, "x", props)], SUBSCRIPTION)
    path = RESOURCE_TYPES[type_].path
    for name, value in {**props, "subscriptionId": SUBSCRIPTION}.items():
        path = path.replace(f"{{{name}}}", value.strip("/"))
    assert found.id.casefold() == path.casefold()
    assert found.namespace == found.type.partition("/")[0]


def test_it_knows_all_that_the_program_may_declare() -> None:
    assert len(KNOWN) >= 36
    assert not arm_ids.known("azure-native:compute:VirtualMachine")
    assert arm_ids.is_azure("azure-native:compute:VirtualMachine")
    assert not arm_ids.is_azure("pulumi:pulumi:Stack")


def test_what_is_not_known_yet_has_a_place_all_the_same() -> None:
    rows: list[tuple[str, str, dict[str, Any]]] = [
        (f"{NATIVE}resources:ResourceGroup", "g", {"resourceGroupName": "llama"}),
        (f"{NATIVE}keyvault:Vault", "the-vault", {"vaultName": Unknown(), "resourceGroupName": Unknown()}),
        (f"{NATIVE}authorization:RoleAssignment", "role", {"scope": Unknown()}),
        ("random:index:Pet", "pet", {}),
    ]
    assert arm_ids.planned(rows, SUBSCRIPTION) == [
        Planned("Microsoft.Resources/resourceGroups", GROUP),
        Planned("Microsoft.KeyVault/vaults", f"{GROUP}/providers/Microsoft.KeyVault/vaults/the-vault"),
        Planned(
            "Microsoft.Authorization/roleAssignments",
            f"{GROUP}/providers/Microsoft.Authorization/roleAssignments/role",
        ),
    ]
