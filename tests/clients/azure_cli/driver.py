"""Runs commands of azure-cli in one process: JSON lines of arguments in, JSON lines of what came of each out.

Runs on the Python of azure-cli's own environment. A process for each command would take seconds to start.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import traceback

from azure.cli.core import get_default_cli

ERRORS = io.StringIO()
"""One for all commands: the loggers of azure-cli keep the first that they see."""
SHOWN = 4000
"""Characters of an error or an output, from its end."""


def run(arguments: list[str]) -> dict[str, int | str]:
    """The exit code of a command, and what it wrote."""
    output = io.StringIO()
    ERRORS.seek(0)
    ERRORS.truncate()
    with contextlib.redirect_stdout(sys.stderr), contextlib.redirect_stderr(ERRORS):
        try:
            code = get_default_cli().invoke(arguments, out_file=output)
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except Exception:
            traceback.print_exc()
            code = 1
    return {"code": int(code or 0), "output": output.getvalue()[-SHOWN:], "error": ERRORS.getvalue()[-SHOWN:]}


def main() -> None:
    """Run what standard input lists."""
    answers = sys.stdout
    for line in sys.stdin:
        answers.write(json.dumps(run(json.loads(line))) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
