from __future__ import annotations

from typing import Any

import httpx
import pytest

from azure_llama.arm import ForbiddenError, versions
from azure_llama.stack.arm_ids import _IN_GROUP, _ON_SCOPE, Planned
from azure_llama.stack.import_file import Filled, fill
from tests.azure_llama.arm.harness import SUB, Azure, error

WORKSPACE = f"{SUB}/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/llama"
ML = "azure-native:machinelearningservices"
ENDPOINT, LOCK = f"{ML}:OnlineEndpoint", "azure-native:authorization:ManagementLockByScope"
DOCUMENT: dict[str, Any] = {
    "nameTable": {"llama": "urn:pulumi:dev::p::azure-llama:index:Workspace::llama"},
    "resources": [
        {"type": "azure-llama:index:ManagedEndpoint", "name": "chat", "component": True},
        {"type": "azure-llama:index:ManagedEndpoint", "name": "absent", "component": True},
        {"type": ENDPOINT, "name": "chatEndpoint", "logicalName": "chat", "parent": "chat", "id": "<PLACEHOLDER>"},
        {"type": ENDPOINT, "name": "absent", "parent": "absent", "id": "<PLACEHOLDER>"},
        {"type": LOCK, "name": "locks-store", "id": "<PLACEHOLDER>"},
        {"type": "random:index:RandomId", "name": "other", "id": "<PLACEHOLDER>"},
    ],
}
PLANNED = [
    Planned("Microsoft.MachineLearningServices/workspaces/onlineEndpoints", f"{WORKSPACE}/onlineEndpoints/{name}", *key)
    for name, key in (("chat", (ENDPOINT, "chat")), ("absent", (ENDPOINT, "absent")))
] + [
    Planned(
        "Microsoft.Authorization/locks", f"{WORKSPACE}/providers/Microsoft.Authorization/locks/l", LOCK, "locks-store"
    )
]


def filled() -> Filled:
    def answer(request: httpx.Request) -> httpx.Response:
        return error(404, "ResourceNotFound") if "absent" in request.url.path else httpx.Response(200, json={})

    return Azure(answer).ask(lambda arm: fill(DOCUMENT, PLANNED, arm))


def test_what_exists_is_kept_with_its_id_and_its_component() -> None:
    document = filled().document
    assert document["nameTable"] == DOCUMENT["nameTable"]
    component, endpoint = document["resources"]
    assert (component["name"], endpoint["logicalName"]) == ("chat", "chat")
    assert endpoint["id"] == f"{WORKSPACE}/onlineEndpoints/chat"


def test_what_azure_native_imports_wrongly_is_listed() -> None:
    assert [each.logical_name for each in filled().leftovers] == ["locks-store"]


def test_a_read_that_is_refused_ends_it() -> None:
    with pytest.raises(ForbiddenError):
        Azure(error(403, "AuthorizationFailed")).ask(lambda arm: fill(DOCUMENT, PLANNED, arm))


@pytest.mark.parametrize("path", [*_IN_GROUP.values(), *(path for _, path in _ON_SCOPE.values())])
def test_each_type_of_the_program_has_an_api_version(path: str) -> None:
    namespace, *rest = path.split("/")
    assert versions.of_type("/".join((namespace, *rest[::2])))
