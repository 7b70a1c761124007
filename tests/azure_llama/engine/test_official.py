"""Pulumi's archive, from a server on loopback that plays its download host."""

from __future__ import annotations

import hashlib
import io
import socket
import tarfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from azure_llama.engine import official
from azure_llama.engine.process import AttemptError
from tests.azure_llama.engine.harness import Recorder

NAME = "pulumi-v3.259.0-linux-x64.tar.gz"
CHECKSUMS = "/pulumi-3.259.0-checksums.txt"
WANTED = {"pulumi", "pulumi-language-python", "pulumi-language-python-exec", "pulumi-language-yaml"}


def bundle(*names: str) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        folder = tarfile.TarInfo("pulumi")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        for name in names:
            member = tarfile.TarInfo(name)
            member.size = len(name)
            archive.addfile(member, io.BytesIO(name.encode()))
    return buffer.getvalue()


class Host:
    """The download host: path -> (status, body). Paths that it does not know are forbidden, as on the real one."""

    def __init__(self) -> None:
        self.archive = bundle(*(f"pulumi/{name}" for name in WANTED), "pulumi/pulumi-language-go")
        self.answers: dict[str, tuple[int, bytes]] = {f"/{NAME}": (200, self.archive)}
        self.publish(hashlib.sha256(self.archive).hexdigest())

    def publish(self, checksum: str) -> None:
        other = "0" * 64
        lines = f"{other}  pulumi-v3.259.0-darwin-x64.tar.gz\n{checksum}  {NAME}\n"
        self.answers[CHECKSUMS] = (200, lines.encode())


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    state = Host()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = state.answers.get(self.path, (403, b"AccessDenied"))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        monkeypatch.setattr(official, "RELEASES", f"http://127.0.0.1:{server.server_port}")
        yield state
        server.shutdown()


@pytest.fixture(autouse=True)
def _machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setattr("platform.system", lambda: "Linux")
    monkeypatch.setattr("platform.machine", lambda: "x86_64")


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    return folder


def test_takes_the_cli_and_its_python_parts(host: Host, tmp_path: Path, programs: Path, report: Recorder) -> None:
    official.bring(tmp_path, programs, report)
    assert {program.name for program in programs.iterdir()} == WANTED
    assert all(program.stat().st_mode & 0o777 == 0o755 for program in programs.iterdir())
    assert report.phases == [
        "fetching Pulumi v3.259.0 from 127.0.0.1:" + official.RELEASES.rpartition(":")[2],
        "unpacking Pulumi",
    ]
    assert report.steps[-1] == "0 of 0 MB"
    assert report.notes == []


def test_refuses_what_is_not_what_was_published(host: Host, tmp_path: Path, programs: Path, report: Recorder) -> None:
    host.publish("ab" * 32)
    with pytest.raises(AttemptError, match=rf"^{NAME} has SHA-256 [0-9a-f]{{64}}, published is (ab){{32}}$"):
        official.bring(tmp_path, programs, report)
    assert list(programs.iterdir()) == []


@pytest.mark.parametrize("status", [403, 404, 200])
def test_says_so_where_no_checksum_is_published(
    host: Host, tmp_path: Path, programs: Path, report: Recorder, status: int
) -> None:
    host.answers[CHECKSUMS] = (status, b"")
    official.bring(tmp_path, programs, report)
    assert report.notes == [f"no checksum is published for {NAME}: taken on the word of its host's certificate"]


@pytest.mark.parametrize(("path", "status"), [(CHECKSUMS, 500), (f"/{NAME}", 403)])
def test_names_what_the_host_refuses(
    host: Host, tmp_path: Path, programs: Path, report: Recorder, path: str, status: int
) -> None:
    host.answers[path] = (status, b"")
    with pytest.raises(AttemptError, match=rf"^127\.0\.0\.1 answers {status} for {path}$"):
        official.bring(tmp_path, programs, report)


def test_an_archive_that_is_none_is_refused(host: Host, tmp_path: Path, programs: Path, report: Recorder) -> None:
    host.answers[f"/{NAME}"] = (200, b"<html>")
    host.publish(hashlib.sha256(b"<html>").hexdigest())
    with pytest.raises(AttemptError, match=f"^{NAME} cannot be unpacked"):
        official.bring(tmp_path, programs, report)


def test_no_member_leaves_the_folder(host: Host, tmp_path: Path, programs: Path, report: Recorder) -> None:
    archive = bundle("pulumi/pulumi", "../../pulumi-python-outside", "/pulumi-python-absolute")
    host.answers[f"/{NAME}"] = (200, archive)
    host.publish(hashlib.sha256(archive).hexdigest())
    official.bring(tmp_path, programs, report)
    assert {program.name for program in programs.iterdir()} == {
        "pulumi",
        "pulumi-python-outside",
        "pulumi-python-absolute",
    }


def test_a_host_that_is_not_there_fails_at_once(
    tmp_path: Path, programs: Path, report: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setattr(official, "RELEASES", f"http://127.0.0.1:{port}")
    with pytest.raises(AttemptError, match=r"^no connection to 127\.0\.0\.1: .*refused"):
        official.bring(tmp_path, programs, report)


def test_a_host_that_does_not_answer_fails_after_seconds(
    tmp_path: Path, programs: Path, report: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        monkeypatch.setattr(official, "RELEASES", f"http://127.0.0.1:{mute.getsockname()[1]}")
        monkeypatch.setattr(official, "_TIMEOUT", httpx.Timeout(0.05, connect=0.05))
        with pytest.raises(AttemptError, match=r"^no answer from 127\.0\.0\.1 within 0\.05 s$"):
            official.bring(tmp_path, programs, report)


def test_limits_are_seconds() -> None:
    assert official._TIMEOUT.connect == 5
    assert official._TIMEOUT.read == 20


def test_a_proxy_setting_that_cannot_be_followed_is_a_failed_attempt(
    host: Host, tmp_path: Path, programs: Path, report: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "gopher://user:secret@proxy.example")
    with pytest.raises(AttemptError) as raised:
        official.bring(tmp_path, programs, report)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("system", "machine", "name"),
    [
        ("Linux", "x86_64", NAME),
        ("Linux", "aarch64", "pulumi-v3.259.0-linux-arm64.tar.gz"),
        ("Darwin", "arm64", "pulumi-v3.259.0-darwin-arm64.tar.gz"),
    ],
)
def test_each_machine_has_its_archive(system: str, machine: str, name: str) -> None:
    assert official.archive_name(system, machine) == name


def test_a_machine_without_archive_is_named() -> None:
    with pytest.raises(AttemptError, match=r"^there is no archive for Linux on riscv64$"):
        official.archive_name("Linux", "riscv64")
