"""What `workspace-image-build` says."""

from __future__ import annotations

from typing import Any

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.workspace_image_build import RULE
from tests.policies.cases import UNKNOWN, Case, Given, deployment, given, group, workspace

GROUP = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg"
OWN = f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/ws"
IMAGE = f"{OWN}/environments/vllm/versions/1"
CURATED = "azureml://registries/azureml/environments/vllm/versions/1"


def _registry(access: Any) -> Given:
    return given("containerregistry:Registry", "cr", {"registryName": "cr", "publicNetworkAccess": access})


def _runs(environment: Any) -> Given:
    return deployment(properties={"environmentId": environment})


OUTER = workspace(kind="Hub")
PRIVATE = [_registry("Disabled"), _runs(IMAGE)]
CASES = [
    Case("without a compute", [OUTER, *PRIVATE], {"ws": Outcome.VIOLATED}, says=["set imageBuildCompute"]),
    Case("with one", [workspace(kind="Default", imageBuildCompute="cpu"), *PRIVATE], {"ws": Outcome.PASSED}),
    Case("an unknown one", [workspace(kind="Default", imageBuildCompute=UNKNOWN), *PRIVATE], {"ws": Outcome.NOT_SEEN}),
    Case("a project", [workspace(kind="Project", hubResourceId=UNKNOWN), *PRIVATE], {"ws": Outcome.NOT_APPLICABLE}),
    Case("an open registry", [OUTER, _registry("Enabled"), _runs(IMAGE)], {"ws": Outcome.NOT_APPLICABLE}),
    Case("an unknown registry", [OUTER, _registry(UNKNOWN), _runs(IMAGE)], {"ws": Outcome.NOT_SEEN}),
    Case("no registry", [OUTER, _runs(IMAGE)], {"ws": Outcome.NOT_APPLICABLE}),
    Case("an image that exists", [OUTER, _registry("Disabled"), _runs(CURATED)], {"ws": Outcome.NOT_APPLICABLE}),
    Case("no environment", [OUTER, _registry("Disabled"), deployment()], {"ws": Outcome.NOT_APPLICABLE}),
    Case("an unknown environment", [OUTER, _registry("Disabled"), _runs(UNKNOWN)], {"ws": Outcome.VIOLATED}),
    Case("a group", [group()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
