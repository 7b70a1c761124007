"""Edits of histories: each can be made, leaves no errors, and is one that Azure takes in one go."""

from __future__ import annotations

from copy import deepcopy
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.differential.repair import Config, problems
from tests.histories import machine
from tests.histories.edits import EDITS, needs_two_deployments
from tests.histories.picks import Edit
from tests.histories.start import ACCOUNTS, FOUNDRY, PROVISIONED, SERVERLESS, SERVERLESS_MODEL, START
from tests.inprocess.azure import Azure
from tests.inprocess.state import State

CHAT = {"accountName": ACCOUNTS[0], "deploymentName": "chat", "properties": {"model": {"version": "5"}}}
SKU = {"name": "GlobalStandard", "capacity": 100}


def test_edits_leave_no_errors_and_each_can_be_made() -> None:
    made: set[Edit] = set()

    def note(edit: Edit, config: Config, draw: Any) -> None:
        if edit(config, draw):
            made.add(edit)
        assert problems(config) == ()

    @settings(max_examples=60, derandomize=True, database=None, deadline=None)
    @given(st.data())
    def several(data: st.DataObject) -> None:
        config = deepcopy(dict(START))
        for edit in data.draw(st.permutations(EDITS)):
            note(edit, config, data.draw)

    several()
    assert made == set(EDITS)


@pytest.mark.parametrize(
    ("version", "capacity", "refused"),
    [("5", 60, False), (PROVISIONED, 100, False), (PROVISIONED, 60, True)],
    ids=["another capacity", "another version", "both"],
)
def test_a_version_and_a_capacity_take_two_deployments(version: str, capacity: int, refused: bool) -> None:
    held = State("chat", "azure-native:cognitiveservices:Deployment", "/chat", CHAT | {"sku": SKU})
    config = deepcopy(dict(START))
    config[FOUNDRY][ACCOUNTS[0]]["deployments"]["chat"].update(modelVersion=version, capacity=capacity)
    assert needs_two_deployments(config, [held]) is refused


def test_an_endpoint_whose_removal_failed_keeps_its_name(azure: Azure, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine.History, "azure", azure, raising=False)
    history = machine.History()
    history.begin()

    data: Any = SimpleNamespace(draw=None)

    def edit(names: list[str]) -> None:
        stated = deepcopy(dict(START)) | {SERVERLESS: {name: {"model": SERVERLESS_MODEL} for name in names}}
        monkeypatch.setattr(machine, "edited", lambda *_: stated)
        history._edit(data)

    edit(["llama-33"])
    history._up()
    edit([])
    azure.faults([{"match": {"method": "DELETE", "path": "*/serverlessEndpoints/*"}, "status": 409}])
    assert history._up(may_fail=True).errors
    azure.faults([])
    edit(["llama-33-70b"])
    history._converge()
    history.teardown()
