"""Three Foundry accounts in a running sandbox, one of them with Entra ID alone, and their stacks' outputs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from azure_llama_sandbox import control
from azure_llama_sandbox.world import SUBSCRIPTION
from tests.sandbox.harness import azure_llama, connect
from tests.sandbox.inference.test_foundry_clients import GROUP, ROLE, Arm

REGIONS = {"east": "eastus2", "north": "northcentralus", "west": "westus3"}
MODEL = "Llama-3.3-70B-Instruct"
ENTRA = "north"


def account(region: str) -> str:
    """The ARM path of a region's account."""
    return f"{GROUP}/providers/Microsoft.CognitiveServices/accounts/contoso-{region}"


def outputs(region: str, capacity: int = 100) -> dict[str, Any]:
    """The outputs of a region's stack, as the program exports them, without keys."""
    base = f"https://contoso-{region}.openai.azure.com/openai/v1"
    entry = {
        "kind": "foundry",
        "uri": base,
        "chatUrl": f"{base}/chat/completions",
        "completionsUrl": None,
        "openaiBaseUrl": f"{base}/",
        "publisher": "Meta",
        "model": MODEL,
        "modelVersion": "5",
        "sku": "GlobalStandard",
        "capacity": capacity,
        "auth": "AADToken" if region == ENTRA else "Key",
        "modelName": "chat",
        "scope": "https://cognitiveservices.azure.com/.default",
    }
    return {"endpoints": {f"contoso-{region}/chat": entry}}


@dataclass
class Accounts:
    """The accounts.

    Attributes:
        home: The sandbox's folder.
        arm: Its Resource Manager.
        keys: The environment variables that the router's configuration names.
    """

    home: Path
    arm: Arm
    keys: dict[str, str] = field(default_factory=dict)

    def create(self, region: str, place: str) -> None:
        """Create an account with a deployment; the caller may call it."""
        path = account(region)
        properties = {"customSubDomainName": f"contoso-{region}", "disableLocalAuth": region == ENTRA}
        body = {"kind": "AIServices", "sku": {"name": "S0"}, "location": place, "properties": properties}
        self.arm.send("PUT", path, body)
        self.deploy(region)
        if region == ENTRA:
            definition = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{ROLE}"
            grant = {"properties": {"principalId": self.arm.object_id, "roleDefinitionId": definition}}
            self.arm.send(
                "PUT", f"{path}/providers/Microsoft.Authorization/roleAssignments/{ROLE}", grant, "2022-04-01"
            )
        else:
            key = self.arm.send("POST", f"{path}/listKeys").json()["key1"]
            self.keys[f"LLAMA_{region.upper()}_CONTOSO_{region.upper()}_KEY"] = key

    def deploy(self, region: str) -> None:
        """Create the account's deployment, whose limits the calls of a test stay below."""
        model = {"format": "Meta", "name": MODEL, "version": "5"}
        body = {"sku": {"name": "GlobalStandard", "capacity": 300}, "properties": {"model": model}}
        self.arm.send("PUT", f"{account(region)}/deployments/chat", body)

    def fail(self, region: str, status: int | None, **more: Any) -> None:
        """Let every call of an account fail, or none when the status is None."""
        match = {"host": f"contoso-{region}.openai.azure.com"}
        rows = [] if status is None else [{"match": match, "status": status, **more}]
        (self.home / "faults.yaml").write_text(yaml.safe_dump(rows))

    def configuration(self, folder: Path, *arguments: str) -> Path:
        """The proxy's configuration, as the command writes it."""
        files = []
        for region in REGIONS:
            file = folder / f"{region}.json"
            file.write_text(json.dumps(outputs(region)))
            files += ["--outputs", str(file)]
        written = folder / "litellm.yaml"
        azure_llama("router", "litellm", *files, "--output", str(written), *arguments).check_returncode()
        return written


@contextmanager
def three_accounts(home: Path) -> Iterator[Accounts]:
    """A sandbox with them."""
    status = control.start(home, time_scale=100_000)
    try:
        with connect(status) as client:
            accounts = Accounts(home, Arm(client, status))
            accounts.arm.send("PUT", GROUP, {"location": "eastus2"}, "2024-03-01")
            for region, place in REGIONS.items():
                accounts.create(region, place)
            yield accounts
    finally:
        control.stop(home)
