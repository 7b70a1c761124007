"""What a deployment serves: models of a workspace, containers and scripts of one's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from azure_llama.settings import DeploymentSettings, load
from tests.azure_llama.settings.test_endpoints import IMAGE, MISTRAL, OTHER, Make, blue, problem
from tests.catalogs import PACKAGE

OWN = {"model": "azureml:support-bot:3"}
VLLM = {"image": "vllm/vllm-openai:v0.11.0", "inference": {"port": 8000}}
CODE = {"code": "azureml:scoring:1", "scoringScript": "score.py"}
Change = Callable[[dict[str, Any]], None]


def without_model(**keys: Any) -> Change:
    def change(stack: dict[str, Any]) -> None:
        del stack["azure-llama:managed"]["llama-8b"]["deployments"]["blue"]["model"]
        blue(**keys)(stack)

    return change


def deployment(config: Make, change: Change) -> DeploymentSettings:
    return load(config(change), PACKAGE).managed["llama-8b"].deployments["blue"]


@pytest.mark.parametrize("prefix", ["", "azureml:"])
def test_a_model_of_a_workspace_is_named_in_short_or_by_its_id(config: Make, prefix: str) -> None:
    here = deployment(config, blue(**OWN)).workspace_model
    assert here is not None
    assert here.arm_id(OTHER) == f"{OTHER}/models/support-bot/versions/3"
    there = deployment(config, blue(model=f"{prefix}{OTHER}/models/support-bot/versions/3")).workspace_model
    assert there is not None
    assert there.arm_id("/elsewhere") == f"{OTHER}/models/support-bot/versions/3"


def test_a_base_lends_its_facts(config: Make) -> None:
    unknown = deployment(config, blue(**OWN))
    assert (unknown.catalog_model, unknown.serving.chat) == (None, False)
    tuned = deployment(config, blue(**OWN, base="meta-llama-3.1-8b-instruct"))
    assert tuned.base == "Meta-Llama-3.1-8B-Instruct"
    assert tuned.catalog_model is not None
    assert (tuned.serving.chat, tuned.serving.completions) == (True, False)
    told = problem(config(blue(**OWN, base="Llama-3.3-70B-Instruct")))
    assert "vmSize: 'Standard_NC24ads_A100_v4' does not hold Llama-3.3-70B-Instruct" in told


def test_a_container_may_bring_its_model_along(config: Make) -> None:
    settings = deployment(config, without_model(environment=VLLM, modelName="llama", serves="openai"))
    assert (settings.model, settings.reference.name, settings.catalog_model) == (None, "llama", None)
    assert settings.serving.chat
    assert settings.environment is not None
    assert settings.environment.inference is not None
    assert settings.environment.inference.readiness == "/health"


def test_a_script_answers_score(config: Make) -> None:
    serving = deployment(config, blue(environment=IMAGE, codeConfiguration=CODE)).serving
    assert (serving.chat, serving.completions, serving.concurrent_requests) == (False, False, None)


@pytest.mark.parametrize(
    ("change", "place", "says"),
    [
        (without_model(), "model", "is missing; set a model of the catalogue, such as"),
        (without_model(environment=VLLM), "modelName", "is missing: without model, nothing says what callers send"),
        (
            blue(model="azureml:bot@latest"),
            "model",
            "has the label 'latest', and a label means another version tomorrow",
        ),
        (
            blue(model="azureml:bot"),
            "model",
            "is not the id of a version of a model of a workspace; write it as azureml:",
        ),
        (blue(**OWN, modelVersion="3"), "modelVersion", "cannot be combined with a model of the workspace; remove it"),
        (blue(base="Llama-3.3-70B-Instruct"), "base", "cannot be combined with Meta-Llama-3.1-8B-Instruct"),
        (blue(**OWN, base="gpt-4"), "base", "is not the name of a Llama model in the catalogue"),
        (blue(modelMountPath="/models"), "modelMountPath", "requires environment; set environment, or remove it"),
        (blue(environment=IMAGE, modelMountPath="models"), "modelMountPath", "is not an absolute path"),
        (blue(environment={}), "environment", "names no container; set id, or image and inference"),
        (blue(environment={"image": "vllm", "id": IMAGE}), "environment.image", "cannot be combined with id"),
        (
            blue(environment={"image": "vllm"}),
            "environment.inference",
            "is missing: Azure calls the server in the image",
        ),
        (blue(environment={"image": "a b"}), "environment.image", "is not the name of an image"),
        (blue(environment={"image": "a", "inference": {"port": 0}}), "environment.inference.port", "0 is outside 1 to"),
        (blue(environment={"image": "a", "inference": {}}), "environment.inference.port", "is missing; set the port"),
        (blue(codeConfiguration=CODE), "codeConfiguration", "requires environment; set the environment"),
        (
            blue(environment=IMAGE, codeConfiguration={**CODE, "code": "./src"}),
            "codeConfiguration.code",
            "is not the id of a version of a code asset of a workspace",
        ),
        (
            blue(environment=IMAGE, codeConfiguration=CODE, serves="openai"),
            "serves",
            "cannot be openai with codeConfiguration",
        ),
        (blue(environment=VLLM, packagedModel=True), "packagedModel", "requires the id of an environment"),
    ],
)
def test_errors(config: Make, change: Change, place: str, says: str) -> None:
    told = problem(config(change))
    assert says in told
    assert f".blue.{place}: " in told


def test_errors_are_all_reported_at_once(config: Make) -> None:
    from azure_llama.settings import SettingsError

    wrong = {"image": "a b", "inference": {"port": "8000", "liveness": "health"}}
    with pytest.raises(SettingsError) as caught:
        load(config(blue(model=f"{MISTRAL}/versions/2", environment=wrong)), PACKAGE)
    paths = [problem.path.rpartition("blue.")[2] for problem in caught.value.problems]
    assert paths == ["model", "environment.image", "environment.inference.port", "environment.inference.liveness"]
