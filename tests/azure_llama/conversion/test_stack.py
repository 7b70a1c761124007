"""What becomes of endpoints and deployments, and what their notes say."""

from __future__ import annotations

from typing import Any

import pytest

from azure_llama.catalog.kinds import MANAGED, SERVERLESS
from azure_llama.conversion.notes import About
from azure_llama.conversion.stack import LOCATION, WORKSPACE
from tests.azure_llama.conversion import harness
from tests.azure_llama.conversion.harness import DEPLOYMENT, ENDPOINT, converted, deployment, endpoint, notes

ENVIRONMENT = {"image": "vllm/vllm-openai:v0.11.0"}
ROUTE = {"port": 8000, "path": "/health"}
PLACE = "azure-llama:managed.chat.deployments.blue"


def routes(scoring: str, port: int = 8000) -> dict[str, Any]:
    """An environment with an image, and the path of requests."""
    of_scoring = {"port": port, "path": scoring}
    config = {"liveness_route": ROUTE, "readiness_route": ROUTE, "scoring_route": of_scoring}
    return {**ENVIRONMENT, "inference_config": config}


@pytest.mark.parametrize(
    ("fields", "key", "value"),
    [
        ({"request_settings": {"request_timeout_ms": 89500}}, "requestTimeoutSeconds", 90),
        ({"request_settings": {"max_queue_wait_ms": 500}}, "maxQueueWait", "PT0.5S"),
        ({"request_settings": {"max_queue_wait_ms": 90000}}, "maxQueueWait", "PT90S"),
        ({"egress_public_network_access": "Disabled"}, "egressPublicNetworkAccess", "Disabled"),
        ({"app_insights_enabled": "True"}, "applicationInsights", True),
        ({"instance_count": "3"}, "instances", 3),
        ({"tags": {"cost": 7, "on": True, "none": None}}, "tags", {"cost": "7", "on": "True"}),
        (
            {"environment_variables": {"WORKERS": 4, "EMPTY": None}},
            "environmentVariables",
            {"WORKERS": "4", "EMPTY": ""},
        ),
        ({"properties": {"AzureAsyncOperationUri": "x", "mine": "y"}}, "properties", {"mine": "y"}),
        ({"liveness_probe": {"period": 5}}, "probes", {"liveness": {"periodSeconds": 5}}),
        ({"model": "azureml:tuned:2025-01"}, "model", "azureml:tuned:2025-01"),
        (
            {"model": "azureml:/subscriptions/s/models/m/versions/1"},
            "model",
            "azureml:/subscriptions/s/models/m/versions/1",
        ),
        ({"model": {"path": "weights"}}, "model", "azureml:chat-blue:1"),
        ({"model": {"name": "own", "version": 3, "path": "weights"}}, "model", "azureml:own:3"),
        ({"environment": {**ENVIRONMENT, "conda_file": {"dependencies": []}}}, "environment", "azureml:chat-blue:1"),
        (
            {"environment": "azureml://registries/azureml/environments/e/labels/latest"},
            "environment",
            "azureml://registries/azureml/environments/e/labels/latest",
        ),
        ({"environment": routes("/")}, "serves", "openai"),
        ({"environment": routes("/v1/chat/completions")}, "serves", "openai"),
        ({"environment": routes("/v1/models/m:predict")}, "serves", "score"),
        (
            {"code_configuration": {"code": "src", "scoring_script": "./score.py"}},
            "codeConfiguration",
            {"code": "azureml:chat-blue:1", "scoringScript": "score.py"},
        ),
    ],
)
def test_a_field_of_a_deployment(fields: dict[str, Any], key: str, value: Any) -> None:
    assert deployment(**fields)[key] == value


def test_a_collection_that_is_off_is_left_out() -> None:
    on, off = {"enabled": "True"}, {"enabled": "False"}
    assert deployment(data_collector={"collections": {"request": off}}).get("dataCollection") is None
    collector = {"collections": {"request": on, "response": off}, "sampling_rate": 0.5}
    assert deployment(data_collector=collector)["dataCollection"] == {"collections": ["request"], "samplingRate": 0.5}


@pytest.mark.parametrize(
    ("variables", "image", "name"),
    [
        ({"MODEL_NAME": "org/model"}, "vllm", "org/model"),
        ({"MODEL_NAME": "org/model", "ARGS": "--served-model-name=short --x"}, "vllm", "short"),
        ({}, "nvcr.io/nim/meta/llama-3.1-8b-instruct:1.8.4", "meta/llama-3.1-8b-instruct"),
        ({}, "vllm", "<what callers send as model>"),
    ],
)
def test_the_name_that_callers_send(variables: dict[str, str], image: str, name: str) -> None:
    found = deployment(model=None, environment={"image": image}, environment_variables=variables)
    assert found["modelName"] == name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OPENAI_APIKEY", "abc"),
        ("apiKey", "abc"),
        ("GITHUB_PAT", "abc"),
        ("AZURE_STORAGE_SAS", "abc"),
        ("DB_CONNECTION_STRING", "https://user:abc@host/x"),
        ("MODEL_URL", "https://acct.blob.core.windows.net/c/m?sv=2024&sig=abc"),
        ("STORAGE", "AccountName=a;AccountKey=abc"),
        ("HUB", "hf_abcdefghijklmnopqrst"),
        ("VLLM_ARGS", "--max-model-len 8192 --api-key abc"),
    ],
)
def test_what_looks_like_a_secret_by_its_name_or_value_is_not_printed(name: str, value: str) -> None:
    assert deployment(environment_variables={name: value})["environmentVariables"] == {name: "<secret>"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAX_TOTAL_TOKENS", "4096"),
        ("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1"),
        ("MONKEY", "a"),
        ("MODEL_URL", "https://host/model?version=2"),
        ("HUB", "hf_hub"),
    ],
)
def test_what_is_no_secret_is_carried(name: str, value: str) -> None:
    assert deployment(environment_variables={name: value})["environmentVariables"] == {name: value}


def test_a_secret_is_not_printed() -> None:
    variables = {"HF_TOKEN": "hf_abc", "KEY": "${{azureml://connections/c/credentials/k}}", "TOKENIZER": "llama"}
    conversion = converted(ENDPOINT, {**DEPLOYMENT, "environment_variables": variables})
    assert "hf_abc" not in str(conversion)
    found = conversion.config[MANAGED.setting]["chat"]["deployments"]["blue"]["environmentVariables"]
    assert found == {**variables, "HF_TOKEN": "<secret>"}
    (note,) = (note for note in conversion.notes if note.about is About.FILL)
    assert note.command == f"pulumi config set --secret --path '{PLACE}.environmentVariables.HF_TOKEN'"


@pytest.mark.parametrize("text", ["azureml:own@production", "azureml:own"])
def test_a_label_is_to_be_filled_in(text: str) -> None:
    conversion = converted(ENDPOINT, {**DEPLOYMENT, "model": text, "environment": text})
    found = conversion.config[MANAGED.setting]["chat"]["deployments"]["blue"]
    assert (found["model"], found["environment"]) == ("azureml:own:<version>",) * 2
    asked = {note.key: note.command for note in conversion.notes if note.about is About.FILL}
    label = text.partition("@")[2] or "latest"
    assert asked[f"{PLACE}.model"] == f"az ml model show --name own --label {label} --query version --output tsv"
    assert f"{PLACE}.environment" in asked


def test_a_version_of_a_registry_is_filled_in_where_the_catalogue_knows_one() -> None:
    label = "azureml://registries/{}/models/{}/labels/latest"
    known = deployment(model=label.format("azureml-meta", "Meta-Llama-3.1-8B-Instruct"))
    assert known["model"] == "Meta-Llama-3.1-8B-Instruct"
    assert known["modelVersion"].isdecimal()
    other = converted(ENDPOINT, {**DEPLOYMENT, "model": label.format("contoso", "own")})
    assert any(note.startswith(f"{PLACE}.modelVersion: ") for note in notes(other, About.FILL))


def test_relative_paths_are_those_of_the_file() -> None:
    files = {
        "model": {"path": "../model", "type": "mlflow_model"},
        "environment": {"image": "i", "conda_file": "conda.yml"},
        "code_configuration": {"code": "src", "scoring_script": "score.py"},
    }
    conversion = converted(ENDPOINT, {**DEPLOYMENT, **files})
    commands = [note.command for note in conversion.notes if note.about is About.REGISTER]
    assert commands[:2] == [
        "az ml model create --name chat-blue --version 1 --type mlflow_model --path ../model",
        "az ml environment create --file environment.yml",
    ]
    assert "code_configuration.code --output tsv" in commands[2]


def test_ports_of_a_container() -> None:
    conversion = converted(ENDPOINT, {**DEPLOYMENT, "environment": routes("/score", port=9000)})
    found = conversion.config[MANAGED.setting]["chat"]["deployments"]["blue"]["environment"]
    assert found["inference"] == {"port": 9000, "liveness": "/health", "readiness": "/health", "scoring": "/score"}
    assert [note.path for note in conversion.notes if note.about is About.DROPPED] == [
        "environment.inference_config.liveness_route.port",
        "environment.inference_config.readiness_route.port",
    ]


@pytest.mark.parametrize(
    ("stated", "percentages", "asks"),
    [
        ({"blue": 90, "green": 10}, {"blue": 90, "green": 10}, False),
        ({"blue": 100}, {"blue": 100, "green": 0}, False),
        ({}, {"blue": "<percentage>", "green": "<percentage>"}, True),
    ],
)
def test_traffic(stated: dict[str, int], percentages: dict[str, Any], asks: bool) -> None:
    conversion = converted({**ENDPOINT, "traffic": stated}, DEPLOYMENT, {**DEPLOYMENT, "name": "green"})
    found = conversion.config[MANAGED.setting]["chat"]["deployments"]
    assert {name: each["traffic"] for name, each in found.items()} == percentages
    assert bool(notes(conversion, About.FILL)) == asks


def test_traffic_of_a_deployment_that_no_file_describes() -> None:
    conversion = converted({**ENDPOINT, "traffic": {"blue": 80, "old": 20}}, DEPLOYMENT)
    assert any("no file describes 'old'" in note for note in notes(conversion, About.DROPPED))
    assert any("traffic sums to 80" in note for note in notes(conversion, About.REFUSED))


def test_an_endpoint_whose_file_is_not_given_has_the_defaults_of_az_ml() -> None:
    conversion = converted(DEPLOYMENT)
    assert conversion.config[MANAGED.setting]["chat"]["auth"] == "Key"
    assert any("no file describes the endpoint" in note for note in notes(conversion, About.CHANGED))


def test_an_endpoint_without_deployments_is_refused() -> None:
    assert any("deployments" in note for note in notes(converted(ENDPOINT), About.REFUSED))


@pytest.mark.parametrize(
    ("identity", "expected"),
    [
        ({"type": "SystemAssigned"}, None),
        ({"type": "none"}, None),
        (
            {"type": "user_assigned", "user_assigned_identities": [{"resource_id": "/id"}]},
            {"type": "UserAssigned", "id": "/id"},
        ),
        ({"type": "user_assigned"}, {"type": "UserAssigned", "id": "<ARM id of the identity>"}),
    ],
)
def test_identity(identity: dict[str, Any], expected: Any) -> None:
    assert endpoint(identity=identity).get("identity") == expected


def test_the_place_of_the_stack_is_that_of_what_az_ml_shows() -> None:
    shown = {**ENDPOINT, "id": f"{harness.WORKSPACE}/onlineEndpoints/chat", "location": "westus3"}
    config = converted(shown, DEPLOYMENT, workspace=None, location=None).config
    assert (config[LOCATION], config[WORKSPACE]) == ("westus3", {"id": harness.WORKSPACE})
    unknown = converted(ENDPOINT, DEPLOYMENT, workspace=None, location=None)
    assert {note.key for note in unknown.notes if note.about is About.FILL} == {LOCATION, f"{WORKSPACE}.id"}
    assert not unknown.is_refused


def test_a_serverless_endpoint_and_its_subscription() -> None:
    llama = "azureml://registries/azureml-meta/models/Llama-3.3-70B-Instruct"
    subscription = {"$schema": "https://x/marketplaceSubscription.schema.json", "name": "s", "model_id": llama}
    conversion = converted({"name": "chat", "model_id": f"{llama}/versions/9", "auth_mode": "key"}, subscription)
    assert conversion.config[SERVERLESS.setting] == {"chat": {"model": "Llama-3.3-70B-Instruct", "auth": "Key"}}
    other = converted({"name": "phi", "model_id": "azureml://registries/azureml/models/Phi-4"})
    assert other.config[SERVERLESS.setting] == {"phi": {"model": "azureml://registries/azureml/models/Phi-4"}}


def test_defaults_that_differ_are_named_once() -> None:
    conversion = converted(ENDPOINT, {**DEPLOYMENT, "app_insights_enabled": True}, {**DEPLOYMENT, "name": "green"})
    changed = notes(conversion, About.CHANGED)
    assert (
        "requestTimeoutSeconds: a file says nothing (chat/blue, chat/green): the stack's default is 180,"
        " that of `az ml` 5" in changed
    )
    assert any(note.startswith("applicationInsights: a file says nothing (chat/green)") for note in changed)


def test_what_the_settings_refuse_is_named() -> None:
    conversion = converted(ENDPOINT, {**DEPLOYMENT, "instance_type": "Standard_DS3_v2"})
    assert conversion.is_refused
    (note,) = notes(conversion, About.REFUSED)
    assert note.startswith(f"{PLACE}.vmSize: 'Standard_DS3_v2' is not a GPU size Azure ML serves; set one such as")
