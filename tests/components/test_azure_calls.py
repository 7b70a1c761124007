"""A failing function of azure-native ends the program in one line per resource, without a traceback."""

from __future__ import annotations

import json
import runpy
from copy import deepcopy
from typing import Any

import pulumi
import pytest
from pulumi_azure_native import machinelearningservices as ml

from azure_llama_components.azure_calls import SHUT_DOWN, answered, describe
from tests.components.mocked import KEYS, Recorded, run, secret
from tests.test_main import DEV, ROOT

SERVERLESS = "listServerlessEndpointKeys"
MANAGED = "listOnlineEndpointKeys"
BROKEN = (
    "request failed /subscriptions/0/serverlessEndpoints/llama-33-70b: "
    'Status=500 Code="InternalServerError" Message="It broke."'
)


def up(refusals: dict[str, str], **more: Any) -> Recorded:
    """The program of the repository on its dev stack, with keys for both endpoints."""
    config = deepcopy(DEV)
    config["azure-llama:managed"]["llama-8b"]["auth"] = "Key"
    config.update(more)
    raw = {key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()}
    return run(lambda: runpy.run_path(str(ROOT / "__main__.py"), run_name="__main__"), config=raw, refusals=refusals)


def lines(recorded: Recorded) -> list[str]:
    """The text that both language hosts print as it is."""
    assert type(recorded.error) is pulumi.RunError
    text = str(recorded.error)
    assert not any(key in text for key in KEYS.values())
    return text.splitlines()


@pytest.mark.parametrize("secrets", [{}, {"azure-llama:secrets": {"expiresOn": "2027-01-01"}}])
def test_keys_that_cannot_be_listed_are_one_line(secrets: dict[str, Any]) -> None:
    assert lines(up({SERVERLESS: BROKEN}, **secrets)) == [
        "serverless endpoint 'llama-33-70b': list its keys: Azure answered 500 InternalServerError: It broke. "
        "Run `pulumi up` again: it keeps what exists and continues from there."
    ]


def test_a_managed_endpoints_keys_are_one_line_too() -> None:
    (line,) = lines(up({MANAGED: BROKEN}))
    assert line.startswith("managed endpoint 'llama-8b': list its keys: Azure answered 500 InternalServerError: ")


def test_each_call_under_way_has_its_line() -> None:
    def program() -> None:
        for name in ("a", "b", "c"):
            listed = ml.list_online_endpoint_keys_output(
                endpoint_name=name, resource_group_name="rg", workspace_name="ws"
            )
            pulumi.export(name, answered(f"endpoint {name}", listed).apply(lambda keys: keys.primary_key))

    recorded = run(program, refusals={MANAGED: BROKEN})
    assert sorted(line[:11] for line in lines(recorded)) == ["endpoint a:", "endpoint b:", "endpoint c:"]


def test_an_answer_keeps_what_it_was() -> None:
    def program() -> None:
        listed = ml.list_online_endpoint_keys_output(endpoint_name="a", resource_group_name="rg", workspace_name="ws")
        hidden: pulumi.Output[ml.ListOnlineEndpointKeysResult] = pulumi.Output.secret(answered("endpoint a", listed))
        pulumi.export("key", hidden.apply(lambda keys: keys.primary_key))

    recorded = run(program)
    assert recorded.error is None
    assert secret(recorded.outputs["key"]) == KEYS["primaryKey"]


def test_a_sign_in_that_fails_is_one_line() -> None:
    reason = "cannot get a token for client c: AADSTS7000222: The provided client secret keys are expired."
    assert lines(up({"getClientConfig": reason})) == [
        f"workspace 'llama-dev': get the identity that deploys: {reason} "
        "Check the credentials that azure-native signs in with, then run `pulumi up` again."
    ]


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        ('Status=403 Code="AuthorizationFailed" Message="No."', "403 AuthorizationFailed: No. Grant the identity"),
        ('Status=404 Code="NotFound" Message="Gone."', "404 NotFound: Gone. Run `pulumi up` again; if Azure"),
        ("Status=503", "503 no error code: no message. Run `pulumi up` again: "),
        ('Status=400 Code="A" Message="B" Details=[Code="C"]', 'answered 400 A: B Details=[Code="C"]. Run'),
        ("cannot get a token for client c: HTTP status 503", "client c: HTTP status 503. Run"),
        ("cannot get a token for client c: HTTP status 400", "client c: HTTP status 400. Check"),
        ("two\n  lines", "p: two lines. Run"),
        ("x" * 2000, "x…. Run"),
    ],
)
def test_the_line_says_what_azure_answered_and_what_to_do(reason: str, text: str) -> None:
    line = describe(
        "p", f"invoke of azure-native:a:b failed: invocation of azure-native:a:b returned an error: {reason}"
    )
    assert line.startswith("p: ")
    assert text in line
    assert "\n" not in line
    assert len(line) < 800


def test_a_call_that_ends_with_the_deployment_has_no_line_of_its_own() -> None:
    assert describe("p", f"invoke of a failed: {SHUT_DOWN}, shutting down") == ""
