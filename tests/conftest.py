"""What tests of every room share."""

from __future__ import annotations

import gc
import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
# A run in the background ignores Ctrl-C and so would its children, which the tests of interruptions wait for.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Programs in process load half a million classes and annotations of azure-native. To look at them for garbage as often
# as Python does takes a third of the time of such tests.
gc.set_threshold(100_000, 20, 100)

# A loaded machine is slow, not wrong: hypothesis' limit of 200 ms an example fails at random there.
settings.register_profile("azure-llama", deadline=None)
settings.load_profile("azure-llama")

CONTRACTS = ROOT.parent / "shared" / "arm-contract"
RECORDINGS = ROOT.parent / "shared" / "recordings"

Check = Callable[[str, str, Any], list[str]]


WITHOUT_CONTRACT = frozenset({"Microsoft.MachineLearningServices/workspaces/environments/versions"})
"""Types of which no contract is there; `tests/sandbox/arm/test_contract.py` has the official client's instead."""


@pytest.fixture(scope="session")
def contract_errors() -> Check:
    """A function that holds a PUT body against ARM's published contract: (type, api-version, body) -> complaints."""
    if not CONTRACTS.is_dir():
        pytest.skip("the ARM contracts are not beside this checkout (../shared/arm-contract)")
    from jsonschema import Draft202012Validator

    validators: dict[str, Draft202012Validator] = {}

    def check(arm_type: str, api_version: str, body: Any) -> list[str]:
        name = f"{arm_type.replace('/', '_')}@{api_version}"
        if arm_type in WITHOUT_CONTRACT:
            return []
        if name not in validators:
            path = next((p for p in CONTRACTS.glob("*.json") if p.stem.lower() == name.lower()), None)
            if path is None:
                return [f"no contract for {name}"]
            validators[name] = Draft202012Validator(json.loads(path.read_text()))
        return [f"{name} {error.json_path}: {error.message}" for error in validators[name].iter_errors(body)]

    return check


@pytest.fixture(scope="session")
def recorded() -> Callable[[str, str], Any]:
    """A function that returns the body Azure answered: (book, end of the path) -> body."""
    if not RECORDINGS.is_dir():
        pytest.skip("the recordings of Azure are not beside this checkout (../shared/recordings)")

    def body(book: str, path: str) -> Any:
        exchanges = map(json.loads, (RECORDINGS / f"{book}.jsonl").read_text(encoding="utf-8").splitlines())
        return next(each["response"] for each in exchanges if each["path"].endswith(path))

    return body
