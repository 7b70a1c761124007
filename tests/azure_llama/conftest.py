"""Projects in temporary folders, for checks of whole programs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from azure_llama.stack import project

PROJECT = "name: sample\nruntime: python\n"
Make = Callable[..., project.Project]


@pytest.fixture(autouse=True)
def _no_selected_stack(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stack that the developer selected for this checkout is not the tests' own."""
    monkeypatch.delenv("PULUMI_STACK", raising=False)
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path_factory.getbasetemp() / "no-pulumi-home"))


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Writes a project and loads it: (program, config's YAML) -> project."""

    def write(program: str = "", config: str = "config: {}\n", *, about: str = PROJECT) -> project.Project:
        (tmp_path / "Pulumi.yaml").write_text(about)
        (tmp_path / "Pulumi.dev.yaml").write_text(dedent(config))
        (tmp_path / "__main__.py").write_text(dedent(program))
        return project.load(tmp_path)

    return write
