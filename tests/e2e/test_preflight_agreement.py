"""What a preflight predicts and what `pulumi up` then does agree, both ways, and after the fix both pass.

One sandbox serves all; each scenario has names of its own, and takes back what it did to the subscription.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from azure_llama.preflight import Report, Status
from tests.e2e.harness import AZURE_LLAMA, ROOT
from tests.e2e.preflight_landscape import FAMILIES, PLENTY, Landscape
from tests.e2e.preflight_scenarios import SCENARIOS
from tests.e2e.preflight_states import managed

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def land(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Landscape]:
    land = Landscape(tmp_path_factory.mktemp("landscape") / "home")
    yield land
    land.close()


def failing(report: Report) -> tuple[str, ...]:
    return tuple(run.name for run in report.runs if run.status is Status.FAIL)


def told(report: Report) -> str:
    return "\n".join(f"{run.name} {each.status}: {each.evidence}" for run in report.runs for each in run.results)


@pytest.mark.parametrize("name", SCENARIOS)
def test_prediction_and_outcome_agree(land: Landscape, name: str) -> None:
    case = SCENARIOS[name]
    if case.project:
        land.project(name)
    who = name if case.own_person else "owner"
    try:
        case.before(land, name)
        config = case.config(land, name)
        predicted, outcome = land.preflight(name, config, who), land.up(name, config, who)
        expected = () if case.fails is None else (case.fails,) if isinstance(case.fails, str) else case.fails
        assert sorted(failing(predicted)) == sorted(expected), told(predicted)
        assert outcome.ok is (not expected), f"{told(predicted)}\n{outcome.text}"
        if not expected:
            # Who has the custom role alone is shown little else.
            assert predicted.exit_code == (4 if case.own_person else 0), told(predicted)
            return
        case.fix(land, name)
        fixed = (case.fixed or case.config)(land, name)
        predicted = land.preflight(name, fixed, who)
        assert failing(predicted) == (), told(predicted)
        outcome = land.up(name, fixed, who)
        assert outcome.ok, outcome.text
    finally:
        land.conditions()
        for family in FAMILIES:
            land.limit(family, PLENTY)


def command(land: Landscape, name: str, stack: str | None = None) -> subprocess.CompletedProcess[str]:
    """`azure-llama preflight` as a person types it."""
    under: list[Any] = [AZURE_LLAMA, "sandbox", "--home", land.home, "exec", "--"]
    file = land.home / f"Pulumi.{name}.yaml"
    asked: list[Any] = [AZURE_LLAMA, "preflight", "--stack", stack or name, "--config-file", file]
    options: dict[str, Any] = {"cwd": ROOT, "stdin": subprocess.DEVNULL, "timeout": 120}
    return subprocess.run([*under, *asked], capture_output=True, text=True, check=False, **options)


def test_the_command_knows_what_the_stack_holds(land: Landscape) -> None:
    name = "command"
    land.project(name)
    config = managed()(land, name)
    assert land.up(name, config).ok
    done = command(land, name)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"'{name}-m' is in the workspace already, and will be updated" in done.stdout
    assert "quota: pass (" in done.stderr
    # Another stack's state has nothing of it.
    other = command(land, name, stack="never-deployed")
    assert other.returncode == 1
    assert "is not in the stack's state" in other.stdout


def test_there_are_forty_and_both_ways() -> None:
    fails = [case for case in SCENARIOS.values() if case.fails]
    assert len(SCENARIOS) >= 40
    assert len(SCENARIOS) - len(fails) >= 8
    assert {name for case in fails for name in ([case.fails] if isinstance(case.fails, str) else case.fails or ())} >= {
        *("subscription", "providers", "permissions", "lifecycle", "model-region", "vm-size", "quota"),
        *("endpoint-names", "workspace-names", "soft-deleted", "global-names", "marketplace"),
    }
