"""The pipelines of deploy/, held against the linters and schemas of their field, and against their own promises."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from azure_llama.documents.errors import InputError
from azure_llama.scaffold.pipelines import FORGES, pipelines
from tests.deploy.pipelines import DEPLOY, DEVOPS, GITHUB, Step, devops_jobs, devops_steps, github_steps, parsed

BIN = Path(sys.executable).parent
ACTIONLINT = "v1.7.12"
PINS = yaml.safe_load((DEPLOY / "pins.yaml").read_text())
USES = re.compile(r"uses: (?P<action>[\w./-]+)@(?P<commit>\S+) # (?P<version>\S+)$", re.MULTILINE)
BOTH = [*GITHUB, *DEVOPS]


def _name(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


def _run(*command: str | Path, path: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **({"PATH": path} if path else {})}
    return subprocess.run(
        command, capture_output=True, text=True, env=environment, cwd=DEPLOY, timeout=300, check=False
    )


def test_both_forges_have_the_same_pipelines() -> None:
    assert (
        [path.stem for path in GITHUB]
        == [path.stem for path in DEVOPS]
        == ["deploy", "drift", "nights", "pull-request"]
    )


@pytest.fixture(scope="session")
def actionlint() -> Path:
    """actionlint, built once from its Go module and kept in the user's cache."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "azure-llama" / "actionlint" / ACTIONLINT
    program = cache / "actionlint"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not program.is_file():
            go = shutil.which("go")
            if go is None:
                pytest.skip("actionlint is built from its Go module, and there is no `go` on PATH")
            module = f"github.com/rhysd/actionlint/cmd/actionlint@{ACTIONLINT}"
            environment = {**os.environ, "GOBIN": str(cache), "GOFLAGS": "-mod=mod"}
            done = subprocess.run([go, "install", module], capture_output=True, text=True, env=environment, check=False)
            if done.returncode:
                pytest.skip(f"actionlint cannot be built from its Go module: {done.stderr.strip()[-300:]}")
    return program


@pytest.mark.parametrize("path", GITHUB, ids=_name)
def test_actionlint_with_shellcheck_has_nothing_to_say(actionlint: Path, path: Path) -> None:
    # Without shellcheck it would leave the scripts out without a word.
    assert (BIN / "shellcheck").is_file()
    done = _run(actionlint, "-shellcheck", BIN / "shellcheck", path)
    assert done.returncode == 0, done.stdout


def test_actionlint_finds_a_mistake(actionlint: Path, tmp_path: Path) -> None:
    wrong = GITHUB[0].read_text().replace("needs: preview", "needs: nothing")
    (tmp_path / "wrong.yml").write_text(wrong)
    assert _run(actionlint, tmp_path / "wrong.yml").returncode == 1


@pytest.mark.parametrize("path", GITHUB, ids=_name)
def test_zizmor_has_nothing_to_say(path: Path) -> None:
    done = _run(BIN / "zizmor", "--offline", "--strict-collection", "--no-progress", path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_zizmor_finds_what_is_not_pinned(tmp_path: Path) -> None:
    loose = re.sub(r"@[0-9a-f]{40} # v\S+", "@main", GITHUB[0].read_text())
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    (folder / "loose.yml").write_text(loose)
    assert _run(BIN / "zizmor", "--offline", "--strict-collection", folder / "loose.yml").returncode >= 11


@pytest.mark.parametrize(
    ("schema", "path"),
    [("vendor.github-workflows", path) for path in GITHUB] + [("vendor.azure-pipelines", path) for path in DEVOPS],
    ids=lambda value: value if isinstance(value, str) else _name(value),
)
def test_the_published_schemas_take_them(schema: str, path: Path) -> None:
    # The default kind of regular expression crashes on pipelines with stages.
    done = _run(BIN / "check-jsonschema", "--builtin-schema", schema, "--regex-variant", "nonunicode", path)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "step",
    [step for path in DEVOPS for step in devops_steps(path)],
    ids=lambda step: f"{step.job}-{step.name}",
)
def test_shellcheck_has_nothing_to_say(step: Step, tmp_path: Path) -> None:
    script = tmp_path / "step.sh"
    script.write_text(step.script)
    done = _run(BIN / "shellcheck", "--shell", "bash", script)
    assert done.returncode == 0, done.stdout


def test_every_action_is_pinned_by_the_commit_of_the_list() -> None:
    used = set()
    for path in GITHUB:
        text = path.read_text()
        found = list(USES.finditer(text))
        assert len(found) == text.count("uses:")
        for each in found:
            pin = PINS[each["action"]]
            assert (each["commit"], each["version"]) == (pin["commit"], pin["version"])
            used.add(each["action"])
    assert used == set(PINS)
    for pin in PINS.values():
        assert re.fullmatch(r"[0-9a-f]{40}", pin["commit"])
        assert re.fullmatch(r"\S+/\S+ \S+ @[0-9a-f]{40}", pin["seen"])


def test_permissions_are_the_least() -> None:
    allowed = {
        "check": {"contents": "read", "security-events": "write", "pull-requests": "write"},
        "preview": {"contents": "read", "id-token": "write", "pull-requests": "write"},
        "up": {"contents": "read", "id-token": "write"},
        "drift": {"contents": "read", "id-token": "write", "issues": "write"},
        "nights": {"contents": "read", "id-token": "write"},
    }
    for path in GITHUB:
        whole = parsed(path)
        assert whole["permissions"] == {}
        for name, job in whole["jobs"].items():
            assert set(job["permissions"].items()) <= set(allowed[name].items())
            assert ("id-token" in job["permissions"]) == ("environment" in job)
            assert job["timeout-minutes"]


@pytest.mark.parametrize("path", BOTH, ids=_name)
def test_nothing_is_stored_but_names(path: Path) -> None:
    text = path.read_text()
    assert "secrets." not in text
    assert not re.search(r"CLIENT_SECRET|PASSWORD|ACCOUNT_KEY|SAS", text)
    assert "pull_request_target" not in text


def test_the_check_has_no_credentials() -> None:
    check = parsed(DEPLOY / "github" / "pull-request.yml")["jobs"]["check"]
    assert "environment" not in check
    assert "id-token" not in check["permissions"]
    assert not [key for key in check.get("env", {}) if key.startswith("AZURE_")]
    (_, _, steps), *_ = devops_jobs(DEPLOY / "azure-devops" / "pull-request.yml")
    assert not [step for step in steps if step.get("task", "").startswith("AzureCLI")]


def test_a_deployment_waits_for_an_approval_and_is_never_cut_short() -> None:
    deploy = parsed(DEPLOY / "github" / "deploy.yml")
    assert deploy["on"] == {"push": {"branches": ["main"]}}
    assert deploy["concurrency"]["cancel-in-progress"] is False
    assert deploy["jobs"]["up"]["environment"] == "production"
    assert deploy["jobs"]["up"]["needs"] == "preview"
    jobs = {name: job for name, job, _ in devops_jobs(DEPLOY / "azure-devops" / "deploy.yml")}
    assert jobs["up_dev"]["environment"] == "production"


STACKS = ("east", "org/north", "west", "1")


@pytest.fixture(params=list(FORGES))
def written(request: pytest.FixtureRequest, tmp_path: Path) -> list[Path]:
    """The pipelines of four stacks of a project without a Makefile: deployment, drift, pull request."""
    files = []
    for path, text in pipelines(request.param, STACKS).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
        files += [tmp_path / path] if path.endswith(".yml") else []
    return files


def test_linters_and_schemas_accept_the_pipelines_of_many_stacks(written: list[Path], actionlint: Path) -> None:
    github = written[0].parent.name == "workflows"
    schema = "vendor.github-workflows" if github else "vendor.azure-pipelines"
    commands: list[tuple[str | Path, ...]] = [
        (BIN / "check-jsonschema", "--builtin-schema", schema, "--regex-variant", "nonunicode", *written)
    ]
    if github:
        commands.append((actionlint, "-shellcheck", BIN / "shellcheck", *written))
        commands.append((BIN / "zizmor", "--offline", "--strict-collection", "--no-progress", *written))
    for command in commands:
        done = _run(*command)
        assert done.returncode == 0, done.stdout + done.stderr


def test_every_pipeline_runs_for_every_stack_the_first_one_before_the_others(written: list[Path]) -> None:
    github = written[0].parent.name == "workflows"
    deploy, drift, nights, pull_request = written
    steps = github_steps if github else devops_steps
    for path in (drift, nights, pull_request):
        for job in {step.job for step in steps(path)}:
            stacks = [step.environment["PULUMI_STACK"] for step in steps(path) if step.job == job]
            assert list(dict.fromkeys(stacks)) == list(STACKS)
    updates = [step.environment["PULUMI_STACK"] for step in steps(deploy) if step.script.endswith("run_pulumi.py up")]
    assert updates == list(STACKS)
    if github:
        jobs = parsed(deploy)["jobs"]
        assert (jobs["rest"]["needs"], jobs["up"]["needs"]) == ("up", "preview")
        assert jobs["rest"]["environment"] == "production"
    else:
        stages = parsed(deploy)["stages"]
        assert [(stage["stage"], stage.get("dependsOn")) for stage in stages[1:]] == [("up", "preview"), ("rest", "up")]
        assert [len(stage["jobs"]) for stage in stages] == [1, 1, 3]


def test_a_project_without_a_makefile_is_set_up_by_pip(written: list[Path]) -> None:
    for path in written:
        assert "make " not in path.read_text()
    assert "azure_llama.engine" in written[0].read_text()


@pytest.mark.parametrize("forge", FORGES)
def test_the_pipelines_of_deploy_are_those_of_the_stack_dev(forge: str) -> None:
    for path, text in pipelines(forge, ["dev"], makefile=True).items():
        kind = "tools" if path.startswith("deploy/tools") else forge
        own = (DEPLOY / kind / Path(path).name).read_text()
        assert text == own


def test_stacks_that_cannot_be_told_apart_are_refused() -> None:
    with pytest.raises(InputError) as refused:
        pipelines("github", ["east", "east", "a b", "x-y", "x_y"])
    assert [line.split(":")[0] for line in refused.value.lines] == [
        "stack 'a b'",
        "stack 'east'",
        "stack 'x-y'",
        "stack 'x_y'",
    ]


def test_nights_and_deployments_do_not_meet() -> None:
    deploy, nights = (parsed(DEPLOY / "github" / f"{name}.yml") for name in ("deploy", "nights"))
    assert nights["concurrency"] == deploy["concurrency"]
    # The times of GitHub are compared as text, and Azure DevOps names its own.
    (step,) = (each for each in github_steps(DEPLOY / "github" / "nights.yml") if "--stop" in each.script)
    assert f'"{nights["on"]["schedule"][0]["cron"]}"' in step.script
    assert [each["cron"] for each in nights["on"]["schedule"]] == [
        each["cron"] for each in parsed(DEPLOY / "azure-devops" / "nights.yml")["schedules"]
    ]


def test_a_fork_gets_neither_a_token_nor_a_comment() -> None:
    own = "github.event.pull_request.head.repo.full_name == github.repository"
    jobs = parsed(DEPLOY / "github" / "pull-request.yml")["jobs"]
    assert jobs["preview"]["if"] == own
    guarded = [step for step in jobs["check"]["steps"] if step.get("name") in ("Upload the results", "Comment")]
    assert [step["if"] for step in guarded] == [own, own]
    stages: list[dict[str, Any]] = parsed(DEPLOY / "azure-devops" / "pull-request.yml")["stages"]
    assert "ne(variables['System.PullRequest.IsFork'], 'True')" in stages[1]["condition"]


def test_no_script_holds_an_expression_of_the_forge() -> None:
    # What the forge fills in is text of whoever opened the pull request: it comes as a variable.
    for path in GITHUB:
        assert not [step.name for step in github_steps(path) if "${{" in step.script]
    for path in DEVOPS:
        assert not [step.name for step in devops_steps(path) if re.search(r"\$\(\w+[.]", step.script)]
