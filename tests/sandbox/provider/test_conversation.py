"""Hand-shake, configuration, functions: all that is not about one resource."""

from __future__ import annotations

from typing import Any

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime import rpc
from pulumi.runtime.proto import provider_pb2 as proto

from azure_llama_sandbox.provider.values import UNKNOWN
from tests.sandbox.provider.fake_azure import OBJECT, error
from tests.sandbox.provider.harness import CLIENT, GROUP, ML, SUBSCRIPTION, TENANT, Rig

pytestmark = pytest.mark.anyio
GROUP_INPUTS = {"resourceGroupName": "rg", "location": "eastus2"}


async def test_the_engine_learns_what_azure_native_can_do(rig: Rig) -> None:
    shaken = await rig.engine.stub.Handshake(proto.ProviderHandshakeRequest(engine_address="127.0.0.1:1"))
    configured = await rig.engine.configure()
    assert shaken.supports_autonaming_configuration
    assert configured.supports_autonaming_configuration
    assert configured.supportsPreview
    for answer in (shaken.accept_secrets, shaken.accept_resources, shaken.accept_outputs, configured.acceptSecrets):
        assert not answer
    assert (await rig.engine.stub.GetPluginInfo(Empty())).version == "3.29.0"
    assert (await rig.engine.stub.GetMapping(proto.GetMappingRequest())).data == b""


async def test_an_address_that_another_engine_had_before_starts_afresh(rig: Rig) -> None:
    await rig.engine.stub.Cancel(Empty())
    with pytest.raises(grpc.aio.AioRpcError, match="operation cancelled"):
        await rig.engine.create("resources:ResourceGroup", GROUP_INPUTS)
    await rig.engine.stub.Handshake(proto.ProviderHandshakeRequest(engine_address="127.0.0.1:1"))
    await rig.engine.create("resources:ResourceGroup", GROUP_INPUTS)


async def test_any_provider_configuration_will_do(rig: Rig) -> None:
    news = Struct()
    news.update({"location": "eastus2"})
    assert (await rig.engine.stub.CheckConfig(proto.CheckRequest(news=news))).inputs == news
    assert (await rig.engine.stub.DiffConfig(proto.DiffRequest())).changes == proto.DiffResponse.DIFF_UNKNOWN


async def test_there_is_no_schema_and_it_says_what_to_do(rig: Rig) -> None:
    with pytest.raises(grpc.aio.AioRpcError, match="--generate-code=false") as missing:
        await rig.engine.stub.GetSchema(proto.GetSchemaRequest())
    assert missing.value.code() is grpc.StatusCode.UNIMPLEMENTED


async def test_each_connection_has_its_own_configuration(rig: Rig) -> None:
    await rig.engine.configure(location="eastus2", subscriptionId="other")
    async with rig.another_engine() as engine:
        await engine.configure(location="westus")
        theirs, _ = await engine.check("resources:ResourceGroup", {})
        ours, _ = await rig.engine.check("resources:ResourceGroup", {})
        assert (theirs["location"], ours["location"]) == ("westus", "eastus2")
        assert (await engine.invoke("authorization:getClientConfig"))["subscriptionId"] == SUBSCRIPTION
        assert (await rig.engine.invoke("authorization:getClientConfig"))["subscriptionId"] == "other"


async def test_a_connection_opened_anew_goes_on_with_the_latest_configuration(rig: Rig) -> None:
    await rig.engine.configure(location="swedencentral")
    async with rig.another_engine() as engine:
        inputs, _ = await engine.check("resources:ResourceGroup", {})
    assert inputs["location"] == "swedencentral"


async def test_the_stack_may_bring_its_own_client(rig: Rig) -> None:
    rig.azure.secrets.add("own")
    secret = {rpc._special_sig_key: rpc._special_secret_sig, "value": "own"}
    await rig.engine.configure(clientId="mine", clientSecret=secret, tenantId="theirs")
    config = await rig.engine.invoke("authorization:getClientConfig")
    assert config == {"clientId": "mine", "objectId": OBJECT, "subscriptionId": SUBSCRIPTION, "tenantId": "theirs"}
    await rig.engine.configure()
    assert (await rig.engine.invoke("authorization:getClientConfig"))["clientId"] == CLIENT


async def test_a_client_that_is_refused_is_named_and_its_secret_is_not(rig: Rig) -> None:
    await rig.engine.configure(clientId="mine", clientSecret="hush-hush")
    with pytest.raises(grpc.aio.AioRpcError, match=r"client mine: AADSTS7000215") as refused:
        await rig.engine.create("resources:ResourceGroup", GROUP_INPUTS)
    assert "hush-hush" not in str(refused.value)


async def test_a_token_that_is_no_longer_good_is_fetched_anew(rig: Rig) -> None:
    rig.azure.refusals.append(("GET", "/rg", error(401, "InvalidAuthenticationToken", "expired")))
    await rig.engine.create("resources:ResourceGroup", GROUP_INPUTS)
    assert rig.azure.tokens_issued == 2
    assert rig.azure.requests[0].token != rig.azure.requests[1].token


async def test_client_config_and_token(rig: Rig) -> None:
    config = await rig.engine.invoke("authorization:getClientConfig")
    assert config == {"clientId": CLIENT, "objectId": OBJECT, "subscriptionId": SUBSCRIPTION, "tenantId": TENANT}
    first = (await rig.engine.invoke("authorization:getClientToken"))["token"]
    other = (await rig.engine.invoke("authorization:getClientToken", endpoint="https://ml.azure.com"))["token"]
    assert first.count(".") == 2
    assert first != other


@pytest.mark.parametrize(
    ("function", "args", "path"),
    [
        ("listServerlessEndpointKeys", {"name": "se"}, "/serverlessEndpoints/se/listKeys"),
        ("listOnlineEndpointKeys", {"endpointName": "ep"}, "/onlineEndpoints/ep/listKeys"),
        ("getOnlineEndpointToken", {"endpointName": "ep"}, "/onlineEndpoints/ep/token"),
        ("listWorkspaceKeys", {}, "/listKeys"),
    ],
)
async def test_actions_are_posts(rig: Rig, function: str, args: dict[str, Any], path: str) -> None:
    rig.azure.resources[(ML + path).rsplit("/", 1)[0].lower()] = {"id": "x"}
    result = await rig.engine.invoke(
        f"machinelearningservices:{function}", resourceGroupName="rg", workspaceName="ws", **args
    )
    assert result["primaryKey"] == "p" * 32
    asked = rig.azure.requests[0]
    assert (asked.method, asked.path, asked.query) == ("POST", ML + path, {"api-version": "2025-12-01"})


async def test_getters_speak_the_sdks_names(rig: Rig) -> None:
    rig.azure.resources[ML.lower()] = {
        "id": ML,
        "name": "ws",
        "type": "Microsoft.MachineLearningServices/workspaces",
        "location": "eastus2",
        "properties": {"workspaceId": "w", "friendlyName": "nice"},
    }
    found = await rig.engine.invoke("machinelearningservices:getWorkspace", resourceGroupName="rg", workspaceName="ws")
    assert found == {
        "id": ML,
        "name": "ws",
        "type": "Microsoft.MachineLearningServices/workspaces",
        "location": "eastus2",
        "workspaceId": "w",
        "friendlyName": "nice",
        "azureApiVersion": "2025-12-01",
    }


async def test_functions_say_what_is_wrong(rig: Rig) -> None:
    with pytest.raises(grpc.aio.AioRpcError, match=r"request failed /subscriptions/.*/rg: Status=404 Code="):
        await rig.engine.invoke("resources:getResourceGroup", resourceGroupName="rg")
    with pytest.raises(grpc.aio.AioRpcError, match="'workspaceName' must be text"):
        await rig.engine.invoke("machinelearningservices:getWorkspace", resourceGroupName="rg", workspaceName=UNKNOWN)
    with pytest.raises(grpc.aio.AioRpcError, match=r"web:getWebApp not found.*getWorkspace"):
        await rig.engine.invoke("web:getWebApp")


async def test_what_is_not_json_is_shown_as_it_is(rig: Rig) -> None:
    import httpx

    rig.azure.refusals.append(("GET", "/rg", httpx.Response(200, text="<html>")))
    with pytest.raises(grpc.aio.AioRpcError, match="unexpected response from Azure: '<html>', HTTP status: 200"):
        await rig.engine.invoke("resources:getResourceGroup", resourceGroupName="rg")
    rig.azure.refusals.append(("GET", "/rg", httpx.Response(400, text="nope")))
    with pytest.raises(grpc.aio.AioRpcError, match='Status=400 Message="nope"'):
        await rig.engine.invoke("resources:getResourceGroup", resourceGroupName="rg")
    assert GROUP.endswith("/rg")
