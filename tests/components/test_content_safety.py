from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pulumi
import pytest
from pulumi import ResourceHookArgs

from azure_llama.catalog.roles import find_role
from azure_llama_components import ContentSafety, ContentSafetyArgs
from azure_llama_components.content_safety import CALLERS_ROLE, FIXED
from tests.components.arm import put
from tests.components.mocked import UNKNOWN, Recorded, run
from tests.components.stack import TAGS

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"


@cache  # tests only read what a program did
def account(*, entra: bool = True, preview: bool = False) -> Recorded:
    def program() -> None:
        made = ContentSafety(
            "safety",
            ContentSafetyArgs(
                name="cs-llama-12345678",
                subscription_id=SUBSCRIPTION,
                resource_group_name="g",
                location="eastus2",
                entra=entra,
                tags=TAGS,
            ),
        )
        pulumi.export("safety", {**made.outputs, "armId": made.arm_id})

    return run(program, preview=preview)


def test_it_takes_entra_tokens_at_an_address_of_its_own_and_no_keys() -> None:
    inputs = account(preview=True).one("cognitiveservices:Account").inputs
    assert inputs == {
        "accountName": "cs-llama-12345678",
        "resourceGroupName": "g",
        "location": "eastus2",
        "tags": TAGS,
        "kind": "ContentSafety",
        "sku": {"name": "S0"},
        "identity": {"type": "SystemAssigned"},
        "properties": {
            "customSubDomainName": "cs-llama-12345678",
            "disableLocalAuth": True,
            "publicNetworkAccess": "Enabled",
        },
    }


@pytest.mark.parametrize(("entra", "keys_off"), [(True, True), (False, False)])
def test_keys_are_off_when_callers_are_of_entra(entra: bool, keys_off: bool) -> None:
    assert account(entra=entra).one("cognitiveservices:Account").inputs["properties"]["disableLocalAuth"] is keys_off


def test_the_outputs_have_what_a_caller_needs() -> None:
    outputs = account().outputs["safety"]
    role = find_role(CALLERS_ROLE)
    assert role is not None
    assert outputs["endpoint"] == "https://cs-llama-12345678.cognitiveservices.azure.com/"
    assert (outputs["role"], outputs["roleId"]) == (role.name, role.id)
    assert outputs["armId"] == (
        f"/subscriptions/{SUBSCRIPTION}/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/cs-llama-12345678"
    )
    assert account(preview=True).outputs["safety"]["endpoint"] == UNKNOWN


def test_it_keeps_its_address() -> None:
    def change(**new: str) -> ResourceHookArgs:
        old = {"kind": "ContentSafety", "properties": {"customSubDomainName": "one", "publicNetworkAccess": "Enabled"}}
        then = {"kind": "ContentSafety", "properties": {**old["properties"], **new}}  # type: ignore[dict-item]  # a map
        return ResourceHookArgs("urn", "id", "safety", "a:b:C", old_inputs=old, new_inputs=then)

    FIXED.check(change(publicNetworkAccess="Disabled"))
    with pytest.raises(ValueError, match=r"workspace\.names\.contentSafety"):
        FIXED.check(change(customSubDomainName="two"))


def test_the_body_keeps_arms_contract(contract_errors: Callable[..., list[str]]) -> None:
    assert contract_errors(*put(account().one("cognitiveservices:Account"))) == []
