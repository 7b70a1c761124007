"""``python -m azure_llama.engine``: make sure that a Pulumi CLI is installed."""

from __future__ import annotations

import argparse
import signal
import sys
from types import FrameType

from azure_llama.engine import EngineError, console, ensure, ensure_language
from azure_llama.engine.languages import LANGUAGES

_DESCRIPTION = """\
Find the Pulumi CLI, or bring it: the one that AZURE_LLAMA_PULUMI names, else a new enough one on PATH, else the one in
the cache, else Pulumi's own archive, else a build from its Go modules (minutes, 4 GB of disk meanwhile).
With --language yaml, also have the language host of YAML programs, which a build lacks (a minute or two, 2 GB).

exit codes:
  0    there is one; its version, place and origin are on stdout, and the place of the language host
  1    there is none, and none could be brought or built; each attempt has said why
  2    wrong usage
  130  interrupted by Ctrl-C; nothing half-done is left
  129, 143  the terminal went away, or it was terminated; nothing half-done is left
"""


def main(arguments: list[str] | None = None) -> int:
    """Bring the CLI with progress on standard error; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m azure_llama.engine",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--language", choices=LANGUAGES, help="a language of programs that is needed besides Python")
    language = parser.parse_args(arguments).language
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _terminate)
    try:
        with console() as report:
            found = ensure(report)
            host = ensure_language(found, report) if language else None
    except EngineError as error:
        sys.stderr.write(f"{error.summary}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("interrupted; nothing half-done is left\n")
        return 130
    sys.stdout.write(f"Pulumi {found.version} at {found.bin} ({found.origin})\n")
    if host is not None:
        sys.stdout.write(f"{host.name} at {host}\n")
    return 0


def _terminate(number: int, _: FrameType | None) -> None:
    """Leave through the ``finally`` clauses, which end the build and remove its folders."""
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
