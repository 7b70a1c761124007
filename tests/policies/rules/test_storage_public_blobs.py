"""What `storage-public-blobs` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.storage_public_blobs import RULE
from tests.policies.cases import UNKNOWN, Case, Given, given, workspace


def _account(**properties: object) -> list[Given]:
    return [given("storage:StorageAccount", "account", {"accountName": "stllama", **properties})]


def _container(**properties: object) -> list[Given]:
    return [given("storage:BlobContainer", "box", {"containerName": "payloads", **properties})]


CASES = [
    Case("refused", _account(allowBlobPublicAccess=False), {"account": Outcome.PASSED}),
    Case("allowed", _account(allowBlobPublicAccess=True), {"account": Outcome.VIOLATED}),
    Case("a number", _account(allowBlobPublicAccess=5), {"account": Outcome.VIOLATED}),
    Case("left out", _account(), {"account": Outcome.NOT_SEEN}),
    Case("unknown", _account(allowBlobPublicAccess=UNKNOWN), {"account": Outcome.NOT_SEEN}),
    Case("a private container", _container(publicAccess="None"), {"box": Outcome.PASSED}),
    Case("a container that leaves it out", _container(), {"box": Outcome.PASSED}),
    *(
        Case(f"public: {level}", _container(publicAccess=level), {"box": Outcome.VIOLATED})
        for level in ("Blob", "Container")
    ),
    Case("a container of which it is unknown", _container(publicAccess=UNKNOWN), {"box": Outcome.NOT_SEEN}),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
