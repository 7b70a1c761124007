"""Reads an earlier state of a project, from Git or from a folder."""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from azure_llama.documents.errors import InputError
from azure_llama.stack.project import Project, load
from azure_llama.stack.values import Given


@contextmanager
def base_of(project: Project, base: str, given: Given | None = None) -> Iterator[Project | None]:
    """The project in its earlier state; None where the stack had no file then.

    Args:
        project: Required. The project as it is.
        base: Required. A folder with the earlier project, or a Git revision: a branch, a tag, a commit.
        given: Optional. Values that take the place of those of the file, by key.

    Raises:
        InputError: the base cannot be read, or its files have errors.
    """
    with _base_folder(project.root, base) as folder:
        shown = project.file.shown if project.file else f"Pulumi.{project.stack}.yaml"
        file = folder / shown
        if not file.exists():
            yield None
            return
        try:
            earlier = load(folder, project.stack, file, given)
            earlier.catalog  # noqa: B018 - read here, so that its errors name the base
        except InputError as error:
            raise InputError([f"--against {base}: {line}" for line in error.lines]) from None
        yield earlier


@contextmanager
def _base_folder(root: Path, base: str) -> Iterator[Path]:
    """The project's folder in its earlier state; a copy, removed afterwards, where Git has it.

    Args:
        root: Required. The project's folder as it is.
        base: Required. A folder with the earlier project, or a Git revision: a branch, a tag, a commit.

    Raises:
        InputError: neither a folder nor a revision has this name, or the revision has no such folder.
    """
    if Path(base).is_dir():
        yield Path(base)
        return
    commit = _git(root, base, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{base}^{{commit}}")
    archive = _git(root, base, "archive", "--format=tar", commit.decode().strip())
    with TemporaryDirectory(prefix="azure-llama-") as folder:
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            files.extractall(folder, filter="data")
        if not (Path(folder) / "Pulumi.yaml").exists():
            raise InputError(f"--against {base}: the revision has no Pulumi.yaml in this folder; choose a later one")
        yield Path(folder)


def _git(root: Path, base: str, *arguments: str) -> bytes:
    try:
        done = subprocess.run(["git", *arguments], cwd=root, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except OSError as error:
        raise InputError(f"--against {base}: Git cannot be run ({error.strerror}); give a folder") from None
    if done.returncode:
        reason = " ".join(done.stderr.decode(errors="replace").split())
        raise InputError(
            f"--against {base}: is neither a folder nor a Git revision of this project{reason and f' ({reason})'};"
            " fetch the revision, or give a folder"
        )
    return done.stdout
