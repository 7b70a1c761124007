"""The pipelines of two stacks, and what the Kubernetes operator runs for them, with the real engine in the sandbox."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from azure_llama.scaffold.operator import TOKEN_FILE, objects
from azure_llama.scaffold.pipelines import FORGES, pipelines
from tests.azure_llama.scaffold.test_operator import OPERATED
from tests.deploy.runs import Pipeline, new_project
from tests.e2e.harness import Run

pytestmark = pytest.mark.engine

STACKS = ("dev", "east")


@pytest.fixture(params=["github", "azure-devops"])
def many(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Pipeline]:
    """The pipelines of two stacks, the second of which has names of its own; neither is deployed."""
    with new_project(request.param, tmp_path) as pipeline:
        yield _with_two_stacks(pipeline)


def _with_two_stacks(pipeline: Pipeline) -> Pipeline:
    text = (pipeline.project / "Pulumi.dev.yaml").read_text()
    (pipeline.project / "Pulumi.east.yaml").write_text(text.replace("llama-", "east-"))
    pipeline.azure.exec("pulumi", "--cwd", str(pipeline.project), "stack", "init", "east", "--non-interactive")
    for path, written in pipelines(pipeline.kind, STACKS, makefile=True).items():
        if not path.startswith("deploy/"):
            (pipeline.project / path).parent.mkdir(parents=True, exist_ok=True)
            (pipeline.project / path).write_text(written)
    return pipeline


def test_the_canary_is_deployed_before_the_others_and_the_operator_finds_nothing_to_do(many: Pipeline) -> None:
    folder = many.project / FORGES[many.kind][0]
    codes = many.run("deploy", folder)
    assert set(codes.values()) == {0}, [run.text for run in many.ran.values() if run.code]
    updates = [name for name in codes if name.endswith("Deploy")]
    assert len(updates) == 2
    paths = [each["path"] for each in many.azure.requests() if each["method"] == "PUT"]
    workspaces = [
        found[1] for path in paths if (found := re.search(r"MachineLearningServices/workspaces/(\w+)-", path))
    ]
    assert list(dict.fromkeys(workspaces)) == ["llama", "east"]
    assert workspaces == sorted(workspaces, reverse=True)
    if many.kind == "github":
        for stack in objects(STACKS, OPERATED)[2:]:
            run = _operate(many, stack["spec"])
            assert (run.code, "unchanged" in run.text) == (0, True), run.text
            assert "to create" not in run.text
    _at_night(many, folder)


def _at_night(pipeline: Pipeline, folder: Path) -> None:
    """One list of endpoints serves all stacks: the endpoint of `dev` is stopped, and nothing of `east`."""
    codes = pipeline.run("nights", folder)
    assert set(codes.values()) == {0}, [run.text for run in pipeline.ran.values() if run.code]
    assert any("stack east has no managed endpoint 'llama-8b'" in run.text for run in pipeline.ran.values())
    for stack, endpoint, stopped in (("dev", "llama-8b", True), ("east", "east-8b", False)):
        command = ("stack", "output", "endpoints", "--stack", stack)
        outputs = json.loads(pipeline.azure.exec("pulumi", "--cwd", str(pipeline.project), *command).text)
        deployments = outputs[endpoint]["deployments"].values()
        assert [bool(each.get("stopped")) for each in deployments] == [stopped]
    assert "stopped" not in (pipeline.project / "Pulumi.dev.yaml").read_text()


def _operate(pipeline: Pipeline, spec: dict[str, Any]) -> Run:
    """What a pod of the operator runs for a Stack, signed in with the token of its service account alone."""
    variables = {each["name"]: each["value"] for each in spec["workspaceTemplate"]["spec"]["env"]}
    assert variables["ARM_OIDC_TOKEN_FILE_PATH"] == TOKEN_FILE
    script = (
        "unset ACTIONS_ID_TOKEN_REQUEST_URL ACTIONS_ID_TOKEN_REQUEST_TOKEN\n"
        'export ARM_OIDC_TOKEN_FILE_PATH="$AZURE_FEDERATED_TOKEN_FILE" ARM_USE_OIDC=true\n'
        f"pulumi stack select --create {spec['stack']} --non-interactive\n"
        "pulumi up --yes --skip-preview --expect-no-changes --non-interactive --color never\n"
    )
    return pipeline.execute("bash", "-e", "-c", script)
