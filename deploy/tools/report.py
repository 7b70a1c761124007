"""Tell people what a run found: one comment on the pull request that is edited, or one issue that stays up to date.

    .venv/bin/python deploy/tools/report.py comment --marker NAME [--fenced TITLE] FILE
    .venv/bin/python deploy/tools/report.py issue --marker NAME --title TITLE [--fenced TITLE] FILE
    .venv/bin/python deploy/tools/report.py close --marker NAME

Exit codes: 0 told, 1 the forge refused or cannot be reached, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from forge import ForgeError, connect

MOST = 60_000
"""Characters. GitHub takes 65,536 in a comment, Azure DevOps more."""


def main() -> int:
    """Do what the arguments say; returns the exit code."""
    parser = argparse.ArgumentParser(description="Tell people what a run found.")
    parser.add_argument("what", choices=("comment", "issue", "close"))
    parser.add_argument("file", nargs="?", type=Path, help="what to tell")
    parser.add_argument("--marker", required=True, help="by which the next run finds it again")
    parser.add_argument("--title", help="of the issue")
    parser.add_argument("--fenced", metavar="TITLE", help="the file is plain text: show it as it is, under this title")
    arguments = parser.parse_intermixed_args()
    if arguments.what != "close" and arguments.file is None:
        parser.error("FILE is missing")
    if arguments.what == "issue" and not arguments.title:
        parser.error("--title is missing")
    marker = f"<!-- azure-llama: {arguments.marker} -->"
    try:
        forge = connect()
        if arguments.what == "close":
            done = forge.close(marker)
        else:
            text = _text(marker, arguments.file.read_text(encoding="utf-8"), arguments.fenced)
            done = (
                forge.comment(marker, text)
                if arguments.what == "comment"
                else forge.issue(marker, arguments.title, text)
            )
    except (ForgeError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{arguments.what}: {done}\n")
    return 0


def _text(marker: str, text: str, fenced: str | None) -> str:
    if len(text) > MOST:
        text = text[:MOST] + f"\n... and {len(text) - MOST} characters more: the run's log has them.\n"
    if fenced is None:
        return f"{marker}\n{text}"
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{marker}\n### {fenced}\n\n{fence}text\n{text.rstrip()}\n{fence}\n"


if __name__ == "__main__":
    sys.exit(main())
