"""A Pulumi CLI that can be used, and how one is distinguished from one that cannot."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

from azure_llama.engine.process import AttemptError, run
from azure_llama.engine.versions import MINIMUM, parse, render

CLI = "pulumi"
HOST = "pulumi-language-python"
EXECUTOR = "pulumi-language-python-exec"
YAML = "pulumi-language-yaml"
POLICY_PACK_FILE = "azure-llama-policies"
PROBE_LIMIT = 20.0
"""Seconds that a CLI may take to say its version; it needs half of one."""

PolicyPackForm = Literal["directory", "executable"]


@dataclass(frozen=True)
class Installation:
    """A Pulumi CLI with its Python language host.

    Attributes:
        version: What ``pulumi version`` says, such as ``v3.259.0``.
        origin: Where it came from: ``PATH``, ``AZURE_LLAMA_PULUMI``, ``official installer`` or
            ``built from Go modules v3.259.0``.
        bin: The ``pulumi`` program.
        path_entries: Folders for PATH, so that the engine finds the CLI and the language host: after the virtual
            environment's own ``bin``, before everything else.
        policy_pack_form: What ``--policy-pack`` takes here: the pack's ``directory``, or, where the language host is
            too old to start one, an ``executable`` file.
    """

    version: str
    origin: str
    bin: Path
    path_entries: list[Path]
    policy_pack_form: PolicyPackForm

    def policy_pack(self, folder: Path) -> Path:
        """The value of ``--policy-pack`` for the pack in a folder: the folder, or the executable file in it.

        Args:
            folder: Required. A pack that comes in both forms, like this project's ``policies``.
        """
        return folder if self.policy_pack_form == "directory" else folder / POLICY_PACK_FILE

    def refused_pack(self, command: Sequence[str]) -> str | None:
        """Why a `pulumi` command cannot start its policy pack, and what to give instead; None when it can.

        A host that is too old to start a folder runs the project's own program in its place, whose errors then hide the
        cause.

        Args:
            command: Required. The command with its arguments.
        """
        if self.policy_pack_form == "directory" or Path(command[0]).name != CLI:
            return None
        words = [word for argument in command[1:] for word in argument.split("=", 1)]
        packs = [Path(value) for option, value in pairwise(words) if option == "--policy-pack"]
        for pack in packs:
            if pack.is_dir():
                file = pack / POLICY_PACK_FILE
                remedy = f"give --policy-pack {file}" if file.is_file() else "install Pulumi's own CLI on PATH"
                return f"--policy-pack {pack}: this Pulumi CLI ({self.origin}) cannot start a folder; {remedy}"
        return None


def inspect(program: Path, origin: str) -> Installation:
    """The installation that a ``pulumi`` program belongs to.

    Raises:
        AttemptError: it does not run, is older than the minimum, or has no Python language host beside it or on PATH.
    """
    version = version_of(program)
    host = _language_host(program)
    entries = list(dict.fromkeys((program.parent, host.parent)))
    return Installation(version, origin, program, entries, policy_pack_form(host))


def version_of(program: Path) -> str:
    """The output of ``pulumi version``.

    Raises:
        AttemptError: it does not run, says no version, or one older than the minimum.
    """
    environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    said = run([program, "version"], limit=PROBE_LIMIT, env=environment).strip()
    version = parse(said)
    if version is None:
        raise AttemptError(f"{program} says {said!r} for its version")
    if version < MINIMUM:
        raise AttemptError(f"{program} is {said}; {render(MINIMUM)} or newer is needed")
    return said


def policy_pack_form(host: Path) -> PolicyPackForm:
    """The form of policy pack that a language host can start.

    Newer hosts keep the flags of older ones as obsolete, or not at all. A host that still heeds them starts no
    directory.

    Raises:
        AttemptError: the host does not run.
    """
    lines: list[str] = []
    run([host, "-h"], limit=PROBE_LIMIT, on_line=lines.append)
    usage = "\n".join(lines)
    if "use-executor" not in usage:
        raise AttemptError(f"{host} is not a Python language host: {usage or 'its -h says nothing'}")
    old = "Virtual environment path to use" in usage and "[obsolete] Virtual environment path" not in usage
    return "executable" if old else "directory"


def _language_host(program: Path) -> Path:
    """The host that the engine will use once the CLI's folder is first on PATH, with its executor script beside it."""
    on_path = shutil.which(HOST)
    behind_links = program.resolve().parent / HOST
    for host in (program.parent / HOST, *([Path(on_path)] if on_path else []), behind_links):
        if os.access(host, os.X_OK) and (host.resolve().parent / EXECUTOR).is_file():
            return host
    raise AttemptError(f"{program} has no {HOST} with {EXECUTOR}, neither beside it nor on PATH")
