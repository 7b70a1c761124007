"""Every step's command of every pipeline, run as it stands, with the real engine, against the sandbox.

The copy of the project has this checkout's virtual environment; what would set one up is asked of make alone, which
says what it would do. The sign-in is the forge's own: a token of its service, which the sandbox plays.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from azure_llama.scaffold.operator import TOKEN_FILE, objects
from azure_llama.scaffold.pipelines import FORGES, pipelines
from azure_llama_sandbox import hosts
from tests.azure_llama.scaffold.test_operator import OPERATED
from tests.deploy.forges import Forge, running
from tests.deploy.pipelines import DEPLOY, DEVOPS, GITHUB, Step, copied, devops_steps, github_steps
from tests.e2e.harness import Azure, Run

pytestmark = pytest.mark.engine

SET_UP = re.compile(r"make (venv|setup)")
TOKEN = "a-token-of-the-job"
EXPRESSION = re.compile(r"\$\{\{ (.+?) \}\}")
MACRO = re.compile(r"\$\(([\w.]+)\)")
TRUE = frozenset(
    {
        None,
        "github.event.pull_request.head.repo.full_name == github.repository",
        "and(succeeded(), eq(variables['Build.Reason'], 'PullRequest'))",
    }
)


@dataclass
class Pipeline:
    """One run of a pipeline in a copy of the project.

    Attributes:
        azure: The sandbox.
        project: The copy.
        forge: Whom comments and issues are sent to.
        kind: `github` or `azure-devops`.
        ran: The steps that ran, with what each did.
    """

    azure: Azure
    project: Path
    forge: Forge
    kind: str
    ran: dict[str, Run] = field(default_factory=dict)

    def run(self, name: str, folder: Path | None = None) -> dict[str, int]:
        """Run a pipeline; returns the exit code of each step that ran, by job and name. A failure ends the run.

        Steps of a job that runs once for each stack have the code of the last one.
        """
        file = (folder or DEPLOY / self.kind) / f"{name}.yml"
        steps = (github_steps if self.kind == "github" else devops_steps)(file)
        codes: dict[str, int] = {}
        known: dict[str, str] = {}
        failed = False
        for step in steps:
            key = f"{step.job}: {step.name}"
            if failed or not self._wanted(step, known):  # each job needs the one before it
                continue
            done = self._step(step, known)
            self.ran[key] = done
            codes[key] = done.code
            failed = done.code != 0
        return codes

    def _wanted(self, step: Step, known: Mapping[str, str]) -> bool:
        if step.condition in TRUE:
            return True
        found = re.search(
            r"steps\.\w+\.outputs\.code == '(\d)'|eq\(variables\['code'\], '(\d)'\)", step.condition or ""
        )
        assert found is not None, step.condition
        return known["code"] == (found[1] or found[2])

    def _step(self, step: Step, known: dict[str, str]) -> Run:
        script = SET_UP.sub(r"make --dry-run \1", step.script)
        outputs = self.project / "outputs"
        outputs.write_text("")
        variables = self._variables(step, known) | {
            "GITHUB_OUTPUT": str(outputs),
            "GITHUB_STEP_SUMMARY": str(self.project / "summary.md"),
        }
        file = self.project / "step.sh"
        exported = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in variables.items())
        file.write_text(exported + script)
        # GitHub ends a step at its first failure; Azure DevOps leaves that to the script.
        shell = ["bash", "-e"] if self.kind == "github" else ["bash", "--noprofile", "--norc"]
        done = subprocess.run(
            self.azure.command("exec", "--principal", self.kind, "--", *shell, str(file)),
            cwd=self.project,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        for name, value in re.findall(r"^(\w+)=(.*)$", outputs.read_text(), re.MULTILINE):
            known[name] = value
        for name, value in re.findall(r"^##vso\[task\.setvariable variable=(\w+)\](.*)$", done.stdout, re.MULTILINE):
            known[name] = value
        return Run(done.returncode, done.stdout)

    def _variables(self, step: Step, known: Mapping[str, str]) -> dict[str, str]:
        values = {
            "github.token": TOKEN,
            "github.event.pull_request.number": "7",
            "System.AccessToken": None,  # the sandbox's own, by which the job asks for its token
            "steps.check.outputs.code": known.get("code"),
            "steps.preview.outputs.code": known.get("code"),
            "code": known.get("code"),
        }
        found = {**(self.forge.github() if self.kind == "github" else self.forge.devops())}
        for name, text in step.environment.items():
            if name == "PULUMI_STACK":
                found[name] = text
                continue
            match = EXPRESSION.fullmatch(text) or MACRO.fullmatch(text)
            assert match is not None, text
            # What the repository's variables say, `exec` says here.
            value = None if match[1].startswith("vars.AZURE_") else values.get(match[1], "")
            if value is not None and not match[1].startswith(("vars.AZURE_", "vars.PULUMI_BACKEND", "vars.PULUMI_ORG")):
                found[name] = value
        return found


@pytest.fixture(params=["github", "azure-devops"])
def pipeline(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Pipeline]:
    """A project with the dev stack, not yet deployed, and a principal that only the forge's token signs in."""
    azure = Azure(tmp_path / "home")
    azure.start()
    project = copied(tmp_path / "project")
    shutil.copy(azure.stack_file, project)
    kind = request.param
    azure.cli("principal", "create", kind, "--sign-in", kind, "--role", "Owner")
    azure.exec("pulumi", "--cwd", str(project), "stack", "init", "dev", "--non-interactive")
    with running() as forge:
        yield Pipeline(azure, project, forge, kind)
    azure.cli("stop", check=False)


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

    _tamper(pipeline.azure)
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


STACKS = ("dev", "east")


@pytest.fixture
def many(pipeline: Pipeline) -> Pipeline:
    """The pipelines of two stacks, the second of which has names of its own; neither is deployed."""
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
    of_dev = ["/workspaces/llama-dev/" in path for path in paths if "/workspaces/" in path]
    assert of_dev == sorted(of_dev, reverse=True)
    assert set(of_dev) == {True, False}
    if many.kind == "github":
        for stack in objects(STACKS, OPERATED)[2:]:
            run = _operate(many, stack["spec"])
            assert (run.code, "unchanged" in run.text) == (0, True), run.text
            assert "to create" not in run.text


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
    done = subprocess.run(
        pipeline.azure.command("exec", "--principal", pipeline.kind, "--", "bash", "-e", "-c", script),
        cwd=pipeline.project,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    return Run(done.returncode, done.stdout)


def _tamper(azure: Azure) -> None:
    """Somebody deletes an endpoint in the portal."""
    group = "/resourceGroups/rg-llama-dev-eastus2/providers/Microsoft.MachineLearningServices"
    subscription = azure.status["subscription"]
    path = f"/subscriptions/{subscription}{group}/workspaces/llama-dev/serverlessEndpoints/llama-33-70b"
    with azure.client() as client:
        answer = client.delete(
            f"https://management.azure.com{path}",
            params={"api-version": "2025-12-01"},
            headers={"Authorization": f"Bearer {azure.token('https://management.azure.com')}"},
        )
    assert answer.status_code in (200, 202), answer.text


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
    assert len(results) == 3
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
    assert {path.stem for path in [*GITHUB, *DEVOPS]} == {"pull-request", "deploy", "drift"}


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
