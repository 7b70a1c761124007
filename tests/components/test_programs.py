"""A stack that 0.1 deployed shows no change: each example registers what the record of 0.1 says."""

from __future__ import annotations

import pytest

from tests.components.programs import RECORDS, STACKS, registered


@pytest.mark.parametrize("stack", STACKS)
def test_an_example_registers_the_resources_of_its_record(stack: str) -> None:
    assert registered(stack) == (RECORDS / f"{stack}.jsonl").read_text(encoding="utf-8").splitlines()
