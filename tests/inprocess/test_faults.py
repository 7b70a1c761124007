"""Fifty faults of Azure in the first `up` of the dev stack: the next `up` completes, one more changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from azure_llama.stack import project
from tests.conftest import ROOT
from tests.inprocess.azure import Azure
from tests.inprocess.stack import Stack

SCRIPT = ROOT.parent / "shared" / "clients" / "faults.yaml"
ABSENT = "the faults are not beside this checkout (../shared/clients/faults.yaml)"
FAULTS: list[Mapping[str, Any]] = yaml.safe_load(SCRIPT.read_text()) if SCRIPT.is_file() else []


@pytest.fixture
def stack(azure: Azure) -> Stack:
    """The dev stack, before its first deployment."""
    azure.fresh()
    return Stack(project.load(ROOT, "dev", None), azure)


@pytest.mark.skipif(not FAULTS, reason=ABSENT)
@pytest.mark.parametrize("fault", FAULTS, ids=[str(fault["name"]) for fault in FAULTS])
def test_the_next_up_completes_and_nothing_is_left_to_do(stack: Stack, fault: Mapping[str, Any]) -> None:
    stack.azure.faults(fault["faults"])
    run = stack.up()  # raises what the language host would print with a traceback
    assert "Traceback" not in "".join(run.errors)
    assert run.errors or all("times" in each for each in fault["faults"])  # one that lasts is seen
    stack.azure.faults([])
    assert stack.up().errors == []
    again = stack.up()
    assert (again.done, again.errors) == ({}, [])
    assert stack.drift().resources == ()


@pytest.mark.skipif(not FAULTS, reason=ABSENT)
def test_the_file_has_all_of_them() -> None:
    assert len(FAULTS) == 50
