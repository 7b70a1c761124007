"""Mutation testing of the rules: changes them in small ways, one at a time, and sees whether a test notices.

Works in a folder of its own, so that nothing of it is left here. Exits with 1 when fewer mutants are killed than asked
for, or when a survivor is not listed, with its reason, in tests/policies/survivors.yaml.

    python scripts/mutate.py [rule ...]
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
SURVIVORS = ROOT / "tests" / "policies" / "survivors.yaml"
LEAST = 95.0
"""Percent of the mutants that the tests must kill."""

READ_BY_RULES = (
    *("durations", "expect", "foundry", "lifecycle", "managed", "quota"),
    *("resources", "serverless", "subjects", "unseen", "workspaces"),
)
"""Modules of `policies` that rules are made of: mutated as the rules are."""

TESTS = (
    *("catalogs.py", "policies/cases.py", "policies/foundry_resources.py", "policies/gateway_resources.py"),
    "policies/lifecycle.py",
    *("policies/rules", "policies/said", "policies/test_resources.py"),
)
CONFIG = """\
[tool.mutmut]
source_paths = ["azure_llama_policies"]
only_mutate = [{only}]
also_copy = ["tests"]
pytest_add_cli_args = ["-p", "no:cacheprovider", "-p", "no:randomly"]
pytest_add_cli_args_test_selection = ["tests/policies/rules", "tests/policies/test_resources.py"]
use_git_change_detection = false

[tool.pytest.ini_options]
addopts = "--import-mode=importlib"
pythonpath = ["."]
"""
SURVIVED = ("survived", "no tests")
KILLED = ("killed", "timeout", "suspicious", "segfault", "caught by type check")


def lay_out(folder: Path, rules: Sequence[str]) -> None:
    """Copy what is mutated, and the tests that are to notice."""
    # mutmut names a module by its path, so the package lies at the top.
    package = "azure_llama_policies"
    shutil.copytree(ROOT / "policies" / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in TESTS:
        source, target = ROOT / "tests" / name, folder / "tests" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    files = [f"{package}/rules/{rule.replace('-', '_')}.py" for rule in rules] or [
        f"{package}/rules/*.py",
        *(f"{package}/{name}.py" for name in READ_BY_RULES),
    ]
    (folder / "pyproject.toml").write_text(CONFIG.format(only=", ".join(f'"{each}"' for each in files)))


def outcomes(folder: Path) -> dict[str, str]:
    """Each mutant with what became of it."""
    done = _mutmut(folder, "results", "--all", "true")
    return dict(re.findall(r"^\s*(\S+__mutmut_\d+): (.+?)\s*$", done.stdout, re.MULTILINE))


def change(folder: Path, mutant: str) -> str:
    """The lines that a mutant changes."""
    shown = _mutmut(folder, "show", mutant).stdout
    return "\n".join(line for line in shown.splitlines() if re.match(r"[-+](?![-+])", line))


def _mutmut(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mutmut", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def unlisted(changes: dict[str, str]) -> Iterator[str]:
    """Survivors that the list does not have. A mutant is known by its function and its change: numbers move."""
    listed = yaml.safe_load(SURVIVORS.read_text()) if SURVIVORS.exists() else []
    known = {(each["function"], each["change"].strip()) for each in listed or []}
    for mutant, text in changes.items():
        if (function(mutant), text.strip()) not in known:
            yield mutant


def function(mutant: str) -> str:
    """The function that a mutant is of."""
    return mutant.rpartition("__mutmut_")[0]


def main(words: Sequence[str] | None = None) -> int:
    """Mutate, print what survives, and say whether that is good enough."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "rules", nargs="*", help="ids of the rules to mutate; all of them, and what they use, by default"
    )
    parser.add_argument("--children", type=int, default=2, help="processes at the same time")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="mutants-") as name:
        folder = Path(name)
        lay_out(folder, options.rules)
        run = _mutmut(folder, "run", "--max-children", str(options.children))
        found = outcomes(folder)
        counted = {mutant: said for mutant, said in found.items() if said in SURVIVED + KILLED}
        if not counted:
            sys.stderr.write(run.stdout[-4000:] + run.stderr[-4000:])
            return 1
        odd = sorted(set(found.items()) - set(counted.items()))
        changes = {mutant: change(folder, mutant) for mutant, said in sorted(counted.items()) if said in SURVIVED}
    missing = list(unlisted(changes))
    for mutant, text in changes.items():
        note = "" if mutant in missing else "  (listed)"
        sys.stdout.write(f"{function(mutant)} [{counted[mutant]}]{note}\n{text}\n\n")
    share = 100 * (len(counted) - len(changes)) / len(counted)
    sys.stdout.write(
        f"{len(counted)} mutants, {len(changes)} survive: {share:.1f} % killed; "
        f"{len(missing)} survivors without a reason\n"
    )
    if odd:
        sys.stdout.write(f"{len(odd)} mutants were not judged: {odd[:5]}\n")
    if options.json:
        figures = {"mutants": len(counted), "survived": len(changes), "killedPercent": round(share, 1)}
        options.json.write_text(json.dumps(figures, indent=2) + "\n")
    return int(share < LEAST or bool(missing) or bool(odd))


if __name__ == "__main__":
    sys.exit(main())
