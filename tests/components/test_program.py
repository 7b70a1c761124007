"""What the program does with Python's garbage collector: in a process of its own only."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator

import pytest

from azure_llama_components import program

HOST = ["python", "-u", f"/opt/pulumi/{program.LANGUAGE_HOST}", "--project", "llama"]


@pytest.fixture(autouse=True)
def resources(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bool]]:
    """Whether the collector was on while resources were created."""
    collects: list[bool] = []

    def create_resources(_: object) -> dict[str, object]:
        collects.append(gc.isenabled())
        return {}

    monkeypatch.setattr(program, "read_settings", object)
    monkeypatch.setattr(program, "create_resources", create_resources)
    yield collects
    gc.enable()
    gc.unfreeze()


def test_the_collector_leaves_what_the_program_loaded_alone(
    monkeypatch: pytest.MonkeyPatch, resources: list[bool]
) -> None:
    monkeypatch.setattr(sys, "orig_argv", HOST)
    program.make_stack()
    assert resources == [False]
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0


def test_the_collector_is_on_again_after_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "orig_argv", HOST)
    monkeypatch.setattr(program, "create_resources", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        program.make_stack()
    assert gc.isenabled()


def test_an_inline_program_does_not_touch_the_collector_of_its_host(resources: list[bool]) -> None:
    before = gc.get_freeze_count()
    program.make_stack()
    assert resources == [True]
    assert gc.get_freeze_count() == before
