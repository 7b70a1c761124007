"""Deploy generated stacks in the sandbox, and compare the outcomes with the predictions: `make prove`.

A run that is interrupted goes on where it ended: the count and the disagreements are in .cache/prove.json. Exits with 1
when there are disagreements; the smallest stack of each is in that file.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from hypothesis import HealthCheck, Phase, given, seed, settings  # noqa: E402 - the checkout is not on a script's path

from tests.differential.circumstances import kinds  # noqa: E402 - as above
from tests.differential.coverage import drawn, every_option, missing  # noqa: E402 - as above
from tests.differential.rows import DAY  # noqa: E402 - as above
from tests.differential.stacks import deployments  # noqa: E402 - as above
from tests.differential.verdicts import examine  # noqa: E402 - as above
from tests.inprocess.azure import Azure  # noqa: E402 - as above

RECORD = ROOT / ".cache" / "prove.json"
BATCH = 20
"""Cases of one seed: what each process loses at most when a run is interrupted."""
BATCHES_PER_PROCESS = 50
"""A new process then takes over, so that memory has a bound."""


def main() -> int:
    """Prove what is left of the cases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000, help="how many, with those of former runs")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes")
    parser.add_argument("--record", type=Path, default=RECORD, help="where the count is kept")
    parser.add_argument("--first-seed", type=int, default=0, help="of a record that is new")
    arguments = parser.parse_args()
    record = Record(arguments.record, arguments.first_seed)
    left = max(0, arguments.cases - record.cases)
    seeds = range(record.seed, record.seed + -(-left // BATCH))
    with (
        tempfile.TemporaryDirectory() as folder,
        get_context("spawn").Pool(arguments.jobs, _begin, (folder,), BATCHES_PER_PROCESS) as pool,
    ):
        for batch in pool.imap(prove, seeds):
            record.add(batch)
            sys.stdout.write(f"{record}\n")
            sys.stdout.flush()
    return 1 if record.disagreements else 0


@dataclass
class Batch:
    """The cases of a seed.

    Attributes:
        outcomes: How many were deployed, refused, or crashed.
        circumstances: How many stacks were deployed in circumstances of each kind.
        disagreements: Signature, stack, circumstances and report of each.
        options: The options that the stacks set.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    circumstances: Counter[str] = field(default_factory=Counter)
    disagreements: list[tuple[str, dict[str, Any], dict[str, Any], str]] = field(default_factory=list)
    options: frozenset[str] = frozenset()


class Record:
    """What was proved so far.

    Args:
        path: Required. Where it is kept.
        first_seed: Required. The seed of the first batch.
    """

    def __init__(self, path: Path, first_seed: int) -> None:
        self._path = path
        kept: Mapping[str, Any] = json.loads(path.read_text()) if path.is_file() else {}
        self.seed: int = kept.get("seed", first_seed)
        self.outcomes = Counter[str](kept.get("outcomes", {}))
        self.circumstances = Counter[str](kept.get("circumstances", {}))
        self.disagreements: dict[str, dict[str, Any]] = dict(kept.get("disagreements", {}))
        self.options = frozenset(kept.get("options", ()))

    @property
    def cases(self) -> int:
        """How many stacks were deployed."""
        return sum(self.outcomes.values())

    def add(self, batch: Batch) -> None:
        """Count the cases of the next seed, and write all of it: the next run begins with the seed after it."""
        self.outcomes += batch.outcomes
        self.circumstances += batch.circumstances
        self.options |= batch.options
        for signature, config, around, text in batch.disagreements:
            row = self.disagreements.setdefault(signature, {"count": 0, "seed": self.seed})
            row["count"] += 1
            if "config" not in row or len(json.dumps(config)) < len(json.dumps(row["config"])):
                row.update(config=config, circumstances=around, text=text)
        self.seed += 1
        kept = {
            "seed": self.seed,
            "outcomes": self.outcomes,
            "circumstances": self.circumstances,
            "disagreements": self.disagreements,
            "options": sorted(self.options),
        }
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps(kept, indent=1))

    def __str__(self) -> str:
        outcomes = ", ".join(f"{count} {outcome}" for outcome, count in sorted(self.outcomes.items()))
        wrong = "".join(f"\n  {row['count']} x {signature}" for signature, row in self.disagreements.items())
        options = f"{len(self.options)} of {len(every_option())} options"
        if 0 < len(left := missing(self.options)) <= _SHOWN:
            options += f" (not yet {', '.join(left)})"
        cases = f"{self.cases} cases to seed {self.seed}: {outcomes}; {options}"
        if self.circumstances:
            cases += f"; in {self.circumstances.total()} circumstances of {len(self.circumstances)} kinds"
        return f"{cases}; {len(self.disagreements)} disagreements{wrong}"


_SHOWN = 8
_azure: Azure


def _begin(folder: str) -> None:
    global _azure  # a process has one
    _azure = Azure(Path(tempfile.mkdtemp(dir=folder)), as_of=DAY)


def prove(number: int) -> Batch:
    """Deploy the stacks of a seed.

    Args:
        number: Required. The seed.
    """
    batch = Batch()

    @seed(number)
    @settings(
        max_examples=BATCH,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(deployments())
    def one(deployment: tuple[dict[str, Any], dict[str, Any]]) -> None:
        config, around = deployment
        batch.options |= drawn(config)
        batch.circumstances.update(kinds(around))
        try:
            case = examine(_azure, config, around)
        except Exception as error:  # a crash is a finding like others
            batch.outcomes["crashed"] += 1
            batch.disagreements.append(
                (f"crash: {type(error).__name__}: {str(error)[:80]}", config, around, str(error))
            )
            return
        batch.outcomes["refused" if case.refusals else "deployed"] += 1
        batch.disagreements += [(signature, config, around, str(case)) for signature in case.disagreements]

    one()
    gc.freeze()  # the SDK's modules are large, and live as long as the process
    return batch


if __name__ == "__main__":
    sys.exit(main())
