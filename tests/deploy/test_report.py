"""What the pipelines tell people: one comment that is edited, one issue that stays up to date."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.deploy.forges import BOT, Forge, running
from tests.deploy.pipelines import DEPLOY

Report = Callable[..., subprocess.CompletedProcess[str]]
TOKEN = "a-token-of-the-job"


@pytest.fixture
def forge() -> Iterator[Forge]:
    with running() as forge:
        yield forge


@pytest.fixture(params=["github", "devops"])
def report(request: pytest.FixtureRequest, forge: Forge, tmp_path: Path) -> Report:
    """Run report.py as a step of either forge does."""
    variables = forge.github() | {"GITHUB_TOKEN": TOKEN, "PULL_REQUEST": "7"}
    if request.param == "devops":
        variables = forge.devops() | {"SYSTEM_ACCESSTOKEN": TOKEN}

    def run(*arguments: str, text: str | None = None, **more: str) -> subprocess.CompletedProcess[str]:
        file = tmp_path / "text"
        if text is not None:
            file.write_text(text)
        plain = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}
        command = [sys.executable, str(DEPLOY / "tools" / "report.py"), *arguments]
        return subprocess.run(
            [*command, str(file)] if text is not None else command,
            env={**plain, **variables, **more},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


def test_one_comment_is_edited_and_not_repeated(report: Report, forge: Forge) -> None:
    first = report("comment", "--marker", "check", text="# One\n")
    assert (first.returncode, first.stdout) == (0, "comment: written\n"), first.stderr
    other = report("comment", "--marker", "preview", "--fenced", "Preview", text="+ 3 to create\n")
    assert other.stdout == "comment: written\n"
    second = report("comment", "--marker", "check", text="# Two\n")
    assert second.stdout == "comment: edited\n"
    assert [each["body"] for each in forge.comments] == [
        "<!-- azure-llama: check -->\n# Two\n",
        "<!-- azure-llama: preview -->\n### Preview\n\n```text\n+ 3 to create\n```\n",
    ]
    assert forge.tokens == {f"Bearer {TOKEN}"}


def test_somebody_else_s_comment_is_never_edited(forge: Forge, report: Report) -> None:
    forge.comments.extend({"id": n, "body": "hello", "user": {"login": "someone"}} for n in (1, 2, 3))
    assert report("comment", "--marker", "check", text="ours").stdout == "comment: written\n"
    assert report("comment", "--marker", "check", text="ours, again").stdout == "comment: edited\n"
    assert [each["body"] for each in forge.comments[:3]] == ["hello"] * 3


def test_a_comment_with_our_marker_by_another_hand_is_left_alone(forge: Forge, tmp_path: Path) -> None:
    forge.comments.append({"id": 1, "body": "<!-- azure-llama: check -->", "user": {"login": "someone"}})
    file = tmp_path / "text"
    file.write_text("ours")
    environment = {**os.environ, **forge.github(), "GITHUB_TOKEN": TOKEN, "PULL_REQUEST": "7"}
    command = [sys.executable, str(DEPLOY / "tools" / "report.py"), "comment", "--marker", "check", str(file)]
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=60)
    assert [each["user"]["login"] for each in forge.comments] == ["someone", BOT]


def test_one_issue_is_opened_brought_up_to_date_and_closed(report: Report, forge: Forge) -> None:
    assert report("close", "--marker", "drift dev").stdout == "close: none open\n"
    title = ("--title", "Drift of dev", "--fenced", "Drift")
    assert report("issue", "--marker", "drift dev", *title, text="one").stdout == "issue: opened\n"
    assert report("issue", "--marker", "drift dev", *title, text="two").stdout == "issue: edited\n"
    assert len(forge.issues) == 1
    assert "two" in forge.issues[0]["body"]
    assert report("close", "--marker", "drift dev").stdout in ("close: closed\n", "close: told\n")


def test_the_issues_of_two_stacks_are_two(report: Report, forge: Forge) -> None:
    for stack in ("dev", "dev2"):
        assert report("issue", "--marker", f"drift {stack}", "--title", stack, text=stack).stdout == "issue: opened\n"
    assert report("issue", "--marker", "drift dev", "--title", "dev", text="more").stdout == "issue: edited\n"
    assert ["more" in each["body"] for each in forge.issues] == [True, False]
    assert report("close", "--marker", "drift of none").stdout == "close: none open\n"


def test_a_long_text_is_cut_and_a_fence_is_never_broken_out_of(report: Report, forge: Forge) -> None:
    assert report("comment", "--marker", "a", "--fenced", "A", text="x" * 70_000).returncode == 0
    assert len(forge.comments[0]["body"]) < 65_536
    assert "10000 characters more" in forge.comments[0]["body"]
    assert report("comment", "--marker", "b", "--fenced", "B", text="```\nescaped\n````").returncode == 0
    assert forge.comments[1]["body"].count("`````") == 2


@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_a_refusal_is_told_without_the_token(report: Report, forge: Forge, status: int) -> None:
    forge.status = status
    done = report("comment", "--marker", "check", text="x")
    assert done.returncode == 1
    assert f"HTTP status {status}; the permissions of the pipeline's token are in docs/pipelines.md" in done.stderr
    assert TOKEN not in done.stderr
    assert "Traceback" not in done.stderr


def test_used_wrongly(report: Report) -> None:
    assert report("comment", "--marker", "check").returncode == 2
    assert report("issue", "--marker", "check", text="x").returncode == 2
    nowhere = report("close", "--marker", "x", GITHUB_ACTIONS="", TF_BUILD="")
    assert nowhere.returncode == 1
    assert "this runs in a pipeline of GitHub" in nowhere.stderr
    missing = report("close", "--marker", "x", GITHUB_TOKEN="", SYSTEM_ACCESSTOKEN="")
    assert "is not set; the step has to pass it on" in missing.stderr
