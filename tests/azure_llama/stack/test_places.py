"""A settings report points at the line of the stack's YAML."""

from __future__ import annotations

import pytest

from azure_llama.stack.places import SettingPlaces
from tests.azure_llama.conftest import Make

CONFIG = """\
config:
  azure-llama:managed:
    llama-8b:
      deployments:
        blue:
          vmSize: Standard_NC24ads_A100_v4
"""


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("azure-llama:managed.llama-8b.deployments.blue.vmSize", "Pulumi.dev.yaml:6:19"),
        ("azure-llama:managed.llama-8b.deployments.blue.modelVersion", "Pulumi.dev.yaml:5:9"),
        ("azure-llama:nowhere", "None"),
    ],
)
def test_an_error_in_the_settings_has_its_line(make: Make, text: str, place: str) -> None:
    assert str(SettingPlaces(make(config=CONFIG)).named(text)) == place
