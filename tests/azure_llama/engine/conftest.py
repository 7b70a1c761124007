"""A PATH and a cache of the test's own. Nothing here reaches a network."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.azure_llama.engine.harness import Recorder

SYSTEM = ("awk", "cat", "chmod", "cp", "dirname", "env", "ls", "mkdir", "sh", "sleep")


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for fake programs, first on a PATH that has a few of the system's tools and no others."""
    system, folder = tmp_path / "system", tmp_path / "tools"
    system.mkdir()
    folder.mkdir()
    for name in SYSTEM:
        found = shutil.which(name)
        assert found is not None, f"the tests need {name} on PATH"
        (system / name).symlink_to(found)
    monkeypatch.setenv("PATH", f"{folder}:{system}")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("AZURE_LLAMA_PULUMI", raising=False)
    return folder


@pytest.fixture
def report() -> Recorder:
    return Recorder()
