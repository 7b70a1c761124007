"""`make release VERSION=1.2.3`: set the version, close the changelog's section, commit, tag, and build into dist/.

It pushes nothing. It stops before it changes a file when the version is lower than the current one, the work tree has
changes, the changelog has nothing unreleased, or the tag exists.
"""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from packaging.version import InvalidVersion, Version

ROOT: Final = Path(__file__).resolve().parents[1]
VERSION_FILES: Final = ("azure_llama/__init__.py", "policies/PulumiPolicy.yaml", "README.md")
"""Files that state the version."""


def problems(version: str, current: str, changelog: str, tags: set[str], changes: str) -> list[str]:
    """Why a version cannot be released; empty when it can."""
    try:
        valid = Version(version) >= Version(current) and str(Version(version)) == version
    except InvalidVersion:
        valid = False
    found = []
    if not valid:
        found.append(f"VERSION must be {current} or a higher version, such as 1.2.3: {version!r}")
    if f"v{version}" in tags:
        found.append(f"the tag v{version} exists")
    if not re.search(r"^## \[Unreleased\]\n+(?!## )\S", changelog, re.MULTILINE):
        found.append("CHANGELOG.md has nothing under [Unreleased]")
    if changes:
        found.append("the work tree has changes that are not committed")
    return found


def released(changelog: str, version: str, day: str) -> str:
    """The changelog with its unreleased section under the version, and an empty one above it."""
    return changelog.replace("## [Unreleased]\n", f"## [Unreleased]\n\n## [{version}] - {day}\n", 1)


def main(version: str) -> int:
    """Release a version; the exit code."""
    current = _current()
    changelog = ROOT / "CHANGELOG.md"
    text = changelog.read_text(encoding="utf-8")
    found = problems(version, current, text, set(_git("tag").split()), _git("status", "--porcelain"))
    if found:
        sys.stderr.write("".join(f"make release: {problem}\n" for problem in found))
        return 1
    changelog.write_text(released(text, version, f"{datetime.now(UTC):%Y-%m-%d}"), encoding="utf-8")
    for name in VERSION_FILES:
        path = ROOT / name
        path.write_text(path.read_text(encoding="utf-8").replace(current, version), encoding="utf-8")
    _git("commit", "--all", "--message", f"Release {version}")
    _git("tag", "--annotate", f"v{version}", "--message", f"azure-llama {version}")
    subprocess.run([sys.executable, ROOT / "scripts" / "dist.py"], cwd=ROOT, check=True)
    sys.stdout.write(f"v{version} is committed, tagged and built; `git push --follow-tags` publishes it\n")
    return 0


def _current() -> str:
    found = re.search(r'^__version__ = "(.+)"$', (ROOT / VERSION_FILES[0]).read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else ""


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2] or [""]))
