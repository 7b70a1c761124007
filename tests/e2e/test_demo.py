"""`make demo` and `make demo-down`, beside what other stacks have in the sandbox."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from azure_llama.catalog.kinds import KINDS
from azure_llama_sandbox import control
from azure_llama_sandbox.home import Home
from azure_llama_sandbox.store import Resource, Store
from tests.e2e.harness import AZURE_LLAMA, ROOT

pytestmark = pytest.mark.engine

OTHER = "/subscriptions/5a0d80c5-11a3-4a5d-9b0e-000000000001/resourceGroups/rg-other"


def demo(home: Path, verb: str) -> str:
    command = [str(AZURE_LLAMA), "demo", "--home", str(home), verb]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_it_works_again_after_its_end_and_leaves_other_stacks_alone(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.prepare()
    store = Store(home.database)
    store.put(Resource(OTHER, "Microsoft.Resources/resourceGroups", {"location": "eastus2"}))
    store.close()
    try:
        first = demo(home.path, "up")
        demo(home.path, "down")
        again = demo(home.path, "up")
    finally:
        control.stop(home.path)
    for kind in KINDS:
        assert re.search(rf"  {kind.name} .*  Sandbox answer, no model ran", first), first
    assert "Purged the deleted key vault" in again
    assert "Purged the deleted AI services account llama-dev-foundry" in again
    store = Store(home.database)
    assert store.get(OTHER) is not None
    store.close()
