"""Files are read whole or refused with a remedy, and written whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from azure_llama.documents.errors import InputError
from azure_llama.documents.files import text_of, write_text


def test_a_link_stays_one_and_the_mode_is_kept(tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_text("old")
    file.chmod(0o600)
    link.symlink_to(file)
    write_text(link, "new\n")
    assert (link.is_symlink(), file.read_text(), file.stat().st_mode & 0o777) == (True, "new\n", 0o600)
    assert sorted(tmp_path.iterdir()) == [file, link]


def test_a_device_is_written_to_and_not_replaced() -> None:
    write_text(Path("/dev/null"), "gone")
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize("name", ["", "no/such/folder"])
def test_a_place_that_cannot_be_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"cannot be written: .*; check its path"):
        write_text(tmp_path / name, "x")


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^here: cannot be read: No such file or directory; check its path"):
        text_of(tmp_path / "none", "here")
    (tmp_path / "bytes").write_bytes(b"a\xff")
    with pytest.raises(InputError, match=r"bytes: is not UTF-8 \(byte 1\); save it as UTF-8"):
        text_of(tmp_path / "bytes")
