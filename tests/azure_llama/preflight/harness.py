"""A preflight of a stack against the sandbox's own ARM, in one process, with a clock that moves when somebody waits."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx
from azure.core.credentials import AccessToken

from azure_llama.arm import ArmClient, SignIn
from azure_llama.arm.clouds import PUBLIC
from azure_llama.preflight import Reader, Report, Status, plan, run
from azure_llama.preflight.plan import Plan
from azure_llama.settings import load
from azure_llama.stack.arm_ids import Planned, planned
from azure_llama_sandbox.arm import build
from azure_llama_sandbox.conditions import Conditions
from azure_llama_sandbox.world import TENANT
from tests.catalogs import PACKAGE
from tests.sandbox.arm.harness import GROUP, SUB, TODAY, Azure

SUBSCRIPTION = SUB.rsplit("/", 1)[1]
LLAMA_33 = "Llama-3.3-70B-Instruct"
STACK: Mapping[str, Any] = {
    "azure-native:location": "eastus2",
    "azure-llama:workspace": {"name": "llama-dev"},
    "azure-llama:serverless": {"llama-33-70b": {"model": LLAMA_33}},
    "azure-llama:managed": {
        "llama-8b": {
            "auth": "Key",
            "deployments": {"blue": {"model": "Meta-Llama-3.1-8B-Instruct", "vmSize": "Standard_NC24ads_A100_v4"}},
        }
    },
}
FOUNDRY: Mapping[str, Any] = {
    "contoso-llama": {"deployments": {"chat": {"model": LLAMA_33, "modelVersion": "9", "capacity": 100}}}
}


def stack(**changes: Any) -> dict[str, Any]:
    """The stack with other values: `managed__llama-8b__deployments__blue__instances=9`; None takes a key out."""
    config = deepcopy(dict(STACK))
    for path, value in changes.items():
        first, *rest = path.split("__")
        keys = [f"azure-native:{first}" if first == "location" else f"azure-llama:{first}", *rest]
        place = config
        for key in keys[:-1]:
            place = place.setdefault(key, {})
        if value is None:
            place.pop(keys[-1], None)
        else:
            place[keys[-1]] = value
    return config


def plan_of(config: Mapping[str, Any], today: date = TODAY, held: Any = None, subscription: str = SUBSCRIPTION) -> Plan:
    """The plan of a configuration, with the names of the sandbox's own tests."""
    texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()}
    settings = load(texts, PACKAGE)
    return plan(settings, subscription, resources_of(settings, subscription), today, held)


def resources_of(settings: Any, subscription: str = SUBSCRIPTION) -> list[Planned]:
    """What the program declares for these settings, as far as checks ask about it."""
    there = {"resourceGroupName": "llama", "workspaceName": settings.workspace.name}
    rows: list[tuple[str, str, dict[str, Any]]] = []
    if settings.workspace.id is None:
        rows += [
            ("resources:ResourceGroup", "group", {"resourceGroupName": "llama"}),
            ("storage:StorageAccount", "store", there | {"accountName": "llamastore"}),
            ("keyvault:Vault", "vault", there | {"vaultName": "llama-vault"}),
            ("machinelearningservices:Workspace", "hub", there | {"workspaceName": "llama-hub"}),
            ("machinelearningservices:Workspace", "project", there),
        ]
    else:
        there["workspaceName"] = settings.workspace.id.rsplit("/", 1)[1]
    for model in sorted({each.model for each in settings.serverless.values()}):
        name = model.replace(".", "-")
        rows.append(("machinelearningservices:MarketplaceSubscription", name, there | {"name": name}))
    for name in settings.serverless:
        rows.append(("machinelearningservices:ServerlessEndpoint", name, there | {"name": name}))
    for name, endpoint in settings.managed.items():
        inside = there | {"endpointName": name}
        rows.append(("machinelearningservices:OnlineEndpoint", name, inside))
        for key in endpoint.running:
            rows.append(("machinelearningservices:OnlineDeployment", key, inside | {"deploymentName": key}))
        rows.append(("resources:Deployment", f"{name}-traffic", there | {"deploymentName": f"{name}-traffic"}))
    for name, account in settings.foundry.items():
        inside = there | {"accountName": name}
        if account.id is None:
            rows.append(("cognitiveservices:Account", name, inside))
        for key in account.deployments:
            rows.append(("cognitiveservices:Deployment", key, inside | {"deploymentName": key}))
    if settings.gateway is not None and settings.gateway.id is None:
        rows.append(("apimanagement:ApiManagementService", "gateway", there | {"serviceName": settings.gateway.name}))
    return planned([(f"azure-native:{type_}", name, props) for type_, name, props in rows], subscription, "llama")


class Credential:
    """A token that is the principal's name, which the sandbox of the tests takes."""

    def __init__(self, who: str) -> None:
        self.who = who

    def get_token(self, *_: str, **__: Any) -> AccessToken:
        return AccessToken(self.who, 4_000_000_000)


class Cloud:
    """The sandbox, its circumstances, and a preflight of it."""

    def __init__(self, path: Path) -> None:
        self.azure = Azure(path)

    def close(self) -> None:
        self.azure.close()

    def conditions(self, **given: Any) -> None:
        """Set the circumstances that no request sets."""
        found = Conditions.model_validate(given)
        self.azure.world = replace(self.azure.world, conditions=lambda: found)
        transport = httpx.ASGITransport(build(self.azure.world), raise_app_exceptions=True)
        self.azure.loop.run_until_complete(self.azure.http.aclose())
        self.azure.http = httpx.AsyncClient(transport=transport, base_url="https://management.azure.com")

    def limit(self, family: str, cores: int, region: str = "eastus2") -> None:
        """Set a limit of the quota."""
        base = f"{SUB}/providers/Microsoft.MachineLearningServices/locations/{region}"
        body = {"value": [{"id": f"{base}/quotas/{family.replace(' ', '_')}", "limit": cores}]}
        answer = self.azure.call("POST", f"{base}/updateQuotas", body)
        assert answer.json()["value"][0]["status"] == "Success", answer.text

    def client(self, who: str = "owner", transport: httpx.AsyncBaseTransport | None = None) -> ArmClient:
        """A client of it."""
        inside = transport or httpx.ASGITransport(build(self.azure.world), raise_app_exceptions=True)
        return ArmClient(sign_in(who), transport=inside, sleep=self.sleep)

    async def sleep(self, seconds: float) -> None:
        """Time passes when somebody waits."""
        self.azure.clock.at[0] += 5 * max(seconds, 1)

    def ask(
        self,
        config: Mapping[str, Any] = STACK,
        who: str = "owner",
        transport: httpx.AsyncBaseTransport | None = None,
        **options: Any,
    ) -> Report:
        """A preflight."""
        planned_ = plan_of(config, **options)

        async def asked() -> Report:
            async with self.client(who, transport) as arm:
                return await run(planned_, Reader(arm), who="a test")

        return asyncio.run(asked())


def sign_in(who: str = "owner") -> SignIn:
    """A principal of the sandbox's tests."""
    return SignIn("a test", PUBLIC, SUBSCRIPTION, lambda: Credential(who), TENANT)


def of(report: Report, status: Status) -> dict[str, list[str]]:
    """What has a status: check to evidence and remediation."""
    return {
        run.name: [
            f"{result.subject}: {result.evidence} => {result.remediation}"
            for result in run.results
            if result.status is status
        ]
        for run in report.runs
        if any(result.status is status for result in run.results)
    }


__all__ = ["GROUP", "SUB", "Cloud", "of", "plan_of", "sign_in", "stack"]
