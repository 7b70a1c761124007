"""Endpoints of every kind, put into a sandbox's store as ARM would, and the outputs of the stack that made them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from azure_llama_sandbox.store import Resource, Store
from azure_llama_sandbox.world import SUBSCRIPTION
from tests.catalogs import PACKAGE

WORKSPACE = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-llama/providers/"
    "Microsoft.MachineLearningServices/workspaces/llama-dev"
)
ACCOUNT = "Microsoft.CognitiveServices/accounts"
PROVIDER = "Microsoft.MachineLearningServices/workspaces"
KEY = "primary-0123456789abcdef"
SCORE_ONLY = ("Llama-2", "CodeLlama")

MANAGED: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "entra": ("AADToken", {"blue": "Meta-Llama-3.1-8B-Instruct"}),
    "aml": ("AMLToken", {"blue": "Meta-Llama-3.1-8B-Instruct"}),
    "base": ("Key", {"blue": "Meta-Llama-3.1-8B"}),
    "split": ("Key", {"blue": "Meta-Llama-3.1-8B-Instruct", "green": "Llama-3.2-11B-Vision-Instruct"}),
    "vision": ("Key", {"blue": "Llama-3.2-11B-Vision-Instruct"}),
    "guard": ("Key", {"blue": "Llama-Guard-3-8B"}),
    "guard-vision": ("Key", {"blue": "Llama-Guard-3-11B-Vision"}),
    "prompt-guard": ("Key", {"blue": "Prompt-Guard-86M"}),
    "old": ("Key", {"blue": "Llama-2-7b-chat"}),
}


def deploy(store: Store) -> dict[str, Any]:
    """One serverless endpoint, `chat`, and the managed ones; returns the stack's outputs."""
    _put(store, WORKSPACE.partition("/providers/")[0], "Microsoft.Resources/resourceGroups", {})
    _put(store, WORKSPACE, PROVIDER, {})
    endpoints = {"chat": _serverless(store, "chat", "Llama-3.3-70B-Instruct")}
    endpoints |= {name: _managed(store, name, auth, models) for name, (auth, models) in MANAGED.items()}
    endpoints |= _account(store, "contoso", "Key") | _account(store, "fabrikam", "AADToken")
    keys = {name: {"primary": KEY, "secondary": KEY[::-1]} for name, e in endpoints.items() if e["auth"] == "Key"}
    return {"workspace": {"id": WORKSPACE}, "endpoints": endpoints, "keys": keys}


def _serverless(store: Store, name: str, served: str) -> dict[str, Any]:
    host, id_ = f"{name}.eastus2.models.ai.azure.com", f"{WORKSPACE}/serverlessEndpoints/{name}"
    properties = {
        "authMode": "Key",
        "modelSettings": {"modelId": PACKAGE.model(served).asset_id},
        "endpointState": "Online",
        "contentSafety": {"contentSafetyStatus": "Enabled"},
    }
    _put(store, id_, f"{PROVIDER}/serverlessEndpoints", properties)
    assert store.claim_host(host, id_)
    routes = _routes(f"https://{host}", [served])
    return {
        "kind": "serverless",
        "uri": f"https://{host}",
        **routes,
        "model": served,
        "auth": "Key",
        "contentSafety": True,
    }


def _managed(store: Store, name: str, auth: str, models: Mapping[str, str]) -> dict[str, Any]:
    host, id_ = f"{name}.eastus2.inference.ml.azure.com", f"{WORKSPACE}/onlineEndpoints/{name}"
    traffic = {deployment: 100 if deployment == "blue" else 0 for deployment in models}
    for deployment, served in models.items():
        properties = {"model": f"{PACKAGE.model(served).asset_id}/versions/1", "provisioningState": "Succeeded"}
        _put(store, f"{id_}/deployments/{deployment}", f"{PROVIDER}/onlineEndpoints/deployments", properties)
    body = {"authMode": auth, "traffic": traffic, "mirrorTraffic": {}, "provisioningState": "Succeeded"}
    _put(store, id_, f"{PROVIDER}/onlineEndpoints", body)
    assert store.claim_host(host, id_)
    return {
        "kind": "managed",
        "uri": f"https://{host}/score",
        **_routes(f"https://{host}", [served for served in models.values() if not served.startswith(SCORE_ONLY)]),
        "deployments": {key: {"model": served, "traffic": traffic[key]} for key, served in models.items()},
        "auth": auth,
    }


def _account(store: Store, name: str, auth: str) -> dict[str, Any]:
    """A Foundry account with one deployment, `Chat`."""
    id_ = f"{WORKSPACE.partition('/providers/')[0]}/providers/{ACCOUNT}/{name}"
    domains = ("openai.azure.com", "services.ai.azure.com", "cognitiveservices.azure.com")
    urls = {domain: f"https://{name}.{domain}/" for domain in domains}
    properties = {"endpoint": urls[domains[2]], "endpoints": urls, "provisioningState": "Succeeded"}
    body = {"kind": "AIServices", "location": "eastus2", "properties": properties | {"disableLocalAuth": auth != "Key"}}
    store.put(Resource(id_, ACCOUNT, body, {"key1": KEY, "key2": KEY[::-1]}))
    model = {"format": "Meta", "name": "Llama-3.3-70B-Instruct", "version": "9"}
    deployment = {"model": model, "currentCapacity": 100, "provisioningState": "Succeeded"}
    body = {"sku": {"name": "GlobalStandard", "capacity": 100}, "properties": deployment}
    store.put(Resource(f"{id_}/deployments/Chat", f"{ACCOUNT}/deployments", body))
    base = f"https://{name}.openai.azure.com/openai/v1"
    output = {
        "kind": "foundry",
        "uri": base,
        "chatUrl": f"{base}/chat/completions",
        "completionsUrl": None,
        "openaiBaseUrl": f"{base}/",
        "model": "Llama-3.3-70B-Instruct",
        "modelName": "Chat",
        "auth": auth,
        "contentSafety": True,
        "deploymentHeader": None,
        "scope": "https://cognitiveservices.azure.com/.default",
    }
    return {f"{name}/Chat": output}


def grant_caller(store: Store, object_id: str) -> None:
    """Give a principal the role Cognitive Services User on the resource group."""
    group, role = WORKSPACE.partition("/providers/")[0], "a97b65f3-24c7-4388-baec-2e87135dc908"
    properties = {"principalId": object_id, "roleDefinitionId": f"/roleDefinitions/{role}"}
    type_ = "Microsoft.Authorization/roleAssignments"
    _put(store, f"{group}/providers/{type_}/{role}", type_, properties)


def _routes(base: str, models: Sequence[str]) -> dict[str, str | None]:
    chat = any(PACKAGE.model(name).chat for name in models)
    completions = any(PACKAGE.model(name).task == "completion" for name in models)
    return {
        "chatUrl": f"{base}/v1/chat/completions" if chat else None,
        "completionsUrl": f"{base}/v1/completions" if completions else None,
        "openaiBaseUrl": f"{base}/v1" if chat or completions else None,
    }


def _put(store: Store, id_: str, type_: str, properties: Mapping[str, Any]) -> None:
    store.put(Resource(id_, type_, {"properties": dict(properties)}, {"primaryKey": KEY, "secondaryKey": KEY[::-1]}))


@dataclass(frozen=True)
class Stage:
    """A running sandbox: the outputs of its stack, the environment of `exec`, and a folder for programs."""

    outputs: Mapping[str, Any]
    env: Mapping[str, str]
    folder: Path

    def run(self, command: Sequence[str], **env: str) -> str:
        """Run a command to its good end; returns what it printed."""
        done = subprocess.run(
            command,
            env={**self.env, **env},
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def token(self, endpoint: str) -> str:
        """The Azure ML token of an endpoint, fetched as its owner."""
        program = (
            "import sys, httpx\n"
            "from azure.identity import DefaultAzureCredential\n"
            "from azure_llama.inference.smoke.access import EndpointTokenCredential\n"
            "with httpx.Client() as http:\n"
            "    place = EndpointTokenCredential(*sys.argv[1:], http=http, credential=DefaultAzureCredential())\n"
            "    print(place.get_token().token)"
        )
        return self.run([sys.executable, "-c", program, WORKSPACE, endpoint]).strip()

    def run_programs(self, programs: Sequence[str], **env: str) -> list[str]:
        """Run Python programs, each as it would run alone, in one process for the sake of their imports."""
        paths = []
        for index, text in enumerate(programs):
            paths.append(self.folder / f"program-{index}.py")
            paths[-1].write_text(text)
        runner = (
            "import runpy, sys\nfor path in sys.argv[1:]: runpy.run_path(path, run_name='__main__'); print('#END#')"
        )
        return self.run([sys.executable, "-c", runner, *map(str, paths)], **env).split("#END#\n")[:-1]
