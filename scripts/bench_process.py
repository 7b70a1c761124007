"""What a command costs: the processor time of its whole process tree, and how long it takes.

    python scripts/bench_process.py RESULT COMMAND...

measures one command and writes both figures, in seconds, to RESULT. It is a process of its own, since the system counts
the processor time of all children that have ended together.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

Pair = dict[str, dict[str, float]]

_SET_CHILD_SUBREAPER = 36
"""Of Linux's prctl(2): children whose parent has ended become ours, so that their time counts."""


@dataclass(frozen=True)
class Cost:
    """Seconds.

    Attributes:
        cpu: Processor time, user and system together.
        wall: From start to end.
    """

    cpu: float
    wall: float


def cost(command: Sequence[str], cwd: Path, environment: Mapping[str, str] | None = None) -> Cost:
    """What a command costs; its output is dropped.

    Args:
        command: Required. The command.
        cwd: Required. The folder it runs in.
        environment: Optional. All variables; those of this process by default. Python writes its bytecode even where
            they say otherwise: a person's second run has it.
    """
    variables = dict(os.environ if environment is None else environment)
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.NamedTemporaryFile() as result:
        subprocess.run([sys.executable, __file__, result.name, *command], cwd=cwd, env=variables, check=True)
        return Cost(**json.loads(Path(result.name).read_text()))


def compare(ours: Callable[[], Cost], other: Callable[[], Cost], runs: int) -> Pair:
    """The costs of both, run in turn; the first run of each does not count."""
    ours(), other()
    return summary([(ours(), other()) for _ in range(runs)])


def summary(pairs: Sequence[tuple[Cost, Cost]]) -> Pair:
    """Medians of both, and the median of the pairs' ratios, in `cpu` and `wall`."""
    return {
        unit: {
            "ours_s": statistics.median(getattr(ours, unit) for ours, _ in pairs),
            "other_s": statistics.median(getattr(other, unit) for _, other in pairs),
            "ratio": statistics.median(getattr(ours, unit) / getattr(other, unit) for ours, other in pairs),
        }
        for unit in ("cpu", "wall")
    }


def main(result: str, *command: str) -> int:
    """Measure one command."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    begin = time.perf_counter()
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    wall = time.perf_counter() - begin
    try:
        while True:
            os.waitpid(-1, 0)
    except ChildProcessError:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
    Path(result).write_text(json.dumps(asdict(Cost(used.ru_utime + used.ru_stime, wall))))
    if done.returncode:
        sys.stderr.buffer.write(done.stdout)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
