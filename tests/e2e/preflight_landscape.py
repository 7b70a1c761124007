"""One sandbox for many stacks: each is asked about by a preflight, then deployed by the real engine, and both compared.

The engine runs the real program inline (Automation API), so that a scenario takes seconds.
"""

from __future__ import annotations

import asyncio
import json
import os
import runpy
import ssl
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pulumi.automation as auto
import yaml
from pulumi.automation._stack import StackInitMode

from azure_llama import engine
from azure_llama.arm import ArmClient, SignIn, sign_in
from azure_llama.catalog import roles
from azure_llama.preflight import Plan, Reader, Report, plan, run
from azure_llama.stack.planned import plan_stack, project_of
from azure_llama_sandbox import control, principals
from azure_llama_sandbox.home import Home
from azure_llama_sandbox.identity import Application
from tests.e2e import inline_programs
from tests.e2e.harness import ROOT
from tests.sandbox.harness import sign_in as owners_header

SCALE = 20_000.0
PLENTY = 1_000_000
"""Cores: quota is scarce only where a scenario makes it so."""
ARM = "https://management.azure.com"
VERSIONS = {
    "microsoft.machinelearningservices": "2025-12-01",
    "microsoft.authorization": "2022-04-01",
    "microsoft.keyvault": "2024-11-01",
    "microsoft.storage": "2024-01-01",
}
FAMILIES = (
    "Total Cluster Dedicated Regional vCPUs",
    "Standard NCADSA100v4 Family Cluster Dedicated vCPUs",
    "Standard NVADSA10v5 Family Cluster Dedicated vCPUs",
    "Standard  NCASv3_T4  Family Cluster Dedicated vCPUs",
)


@dataclass(frozen=True)
class Deployed:
    """What the engine said."""

    ok: bool
    text: str


class Landscape:
    """A sandbox with a hub, in which each scenario gets a project of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.status = control.start(home, time_scale=SCALE)
        self.subscription = f"/subscriptions/{self.status['subscription']}"
        self.group = f"{self.subscription}/resourceGroups/given"
        self.ml = f"{self.group}/providers/Microsoft.MachineLearningServices/workspaces"
        self.room = engine.find()
        assert self.room is not None, "no Pulumi CLI: run `make setup`"
        trust = ssl.create_default_context(cafile=self.status["ca"])
        self.http = httpx.Client(proxy=self.status["proxy"], verify=trust, trust_env=False, timeout=30)
        self.headers = owners_header(self.http, self.status)
        self.people: dict[str, Application] = {}
        self.stacks: dict[str, auto.Stack] = {}
        self.command: auto.PulumiCommand | None = None
        self._make_hub()
        for family in FAMILIES:
            self.limit(family, PLENTY)

    def close(self) -> None:
        """End it."""
        self.http.close()
        control.stop(self.home)

    # -- Azure, as the owner -------------------------------------------------------------------------

    def arm(self, method: str, path: str, body: Any = None, **query: str) -> httpx.Response:
        """A request, and the end of what it begins."""
        namespace = path.rpartition("/providers/")[2].partition("/")[0].lower()
        params = {"api-version": VERSIONS.get(namespace, "2022-12-01")} | query
        answer = self.http.request(method, f"{ARM}{path}", params=params, json=body, headers=self.headers)
        address = answer.headers.get("Azure-AsyncOperation") or answer.headers.get("Location")
        end = time.monotonic() + 60
        while answer.status_code in (200, 201, 202) and address:
            poll = self.http.get(address, headers=self.headers)
            running = poll.status_code == 202 or (poll.content and poll.json().get("status") == "InProgress")
            if not running:
                break
            assert time.monotonic() < end, path
        return answer

    def put(self, path: str, body: dict[str, Any]) -> str:
        """A resource that is to be there; its id."""
        answer = self.arm("PUT", path, body)
        assert answer.is_success, answer.text
        return path

    def delete(self, path: str, **query: str) -> None:
        """A resource that is to be gone."""
        answer = self.arm("DELETE", path, **query)
        assert answer.is_success, answer.text

    def _make_hub(self) -> None:
        place, identity = {"location": "eastus2"}, {"identity": {"type": "SystemAssigned"}}
        storage = f"{self.group}/providers/Microsoft.Storage/storageAccounts/givenstore"
        vault = f"{self.group}/providers/Microsoft.KeyVault/vaults/given-vault"
        sku = {"sku": {"family": "A", "name": "standard"}, "enableRbacAuthorization": True}
        self.put(self.group, place)
        self.put(storage, place | {"kind": "StorageV2", "sku": {"name": "Standard_LRS"}})
        self.put(vault, place | {"properties": {"tenantId": self.status["tenant"]} | sku})
        hub = {"kind": "Hub", "properties": {"storageAccount": storage, "keyVault": vault}}
        self.put(f"{self.ml}/hub", place | identity | hub)

    def project(self, name: str) -> str:
        """A project in the hub; its id."""
        body = {"location": "eastus2", "identity": {"type": "SystemAssigned"}, "kind": "Project"}
        return self.put(f"{self.ml}/{name}", body | {"properties": {"hubResourceId": f"{self.ml}/hub"}})

    def limit(self, family: str, cores: int, region: str = "eastus2") -> None:
        """Set a limit of the quota."""
        base = f"{self.subscription}/providers/Microsoft.MachineLearningServices/locations/{region}"
        body = {"value": [{"id": f"{base}/quotas/{family.replace(' ', '_')}", "limit": cores}]}
        answer = self.arm("POST", f"{base}/updateQuotas", body)
        assert answer.json()["value"][0]["status"] == "Success", answer.text

    def used(self, family: str) -> int:
        """Cores in use."""
        base = f"{self.subscription}/providers/Microsoft.MachineLearningServices/locations/eastus2"
        rows = self.arm("GET", f"{base}/usages").json()["value"]
        return next(int(row["currentValue"]) for row in rows if row["name"]["localizedValue"] == family)

    def conditions(self, **given: Any) -> None:
        """Set the circumstances that no request sets; none when nothing is given."""
        path = Home(self.home).conditions
        path.write_text(yaml.safe_dump(given)) if given else path.unlink(missing_ok=True)

    def register(self, namespace: str, verb: str = "register") -> None:
        """Register with a resource provider, or unregister."""
        assert self.arm("POST", f"{self.subscription}/providers/{namespace}/{verb}").is_success

    # -- people ---------------------------------------------------------------------------------------

    def person(self, name: str, project: str, without: str | None = None) -> None:
        """Somebody with the article's custom role on a project, but for one of its actions; again: with another."""
        scopes = {"subscription": self.subscription, "resource group": self.group, "workspace": project}
        fresh = name not in self.people
        if fresh:
            self.people[name] = principals.create(name, self.home)
        for grant in roles.CUSTOM_ROLE:
            scope = scopes[grant.scope]
            actions = [each for each in (*grant.actions, *grant.also) if each != without]
            guid = uuid.uuid5(uuid.NAMESPACE_URL, f"{name}/{grant.scope}")
            role = f"{self.subscription}/providers/Microsoft.Authorization/roleDefinitions/{guid}"
            properties = {
                "roleName": f"{name} on the {grant.scope}",
                "assignableScopes": [self.subscription],
                "permissions": [{"actions": actions}],
            }
            self.put(role, {"properties": properties})
            if fresh:
                principals.assign(self.status, self.people[name], role, scope)

    # -- the two that are compared ---------------------------------------------------------------------

    def environment(self, principal: str) -> dict[str, str]:
        """What `exec` sets for somebody."""
        assert self.room is not None
        path = engine.search_path(self.room)
        return dict(control.status(self.home, path=path, principal=principal)["environment"])

    def preflight(self, stack: str, config: Mapping[str, Any], principal: str = "owner") -> Report:
        """What `azure-llama preflight` finds."""
        who, planned = self.asked(stack, config, principal)

        async def ask() -> Report:
            async with ArmClient(who) as arm:
                return await run(planned, Reader(arm), who=who.method)

        with variables(self.environment(principal)):
            return asyncio.run(ask())

    def asked(self, stack: str, config: Mapping[str, Any], principal: str = "owner") -> tuple[SignIn, Plan]:
        """Who asks, and about what."""
        found = project_of(ROOT, stack, self._file(stack, config))
        who = sign_in({}, self.environment(principal))
        asked = plan_stack(found, who.subscription, who.tenant)
        today = datetime.now(UTC).date()
        return who, plan(asked.settings, asked.subscription, asked.resources, today, self._held(stack))

    def _file(self, stack: str, config: Mapping[str, Any]) -> Path:
        file = self.home / f"Pulumi.{stack}.yaml"
        file.write_text(yaml.safe_dump({"config": dict(config)}))
        return file

    def _held(self, stack: str) -> list[str]:
        """Ids in the stack's state: what `pulumi stack export` would say."""
        files = list(Home(self.home).pulumi_state.rglob(f"stacks/azure-llama/{stack}.json"))
        if not files:
            return []
        latest = json.loads(files[0].read_text())["checkpoint"]["latest"] or {}
        return [each["id"] for each in latest.get("resources", []) if each.get("id")]

    def up(self, stack: str, config: Mapping[str, Any], principal: str = "owner") -> Deployed:
        """`pulumi up` of the program as it is."""
        environment = self.environment(principal)

        with variables(environment):
            found = self.stacks.get(stack) or self._new_stack(stack, environment)
            found.workspace.env_vars = dict(environment)
            assert inline_programs.idle.wait(60), "the program before has not ended"
            try:
                done = found.up(color="never", suppress_outputs=True, config_file=str(self._file(stack, config)))
            except auto.CommandError as error:
                return Deployed(False, str(error))
        return Deployed(True, done.stdout)

    def _new_stack(self, name: str, environment: Mapping[str, str]) -> auto.Stack:
        if self.command is None:
            self.command = auto.PulumiCommand()
        settings = auto.ProjectSettings(
            name="azure-llama", runtime="python", backend=auto.ProjectBackend(environment["PULUMI_BACKEND_URL"])
        )
        workspace = auto.LocalWorkspace(
            program=_program,
            env_vars=dict(environment),
            project_settings=settings,
            pulumi_command=self.command,
        )
        self.stacks[name] = found = _Quiet(name, workspace, StackInitMode.CREATE)
        return found


class _Quiet(auto.Stack):
    """A stack that is not asked for outputs and history after each `up`: three commands whose answers nobody reads."""

    def outputs(self) -> dict[str, auto.OutputValue]:
        return {}

    def info(self, show_secrets: bool = True) -> auto.UpdateSummary | None:
        return auto.UpdateSummary("update", datetime.now(UTC), "", {}, {}, "succeeded")


def _program() -> None:
    runpy.run_path(str(ROOT / "__main__.py"), run_name="__main__")


@contextmanager
def variables(given: Mapping[str, str]) -> Iterator[None]:
    """The environment of a command, for what runs in this process."""
    before = dict(os.environ)
    os.environ.update(given)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
