"""The folder of a sandbox, and its locks."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from azure_llama_sandbox.home import Home, HomeError, Options, Ports, Record, default_home
from azure_llama_sandbox.identity import ensure_identity, read_identity


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_the_default_follows_the_xdg_specification(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert default_home() == tmp_path / "state/azure-llama/sandbox"
    monkeypatch.setenv("XDG_STATE_HOME", "relative")
    assert default_home() == tmp_path / ".local/state/azure-llama/sandbox"
    monkeypatch.delenv("XDG_STATE_HOME")
    assert Home().path == tmp_path / ".local/state/azure-llama/sandbox"


def test_a_new_home_is_its_owners_alone(home: Home) -> None:
    assert {mode(p) for p in (home.path, home.azure_config, home.pulumi_home, home.pulumi_state)} == {0o700}


def test_an_empty_folder_is_closed_and_a_full_one_is_left_as_it_is(tmp_path: Path) -> None:
    for name in ("empty", "full"):
        (tmp_path / name).mkdir()
        (tmp_path / name).chmod(0o755)
    (tmp_path / "full/notes.txt").touch()
    Home(tmp_path / "empty").prepare()
    Home(tmp_path / "full").prepare()
    assert mode(tmp_path / "empty") == 0o700
    assert mode(tmp_path / "full") == 0o755
    assert mode(tmp_path / "full/pulumi-state") == 0o700


def test_a_home_that_cannot_be_is_refused_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HomeError, match=r"file/home cannot be used: Not a directory; .*--home"):
        Home(tmp_path / "file/home").prepare()


def test_the_record_survives(home: Home) -> None:
    assert home.read_record() is None
    record = Record(7, Ports(1, 2, 3), Options(12.5, date(2025, 3, 1)))
    home.write_record(record)
    assert home.read_record() == record
    assert mode(home.record_file) == 0o600


def test_a_damaged_record_is_named(home: Home) -> None:
    home.record_file.write_text("{}")
    with pytest.raises(HomeError, match=r"sandbox\.json .*delete it"):
        home.read_record()


def test_one_server_a_home(home: Home) -> None:
    assert home.serving_pid() is None
    with home.serving():
        assert home.serving_pid() == os.getpid()
        with pytest.raises(HomeError, match="already"), home.serving(patience=0.05):
            pass
    assert home.serving_pid() is None


def test_one_changing_command_a_home(home: Home) -> None:
    with home.changing(), pytest.raises(HomeError, match="another start, stop or reset"), home.changing(patience=0.05):
        pass
    with home.changing(patience=0):
        pass


def test_identities_are_made_once_and_kept_private(home: Home) -> None:
    assert read_identity(home) is None
    identity = ensure_identity(home)
    assert ensure_identity(home) == identity
    assert mode(home.identity_file) == 0o600
    for secret in (*identity.secrets, identity.token_key):
        assert secret not in repr(identity)


def test_damaged_identities_are_named_without_their_text(home: Home) -> None:
    home.identity_file.write_text('{"token_key": "hush-hush"')
    with pytest.raises(HomeError, match=r"identity\.json cannot be read") as error:
        read_identity(home)
    assert "hush" not in str(error.value)
