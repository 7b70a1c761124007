"""The dev stack on the real engine: deployed once, then looked at from every side."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.harness import Azure

pytestmark = pytest.mark.engine


def arm_type(path: str) -> str:
    """`Microsoft.X/a/b` for `.../providers/Microsoft.X/a/name/b/name`."""
    start = path.lower().rfind("/providers/")
    if start < 0:
        return "Microsoft.Resources/resourceGroups"
    namespace, *rest = path[start + len("/providers/") :].split("/")
    return "/".join([namespace, *rest[::2]])


def test_a_second_up_changes_nothing(deployed: Azure, pack: str) -> None:
    deployed.pulumi("up", "--expect-no-changes", "--policy-pack", pack)


def test_nobody_changed_anything_so_there_is_no_drift(deployed: Azure) -> None:
    deployed.drift()


def test_every_put_body_keeps_arms_contract(deployed: Azure, contract_errors: Any) -> None:
    puts = [line for line in deployed.requests() if line["method"] == "PUT"]
    types = {arm_type(line["path"]) for line in puts}
    assert "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments" in types
    assert "Microsoft.Resources/deployments" in types
    complaints = [
        complaint
        for line in puts
        for complaint in contract_errors(arm_type(line["path"]), line["apiVersion"], line["body"])
    ]
    assert complaints == []


def test_a_template_is_logged_as_itself_and_once_more_for_its_endpoint(deployed: Azure) -> None:
    puts = [line for line in deployed.requests() if line["method"] == "PUT"]
    traffic = [
        line["body"]["properties"].get("traffic")
        for line in puts
        if arm_type(line["path"]) == "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"
    ]
    assert traffic == [None, {"blue": 100}]


def test_the_outputs_are_those_that_the_design_names(deployed: Azure) -> None:
    outputs = deployed.outputs()
    assert set(outputs["workspace"]) >= {"id", "name", "region", "studioUrl"}
    serverless, managed = outputs["endpoints"]["llama-33-70b"], outputs["endpoints"]["llama-8b"]
    assert serverless["kind"] == "serverless"
    assert serverless["model"] == "Llama-3.3-70B-Instruct"
    assert serverless["uri"] == "https://llama-33-70b.eastus2.models.ai.azure.com"
    assert serverless["chatUrl"] == serverless["uri"] + "/v1/chat/completions"
    assert serverless["openaiBaseUrl"] == serverless["uri"] + "/v1"
    assert serverless["completionsUrl"] is None
    assert managed["kind"] == "managed"
    assert managed["uri"] == "https://llama-8b.eastus2.inference.ml.azure.com/score"
    assert managed["openaiBaseUrl"] == "https://llama-8b.eastus2.inference.ml.azure.com/v1"
    assert managed["auth"] == "AADToken"
    assert managed["deployments"] == {
        "blue": {
            "model": "Meta-Llama-3.1-8B-Instruct",
            "vmSize": "Standard_NC24ads_A100_v4",
            "instances": 1,
            "traffic": 100,
        }
    }
    foundry = outputs["endpoints"]["llama-dev-foundry/chat"]
    assert (foundry["kind"], foundry["modelName"]) == ("foundry", "chat")
    assert foundry["openaiBaseUrl"] == "https://llama-dev-foundry.openai.azure.com/openai/v1/"
    assert set(outputs["keys"]) == {"llama-33-70b", "llama-dev-foundry/chat"}
    assert all(set(pair) == {"primary", "secondary"} for pair in outputs["keys"].values())
    assert set(outputs["marketplace"]) == {"Llama-3.3-70B-Instruct"}


def test_no_key_is_ever_in_clear(deployed: Azure, tmp_path: Path) -> None:
    keys = [key for pair in deployed.outputs()["keys"].values() for key in pair.values()]
    assert keys
    assert all(len(key) >= 32 for key in keys)
    events = tmp_path / "events.json"
    places = {
        "state": deployed.state(),
        "preview": deployed.pulumi("preview", "--diff").text,
        "preview of a change": _preview_of_a_change(deployed),
        "event log": _event_log(deployed, events),
        "output": deployed.exec("pulumi", "stack", "output", "--stack", "dev").text,
    }
    for path in deployed.home.rglob("*"):
        if path.is_file() and path.suffix in {".log", ".jsonl"}:
            places[path.name] = path.read_bytes().decode("utf-8", "replace")
    assert any(name.endswith(".jsonl") for name in places)
    assert [(name, key[:4]) for name, text in places.items() for key in keys if key in text] == []


def _preview_of_a_change(deployed: Azure) -> str:
    deployed.change(lambda config: config["azure-llama:tags"].update({"changed": "yes"}))
    try:
        return deployed.pulumi("preview", "--diff", "--json").text
    finally:
        deployed.change(lambda config: None)


def _event_log(deployed: Azure, events: Path) -> str:
    arguments = deployed.pulumi_arguments("preview", "--event-log", str(events))
    deployed.exec("env", "PULUMI_DEBUG_COMMANDS=true", *arguments)
    text = events.read_text()
    assert text
    return text


AZURE_AI_ML = """
import json, os, sys
from azure.ai.ml import MLClient
from azure.identity import DefaultAzureCredential
group, workspace = sys.argv[1:]
client = MLClient(DefaultAzureCredential(), os.environ["AZURE_SUBSCRIPTION_ID"], group, workspace)
found = {
    "serverless": [e.name for e in client.serverless_endpoints.list()],
    "subscriptions": [s.model_id for s in client.marketplace_subscriptions.list()],
    "online": [e.name for e in client.online_endpoints.list()],
    "deployments": [d.name for d in client.online_deployments.list("llama-8b")],
    "scoring": client.online_endpoints.get("llama-8b").scoring_uri,
}
keys = client.serverless_endpoints.get_keys("llama-33-70b")
found["keys"] = {"primary": keys.primary_key, "secondary": keys.secondary_key}
print("FOUND" + json.dumps(found))
"""


def test_the_official_azure_client_sees_what_pulumi_made(deployed: Azure) -> None:
    outputs = deployed.outputs()
    parts = outputs["workspace"]["id"].split("/")
    run = deployed.exec("python", "-W", "ignore", "-c", AZURE_AI_ML, parts[4], parts[8])
    found = json.loads(run.text[run.text.index("FOUND") + 5 :].splitlines()[0])
    assert found["serverless"] == ["llama-33-70b"]
    assert found["subscriptions"] == ["azureml://registries/azureml-meta/models/Llama-3.3-70B-Instruct"]
    assert found["online"] == ["llama-8b"]
    assert found["deployments"] == ["blue"]
    assert found["scoring"] == outputs["endpoints"]["llama-8b"]["uri"]
    assert found["keys"] == outputs["keys"]["llama-33-70b"]


OPENAI = """
import json, sys
from azure.identity import DefaultAzureCredential, get_bearer_token_provider
from openai import OpenAI
outputs = json.load(sys.stdin)
for name, endpoint in outputs["endpoints"].items():
    keys = outputs["keys"].get(name)
    key = keys["primary"] if keys else get_bearer_token_provider(DefaultAzureCredential(), "https://ml.azure.com/.default")
    model = endpoint.get("modelName") or next(iter(endpoint["deployments"].values()))["model"]
    client = OpenAI(base_url=endpoint["openaiBaseUrl"], api_key=key)
    messages = [{"role": "user", "content": "How far away is the moon?"}]
    answer = client.chat.completions.create(model=model, messages=messages, max_tokens=64)
    streamed = [c for c in client.chat.completions.create(model=model, messages=messages, max_tokens=64, stream=True)]
    assert answer.choices[0].message.content and len(streamed) > 1
    print("ANSWER", name, answer.choices[0].message.content)
"""


def test_the_openai_client_gets_an_answer_with_nothing_but_the_outputs(deployed: Azure, tmp_path: Path) -> None:
    outputs, file = deployed.outputs(), tmp_path / "outputs.json"
    file.write_text(json.dumps(outputs))
    run = deployed.exec("sh", "-c", 'exec python -c "$0" < "$1"', OPENAI, str(file))
    assert re.findall(r"^ANSWER (\S+)", run.text, re.MULTILINE) == list(outputs["endpoints"])


def test_destroy_leaves_nothing_but_soft_deleted_names(azure: Azure) -> None:
    azure.pulumi("up")
    azure.pulumi("destroy")
    subscription = azure.status["subscription"]
    assert azure.arm(f"/subscriptions/{subscription}/resources", "2021-04-01").json()["value"] == []
    assert azure.arm(f"/subscriptions/{subscription}/resourcegroups", "2021-04-01").json()["value"] == []
