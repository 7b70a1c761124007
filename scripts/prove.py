"""Deploy generated stacks in the sandbox, and compare the outcomes with the predictions: `make prove`.

A run that is interrupted goes on where it ended: the count and the disagreements are in .cache/prove.json. Exits with 1
when there are disagreements; the smallest stack of each is in that file.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from hypothesis import HealthCheck, Phase, given, seed, settings  # noqa: E402 - the checkout is not on a script's path

from tests.differential.stacks import DAY, stacks  # noqa: E402 - as above
from tests.differential.verdicts import examine  # noqa: E402 - as above
from tests.inprocess.azure import Azure  # noqa: E402 - as above

RECORD = ROOT / ".cache" / "prove.json"
BATCH = 20
"""Cases of one seed: what is lost at most when a run is interrupted."""


def main() -> int:
    """Prove what is left of the cases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000, help="how many, with those of former runs")
    parser.add_argument("--record", type=Path, default=RECORD, help="where the count is kept")
    parser.add_argument("--first-seed", type=int, default=0, help="of a record that is new")
    arguments = parser.parse_args()
    record = Record(arguments.record, arguments.first_seed)
    with tempfile.TemporaryDirectory() as folder:
        azure = Azure(Path(folder), as_of=DAY)
        try:
            while record.cases < arguments.cases:
                _batch(azure, record)
                sys.stdout.write(f"{record}\n")
                sys.stdout.flush()
        finally:
            azure.close()
    return 1 if record.disagreements else 0


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
        self.disagreements: dict[str, dict[str, Any]] = dict(kept.get("disagreements", {}))

    @property
    def cases(self) -> int:
        """How many stacks were deployed."""
        return sum(self.outcomes.values())

    def note(self, signature: str, config: Mapping[str, Any], text: str) -> None:
        """Count a disagreement, and keep the smallest stack that has it."""
        row = self.disagreements.setdefault(signature, {"count": 0, "seed": self.seed})
        row["count"] += 1
        if len(json.dumps(config)) < len(json.dumps(row.get("config", config))) or "config" not in row:
            row.update(config=config, text=text)

    def save(self) -> None:
        """Write it: the next run begins with the next seed."""
        self.seed += 1
        self._path.parent.mkdir(parents=True, exist_ok=True)
        kept = {"seed": self.seed, "outcomes": self.outcomes, "disagreements": self.disagreements}
        self._path.write_text(json.dumps(kept, indent=1))

    def __str__(self) -> str:
        outcomes = ", ".join(f"{count} {outcome}" for outcome, count in sorted(self.outcomes.items()))
        wrong = "".join(f"\n  {row['count']} x {signature}" for signature, row in self.disagreements.items())
        return f"{self.cases} cases to seed {self.seed}: {outcomes}; {len(self.disagreements)} disagreements{wrong}"


def _batch(azure: Azure, record: Record) -> None:
    @seed(record.seed)
    @settings(
        max_examples=BATCH,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(stacks())
    def prove(config: dict[str, Any]) -> None:
        try:
            case = examine(azure, config)
        except Exception as error:  # a crash is a finding like others
            record.outcomes["crashed"] += 1
            record.note(f"crash: {type(error).__name__}: {str(error)[:80]}", config, str(error))
            return
        record.outcomes["refused" if case.refusals else "deployed"] += 1
        for signature in case.disagreements:
            record.note(signature, config, str(case))

    prove()
    record.save()


if __name__ == "__main__":
    sys.exit(main())
