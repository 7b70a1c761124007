"""A salt goes, everything else stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from azure_llama.engine import stack_files

BEFORE = b"# why\nconfig:\n  azure-native:location: eastus2   # here\n"


@pytest.mark.parametrize(
    ("after", "restored"),
    [
        (b"# why\nconfig:\n  azure-native:location: eastus2 # here\nencryptionsalt: v1:abc\n", True),
        (b"config:\n  azure-native:location: westus\nencryptionsalt: v1:abc\n", False),
        (b"config:\n  azure-native:location: westus\n", False),
        (b"config: [", False),
    ],
)
def test_only_an_added_salt_is_undone(tmp_path: Path, after: bytes, restored: bool) -> None:
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_bytes(BEFORE)
    with stack_files.kept(tmp_path):
        path.write_bytes(after)
    assert path.read_bytes() == (BEFORE if restored else after)


def test_a_salt_that_was_there_and_a_file_that_came_stay(tmp_path: Path) -> None:
    old, new = tmp_path / "Pulumi.dev.yaml", tmp_path / "Pulumi.prod.yaml"
    old.write_bytes(b"encryptionsalt: v1:abc\n")
    with stack_files.kept(tmp_path):
        old.write_bytes(b"encryptionsalt: v1:def\n")
        new.write_bytes(b"encryptionsalt: v1:abc\n")
    assert old.read_bytes() == b"encryptionsalt: v1:def\n"
    assert new.exists()


def test_undone_also_when_the_command_fails_and_gone_files_stay_gone(tmp_path: Path) -> None:
    path, gone = tmp_path / "Pulumi.dev.yaml", tmp_path / "Pulumi.old.yaml"
    path.write_bytes(BEFORE)
    gone.write_bytes(BEFORE)

    def fail() -> None:
        with stack_files.kept(tmp_path):
            path.write_bytes(BEFORE + b"encryptionsalt: v1:abc\n")
            gone.unlink()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert path.read_bytes() == BEFORE
    assert not gone.exists()
