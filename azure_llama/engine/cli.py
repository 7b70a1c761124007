"""Runs the Pulumi CLI in a project's folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from azure_llama.engine.bring import find
from azure_llama.engine.installation import Installation
from azure_llama.engine.languages import search_path
from azure_llama.engine.process import follow, run

LIMIT = 120.0
"""Seconds that a command whose output is read may take: a backend may be far away."""
_QUIET = ("--non-interactive", "--color", "never")


@dataclass(frozen=True)
class Pulumi:
    """The Pulumi CLI with a folder and an environment.

    Attributes:
        installation: Required. The CLI.
        folder: Optional. Where it runs; the current folder when None.
        environment: Optional. Its variables, PATH aside; the caller's own when None.
    """

    installation: Installation
    folder: Path | None = None
    environment: Mapping[str, str] | None = None

    @classmethod
    def find(cls, folder: Path | None = None, environment: Mapping[str, str] | None = None) -> Pulumi | None:
        """The CLI that :func:`azure_llama.engine.find` finds; None when there is none.

        Raises:
            EngineError: `AZURE_LLAMA_PULUMI` names something that cannot be used.
        """
        installation = find()
        return None if installation is None else cls(installation, folder, environment)

    @property
    def variables(self) -> dict[str, str]:
        """The environment of a run: this Python and the CLI come first on PATH, and nothing asks for updates."""
        own = dict(os.environ if self.environment is None else self.environment)
        path = os.pathsep.join([*map(str, search_path(self.installation)), own.get("PATH", "")])
        return {**own, "PATH": path, "PULUMI_SKIP_UPDATE_CHECK": "true"}

    def read(self, *arguments: str, limit: float = LIMIT) -> str:
        """The stdout of a command.

        Args:
            arguments: Required. The command.
            limit: Optional. Seconds that it may take.

        Raises:
            AttemptError: it fails, or takes too long; the text is the last line that it wrote to stderr.
        """
        # Such a command changes nothing, and `--preview-only` fails where nothing is to be confirmed.
        asking = {name: value for name, value in self.variables.items() if name != "PULUMI_SKIP_CONFIRMATIONS"}
        return run([self.installation.bin, *arguments, *_QUIET], limit=limit, env=asking, cwd=self.folder)

    def show(self, *arguments: str, on_line: Callable[[str], None] | None = None) -> int:
        """Run a command whose output a person reads; returns its exit code.

        Args:
            arguments: Required. The command.
            on_line: Optional. Takes each line of its output, with the line break; it goes to the caller's own stdout
                and stderr when None.
        """
        command = [str(self.installation.bin), *arguments, "--non-interactive"]
        return follow(command, env=self.variables, cwd=self.folder, on_line=on_line)
