"""The folder for `--policy-pack`: a checkout's own, and the one that is written for an installed wheel."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path, PurePosixPath

import pytest
import yaml

import azure_llama
from azure_llama_policies import folder

PACK = Path(__file__).resolve().parents[2] / "policies"


class Recorded(PurePosixPath):
    """A file of an installed distribution."""

    def locate(self) -> Path:
        return PACK / str(self).partition("share/azure-llama/policies/")[2]


FILES = [
    Recorded("azure_llama/__init__.py"),
    *(
        Recorded(f"../../../share/azure-llama/policies/{path.relative_to(PACK)}")
        for path in (PACK / "PulumiPolicy.yaml", PACK / "__main__.py", *(PACK / "configs").glob("*.json"))
    ),
]


@pytest.fixture
def wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    """The package as it is installed from a wheel: no pack beside it."""
    monkeypatch.setattr(folder, "_CHECKOUT", Path("/nowhere"))
    monkeypatch.setattr(metadata, "files", lambda _: FILES)


def test_a_checkout_has_its_own(tmp_path: Path) -> None:
    assert folder.locate(tmp_path) == PACK
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("wheel")
def test_a_wheel_has_the_same_program_and_configurations(tmp_path: Path) -> None:
    pack = folder.locate(tmp_path)
    assert (pack / "__main__.py").read_text() == (PACK / "__main__.py").read_text()
    assert list(folder.configurations(pack)) == ["default", "hardened", "trial"]
    for path in folder.configurations(PACK).values():
        assert folder.configurations(pack)[path.stem].read_bytes() == path.read_bytes()


@pytest.mark.usefixtures("wheel")
@pytest.mark.parametrize(("prefix", "options"), [("/env", {"virtualenv": "/env"}), (sys.base_prefix, {})])
def test_the_virtual_environment_is_the_running_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prefix: str, options: dict[str, str]
) -> None:
    monkeypatch.setattr(sys, "prefix", prefix)
    project = yaml.safe_load((folder.locate(tmp_path) / "PulumiPolicy.yaml").read_text())
    own = yaml.safe_load((PACK / "PulumiPolicy.yaml").read_text())
    own["runtime"]["options"] = {"toolchain": "pip", **options}
    assert project == own


@pytest.mark.usefixtures("wheel")
def test_a_second_call_writes_nothing_and_repairs_what_differs(tmp_path: Path) -> None:
    pack = folder.locate(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in pack.rglob("*")}
    assert folder.locate(tmp_path) == pack
    assert {path: path.stat().st_mtime_ns for path in pack.rglob("*")} == before
    (pack / "__main__.py").write_text("half")
    (pack / "PulumiPolicy.yaml").unlink()
    folder.locate(tmp_path)
    assert set(pack.rglob("*")) == set(before)
    assert (pack / "__main__.py").read_text() == (PACK / "__main__.py").read_text()


@pytest.mark.usefixtures("wheel")
def test_environments_do_not_share_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = folder.locate(tmp_path)
    monkeypatch.setattr(sys, "prefix", "/other")
    assert folder.locate(tmp_path) != first


@pytest.mark.usefixtures("wheel")
def test_the_executable_starts_the_folder_with_the_running_python_from_any_folder(tmp_path: Path) -> None:
    cache = tmp_path / "a cache"
    pack = folder.locate(cache)
    (pack / "__main__.py").write_text("import sys; print(sys.executable, sys.argv, flush=False)")
    done = subprocess.run(
        [pack / folder.EXECUTABLE, "127.0.0.1:1"], cwd="/", env={"PATH": os.defpath}, capture_output=True, text=True
    )
    assert done.stdout == f"{sys.executable} ['{pack}', '127.0.0.1:1']\n", done.stderr


@pytest.mark.usefixtures("wheel")
def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(folder.FolderError, match=r"file/policies-\w+: cannot be written: .*; set XDG_CACHE_HOME"):
        folder.locate(tmp_path / "file")


@pytest.mark.usefixtures("wheel")
def test_a_wheel_without_the_files_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "files", lambda _: FILES[:1])
    with pytest.raises(folder.FolderError, match=r"files of the policy pack are missing; run `.* --force-reinstall"):
        folder.locate(tmp_path)


def test_the_pack_has_the_version_of_the_package() -> None:
    assert yaml.safe_load((PACK / "PulumiPolicy.yaml").read_text())["version"] == azure_llama.__version__
