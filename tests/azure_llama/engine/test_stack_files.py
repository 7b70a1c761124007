"""A salt of the sandbox goes, everything else stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from azure_llama.engine import stack_files

BEFORE = b"# why\nconfig:\n  azure-native:location: eastus2   # here\n"
SALT = b"encryptionsalt: v1:abc\n"
SECRET = b"config:\n  azure-llama:x:\n    secure: v1:xyz\n"


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The state of a backend whose only stack has the salt v1:abc."""
    file = tmp_path / "home/.pulumi/stacks/project/dev.json"
    file.parent.mkdir(parents=True)
    file.write_text('{"secrets_providers": {"state": {"salt": "v1:abc"}}}')
    return tmp_path / "home"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A stack file."""
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_bytes(BEFORE)
    return path


@pytest.mark.parametrize(
    ("after", "kept"),
    [
        (b"config:\n  azure-native:location: eastus2 # here\n" + SALT, BEFORE),
        (
            SALT + b"# so\nconfig:\n  azure-native:location: westus\n",
            b"# so\nconfig:\n  azure-native:location: westus\n",
        ),
        (b"config:\n  azure-native:location: westus\n", b"config:\n  azure-native:location: westus\n"),
        (b"config: [", b"config: ["),
        (SECRET + SALT, SECRET + SALT),
        (b"config:\n  azure-llama:x:\n    a:\n    - secure: v1:xyz\n" + SALT,) * 2,
    ],
)
def test_an_added_salt_is_removed_unless_a_secret_needs_it(path: Path, state: Path, after: bytes, kept: bytes) -> None:
    path.chmod(0o640)
    with stack_files.kept(path.parent, state):
        path.write_bytes(after)
    assert path.read_bytes() == kept
    assert path.stat().st_mode & 0o777 == 0o640
    assert [each.name for each in path.parent.iterdir() if each.is_file()] == [path.name]


@pytest.mark.parametrize(("salt", "kept"), [(b"v1:abc", BEFORE), (b"v1:own", BEFORE + b"encryptionsalt: v1:own\n")])
def test_a_salt_that_was_there_goes_only_when_it_is_the_backends(
    path: Path, state: Path, salt: bytes, kept: bytes
) -> None:
    path.write_bytes(BEFORE + b"encryptionsalt: " + salt + b"\n")
    with stack_files.kept(path.parent, state):
        pass
    assert path.read_bytes() == kept


def test_two_commands_at_once_leave_no_salt(path: Path, state: Path) -> None:
    with stack_files.kept(path.parent, state):
        path.write_bytes(BEFORE + SALT)
        with stack_files.kept(path.parent, state):
            path.write_bytes(BEFORE + SALT)
        path.write_bytes(BEFORE + SALT)
    assert path.read_bytes() == BEFORE


def test_a_file_that_came_with_a_salt_alone_goes_and_a_linked_one_stays_linked(path: Path, state: Path) -> None:
    folder = path.parent / "project"
    folder.mkdir()
    (folder / "Pulumi.dev.yaml").symlink_to(path)
    with stack_files.kept(folder, state):
        (folder / "Pulumi.dev.yaml").write_bytes(BEFORE + SALT)
        (folder / "Pulumi.prod.yaml").write_bytes(SALT)
    assert [each.name for each in folder.iterdir()] == ["Pulumi.dev.yaml"]
    assert (folder / "Pulumi.dev.yaml").is_symlink()
    assert path.read_bytes() == BEFORE


def test_restored_also_when_the_command_fails_and_gone_files_stay_gone(path: Path, state: Path) -> None:
    gone = path.with_name("Pulumi.old.yaml")
    gone.write_bytes(BEFORE)

    def fail() -> None:
        with stack_files.kept(path.parent, state):
            path.write_bytes(BEFORE + SALT)
            gone.unlink()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert path.read_bytes() == BEFORE
    assert not gone.exists()


def test_the_project_is_that_of_the_nearest_folder_above(tmp_path: Path) -> None:
    inner = tmp_path / "a/b"
    inner.mkdir(parents=True)
    assert stack_files.project_folder(inner) is None
    (tmp_path / "Pulumi.yaml").touch()
    assert stack_files.project_folder(inner) == tmp_path
    with stack_files.kept(None, tmp_path):
        pass
