"""The provider in a whole sandbox: what surrounds the endpoints of a workspace, and deploying with few rights."""

from __future__ import annotations

import json
import os
import subprocess
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path

import grpc
import pytest

from azure_llama.catalog import roles
from azure_llama_sandbox import control, principals
from azure_llama_sandbox.control import Status
from azure_llama_sandbox.home import Home
from azure_llama_sandbox.identity import SignIn, read_identity
from azure_llama_sandbox.pipelines import SERVICE_CONNECTION, mint
from azure_llama_sandbox.providers import install_plugin
from azure_llama_sandbox.world import SUBSCRIPTION
from tests.sandbox.provider.harness import Engine, connect
from tests.sandbox.provider.test_sandbox import IDENTITY, ML, MODEL, deploy

pytestmark = pytest.mark.anyio
GROUP = {"resourceGroupName": "rg-ml"}
HUB = {**GROUP, "workspaceName": "hub-ml"}
PROJECT = {**GROUP, "workspaceName": "project-ml"}
GROUP_ID = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-ml"
SCOPES = {
    "subscription": f"/subscriptions/{SUBSCRIPTION}",
    "resource group": GROUP_ID,
    "workspace": f"{GROUP_ID}/providers/Microsoft.MachineLearningServices/workspaces/project-ml",
}


@pytest.fixture
async def owner(started: Status, anyio_backend: str) -> AsyncIterator[Engine]:
    """The owner's provider, with a hub in a managed network and a project."""
    async with attached(started, "owner") as engine:
        if not (await engine.read("resources:ResourceGroup", GROUP_ID, {"x": 1}))[0]:
            await deploy(engine, "resources:ResourceGroup", GROUP)
            storage = {**GROUP, "accountName": "storageml", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
            account, _ = await deploy(engine, "storage:StorageAccount", storage)
            tenant = (await engine.invoke("authorization:getClientConfig"))["tenantId"]
            settings = {"tenantId": tenant, "sku": {"family": "A", "name": "standard"}, "accessPolicies": []}
            vault, _ = await deploy(
                engine, "keyvault:Vault", {**GROUP, "vaultName": "vault-ml", "properties": settings}
            )
            network = {"isolationMode": "AllowOnlyApprovedOutbound", "firewallSku": "Standard"}
            hub = {**HUB, "kind": "Hub", "identity": IDENTITY, "storageAccount": account, "keyVault": vault}
            given = {"managedNetwork": network, "provisionNetworkNow": True}
            hub_id, _ = await deploy(engine, f"{ML}:Workspace", hub | given)
            project = {**PROJECT, "kind": "Project", "identity": IDENTITY, "hubResourceId": hub_id}
            await deploy(engine, f"{ML}:Workspace", project)
        yield engine


@contextmanager
def plugin(environment: Mapping[str, str]) -> Iterator[int]:
    """The port of a provider that is started as the engine starts one: with an environment, and an address."""
    (program,) = Path(environment["PULUMI_HOME"]).glob("plugins/*/pulumi-resource-azure-native")
    with subprocess.Popen(
        [program, "127.0.0.1:1"], env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        try:
            yield int(running.stdout.readline())
        finally:
            running.kill()


@asynccontextmanager
async def attached(started: Status, principal: str) -> AsyncIterator[Engine]:
    """An engine with a principal's provider, configured for the region."""
    environment = control.status(Path(started["home"]), principal=principal)["environment"]
    with ExitStack() as stack:
        if "PULUMI_DEBUG_PROVIDERS" in environment:
            port = int(environment["PULUMI_DEBUG_PROVIDERS"].rpartition(":")[2])
        else:
            given = {"ARM_OIDC_TOKEN_FILE_PATH": environment["AZURE_FEDERATED_TOKEN_FILE"]}
            port = stack.enter_context(plugin({**given, **environment}))
        async with connect(port) as engine:
            await engine.configure(location="eastus2")
            yield engine


async def test_a_compute_instance_and_the_rules_of_the_network(owner: Engine, started: Status) -> None:
    # In capitals, as Azure answers whatever it is sent.
    instance = {"vmSize": "STANDARD_DS3_V2", "idleTimeBeforeShutdown": "PT60M", "enableNodePublicIp": False}
    compute = {
        **PROJECT,
        "computeName": "ci-one",
        "properties": {"computeType": "ComputeInstance", "properties": instance},
    }
    rules = (
        {"type": "FQDN", "destination": "*.example.com"},
        {"type": "ServiceTag", "destination": {"serviceTag": "AzureMonitor", "protocol": "TCP", "portRanges": "443"}},
    )
    made = [(f"{ML}:Compute", (await deploy(owner, f"{ML}:Compute", compute))[0])]
    for number, rule in enumerate(rules):
        inputs = {**HUB, "ruleName": f"rule-{number}", "properties": rule}
        type_ = f"{ML}:ManagedNetworkSettingsRule"
        made.append((type_, (await deploy(owner, type_, inputs))[0]))
    with pytest.raises(grpc.aio.AioRpcError, match="'underlyingResourceAction' is required"):
        await owner.delete(*made[0])
    Path(started["conditions"]).write_text("computes: {requireAction: false}")
    for pulumi_type, resource_id in made:
        await owner.delete(pulumi_type, resource_id)
        assert (await owner.read(pulumi_type, resource_id, {"x": 1}))[0] == ""


async def test_a_stack_may_hand_over_a_pipelines_token(started: Status, anyio_backend: str) -> None:
    home = Path(started["home"])
    ci = principals.create("handed", home, sign_in=SignIn.GITHUB)
    identity = read_identity(Home(home))
    assert identity is not None
    async with attached(started, ci.name) as engine:
        await engine.configure(oidcToken=mint(identity, ci))
        assert (await engine.invoke("authorization:getClientConfig"))["clientId"] == ci.client_id
        await engine.configure(oidcToken="no token")
        with pytest.raises(grpc.aio.AioRpcError, match="AADSTS50027"):
            await engine.invoke("authorization:getClientConfig")


async def test_github_s_job_signs_in_at_its_request_url(started: Status, anyio_backend: str) -> None:
    ci = principals.create("requested", Path(started["home"]), sign_in=SignIn.GITHUB)
    environment = control.status(Path(started["home"]), principal=ci.name)["environment"]
    with plugin(environment) as port:
        async with connect(port) as engine:
            await engine.configure()
            assert (await engine.invoke("authorization:getClientConfig"))["clientId"] == ci.client_id


async def test_the_variables_of_azure_devops_sign_nobody_in(started: Status, anyio_backend: str) -> None:
    ado = principals.create("unread", Path(started["home"]), sign_in=SignIn.AZURE_DEVOPS)
    environment = control.status(Path(started["home"]), principal=ado.name)["environment"]
    with plugin({**environment, "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID": SERVICE_CONNECTION}) as port:
        async with connect(port) as engine:
            with pytest.raises(grpc.aio.AioRpcError, match="A OIDC token or request URL and token must be configured"):
                await engine.configure()


async def test_without_a_sandbox_the_plugin_says_so(tmp_path: Path, anyio_backend: str) -> None:
    home = Home(tmp_path / "home")
    home.prepare()
    install_plugin(home)
    (program,) = home.pulumi_home.glob("plugins/*/*")
    done = subprocess.run([program], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"no sandbox runs in {home.path}")


async def give_the_custom_role(owner: Engine, object_id: str) -> None:
    for grant in roles.CUSTOM_ROLE:
        scope = SCOPES[grant.scope]
        role, _ = await owner.create(
            "authorization:RoleDefinition",
            {
                "scope": scope,
                "roleDefinitionId": str(uuid.uuid4()),
                "roleName": f"Llama {grant.scope} {object_id}",
                "roleType": "CustomRole",
                "assignableScopes": [scope],
                "permissions": [{"actions": [*grant.actions, *grant.also], "notActions": []}],
            },
        )
        assignment = {"scope": scope, "roleAssignmentName": str(uuid.uuid4()), "roleDefinitionId": role}
        of = {"principalId": object_id, "principalType": "ServicePrincipal"}
        await owner.create("authorization:RoleAssignment", assignment | of)


@pytest.mark.parametrize("sign_in", list(SignIn))
async def test_a_principal_with_the_custom_role_alone_deploys(owner: Engine, started: Status, sign_in: SignIn) -> None:
    team = principals.create(f"team-{sign_in}", Path(started["home"]), sign_in=sign_in)
    subscription = {**PROJECT, "name": "llama", "properties": {"modelId": MODEL}}
    endpoint = {
        **PROJECT,
        "name": "llama-ml",
        "sku": {"name": "Consumption"},
        "properties": {"authMode": "Key", "modelSettings": {"modelId": MODEL}},
    }
    async with attached(started, team.name) as engine:
        with pytest.raises(grpc.aio.AioRpcError, match="AuthorizationFailed"):
            await engine.create(f"{ML}:MarketplaceSubscription", subscription)
        await give_the_custom_role(owner, team.object_id)
        bought, _ = await deploy(engine, f"{ML}:MarketplaceSubscription", subscription)
        made, _ = await deploy(engine, f"{ML}:ServerlessEndpoint", endpoint)
        keys = await engine.invoke(f"{ML}:listServerlessEndpointKeys", **PROJECT, name="llama-ml")
        assert set(keys) == {"primaryKey", "secondaryKey"}
        await engine.delete(f"{ML}:ServerlessEndpoint", made)
        await engine.delete(f"{ML}:MarketplaceSubscription", bought)
    lines = [json.loads(line) for line in Path(started["requestLog"]).read_text().splitlines()]
    refused = [line["path"] for line in lines if line["principal"] == team.client_id and line["status"] == 403]
    # The attempt without the role, and nothing after it.
    assert {path.rpartition("/")[2] for path in refused} == {"llama"}
    assert team.secret not in json.dumps(lines)
