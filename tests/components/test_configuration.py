from __future__ import annotations

import json

import pulumi
import pytest

from azure_llama_components import read_settings, stack_config
from tests.components.mocked import run
from tests.workspaces import workspace_of

CONFIG = {
    "azure-native:location": "eastus2",
    "azure-llama:workspace": '{"name": "llama-dev"}',
    "aws:region": "us-east-1",
}


def test_all_keys_of_the_run_are_found() -> None:
    seen: list[dict[str, str]] = []
    run(lambda: seen.append(stack_config()), config=CONFIG)
    assert seen == [CONFIG]


def test_a_host_that_leaves_them_in_the_environment_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_CONFIG", json.dumps(CONFIG))
    seen: list[dict[str, str]] = []
    run(lambda: seen.append(stack_config()))
    assert seen == [CONFIG]


def test_the_environment_of_another_program_is_not_mixed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_CONFIG", json.dumps({"azure-llama:other": "1"}))
    seen: list[dict[str, str]] = []
    run(lambda: seen.append(stack_config()), config=CONFIG)
    assert seen == [CONFIG]


def test_sound_configuration_becomes_settings() -> None:
    names: list[str] = []
    recorded = run(lambda: names.append(workspace_of(read_settings()).called), config=CONFIG)
    assert recorded.error is None
    assert names == ["llama-dev"]


def test_mistakes_end_the_program_with_the_report_and_no_traceback() -> None:
    recorded = run(read_settings, config={**CONFIG, "azure-llama:workspace": '{"nam": "x"}', "azure-llama:taggs": "{}"})
    # The one exception that language host and Automation API print as it is.
    assert isinstance(recorded.error, pulumi.RunError)
    for part in ("azure-llama:workspace.nam", "azure-llama:workspace.name", "azure-llama:taggs", "azure-llama:tags"):
        assert part in str(recorded.error)
