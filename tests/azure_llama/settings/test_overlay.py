"""Settings look names up in the catalogue with the team's own facts, and report mistakes in those like their own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from azure_llama.catalog import Catalog, overlay
from azure_llama.settings import Settings, SettingsError, load

CATALOG = Catalog.package()
CONFIG = {
    "azure-native:location": "eastus2",
    "azure-llama:workspace": json.dumps({"name": "llama-dev"}),
    "azure-llama:serverless": json.dumps({"ours": {"model": "Our-Llama-70B"}}),
}
OURS = "{registry: ours, family: Llama 3.3, parameters: 70B, task: chat, source: us, asOf: 2026-11-20}"


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "Pulumi.yaml").write_text("name: mine\n")
    overlay.use(tmp_path)
    yield tmp_path / overlay.FILE
    overlay.use(None)


def test_a_model_of_the_overlay_is_one_of_the_catalogue(file: Path) -> None:
    with pytest.raises(SettingsError, match="'Our-Llama-70B' is not"):
        load(CONFIG, CATALOG)
    file.write_text(f"models: {{Our-Llama-70B: {OURS}}}")
    overlay.use(file.parent)
    settings = load(CONFIG, CATALOG)
    assert isinstance(settings, Settings)
    assert settings.serverless["ours"].model == "Our-Llama-70B"


def test_a_wrong_overlay_is_reported_like_a_wrong_stack(file: Path) -> None:
    file.write_text("modles: {}\nprices: {monthly: {keyVault: {usdPerMonth: 1, source: us}}}\n")
    with pytest.raises(SettingsError) as raised:
        load(CONFIG, CATALOG)
    assert str(raised.value).splitlines() == [
        "The stack's configuration has 2 errors:",
        f"- {file}:1: modles: is not a key here; did you mean 'models'?",
        f"- {file}:2: prices.monthly.keyVault.asOf: is missing; set the day of the fact, such as 2026-11-25",
    ]
