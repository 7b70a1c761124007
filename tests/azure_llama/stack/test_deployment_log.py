from __future__ import annotations

import json

import httpx
import pytest

from azure_llama.arm import ForbiddenError
from azure_llama.catalog.deployment_failures import FAILURES, find_failure
from azure_llama.documents.errors import InputError
from azure_llama.stack.arm_ids import Planned
from azure_llama.stack.deployment_log import DeploymentLog, NoDeploymentError, deployment_id, read_log
from tests.azure_llama.arm.harness import SUB, Answer, Azure, error

WORKSPACE = f"{SUB}/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/llama"
ENDPOINT = f"{WORKSPACE}/onlineEndpoints/chat"
BLUE = f"{ENDPOINT}/deployments/blue"
ML = "Microsoft.MachineLearningServices/workspaces"
OPERATION = f"{SUB}/providers/Microsoft.MachineLearningServices/locations/eastus2/mfeOperationsStatus/odidp:1"
FAILED = {
    "properties": {
        "provisioningState": "Failed",
        "properties": {"AzureAsyncOperationUri": f"https://management.azure.com{OPERATION}?api-version=2024-04-01"},
    }
}
REASON = {"status": "Failed", "error": {"code": "ResourceNotReady", "message": "The container crashed."}}


def planned(*ids: str) -> list[Planned]:
    return [Planned(ML, WORKSPACE), *(Planned(f"{ML}/onlineEndpoints", each) for each in ids)]


def read(*answers: Answer) -> tuple[DeploymentLog, list[httpx.Request]]:
    azure = Azure(*answers)
    return azure.ask(lambda arm: read_log(arm, BLUE, "storage-initializer", 5)), azure.requests


@pytest.mark.parametrize("id_", [ENDPOINT, f"{ENDPOINT}/deployments/green"], ids=["own", "of another stack"])
def test_a_deployment_is_found_below_its_endpoint(id_: str) -> None:
    assert deployment_id(planned(id_), "chat/blue") == BLUE


@pytest.mark.parametrize("name", ["chat", "chat/", "/blue", "chat/blue/more"])
def test_a_name_has_two_parts(name: str) -> None:
    with pytest.raises(InputError, match="must have the form ENDPOINT/DEPLOYMENT"):
        deployment_id(planned(ENDPOINT), name)


def test_an_unknown_endpoint_has_a_nearest() -> None:
    with pytest.raises(InputError, match="no managed endpoint 'chap'; did you mean 'chat'"):
        deployment_id(planned(ENDPOINT), "chap/blue")


def test_the_log_of_a_failed_deployment_has_the_error_of_its_operation() -> None:
    log, requests = read(
        httpx.Response(200, json=FAILED),
        httpx.Response(200, json={"content": "one\ntwo"}),
        httpx.Response(200, json=REASON),
    )
    assert (log.state, log.error, log.text) == ("Failed", "ResourceNotReady: The container crashed.", "one\ntwo")
    assert log.failure is not None
    assert log.failure.code == "ResourceNotReady"
    assert json.loads(requests[1].content) == {"containerType": "StorageInitializer", "tail": 5}
    assert requests[2].url.params["api-version"] == "2024-04-01"


def test_a_forgotten_operation_and_a_missing_log_are_no_failure() -> None:
    log, _ = read(httpx.Response(200, json=FAILED), error(400, "UserError"), error(404, "OperationNotFound"))
    assert (log.error, log.failure) == ("", None)
    assert log.text.startswith("Azure has no log of storage-initializer: ")


def test_a_deployment_that_is_not_there() -> None:
    with pytest.raises(NoDeploymentError, match="refused before it was created"):
        read(error(404, "ResourceNotFound"))


def test_a_missing_right_is_not_a_missing_deployment() -> None:
    with pytest.raises(ForbiddenError):
        read(error(403, "AuthorizationFailed"))


def test_a_missing_right_to_read_the_log_is_not_a_log() -> None:
    with pytest.raises(ForbiddenError):
        read(httpx.Response(200, json=FAILED), error(403, "AuthorizationFailed"), httpx.Response(200, json=REASON))


@pytest.mark.parametrize("failure", FAILURES, ids=lambda each: each.code)
def test_each_code_is_found_in_a_message(failure: object) -> None:
    code = failure.code  # type: ignore[attr-defined]
    assert find_failure(f'Status=400 Code="{code}" Message="it failed"') is failure


def test_the_specific_code_is_found_before_the_general_one() -> None:
    found = find_failure('Code="BadArgument" Message="..." {"code":"SecretsInjectionFailed"}')
    assert found is not None
    assert found.code == "SecretsInjectionError"
    assert find_failure("Not enough quota: https://aka.ms/oe-tsg#error-outofquota, BadArgument").code == "OutOfQuota"  # type: ignore[union-attr]
    assert find_failure("no code at all") is None
