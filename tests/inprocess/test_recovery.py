"""The recipe of docs/recovery.md after `kill -9` in the creation of each resource of the dev stack."""

from __future__ import annotations

import json

import pytest

from azure_llama.arm import versions
from azure_llama.stack import project
from azure_llama.stack.planned import plan_stack
from azure_llama_sandbox.world import SUBSCRIPTION, TENANT
from tests.conftest import ROOT
from tests.e2e.harness import created_twice
from tests.inprocess.azure import Azure
from tests.inprocess.stack import Stack

DEV = project.load(ROOT, "dev", None)
NAMES = [
    f"{resource['urn'].split('::')[2].rpartition('azure-native:')[2]}::{resource['urn'].rsplit('::')[-1]}"
    for resource in map(json.loads, (ROOT / "tests/components/programs/dev.jsonl").read_text().splitlines())
    if "$azure-native:" in resource["urn"]
]
"""Type and name of each resource."""

LONG = 3 * 3600.0
"""Seconds after which Azure has made anything."""


@pytest.fixture
def stack(azure: Azure) -> Stack:
    """The dev stack, before its first deployment."""
    azure.fresh()
    return Stack(DEV, azure)


def kill(stack: Stack, name: str) -> None:
    """Let the engine die in the creation of a resource, and see that the next `up` does not resume it."""
    type_, _, logical = name.partition("::")
    planned = plan_stack(DEV, SUBSCRIPTION, TENANT).resources
    pulumi_type = f"azure-native:{type_}"
    stack.azure.dies_after(
        next(each.id for each in planned if (each.pulumi_type, each.logical_name) == (pulumi_type, logical))
    )
    assert stack.up().killed
    stack.azure.dies_after("")


def completed(stack: Stack) -> None:
    """Nothing is left to do, nothing differs, and nothing was made twice."""
    again = stack.up()
    assert (again.done, again.errors) == ({}, [])
    assert stack.drift().resources == ()
    assert created_twice(stack.azure.requests) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_creation_that_kill_9_interrupted_is_recovered(stack: Stack, name: str) -> None:
    kill(stack, name)
    stack.azure.clock.skip(LONG)  # Azure completes it nevertheless
    (refusal,) = stack.up().errors
    assert "cannot create already existing resource" in refusal
    filled = stack.import_file()
    stack.import_(filled)
    for leftover in filled.leftovers:
        version = versions.of_type(leftover.type)
        assert version is not None
        stack.azure.delete(leftover.id, version)
    run = stack.up()
    assert run.errors == []
    assert not {"delete", "replace"} & run.done.keys()
    completed(stack)


def test_an_up_that_comes_too_early_is_repeated(stack: Stack) -> None:
    kill(stack, "machinelearningservices:OnlineDeployment::llama-8b.blue")
    stack.import_(stack.import_file())
    (refusal,) = stack.up().errors
    assert "is in state Creating" in refusal
    stack.azure.clock.skip(LONG)
    assert stack.up().errors == []
    completed(stack)
