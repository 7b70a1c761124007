"""The CLI as Pulumi ships it: the archive that the official installer fetches, of a fixed version."""

from __future__ import annotations

import hashlib
import platform
import shutil
import ssl
import tarfile
import time
from pathlib import Path, PurePosixPath

import certifi
import httpx

from azure_llama.engine.installation import CLI, YAML
from azure_llama.engine.process import AttemptError
from azure_llama.engine.report import Report
from azure_llama.engine.versions import PULUMI

RELEASES = "https://get.pulumi.com/releases/sdk"
_TIMEOUT = httpx.Timeout(20.0, connect=5.0)
_DOWNLOAD_LIMIT = 900.0
_SYSTEMS = {"Linux": "linux", "Darwin": "darwin"}
_MACHINES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}


def bring(work: Path, programs: Path, report: Report) -> None:
    """Fetch the archive, hold it against its published checksum, and put the CLI and its Python parts into a folder.

    Raises:
        AttemptError: there is no archive for this machine, its host cannot be reached, or the archive is not what was
            published.
    """
    name = archive_name(platform.system(), platform.machine())
    report.phase(f"fetching Pulumi {PULUMI} from {RELEASES.partition('//')[2].partition('/')[0]}")
    archive = work / name
    try:
        with _client() as client:
            expected = _checksum(client, name)
            actual = _download(client, name, archive, report)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ImportError, ValueError) as error:
        # The last two are what a proxy setting raises that httpx cannot follow.
        raise AttemptError(_reason(error)) from error
    if expected is None:
        report.note(f"no checksum is published for {name}: taken on the word of its host's certificate")
    elif actual != expected:
        raise AttemptError(f"{name} has SHA-256 {actual}, published is {expected}")
    report.phase("unpacking Pulumi")
    _unpack(archive, programs)


def archive_name(system: str, machine: str) -> str:
    """The archive's name for a system and a machine as ``platform`` names them.

    Raises:
        AttemptError: Pulumi publishes none for it.
    """
    try:
        return f"pulumi-{PULUMI}-{_SYSTEMS[system]}-{_MACHINES[machine.lower()]}.tar.gz"
    except KeyError:
        raise AttemptError(f"there is no archive for {system} on {machine}") from None


def _client() -> httpx.Client:
    trust = ssl.create_default_context()  # the system's authorities: companies add their own there
    trust.load_verify_locations(certifi.where())  # and the usual ones, which some Pythons come without
    return httpx.Client(timeout=_TIMEOUT, follow_redirects=True, verify=trust)


def _checksum(client: httpx.Client, name: str) -> str | None:
    """The archive's published SHA-256, or None where none is published (the host says 403 of what it does not have)."""
    answer = client.get(f"{RELEASES}/pulumi-{PULUMI.removeprefix('v')}-checksums.txt")
    if answer.status_code in (403, 404):
        return None
    answer.raise_for_status()
    lines = (line.split() for line in answer.text.splitlines())
    return next((line[0].lower() for line in lines if len(line) == 2 and line[1].lstrip("*") == name), None)


def _download(client: httpx.Client, name: str, archive: Path, report: Report) -> str:
    """Write the archive to a file and return its SHA-256."""
    end = time.monotonic() + _DOWNLOAD_LIMIT
    digest = hashlib.sha256()
    with client.stream("GET", f"{RELEASES}/{name}") as answer, archive.open("wb") as file:
        answer.raise_for_status()
        of = int(answer.headers.get("Content-Length", 0))
        size = 0
        for chunk in answer.iter_bytes():
            digest.update(chunk)
            size += file.write(chunk)
            report.progress(f"{size / 1e6:.0f}" + (f" of {of / 1e6:.0f} MB" if of else " MB"))
            if time.monotonic() > end:
                raise AttemptError(f"{name}: only {size / 1e6:.0f} MB came within {_DOWNLOAD_LIMIT:g} s")
    return digest.hexdigest()


def _unpack(archive: Path, programs: Path) -> None:
    """Take the CLI, what belongs to Python, and YAML's host; the other languages' hosts are as much again."""
    try:
        with tarfile.open(archive) as bundle:
            for member in bundle:
                name = PurePosixPath(member.name).name
                content = bundle.extractfile(member) if name in (CLI, YAML) or "python" in name else None
                if content is None:  # another language's, or a folder
                    continue
                with content, (programs / name).open("wb") as file:
                    shutil.copyfileobj(content, file)
                (programs / name).chmod(0o755)
    except (tarfile.TarError, OSError, EOFError) as error:
        raise AttemptError(f"{archive.name} cannot be unpacked: {error}") from error


def _reason(error: Exception) -> str:
    if isinstance(error, httpx.HTTPStatusError):
        return f"{error.request.url.host} answers {error.response.status_code} for {error.request.url.path}"
    if isinstance(error, httpx.ConnectTimeout):
        return f"no connection to {error.request.url.host} within {_TIMEOUT.connect:g} s"
    if isinstance(error, httpx.TimeoutException):
        return f"no answer from {error.request.url.host} within {_TIMEOUT.read:g} s"
    if isinstance(error, httpx.RequestError):
        return f"no connection to {error.request.url.host}: {error}"
    return str(error)
