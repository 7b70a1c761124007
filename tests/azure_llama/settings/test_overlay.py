"""Settings look names up in the catalogue that they are given."""

from __future__ import annotations

import json

import pytest

from azure_llama.settings import SettingsError, load
from tests.catalogs import PACKAGE, overlaid

CONFIG = {
    "azure-native:location": "eastus2",
    "azure-llama:workspace": json.dumps({"name": "llama-dev"}),
    "azure-llama:serverless": json.dumps({"ours": {"model": "Our-Llama-70B"}}),
}
OURS = "{registry: ours, family: Llama 3.3, parameters: 70B, task: chat, source: us, asOf: 2026-11-20}"


def test_a_model_of_the_overlay_is_one_of_the_catalogue() -> None:
    with pytest.raises(SettingsError, match="'Our-Llama-70B' is not"):
        load(CONFIG)
    catalog = overlaid(f"models: {{Our-Llama-70B: {OURS}}}")
    settings = load(CONFIG, catalog)
    assert settings.catalog is catalog
    assert settings.serverless["ours"].catalog_model == catalog.model("Our-Llama-70B")


def test_without_one_it_is_the_package_s() -> None:
    settings = load({key: text for key, text in CONFIG.items() if not key.endswith("serverless")})
    assert settings.catalog is PACKAGE
