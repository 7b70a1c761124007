"""Settings look names up in the catalogue that they are given, and carry it."""

from __future__ import annotations

import json

import pytest

from azure_llama.catalog import Catalog
from azure_llama.settings import SettingsError, load
from tests.catalogs import PACKAGE, overlaid

CONFIG = {
    "azure-native:location": "eastus2",
    "azure-llama:workspace": json.dumps({"name": "llama-dev"}),
    "azure-llama:serverless": json.dumps({"ours": {"model": "Our-Llama-70B"}}),
}
OURS = "{registry: ours, family: Llama 3.3, parameters: 70B, task: chat, source: us, asOf: 2026-11-20}"
MANAGED = {"deployments": {"blue": {"model": "Our-Llama-70B", "modelVersion": "1", "vmSize": "Standard_ND96asr_v4"}}}


@pytest.fixture
def catalog() -> Catalog:
    """The catalogue of a project with a model of its own."""
    return overlaid(f"models: {{Our-Llama-70B: {OURS}}}")


def test_a_model_of_the_overlay_is_valid_with_that_catalogue_only(catalog: Catalog) -> None:
    with pytest.raises(SettingsError, match="'Our-Llama-70B' is not"):
        load(CONFIG, PACKAGE)
    assert load(CONFIG, catalog).serverless["ours"].model == "Our-Llama-70B"


def test_settings_carry_their_catalogue_and_the_models_in_it(catalog: Catalog) -> None:
    settings = load({**CONFIG, "azure-llama:managed": json.dumps({"own": MANAGED})}, catalog)
    model = catalog.model("Our-Llama-70B")
    blue = settings.managed["own"].deployments["blue"]
    assert settings.catalog is catalog
    assert settings.serverless["ours"].catalog_model is model
    assert blue.catalog_model is model
    assert blue.gpu_size is catalog.find_gpu_size("Standard_ND96asr_v4")
    assert settings.serverless["ours"].model_dump(exclude_unset=True) == {"model": "Our-Llama-70B"}


def test_relations_beside_an_invalid_value_use_that_catalogue_too(catalog: Catalog) -> None:
    unversioned = {"deployments": {"blue": {"model": "Our-Llama-70B", "vmSize": "x"}}}
    with pytest.raises(SettingsError) as caught:
        load({**CONFIG, "azure-llama:managed": json.dumps({"own": unversioned})}, catalog)
    blue = "azure-llama:managed.own.deployments.blue"
    assert [problem.path for problem in caught.value.problems] == [f"{blue}.vmSize", f"{blue}.modelVersion"]
