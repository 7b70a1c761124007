"""A project as it was, from Git or from a folder."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from azure_llama.documents.errors import InputError
from azure_llama.stack.base import base_of
from azure_llama.stack.project import load

KEY = "azure-native:location"


def _git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "infra"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: azure-llama\nruntime: python\n")
    (folder / "__main__.py").write_text("")
    (folder / "Pulumi.dev.yaml").write_text(f"config: {{{KEY}: eastus}}\n")
    _git(tmp_path, "init")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "-m", "base")
    (folder / "Pulumi.dev.yaml").write_text(f"config: {{{KEY}: westus}}\n")
    return folder


def test_a_revision_of_a_folder_below_the_repository(project: Path) -> None:
    with base_of(load(project), "main") as base:
        assert base is not None
        assert base.config[KEY] == "eastus"
        root = base.root
    assert not root.exists()


def test_a_folder(project: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml", "__main__.py"):
        (other / name).write_text((project / name).read_text().replace("westus", "uksouth"))
    with base_of(load(project), str(other)) as base:
        assert base is not None
        assert base.config[KEY] == "uksouth"


def test_a_stack_that_is_new(project: Path) -> None:
    (project / "Pulumi.prod.yaml").write_text(f"config: {{{KEY}: eastus2}}\n")
    with base_of(load(project, "prod"), "main") as base:
        assert base is None


@pytest.mark.parametrize("name", ["nowhere", "-x", "main:infra"])
def test_no_such_revision(project: Path, name: str) -> None:
    with pytest.raises(InputError, match="is neither a folder nor a Git revision"), base_of(load(project), name):
        pass


def test_errors_of_the_base_name_it(project: Path) -> None:
    (project / "Pulumi.dev.yaml").write_text("config: [1]\n")
    _git(project, "commit", "-am", "broken")
    (project / "Pulumi.dev.yaml").write_text(f"config: {{{KEY}: westus}}\n")
    with pytest.raises(InputError, match=r"^--against main: Pulumi.dev.yaml"), base_of(load(project), "main"):
        pass
