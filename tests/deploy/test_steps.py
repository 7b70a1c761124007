"""Every step's command of every pipeline, run as it stands, with the real engine, against the sandbox.

The copy of the project has this checkout's virtual environment; what would set one up is asked of make alone, which
says what it would do. The sign-in is the forge's own: a token of its service, which the sandbox plays.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from azure_llama_sandbox import hosts
from tests.deploy.pipelines import DEPLOY, DEVOPS, GITHUB
from tests.deploy.runs import TOKEN, Pipeline, new_project
from tests.deploy.tampering import tamper

pytestmark = pytest.mark.engine


@pytest.fixture(params=["github", "azure-devops"])
def pipeline(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Pipeline]:
    with new_project(request.param, tmp_path) as pipeline:
        yield pipeline


def test_from_a_pull_request_to_drift(pipeline: Pipeline) -> None:
    codes = pipeline.run("pull-request")
    assert set(codes.values()) == {0}, [run.text for run in pipeline.ran.values() if run.code]
    assert [name.partition(": ")[0] for name in codes].count("preview") == 4
    check, preview = (each["body"] for each in pipeline.forge.comments)
    assert "azure-llama/dev" in check
    assert "### Preview" in preview
    assert "to create" in preview
    assert "azure-llama|local|" in preview  # the pack that was run
    assert (pipeline.project / "check.sarif").exists() or (
        pipeline.project / "results" / "dev" / "check.sarif"
    ).exists()

    codes = pipeline.run("deploy")
    assert set(codes.values()) == {0}, [run.text for run in pipeline.ran.values() if run.code]
    assert "chatUrl" in pipeline.azure.exec("pulumi", "--cwd", str(pipeline.project), "stack", "output", "--json").text
    puts = [each for each in pipeline.azure.requests() if each["method"] == "PUT" and "/workspaces/" in each["path"]]
    signed_in = {each["principal"] for each in puts}
    assert len(signed_in) == 1  # the pipeline's own, and nobody else

    codes = pipeline.run("drift")
    assert [name for name in codes if "Report" in name] == ["drift: Report no drift"]
    assert set(codes.values()) == {0}

    tamper(pipeline.azure)
    for _ in ("opened", "edited"):
        codes = pipeline.run("drift")
        assert [name for name in codes if "Report" in name] == ["drift: Report drift"], pipeline.ran[
            "drift: Compare"
        ].text
        assert set(codes.values()) == {0}
        assert len(pipeline.forge.issues) == 1
        assert "ServerlessEndpoint" in pipeline.forge.issues[0]["body"]

    for run in pipeline.ran.values():
        assert TOKEN not in run.text
        assert "eyJ" not in run.text


@pytest.mark.parametrize("pipeline", ["azure-devops"], indirect=True)
def test_azure_devops_issues_a_new_token_whenever_one_has_expired(pipeline: Pipeline) -> None:
    """Access tokens of 3 seconds, of which a deployment takes more."""
    (pipeline.azure.home / "conditions.yaml").write_text("tokens: {lifetime: 3}\n")
    codes = pipeline.run("deploy")
    assert set(codes.values()) == {0}, [run.text for run in pipeline.ran.values() if run.code]
    requests = pipeline.azure.requests()
    puts = [index for index, each in enumerate(requests) if each["method"] == "PUT"]
    issued = [index for index, each in enumerate(requests) if each["path"].endswith("/oidctoken")]
    assert len([index for index in issued if puts[0] < index < puts[-1]]) > 1
    assert {requests[index]["status"] for index in issued} == {200}
    for run in pipeline.ran.values():
        assert "eyJ" not in run.text


@pytest.mark.parametrize("pipeline", ["azure-devops"], indirect=True)
@pytest.mark.parametrize("status", [401, 500])
def test_azure_devops_that_issues_no_token_is_one_line(pipeline: Pipeline, status: int) -> None:
    fault = {"match": {"path": "*/oidctoken"}, "status": status, "body": {"message": "eyJ-not-to-be-shown"}}
    (pipeline.azure.home / "faults.yaml").write_text(yaml.safe_dump([fault]))
    codes = pipeline.run("deploy")
    assert codes["preview: Preview"] == 2
    run = pipeline.ran["preview: Preview"]
    host = hosts.DEVOPS
    assert run.text == f"the pipeline's token service {host} gave no token: HTTP status {status}\n"


def test_a_violation_fails_the_pull_request_after_it_was_told(pipeline: Pipeline) -> None:
    file = pipeline.project / "Pulumi.dev.yaml"
    file.write_text(file.read_text().replace("eastus2", "uksouth"))
    codes = pipeline.run("pull-request")
    assert codes["check: Verdict"] == 1
    assert codes["check: Comment"] == 0
    assert "serverless-region" in pipeline.forge.comments[0]["body"]


def test_errors_of_the_configuration_are_uploaded_and_commented(pipeline: Pipeline) -> None:
    file = pipeline.project / "Pulumi.dev.yaml"
    changed = "requestTimeoutSeconds: 300\n          traffic: 90"
    file.write_text(file.read_text().replace("traffic: 100", changed).replace("Llama-3.3-70B-In", "Llama-3.3-70B-Im"))
    codes = pipeline.run("pull-request")
    assert (codes["check: Comment"], codes["check: Verdict"]) == (0, 1)
    (comment,) = (each["body"] for each in pipeline.forge.comments)
    (sarif,) = pipeline.project.glob("**/check.sarif")
    results = json.loads(sarif.read_text())["runs"][0]["results"]
    assert len(results) == 4
    for result in results:
        region = result["locations"][0]["physicalLocation"]["region"]
        assert f"Pulumi.dev.yaml:{region['startLine']}" in comment
        assert region["startColumn"] > 1
    assert "rules not evaluated" in comment
    upload = (DEPLOY / pipeline.kind / "pull-request.yml").read_text()
    uploaded = re.search(r"(?:sarif_file|PathtoPublish): (\S+)", upload)
    assert uploaded is not None
    assert sarif.is_relative_to(pipeline.project / uploaded[1])


def test_a_stack_that_cannot_be_read_ends_at_the_check(pipeline: Pipeline) -> None:
    (pipeline.project / "Pulumi.dev.yaml").unlink()
    codes = pipeline.run("pull-request")
    assert codes["check: Check"] == 2
    assert "check: Comment" not in codes
    assert "Traceback" not in pipeline.ran["check: Check"].text


def test_every_pipeline_was_run() -> None:
    assert {path.stem for path in [*GITHUB, *DEVOPS]} == {"pull-request", "deploy", "drift", "nights"}


def test_what_is_not_configured_is_told(tmp_path: Path) -> None:
    plain = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AZURE", "ARM_", "PULUMI_", "ACTIONS_", "SYSTEM_", "GITHUB_"))
    }
    script = str(DEPLOY / "tools" / "run_pulumi.py")

    def run(**more: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, script, "preview"],
            env={**plain, **more},
            capture_output=True,
            text=True,
            cwd=tmp_path,
            timeout=60,
            check=False,
        )
        return done.returncode, done.stderr

    who = {"AZURE_CLIENT_ID": "c", "AZURE_TENANT_ID": "t", "AZURE_SUBSCRIPTION_ID": "s"}
    assert run() == (2, "PULUMI_STACK is not set: it names the stack, such as dev or organization/dev\n")
    code, said = run(PULUMI_STACK="dev")
    assert (code, said) == (2, "AZURE_CLIENT_ID is not set; docs/pipelines.md says where it is from\n")
    code, said = run(PULUMI_STACK="dev", **who)
    assert code == 2
    assert "signing in with OIDC needs a token" in said
    code, said = run(PULUMI_STACK="dev", ARM_OIDC_TOKEN="secret-token", **who)
    assert code == 2
    assert "neither PULUMI_BACKEND_URL (azblob://...) nor PULUMI_ORG (for Pulumi Cloud) is set" in said
    assert "secret-token" not in said
