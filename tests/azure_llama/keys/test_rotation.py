"""A rotation that stops at any request leaves a working key everywhere, and the next one completes it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from azure_llama.arm import ArmError
from azure_llama.catalog.kinds import FOUNDRY, MANAGED, SERVERLESS
from azure_llama.documents.errors import InputError
from azure_llama.keys import KeyTarget, Rotation, key_target, rotate
from azure_llama_sandbox.arm import build
from azure_llama_sandbox.arm.key_vault_objects import VALUE
from tests.azure_llama.preflight.harness import Cloud
from tests.azure_llama.preflight.test_failures import Broken
from tests.sandbox.arm.around import foundry_body
from tests.sandbox.arm.gateway import NAMED_VALUE
from tests.sandbox.arm.harness import GROUP, PROJECT, VAULT

ACCOUNT = f"{GROUP}/providers/Microsoft.CognitiveServices/accounts/contoso-llama"
ENDPOINTS = {
    SERVERLESS: f"{PROJECT}/serverlessEndpoints/llama",
    MANAGED: f"{PROJECT}/onlineEndpoints/llama",
    FOUNDRY: ACCOUNT,
}
SECRETS = {key: f"{VAULT}/secrets/llama-{key}-key" for key in ("primary", "secondary")}
CONNECTION = f"{PROJECT}/connections/to-llama"
EXPIRY = 1_900_000_000


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Cloud]:
    cloud = Cloud(tmp_path / "sandbox.db")
    azure = cloud.azure.with_hub()
    azure.subscribe()
    azure.serverless("llama")
    azure.endpoint("llama2")
    azure.put(ACCOUNT, foundry_body())
    yield cloud
    cloud.close()


def target(kind: Any) -> KeyTarget:
    id_ = ENDPOINTS[kind].replace("onlineEndpoints/llama", "onlineEndpoints/llama2")
    return KeyTarget("llama", kind, id_, SECRETS, (CONNECTION,))


def keys(cloud: Cloud, kind: Any) -> dict[str, str]:
    answer = cloud.azure.call("POST", f"{target(kind).id}/listKeys").json()
    return {key: answer[name] for key, name in target(kind).actions.listed.items()}


def stored(cloud: Cloud, kind: Any) -> dict[str, str]:
    """The same, without a request."""
    endpoint = cloud.azure.world.store.get(target(kind).id)
    assert endpoint is not None
    return {key: endpoint.secrets[name] for key, name in target(kind).actions.listed.items()}


def hold(cloud: Cloud, kind: Any) -> dict[str, str]:
    """Secrets and a connection with the endpoint's keys, as a stack makes them."""
    now = keys(cloud, kind)
    for key, id_ in SECRETS.items():
        properties = {"value": now[key], "contentType": "a-key", "attributes": {"enabled": True, "exp": EXPIRY}}
        cloud.azure.put(id_, {"properties": properties, "tags": {"team": "llama"}})
    connection = {"authType": "ApiKey", "category": "Serverless", "target": "https://llama.example.com"}
    cloud.azure.put(CONNECTION, {"properties": connection | {"credentials": {"key": now["primary"]}}})
    return now


def held(cloud: Cloud) -> dict[str, str]:
    """What the secrets and the connection hold."""
    values = {}
    for key, id_ in SECRETS.items():
        secret = cloud.azure.world.store.get(id_)
        assert secret is not None
        values[key] = secret.secrets[VALUE]
    values["connection"] = cloud.azure.call("POST", f"{CONNECTION}/listsecrets").json()["properties"]["credentials"][
        "key"
    ]
    return values


def work(cloud: Cloud, kind: Any, transport: Any = None, **options: Any) -> Rotation:
    done = Rotation()
    given = {"target": target(kind), "publish": None, **options}

    async def run() -> None:
        async with cloud.client(transport=transport) as arm:
            await rotate(arm, wait=0, progress=lambda _: None, done=done, **given)

    asyncio.run(run())
    return done


class Stopping(Broken):
    """Refuses the request of a number, and counts all."""

    def __init__(self, cloud: Cloud, at: int | None) -> None:
        self.count = 0
        self.at = at
        super().__init__(self._answer, httpx.ASGITransport(build(cloud.azure.world), raise_app_exceptions=True))

    def _answer(self, _: httpx.Request) -> Any:
        self.count += 1
        return httpx.Response(403, json={"error": {"code": "Forbidden"}}) if self.count == self.at else None


@pytest.mark.parametrize("kind", ENDPOINTS, ids=lambda kind: kind.name)
def test_both_keys_are_new_and_are_wherever_the_stack_keeps_them(cloud: Cloud, kind: Any) -> None:
    before = hold(cloud, kind)
    published: list[Mapping[str, str]] = []
    done = work(cloud, kind, publish=lambda: published.append(stored(cloud, kind)))
    after = keys(cloud, kind)
    assert set(before.values()) & set(after.values()) == set()
    assert held(cloud) == {**after, "connection": after["primary"]}
    assert done.rotated == ["secondary", "primary"]
    assert published == [{"primary": before["primary"], "secondary": after["secondary"]}, after]
    text = repr(done)
    assert not any(key in text for key in (*before.values(), *after.values()))


@pytest.mark.parametrize("kind", ENDPOINTS, ids=lambda kind: kind.name)
def test_a_rotation_that_stops_at_any_request_leaves_working_keys_and_is_completed(cloud: Cloud, kind: Any) -> None:
    hold(cloud, kind)
    counting = Stopping(cloud, None)
    work(cloud, kind, counting)
    assert counting.count > 20
    for at in range(1, counting.count + 1):
        with pytest.raises(ArmError):
            work(cloud, kind, Stopping(cloud, at))
        cloud.azure.clock.at[0] += 600
        cloud.azure.settle()
        now = keys(cloud, kind)
        assert set(held(cloud).values()) <= set(now.values()), f"request {at}"
        if at % 7 == 0:
            work(cloud, kind)
            after = keys(cloud, kind)
            assert held(cloud) == {**after, "connection": after["primary"]}


def test_the_primary_key_alone_continues_a_rotation(cloud: Cloud) -> None:
    before = hold(cloud, SERVERLESS)
    done = work(cloud, SERVERLESS, keys=("primary",))
    after = keys(cloud, SERVERLESS)
    assert done.rotated == ["primary"]
    assert (after["secondary"], after["primary"] != before["primary"]) == (before["secondary"], True)


def test_the_secrets_keep_their_expiry_type_and_tags(cloud: Cloud) -> None:
    hold(cloud, SERVERLESS)
    work(cloud, SERVERLESS)
    secret = cloud.azure.get(SECRETS["primary"])
    assert secret["tags"] == {"team": "llama"}
    assert secret["properties"]["contentType"] == "a-key"
    assert secret["properties"]["attributes"]["exp"] == EXPIRY


def test_a_regeneration_that_changes_nothing_is_an_error(cloud: Cloud) -> None:
    hold(cloud, FOUNDRY)
    listed = cloud.azure.call("POST", f"{ACCOUNT}/listKeys")

    def same(request: httpx.Request) -> Any:
        path = request.url.path
        return httpx.Response(200, json=listed.json()) if path.endswith(("/regenerateKey", "/listKeys")) else None

    inner = httpx.ASGITransport(build(cloud.azure.world), raise_app_exceptions=True)
    with pytest.raises(ArmError, match="the secondary key alone is not new"):
        work(cloud, FOUNDRY, Broken(same, inner))


def test_a_gateway_reads_the_vault_again_each_time_that_its_secrets_change(cloud: Cloud) -> None:
    hold(cloud, SERVERLESS)
    requests: list[str] = []

    def answer(request: httpx.Request) -> Any:
        path = request.url.path
        if request.method == "PUT" or path.endswith(("/refreshSecret", "/regenerateKeys")):
            requests.append(path.rsplit("/", 1)[-1])
        return httpx.Response(200, json={}) if path == f"{NAMED_VALUE}/refreshSecret" else None

    inner = httpx.ASGITransport(build(cloud.azure.world), raise_app_exceptions=True)
    reads = replace(target(SERVERLESS), named_values=(NAMED_VALUE,))
    work(cloud, SERVERLESS, Broken(answer, inner), target=reads)
    held = ["llama-primary-key", "llama-secondary-key", "refreshSecret", "to-llama"]
    assert requests == [*held, "regenerateKeys", *held] * 2


def state(type_: str, id_: str, urn: str = "", **more: Any) -> dict[str, Any]:
    return {"type": type_, "id": id_, "urn": urn or f"urn:{type_}::{id_.rsplit('/', 1)[-1]}", **more}


SERVERLESS_TYPE = f"azure-native:{SERVERLESS.endpoint_type}"
STATE = [
    {"type": "pulumi:pulumi:Stack", "urn": "urn:stack"},
    state(SERVERLESS_TYPE, ENDPOINTS[SERVERLESS], "urn:llama", inputs={"properties": {"authMode": "Key"}}),
    state(SERVERLESS_TYPE, f"{PROJECT}/serverlessEndpoints/llama-b", inputs={"properties": {"authMode": "AAD"}}),
    state("azure-native:cognitiveservices:Account", ACCOUNT, inputs={"properties": {"disableLocalAuth": True}}),
    state(f"azure-native:{MANAGED.endpoint_type}", ENDPOINTS[MANAGED] + "-there", external=True),
    *(
        state(
            "azure-native:keyvault:Secret",
            id_,
            f"urn:a$azure-llama:index:EndpointSecrets$azure-native:keyvault:Secret::{key}",
        )
        for key, id_ in SECRETS.items()
    ),
    state("azure-native:machinelearningservices:WorkspaceConnection", CONNECTION, "urn:to", dependencies=["urn:llama"]),
    state("azure-native:machinelearningservices:WorkspaceConnection", f"{CONNECTION}-b", dependencies=["urn:other"]),
    *(
        state("azure-native:apimanagement:NamedValue", id_, inputs={"keyVault": {"secretIdentifier": identifier}})
        for id_, identifier in {
            NAMED_VALUE: f"https://{VAULT.rsplit('/', 1)[-1]}.vault.azure.net/secrets/llama-primary-key",
            f"{NAMED_VALUE}-b": f"https://{VAULT.rsplit('/', 1)[-1]}.vault.azure.net/secrets/llama-b-primary-key",
        }.items()
    ),
    state("azure-native:apimanagement:NamedValue", f"{NAMED_VALUE}-c", inputs={"value": "text"}),
]


def test_the_target_has_the_secrets_and_the_connections_of_its_endpoint_alone() -> None:
    found = key_target("llama", STATE)
    assert (found.kind, found.secrets, found.connections) == (SERVERLESS, SECRETS, (CONNECTION,))
    assert found.urns[0] == "urn:stack"
    assert len(found.urns) == 4
    assert found.named_values == (NAMED_VALUE,)
    assert found.holders == "2 vault secrets and 1 connection and 1 named value"


@pytest.mark.parametrize(("created", "now"), [("AADToken", "Key"), ("Key", "AADToken")])
def test_the_auth_of_a_managed_endpoint_is_that_of_its_template(created: str, now: str) -> None:
    endpoint = state(
        *(f"azure-native:{MANAGED.endpoint_type}", ENDPOINTS[MANAGED]),
        parent="urn:llama",
        inputs={"properties": {"authMode": created}},
    )
    resources = [
        {"type": "other", "name": "llama-project/llama", "properties": {"authMode": created}},
        {"type": "endpoint", "name": "llama-project/llama", "properties": {"authMode": now}},
    ]
    templates = [
        state(
            *("azure-native:resources:Deployment", f"{GROUP}/providers/Microsoft.Resources/deployments/{parent}"),
            parent=parent,
            inputs={"properties": {"template": {"resources": [resource]}}},
        )
        for parent, resource in zip(("urn:other", "urn:llama"), resources, strict=True)
    ]
    if now == "Key":
        assert key_target("llama", [endpoint, *templates]).kind == MANAGED
    else:
        with pytest.raises(InputError, match="without keys"):
            key_target("llama", [endpoint, *templates])


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("lama", "did you mean 'llama'? A stack rotates"),
        ("mistral", "it has 'llama', 'llama-b', 'contoso-llama', 'llama-there'. A stack rotates"),
        ("llama-b", "is a serverless endpoint without keys: its callers send Entra tokens"),
        ("contoso-llama/chat", "contoso-llama: is a Foundry account without keys"),
        ("llama-there", "exists outside this stack"),
    ],
)
def test_what_has_no_keys_of_the_stack_is_refused(name: str, message: str) -> None:
    with pytest.raises(InputError) as refused:
        key_target(name, STATE)
    assert message in str(refused.value)
