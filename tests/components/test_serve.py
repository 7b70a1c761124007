"""The provider of the components, without an engine."""

from __future__ import annotations

import traceback
from typing import Any

import pytest

from azure_llama.settings import SettingsError
from azure_llama_components.serve import Provider


def test_errors_of_the_arguments_are_the_whole_report(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise SettingsError(())

    provider = Provider()
    provider._components = {"LlamaStack": refuse}  # type: ignore[dict-item]
    inputs = {"workspace": {"name": "llama"}}
    with pytest.raises(Exception, match="configuration") as raised:
        provider.construct("llama", "azure-llama:index:LlamaStack", inputs)
    # What the SDK's server prints after the message.
    assert traceback.extract_tb(raised.value.__traceback__) == []
