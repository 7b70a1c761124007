"""Live through random histories of small stacks in the sandbox: `make prove`.

A run that is interrupted goes on where it ended: the count and the failures are in .cache/prove-histories.json. Exits
with 1 when there are failures; one history of each is in that file, with the seed of its batch.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from hypothesis import HealthCheck, Phase, seed, settings  # noqa: E402 - the checkout is not on a script's path
from hypothesis.stateful import run_state_machine_as_test  # noqa: E402 - as above

from azure_llama_components import failed_deployment  # noqa: E402 - as above
from scripts.prove import Batch, Record  # noqa: E402 - as above
from tests.differential.rows import DAY  # noqa: E402 - as above
from tests.histories.machine import History  # noqa: E402 - as above
from tests.inprocess.azure import Azure  # noqa: E402 - as above
from tests.inprocess.stack import Stack  # noqa: E402 - as above

RECORD = ROOT / ".cache" / "prove-histories.json"
BATCH = 10
"""Histories of one seed: what is lost at most when a run is interrupted. The first failure ends a batch."""
ENGINE_BATCH = 2
"""On the real engine, where one takes minutes."""
STEPS = 8
_BATCHES_PER_PROCESS = 20
"""A new process then takes over, so that memory has a bound."""
_SETTINGS = settings(
    stateful_step_count=STEPS,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)


def main(given: Sequence[str] | None = None) -> int:
    """Live through what is left of the histories."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--histories", type=int, default=300, help="how many, with those of former runs")
    parser.add_argument("--record", type=Path, default=RECORD, help="where the count is kept; another for --engine")
    parser.add_argument("--first-seed", type=int, default=0, help="of a record that is new")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes")
    parser.add_argument("--engine", action="store_true", help="on the real engine, by the Automation API")
    arguments = parser.parse_args(given)
    record = Histories(arguments.record, arguments.first_seed)
    size = ENGINE_BATCH if arguments.engine else BATCH
    with tempfile.TemporaryDirectory() as folder, _batches(arguments.jobs, folder, arguments.engine) as batches:
        while record.cases < arguments.histories:
            left = -(-(arguments.histories - record.cases) // size)
            for batch in batches(range(record.seed, record.seed + left)):
                record.add(batch)
                sys.stdout.write(f"{record}\n")
                sys.stdout.flush()
    return 1 if record.disagreements else 0


@contextmanager
def _batches(jobs: int, folder: str, engine: bool) -> Iterator[Callable[[Iterable[int]], Iterable[Batch]]]:
    """A function that lives through the histories of seeds, in this process where one is enough."""
    if jobs == 1:
        _begin(folder, engine)
        try:
            yield partial(map, _batch)
        finally:
            History.azure.close()
    else:
        with get_context("spawn").Pool(jobs, _begin, (folder, engine), _BATCHES_PER_PROCESS) as pool:
            yield partial(pool.imap, _batch)


def _begin(folder: str, engine: bool) -> None:
    """Prepare a process: it has one Azure."""
    History.azure = Azure(Path(tempfile.mkdtemp(dir=folder)), as_of=DAY)
    # A hook of the program, which would sign in to the Azure of whoever runs this.
    vars(failed_deployment)["arm_client"] = History.azure.hooks_client
    if engine:
        from tests.histories.engine import EngineStack  # it changes the SDK's server of inline programs

        History.backend = EngineStack


class Histories(Record):
    """The histories that were lived through so far."""

    def __str__(self) -> str:
        outcomes = ", ".join(f"{count} {outcome}" for outcome, count in sorted(self.outcomes.items()))
        failures = "".join(f"\n  {row['count']} x {signature}" for signature, row in self.disagreements.items())
        return f"{self.cases} histories to seed {self.seed}: {outcomes}{failures}"


def _batch(seed_: int) -> Batch:
    """Live through the histories of a seed, up to the first failure."""
    batch = Batch()

    class Counted(History):
        def teardown(self) -> None:
            batch.outcomes["converged"] += 1
            super().teardown()

    size = BATCH if History.backend is Stack else ENGINE_BATCH
    try:
        run_state_machine_as_test(seed(seed_)(Counted), settings=settings(_SETTINGS, max_examples=size))
    except Exception as error:  # whatever it is, it is a finding
        batch.outcomes.update(failed=1, converged=-1)
        text = "\n".join([f"{type(error).__name__}: {error}", *getattr(error, "__notes__", ())])
        batch.disagreements.append((_signature(error), {}, {}, text))
    return batch


def _signature(error: Exception) -> str:
    """Where it failed, and how, without names and figures."""
    trace = error.__traceback__
    places = []
    while trace is not None:
        if "/tests/histories/" in trace.tb_frame.f_code.co_filename:
            places.append(trace.tb_frame.f_code.co_name)
        trace = trace.tb_next
    text = re.sub(r"[0-9a-f-]{8,}|\d+", "#", str(error))[:160]
    return f"{'/'.join(places)}: {type(error).__name__}: {text}"


if __name__ == "__main__":
    sys.exit(main())
