"""The server process: `python -m azure_llama_sandbox --home DIR` keeps it in the foreground."""

from __future__ import annotations

import argparse
import logging
import os
from datetime import date
from pathlib import Path

from azure_llama_sandbox.home import DEFAULT_TIME_SCALE, Home, HomeError, Options
from azure_llama_sandbox.packages import require_server_packages


def main() -> None:
    """Serve until stopped; exit 1 when the server cannot start."""
    parser = argparse.ArgumentParser(prog="python -m azure_llama_sandbox", description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--time-scale", type=float, default=DEFAULT_TIME_SCALE)
    parser.add_argument("--as-of", type=date.fromisoformat)
    parser.add_argument("--answers-from")
    parser.add_argument("--answers-model")
    parser.add_argument("--detach", type=int, metavar="FD", help="run in the background; a byte to FD says ready")
    arguments = parser.parse_args()
    if arguments.detach is not None and os.fork():
        os._exit(0)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    home = Home(arguments.home)

    def ready() -> None:
        if arguments.detach is not None:
            os.write(arguments.detach, b"\n")
            os.close(arguments.detach)

    try:
        require_server_packages()
        # Late, so that a wrong argument is reported at once, and a missing package in one line.
        from azure_llama_sandbox.server import run

        home.prepare()
        options = Options(arguments.time_scale, arguments.as_of, arguments.answers_from, arguments.answers_model)
        run(home, options, ready)
    except HomeError as error:
        parser.exit(1, f"{error}\n")


if __name__ == "__main__":
    main()
