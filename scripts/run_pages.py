"""`make pages`: run the commands of README and of every page in a fresh clone, with the sandbox in place of Azure.

A block of commands is fenced as `sh`, a block of output as `text`. The commands run in the order of the page, README
first. A comment before a block states what its run needs, as YAML: `<!-- run: {exit: 1} -->`

| key | meaning |
|---|---|
| `skip` | the reason why the block cannot run here |
| `without` | commands that are left out, each with the reason |
| `before` | commands that prepare what the page takes as given |
| `exit` | the exit code of the last command; 0 when not set |
| `outside` | commands that run first, outside `sandbox exec`, since they need the network; or `all` |
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import click
import yaml

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from azure_llama import engine  # noqa: E402 - the checkout is not on the path of a script

BLOCK: Final = re.compile(r"(?:^<!-- run:\s(?P<run>.*?)\s-->\n)?^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.M | re.S)
KEYS: Final = frozenset({"skip", "without", "before", "exit", "outside"})
SECONDS: Final = 900.0
"""Longest run of a block."""
DEPLOY: Final = (
    ("make demo", True),
    ("test -f Pulumi.prod.yaml || cp examples/defaults/Pulumi.defaults.yaml Pulumi.prod.yaml", True),
    ("pulumi stack select --create prod && pulumi up --stack prod && pulumi stack select dev", False),
)


class PageError(Exception):
    """A block that cannot be run as the page states it."""


@dataclass(frozen=True)
class CommandBlock:
    """Commands of a page, and what their run needs."""

    page: str
    line: int
    text: str
    run: Mapping[str, Any] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """Page and line, as `README.md:24`."""
        return f"{self.page}:{self.line}"

    @property
    def script(self) -> str:
        """What the shell gets: the commands, without those that are left out."""
        return self._shell([line for line in self._lines if line not in self._outside])

    @property
    def outside(self) -> str:
        """What the shell gets first, outside the sandbox."""
        return self._shell(self._outside)

    @property
    def _lines(self) -> list[str]:
        without = self.run.get("without", {})
        commands = [line.split(" #")[0].strip() for line in self.text.splitlines()]
        return [*self.run.get("before", "").splitlines(), *(command for command in commands if command not in without)]

    @property
    def _outside(self) -> list[str]:
        outside = self.run.get("outside", [])
        return self._lines if outside == "all" else [line for line in self._lines if line in outside]

    @staticmethod
    def _shell(lines: Sequence[str]) -> str:
        return "\n".join(["set -e", *lines, ""]) if any(lines) else ""


def pages(root: Path) -> list[str]:
    """README and CONTRIBUTING, then every page below docs/, by path."""
    return ["README.md", "CONTRIBUTING.md", *sorted(str(path.relative_to(root)) for path in root.glob("docs/**/*.md"))]


def blocks(root: Path, page: str) -> Iterator[CommandBlock]:
    """The command blocks of a page. Raises PageError for a fence without a language, or a key that does not exist."""
    text = (root / page).read_text(encoding="utf-8")
    for match in BLOCK.finditer(text):
        line = text.count("\n", 0, match.start("text")) + 1
        run = yaml.safe_load(match["run"]) if match["run"] else {}
        if not match["language"]:
            raise PageError(f"{page}:{line}: a block must be fenced as sh, text or another language")
        if unknown := set(run) - KEYS:
            raise PageError(
                f"{page}:{line}: run: {', '.join(sorted(unknown))} must be one of {', '.join(sorted(KEYS))}"
            )
        if match["language"] == "sh":
            yield CommandBlock(page, line, match["text"], run)


class Clone:
    """A fresh clone in a folder of its own, with its own home and its own sandbox."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "azure-llama"
        subprocess.run(["git", "clone", "--quiet", ROOT, self.path], check=True)
        pulumi = engine.find()
        if pulumi is None:
            raise PageError("there is no Pulumi CLI: run `make setup`")
        self._pack = str(pulumi.policy_pack(Path("policies")))
        search = [str(self.path / ".venv" / "bin"), *map(str, pulumi.path_entries), os.environ["PATH"]]
        self._environment = {
            **os.environ,
            "HOME": str(folder),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "PATH": os.pathsep.join(search),
            "PULUMI_SKIP_CONFIRMATIONS": "true",
            engine.OVERRIDE: str(pulumi.bin),
        }
        self._environment.pop("VIRTUAL_ENV", None)

    def shell(self, script: str, *, outside: bool) -> subprocess.CompletedProcess[str]:
        """Run a script of bash, in the sandbox unless `outside`."""
        command = ["bash", "-c", script.replace("--policy-pack policies", f"--policy-pack {self._pack}")]
        if not outside:
            command = ["azure-llama", "sandbox", "exec", "--", *command]
        return subprocess.run(
            command,
            cwd=self.path,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    def deploy(self) -> None:
        """What README leaves behind for the other pages: the stacks dev and prod, deployed. Raises PageError."""
        for script, outside in DEPLOY:
            done = self.shell(script, outside=outside)
            if done.returncode:
                raise PageError(f"{script}: exit code {done.returncode}\n{done.stdout}")


def run(clone: Clone, block: CommandBlock) -> bool:
    """Run a block, print a line, and on failure what it printed."""
    if reason := block.run.get("skip"):
        click.echo(f"skipped  {block.place}  {reason}")
        return True
    started = time.monotonic()
    code, printed = 0, ""
    for script, outside in ((block.outside, True), (block.script, False)):
        if script and not code:
            done = clone.shell(script, outside=outside)
            code, printed = done.returncode, f"{printed}{script}\n{done.stdout}\n"
    expected = block.run.get("exit", 0)
    passed = code == expected and "Traceback (most recent call last)" not in printed
    click.echo(f"{'passed' if passed else 'FAILED'}   {block.place}  {time.monotonic() - started:.0f} s")
    if not passed:
        click.echo(f"exit code {code}, expected {expected}\n{printed}")
    return passed


def main() -> int:
    """Run the pages that are named, or all. The exit code is 1 if a block failed, 2 if a page cannot be run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="*", help="Optional. Pages by their paths; README always runs first.")
    chosen = parser.parse_args().pages
    try:
        every = [page for page in pages(ROOT) if not chosen or page in {"README.md", *chosen}]
        commands = [block for page in every for block in blocks(ROOT, page)]
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            clone = Clone(Path(folder))
            failed = []
            for page, group in groupby(commands, key=lambda block: block.page):
                failed += [block.place for block in group if not run(clone, block)]
                if page == "README.md":
                    clone.deploy()
            clone.shell("azure-llama sandbox stop", outside=True)
    except PageError as error:
        click.echo(error, err=True)
        return 2
    click.echo(f"{len(commands)} blocks, {len(failed)} failed" + "".join(f"\n  {place}" for place in failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
