"""The home folder of a sandbox: state, keys, logs, and deployed stacks.

Two locks keep it in order. The server holds `running.lock` for as long as it lives, so that a sandbox that was
killed is known to be gone, whatever became of its process id. Commands that change what runs hold `control.lock`.
"""

from __future__ import annotations

import fcntl
import json
import os
import stat
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, astuple, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

DEFAULT_TIME_SCALE = 600.0
"""Azure seconds in a real second: a 20-minute deployment takes two seconds."""


class HomeError(Exception):
    """The folder cannot be used, or another process uses it; the message states the reason and the remediation."""


@dataclass(frozen=True)
class Options:
    """The start options of a sandbox.

    Attributes:
        time_scale: Optional. Azure seconds that pass in one real second; more than 0.
        as_of: Optional. The day that its catalogue lives in; today when None.
        answers_from: Optional. Base URL of the server whose answers it gives; its own canned ones when None.
        answers_model: Optional. What that server calls the model; the first one that it lists when None.
    """

    time_scale: float = DEFAULT_TIME_SCALE
    as_of: date | None = None
    answers_from: str | None = None
    answers_model: str | None = None

    def contradiction(self, wishes: Sequence[object]) -> str | None:
        """The first option that is not as wished, in words; None when all are.

        Args:
            wishes: Required. In the order of the options; None is no wish.
        """
        defaults = ("", "of today", "of the sandbox itself", "that its server lists first")
        names = ("time scale", "date", "answers", "model")
        for name, default, has, wish in zip(names, defaults, astuple(self), wishes, strict=True):
            if wish is not None and wish != has:
                return f"the {name} {has or default}, not {wish}"
        return None


@dataclass(frozen=True)
class Ports:
    """The loopback ports of a sandbox; 0 stands for any that is free."""

    arm: int = 0
    proxy: int = 0
    provider: int = 0


@dataclass(frozen=True)
class Record:
    """`sandbox.json`: the sandbox that runs, or ran last, in a home."""

    pid: int
    ports: Ports
    options: Options
    providers: Mapping[str, int] = field(default_factory=dict)
    """Port of the provider that each principal deploys with, by name."""


def default_home() -> Path:
    """`$XDG_STATE_HOME/azure-llama/sandbox`, or the same below `~/.local/state`."""
    state = Path(os.environ.get("XDG_STATE_HOME", ""))
    # The XDG specification has relative values ignored.
    return (state if state.is_absolute() else Path.home() / ".local" / "state") / "azure-llama" / "sandbox"


class Home:
    """One sandbox's folder. Two homes are two sandboxes that know nothing of each other."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = (path or default_home()).expanduser().absolute()
        self.record_file = self.path / "sandbox.json"
        self.identity_file = self.path / "identity.json"
        self.ca = self.path / "ca.pem"
        self.ca_key = self.path / "ca.key"
        self.database = self.path / "state.sqlite"
        self.request_log = self.path / "requests.jsonl"
        self.server_log = self.path / "sandbox.log"
        self.faults = self.path / "faults.yaml"
        self.conditions = self.path / "conditions.yaml"
        self.azure_config = self.path / "azure"
        self.pulumi_home = self.path / "pulumi"
        self.pulumi_state = self.path / "pulumi-state"
        self._running = self.path / "running.lock"
        self._control = self.path / "control.lock"

    def prepare(self) -> None:
        """Make the folder and what tools expect in it, for the user's eyes only.

        Raises:
            HomeError: it cannot be made or written, or belongs to somebody else.
        """
        try:
            self.path.mkdir(parents=True, mode=0o700, exist_ok=True)
            info = self.path.stat()
            if info.st_uid != os.getuid():
                raise HomeError(f"{self.path} belongs to another user; give a folder of your own with --home")
            # A folder that holds other things as well is not ours to close; what we put into it is closed in itself.
            ours = self.identity_file.exists() or not any(self.path.iterdir())
            if ours and stat.S_IMODE(info.st_mode) != 0o700:
                self.path.chmod(0o700)
            for folder in (self.azure_config, self.pulumi_home, self.pulumi_state):
                folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise HomeError(
                f"{self.path} cannot be used: {error.strerror}; give a writable folder with --home"
            ) from error

    def write_private(self, path: Path, text: str) -> None:
        """Replace a file of this home in one step, readable by its owner alone."""
        descriptor, name = tempfile.mkstemp(dir=self.path, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
        Path(name).replace(path)

    def read_record(self) -> Record | None:
        """The sandbox that runs or ran last here; None when there was none."""
        try:
            data: dict[str, Any] = json.loads(self.record_file.read_text())
            options = data["options"]
            as_of = options["as_of"]
            return Record(
                pid=int(data["pid"]),
                ports=Ports(**data["ports"]),
                options=Options(
                    float(options["time_scale"]),
                    date.fromisoformat(as_of) if as_of else None,
                    options.get("answers_from"),
                    options.get("answers_model"),
                ),
                providers={str(name): int(port) for name, port in data.get("providers", {}).items()},
            )
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise HomeError(f"{self.record_file} is not what a sandbox writes ({error}); delete it") from error

    def write_record(self, record: Record) -> None:
        """Publish the sandbox's addresses to commands."""
        self.write_private(self.record_file, json.dumps(asdict(record), default=date.isoformat, indent=2) + "\n")

    @contextmanager
    def serving(self, patience: float = 2) -> Iterator[None]:
        """Be the one server of this home.

        Args:
            patience: Optional. Seconds to wait for a lock that is held; a `status` may be looking at it just now.

        Raises:
            HomeError: another server runs here.
        """
        descriptor = os.open(self._running, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if not _lock(descriptor, fcntl.LOCK_EX, patience):
                raise HomeError(f"a sandbox runs in {self.path} already")
            os.ftruncate(descriptor, 0)
            os.write(descriptor, str(os.getpid()).encode())
            yield
            os.ftruncate(descriptor, 0)
        finally:
            os.close(descriptor)

    def serving_pid(self) -> int | None:
        """The process id of the server of this home; None when none runs."""
        try:
            descriptor = os.open(self._running, os.O_RDONLY)
        except (FileNotFoundError, NotADirectoryError):
            return None
        try:
            while not _lock(descriptor, fcntl.LOCK_SH):
                pid = os.pread(descriptor, 20, 0)
                if pid:
                    return int(pid)
                time.sleep(0.01)  # it took the lock a moment ago and is about to sign
            return None
        finally:
            os.close(descriptor)

    @contextmanager
    def changing(self, patience: float = 120) -> Iterator[None]:
        """Be the only command that starts, stops or resets this home's sandbox.

        Raises:
            HomeError: another one did not end within `patience` seconds.
        """
        descriptor = os.open(self._control, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if not _lock(descriptor, fcntl.LOCK_EX, patience):
                raise HomeError(
                    f"another start, stop or reset of {self.path} has been under way for {patience:.0f} s; end it first"
                )
            yield
        finally:
            os.close(descriptor)


def _lock(descriptor: int, kind: int, patience: float = 0) -> bool:
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.02)
        else:
            return True
