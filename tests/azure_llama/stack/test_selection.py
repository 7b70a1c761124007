"""The stack that a command works on is the one that the Pulumi CLI would take."""

from __future__ import annotations

import json
from hashlib import sha1
from pathlib import Path

import pytest

from azure_llama.documents.errors import InputError
from azure_llama.stack.project import load

BACKEND = "file:///state"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with two stacks."""
    root = tmp_path / "project"
    root.mkdir()
    (root / "Pulumi.yaml").write_text("name: my.sample\nruntime: python\n")
    (root / "__main__.py").touch()
    for stack in ("dev", "prod"):
        (root / f"Pulumi.{stack}.yaml").touch()
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PULUMI_BACKEND_URL", BACKEND)
    monkeypatch.delenv("PULUMI_STACK", raising=False)
    return root


def select(folder: Path, content: object) -> None:
    """As `pulumi stack select` of the CLI 3.259.0 writes it."""
    workspaces = folder.parent / "home" / "workspaces"
    workspaces.mkdir(parents=True)
    digest = sha1(f"{folder}/Pulumi.yaml".encode(), usedforsecurity=False).hexdigest()
    (workspaces / f"my.sample-{digest}-workspace.json").write_text(json.dumps(content))


def test_the_variable_goes_before_the_selection(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    select(folder, {"stacks": {BACKEND: "organization/my.sample/prod"}})
    monkeypatch.setenv("PULUMI_STACK", "acme/my.sample/dev")
    assert load(folder).stack == "dev"
    assert load(folder).backend_stack == "acme/my.sample/dev"
    assert load(folder, "prod").stack == "prod"


def test_the_selected_stack_is_taken(folder: Path) -> None:
    select(folder, {"stacks": {BACKEND: "organization/my.sample/prod"}})
    assert load(folder).stack == "prod"
    assert load(folder, config_file=folder / "Pulumi.dev.yaml").stack == "dev"


def test_older_workspaces_have_one_stack_for_all_backends(folder: Path) -> None:
    select(folder, {"stack": "prod"})
    assert load(folder).stack == "prod"


def test_the_current_backend_is_the_one_of_the_login(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    select(folder, {"stacks": {BACKEND: "organization/my.sample/prod"}})
    monkeypatch.delenv("PULUMI_BACKEND_URL")
    (folder.parent / "home" / "credentials.json").write_text(json.dumps({"current": BACKEND}))
    assert load(folder).stack == "prod"


def test_a_folder_behind_a_link_is_the_shell_s(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = folder.parent / "link"
    link.symlink_to(folder)
    select(link, {"stacks": {BACKEND: "organization/my.sample/prod"}})
    monkeypatch.chdir(link)
    monkeypatch.setenv("PWD", str(link))
    assert load(Path()).stack == "prod"


@pytest.mark.parametrize("content", [{"stacks": {"https://other": "prod"}}, {"stacks": {}}, [], {"stack": 3}])
def test_without_a_selection_the_only_file_counts(folder: Path, content: object) -> None:
    select(folder, content)
    with pytest.raises(InputError, match=r"several stacks \(dev, prod\); give --stack"):
        load(folder)
    (folder / "Pulumi.prod.yaml").unlink()
    assert load(folder).stack == "dev"


def test_a_selected_stack_without_a_file_is_named(folder: Path) -> None:
    select(folder, {"stacks": {BACKEND: "organization/my.sample/test"}})
    with pytest.raises(InputError, match=r"Pulumi\.test\.yaml: .* the selected stack is 'test'"):
        load(folder)
