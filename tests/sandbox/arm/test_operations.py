"""Long-running operations: addresses, polling, conflicts, restarts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sandbox.arm.harness import (
    GROUP,
    HUB,
    LOGS,
    PROJECT,
    STORAGE,
    Azure,
    account_body,
    deployment_body,
    endpoint_body,
    hub_body,
)

ENDPOINT = f"{PROJECT}/onlineEndpoints/llama-8b"
BLUE = f"{ENDPOINT}/deployments/blue"


def test_a_status_document(azure: Azure) -> None:
    azure.with_group()
    answer = azure.call("PUT", LOGS, {"location": "eastus2"})
    poll = azure.call("GET", answer.headers["Azure-AsyncOperation"])
    assert poll.status_code == 200
    document = poll.json()
    assert (document["status"], document["name"]) == ("InProgress", document["id"].rsplit("/", 1)[1])
    assert float(poll.headers["Retry-After"]) >= 0.05
    azure.clock.move(3600)
    ended = azure.call("GET", answer.headers["Azure-AsyncOperation"])
    assert "Retry-After" not in ended.headers
    assert ended.json()["status"] == "Succeeded"
    assert ended.json()["endTime"] > ended.json()["startTime"]


def test_a_result_is_202_until_it_is_there(azure: Azure) -> None:
    azure.with_group()
    answer = azure.call("PUT", STORAGE, account_body())
    poll = azure.call("GET", answer.headers["Location"])
    assert (poll.status_code, poll.content) == (202, b"")
    assert float(poll.headers["Retry-After"]) > 0
    azure.clock.move(60)
    assert azure.call("GET", answer.headers["Location"]).json()["id"] == STORAGE


@pytest.mark.parametrize(("scale", "first"), [(1, "1"), (1200, None)])
def test_the_first_retry_after_is_a_whole_number_or_none(tmp_path: Path, scale: int, first: str | None) -> None:
    # The official client reads the first one with int() and fails on a fraction.
    azure = Azure(tmp_path / "scaled.db", scale=scale).with_group()
    answer = azure.call("PUT", STORAGE, account_body())
    assert answer.headers.get("Retry-After") == first
    azure.close()


def test_an_unknown_operation(azure: Azure) -> None:
    address = f"{GROUP.rsplit('/', 2)[0]}/operationresults/none"
    refusal = azure.refused("GET", address)
    assert (refusal.status, refusal.code) == (404, "OperationNotFound")


def test_another_change_meanwhile_is_409(hub: Azure) -> None:
    answer = hub.call("PUT", ENDPOINT, endpoint_body())
    for method, body in (("PUT", endpoint_body(authMode="AADToken")), ("PATCH", {"tags": {}}), ("DELETE", None)):
        refusal = hub.refused(method, ENDPOINT, body)
        assert (refusal.status, refusal.code) == (409, "Conflict")
        assert "already another operation with ID [oeidp:" in refusal.message
    hub.wait(answer)
    assert hub.call("PUT", ENDPOINT, endpoint_body(authMode="AADToken")).status_code == 201


def test_the_same_put_again_joins_the_one_that_runs(hub: Azure) -> None:
    first = hub.call("PUT", ENDPOINT, endpoint_body())
    second = hub.call("PUT", ENDPOINT, endpoint_body())
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.headers["Azure-AsyncOperation"] == first.headers["Azure-AsyncOperation"]
    hub.wait(first)
    accepted = hub.call("PUT", HUB, hub_body(friendlyName="x"))
    again = hub.call("PUT", HUB, hub_body(friendlyName="x"))
    assert (again.status_code, again.headers["Location"]) == (202, accepted.headers["Location"])


def test_a_parent_waits_for_its_children_and_a_child_for_its_parents_deletion(hub: Azure) -> None:
    hub.endpoint()
    running = hub.call("PUT", BLUE, deployment_body())
    assert hub.refused("DELETE", ENDPOINT).code == "Conflict"
    hub.wait(running)
    going = hub.call("DELETE", ENDPOINT)
    assert hub.refused("PUT", f"{ENDPOINT}/deployments/green", deployment_body()).code == "Conflict"
    hub.wait(going)
    assert hub.call("GET", BLUE).status_code == 404


def test_two_deployments_of_an_endpoint_are_created_at_once(hub: Azure) -> None:
    hub.endpoint()
    both = [hub.call("PUT", f"{ENDPOINT}/deployments/{name}", deployment_body()) for name in ("blue", "green")]
    assert [each.status_code for each in both] == [201, 201]
    assert [hub.wait(each).json()["status"] for each in both] == ["Succeeded", "Succeeded"]


def test_a_killed_sandbox_comes_back_as_if_it_had_only_been_slow(hub: Azure) -> None:
    hub.endpoint()
    answer = hub.call("PUT", BLUE, deployment_body())
    hub.clock.move(600)
    hub.restart()
    assert hub.get(BLUE)["properties"]["provisioningState"] == "Creating"
    assert hub.get(answer.headers["Azure-AsyncOperation"])["status"] == "InProgress"
    hub.restart()
    hub.clock.move(601)
    assert hub.get(answer.headers["Azure-AsyncOperation"])["status"] == "Succeeded"
    deleting = hub.call("DELETE", ENDPOINT)
    hub.restart()
    hub.clock.move(3600)
    hub.settle()
    assert hub.store.get(ENDPOINT) is None
    assert hub.call("GET", deleting.headers["Location"]).status_code == 204
