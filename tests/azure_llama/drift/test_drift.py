"""Comparison of a refresh with what the stack states."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from azure_llama.drift import templates
from azure_llama.drift.changes import Change, changes
from azure_llama.drift.refresh import RefreshError, Step, steps
from azure_llama.drift.report import Report, drifted
from azure_llama.drift.reports import FORMS

GROUP = "/subscriptions/s/resourceGroups/rg"
ML = "Microsoft.MachineLearningServices/workspaces"
ENDPOINT_ID = f"{GROUP}/providers/{ML}/ws/onlineEndpoints/chat"
TEMPLATE_URN = "urn:pulumi:dev::p::azure-native:resources:Deployment::chat-traffic"


def refreshed(
    type_: str,
    stated: Mapping[str, Any],
    actual: Mapping[str, Any] | None,
    *differences: str,
    ignored: tuple[str, ...] = (),
    id_: str = f"{GROUP}/providers/x/y",
) -> dict[str, Any]:
    """A step of `pulumi refresh --preview-only --json`."""
    urn = f"urn:pulumi:dev::p::azure-native:{type_}::it"
    trace = [
        {"sourcePosition": "project:///.venv/lib/python3.11/site-packages/pulumi/x.py#1"},
        {"sourcePosition": "project:///__main__.py#30"},
    ]
    old = {"type": f"azure-native:{type_}", "id": id_, "inputs": stated, "ignoreChanges": list(ignored)}
    return {
        "op": "delete" if actual is None else "update" if differences else "refresh",
        "urn": urn,
        "oldState": {**old, "stackTrace": trace},
        **({} if actual is None else {"newState": {**old, "inputs": actual}}),
        "detailedDiff": {path: {"kind": "update", "inputDiff": True} for path in differences} or None,
    }


def read(*found: dict[str, Any]) -> list[Step]:
    return steps(json.dumps({"config": {}, "steps": found}, indent=4))


def only(*found: Any, **more: Any) -> list[Change]:
    return changes(read(refreshed(*found, **more))[0])


def template(properties: Mapping[str, Any], **more: Any) -> Step:
    """The step of a template that states one endpoint."""
    endpoint: dict[str, Any] = {"type": f"{ML}/onlineEndpoints", "apiVersion": "2025-12-01", "name": "ws/chat"}
    endpoint |= {"location": "eastus2", "tags": {"team": "one"}, "properties": properties, **more}
    id_ = f"{GROUP}/providers/Microsoft.Resources/deployments/chat-traffic"
    step = refreshed("resources:Deployment", {"properties": {"template": {"resources": [endpoint]}}}, {}, id_=id_)
    return read({**step, "urn": TEMPLATE_URN})[0]


def live(properties: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """The endpoint as ARM answers it."""
    state = {"authMode": "AADToken", "publicNetworkAccess": "Enabled", "mirrorTraffic": {}, "scoringUri": "https://x"}
    return {
        "id": ENDPOINT_ID,
        "location": "East US 2",
        "tags": {"team": "one"},
        "properties": {**state, **properties},
    } | more


STATED = {"authMode": "AADToken", "publicNetworkAccess": "Enabled", "traffic": {"blue": 100}}


def compared(step: Step, body: Mapping[str, Any]) -> list[Change]:
    (resource,) = templates.stated([step])
    return templates.compare(resource, body)


def test_nested_templates_and_children_are_read() -> None:
    child = {"type": "deployments", "apiVersion": "2025-12-01", "name": "blue", "sku": {"capacity": 1}}
    endpoint = {"type": f"{ML}/onlineEndpoints", "apiVersion": "2025-12-01", "name": "ws/chat", "resources": [child]}
    nested = {"type": "Microsoft.Resources/deployments", "apiVersion": "2024-03-01", "name": "inner"}
    inner = {**nested, "resourceGroup": "other", "properties": {"template": {"resources": {"symbol": endpoint}}}}
    unknown = {**inner, "resourceGroup": "[parameters('group')]"}
    properties = {"template": {"resources": [inner, unknown]}}
    id_ = f"{GROUP}/providers/Microsoft.Resources/deployments/outer"
    found = templates.stated(read(refreshed("resources:Deployment", {"properties": properties}, {}, id_=id_)))
    there = ENDPOINT_ID.replace("/rg/", "/other/")
    assert [each.id for each in found] == [there, f"{there}/deployments/blue"]
    assert found[0].body == {}
    assert found[1].body == {"sku": {"capacity": 1}}


def test_a_changed_value_is_drift_with_both_values() -> None:
    found = only("storage:StorageAccount", {"tls": "1_2", "kind": "V2"}, {"tls": "1_0", "kind": "V2"}, "tls")
    assert found == [Change("tls", "1_2", "1_0")]


def test_names_with_dots_are_found() -> None:
    found = only("storage:StorageAccount", {"tags": {"a": "1"}}, {"tags": {"a": "1", "by.hand": "yes"}}, "tags.by.hand")
    assert found == [Change('tags["by.hand"]', None, "yes")]


@pytest.mark.parametrize(
    ("ignored", "differences"),
    [
        (("associatedWorkspaces",), ("associatedWorkspaces[0]",)),
        (("properties",), ("properties.traffic", "properties.properties")),
        (("sku.capacity",), ("sku.capacity",)),
        (("sku.capacity",), ("sku",)),
        (("rules[*].etag",), ("rules",)),
    ],
)
def test_what_the_program_ignores_is_no_drift(ignored: tuple[str, ...], differences: tuple[str, ...]) -> None:
    stated: dict[str, Any] = {"associatedWorkspaces": [], "properties": {}, "sku": {"name": "Default", "capacity": 1}}
    actual = {
        "associatedWorkspaces": ["/a"],
        "properties": {"traffic": {"blue": 1}, "properties": {"x": "y"}},
        "sku": {"name": "Default", "capacity": 3},
    }
    assert only("x:Y", stated, actual, *differences, ignored=ignored) == []


def test_the_rest_of_a_map_with_an_ignored_part_still_counts() -> None:
    stated, actual = {"sku": {"name": "Default", "capacity": 1}}, {"sku": {"name": "Other", "capacity": 3}}
    assert only("x:Y", stated, actual, "sku", ignored=("sku.capacity",)) == [Change("sku.name", "Default", "Other")]


def test_what_azure_respells_or_fills_in_is_no_drift() -> None:
    stated = {"mode": "AccessKey", "properties": {"model": "m"}}
    actual = {"mode": "accesskey", "friendlyName": "", "list": [], "properties": {"model": "m"}}
    assert only("x:Y", stated, actual, "mode", "friendlyName", "list") == []
    variables = {"AZUREML_MODEL_DIR": "/var"}
    actual = {"properties": {"environmentVariables": variables}}
    path = "properties.environmentVariables"
    assert only("machinelearningservices:OnlineDeployment", {"properties": {}}, actual, path) == []
    variables["MINE"] = "1"
    assert [
        each.path for each in only("machinelearningservices:OnlineDeployment", {"properties": {}}, actual, path)
    ] == ["properties.environmentVariables.MINE"]


def test_letter_case_counts_in_tags() -> None:
    assert only("x:Y", {"tags": {"a": "b"}}, {"tags": {"a": "B"}}, "tags.a") == [Change("tags.a", "b", "B")]


@pytest.mark.parametrize(
    ("stated", "actual"),
    [("[secret]", "sk-0123456789"), ("known", "[secret]"), (None, "p4ssw0rd-of-someone")],
)
def test_secrets_are_never_shown(stated: Any, actual: Any) -> None:
    step = refreshed("x:Y", {"adminPassword": stated}, {"adminPassword": actual}, "adminPassword")
    text = "".join(form(report([step])) for form in FORMS.values())
    assert "sk-0123456789" not in text
    assert "p4ssw0rd" not in text
    assert "[secret]" in text


def report(found: list[dict[str, Any]], more: tuple[Step, ...] = (), body: Mapping[str, Any] | None = None) -> Report:
    all_ = [*read(*found), *more]
    return Report("p", "dev", len(all_), drifted(all_, {ENDPOINT_ID: body}))


def test_a_template_that_azure_follows_is_no_drift() -> None:
    traffic = {"blue": 100, "green": 0}
    assert compared(template(STATED), live({"traffic": traffic})) == []
    identity = {"type": "UserAssigned", "userAssignedIdentities": {"/a/resourceGroups/b": {}}}
    answered = {"type": "UserAssigned", "userAssignedIdentities": {"/a/resourcegroups/b": {"clientId": "1"}}}
    assert compared(template(STATED, identity=identity), live({"traffic": traffic}, identity=answered)) == []
    literal = template(STATED, tags={"team": "[[one]"})
    assert compared(literal, live({"traffic": traffic}, tags={"team": "[one]"})) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (live({"traffic": {"blue": 0}}), [Change("properties.traffic.blue", 100, 0)]),
        (
            live({"traffic": {"blue": 90, "green": 10}}),
            [Change("properties.traffic.blue", 100, 90), Change("properties.traffic.green", 0, 10)],
        ),
        (
            live({"traffic": {"blue": 100}, "publicNetworkAccess": "Disabled"}),
            [Change("properties.publicNetworkAccess", "Enabled", "Disabled")],
        ),
        (
            live({"traffic": {"blue": 100}, "mirrorTraffic": {"green": 5}}),
            [Change("properties.mirrorTraffic.green", 0, 5)],
        ),
        (
            live({"traffic": {"blue": 100}}, tags={"team": "two", "by": "hand"}),
            [Change("tags.by", None, "hand"), Change("tags.team", "one", "two")],
        ),
    ],
)
def test_what_azure_has_otherwise_than_a_template_states(body: Mapping[str, Any], expected: list[Change]) -> None:
    assert compared(template(STATED), body) == expected


def test_a_template_whose_names_are_expressions_is_left_out() -> None:
    assert templates.stated([template(STATED, name="[parameters('name')]")]) == []


def test_an_old_deployment_that_azure_took_out_of_its_history_is_no_drift() -> None:
    gone = Step(**{**vars(template(STATED)), "operation": "delete"})
    assert drifted([gone], {ENDPOINT_ID: live({"traffic": {"blue": 100}})}) == ()


def test_without_drift_there_is_nothing_to_restore() -> None:
    found = report([refreshed("x:Y", {}, {})], (template(STATED),), live({"traffic": {"blue": 100}}))
    assert found.restore is None
    assert FORMS["table"](found) == "p/dev: no drift (2 resources compared)"
    assert json.loads(FORMS["json"](found))["drift"] is False
    assert json.loads(FORMS["sarif"](found))["runs"][0]["results"] == []


def test_the_command_sends_templates_again_and_refreshes_only_what_drifted() -> None:
    untouched = {**refreshed("x:Y", {}, {}), "urn": "urn:pulumi:dev::p::x:Y::untouched"}
    by_hand = live({"traffic": {"blue": 0}})
    assert report([untouched], (template(STATED),), by_hand).restore == (
        f"pulumi up --stack dev --target-replace {TEMPLATE_URN}"
    )
    gone = refreshed("insights:Setting", {}, None)
    assert report([untouched, gone], (template(STATED),), by_hand).restore == (
        "pulumi up --stack dev --refresh --target urn:pulumi:dev::p::azure-native:insights:Setting::it"
        f" --target-replace {TEMPLATE_URN}"
    )


def test_the_forms() -> None:
    found = report([refreshed("insights:Setting", {}, None)], (template(STATED),), live({"traffic": {"blue": 0}}))
    table = FORMS["table"](found)
    assert "p/dev: drift in 2 of 2 resources" in table
    assert "azure-native:insights:Setting it: does not exist in Azure" in table
    assert "  properties.traffic.blue: stated 100, in Azure 0" in table
    assert "| `properties.traffic.blue` | 100 | 0 |" in FORMS["markdown"](found)
    data = json.loads(FORMS["json"](found))
    assert data["resources"][1]["changes"] == [{"path": "properties.traffic.blue", "stated": 100, "actual": 0}]
    assert data["restore"] == found.restore
    missing, changed = json.loads(FORMS["sarif"](found))["runs"][0]["results"]
    assert (missing["ruleId"], changed["ruleId"]) == ("drift-missing", "drift-changed")
    place = changed["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("__main__.py", 30)


def test_an_endpoint_that_is_gone_is_missing() -> None:
    (found,) = drifted([template(STATED)], {ENDPOINT_ID: None})
    assert found.missing


def test_what_is_no_report_is_refused() -> None:
    with pytest.raises(RefreshError, match="did not print a report"):
        steps("error: something")
