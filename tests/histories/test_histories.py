"""Whatever happens to a stack, in whatever order, it converges, serves, and shows no key."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from azure_llama_components import failed_deployment
from tests.histories.machine import History
from tests.inprocess.azure import Azure

HISTORIES, STEPS = 10, 5
"""In `make test`; `make prove` has more of them."""
_SETTINGS = settings(
    max_examples=HISTORIES,
    stateful_step_count=STEPS,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def test_a_stack_survives_its_history(azure: Azure, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failed_deployment, "arm_client", azure.hooks_client)
    monkeypatch.setattr(History, "azure", azure, raising=False)
    run_state_machine_as_test(History, settings=_SETTINGS)
