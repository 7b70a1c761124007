"""The fields that `azure-llama convert` knows are those of the installed azure-ai-ml."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml

from tests.clients.harness import Client, Report
from tests.conftest import ROOT

pytestmark = pytest.mark.clients
PROGRAM = Path(__file__).parent / "python" / "fields.py"
FIELDS = ROOT / "tests" / "azure_llama" / "conversion" / "az_ml_fields.yaml"


def test_the_file_of_fields_is_that_of_the_package(client: Client, report: Report) -> None:
    done = subprocess.run([*client("python"), str(PROGRAM)], capture_output=True, text=True, timeout=300, check=True)
    installed, known = yaml.safe_load(done.stdout), yaml.safe_load(FIELDS.read_text())
    report(f"azure-ai-ml: {sum(map(len, installed.values()))} fields of endpoints and deployments")
    assert installed == known, f"write what {PROGRAM.name} prints into {FIELDS.name}, and the fields into fields.py"
