"""Files that people write, read and written whole."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from azure_llama.documents.errors import InputError
from azure_llama.documents.problems import FileProblem, ValueProblem

PROJECT = ("Pulumi.yaml", "Pulumi.yml")
"""Names that the file of a Pulumi project may have."""
LARGEST = 32 * 2**20
"""Bytes of a file that is read at all."""


def find_upwards(folder: Path, names: Iterable[str]) -> Path | None:
    """The first file of one of the names in a folder, or in one above it; None when there is none."""
    listed = tuple(names)
    above = (place / name for place in (folder, *folder.parents) for name in listed)
    return next((file for file in above if file.is_file()), None)


def shown(path: Path) -> str:
    """A path as a person finds it from the current folder."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def text_of(path: Path, name: str | None = None) -> str:
    """The text of a file.

    Args:
        path: Required. The file.
        name: Optional. What reports call it; the path as given by default.

    Raises:
        InputError: it cannot be read, is not UTF-8, or is too large.
    """
    name = name or str(path)
    try:
        if path.is_file() and path.stat().st_size > LARGEST:
            raise _problem(name, f"is larger than {LARGEST // 2**20} MiB", "give the file that was meant")
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or error
        raise _problem(name, f"cannot be read: {reason}", "check its path and permissions") from None
    return decoded(data, name)


def decoded(data: bytes, name: str) -> str:
    """The text of bytes.

    Args:
        data: Required. The bytes.
        name: Required. What reports call their file.

    Raises:
        InputError: they are not UTF-8.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _problem(name, f"is not UTF-8 (byte {error.start})", "save it as UTF-8") from None


def check_readable(path: Path, name: str | None = None) -> None:
    """Check that a file that was named is there and can be read.

    Raises:
        InputError: it cannot be read.
    """
    try:
        path.open("rb").close()
    except OSError as error:
        reason = error.strerror or error
        raise _problem(name or str(path), f"cannot be read: {reason}", "check its path and permissions") from None


def write_text(path: Path, text: str) -> None:
    """Put a file in the place of another, all of it or nothing. A link stays one, and the mode is kept.

    What is there and is no file, such as `/dev/stdout` or a pipe, is written to.

    Raises:
        InputError: the folder or the file cannot be written.
    """
    import tempfile  # only a command that writes loads it

    target = path.resolve()
    try:
        if target.exists() and not target.is_file():
            path.write_text(text, encoding="utf-8")
            return
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o644
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(mode)
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        reason = error.strerror or error
        raise _problem(str(path), f"cannot be written: {reason}", "check its path and permissions") from None


def _problem(name: str, rule: str, remedy: str) -> InputError:
    return InputError(FileProblem(name, ValueProblem(rule, remedy)))
