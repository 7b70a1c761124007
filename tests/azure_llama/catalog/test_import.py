"""Importing the catalogue costs next to nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
HEAVY = ("pulumi", "pydantic", "difflib", "importlib.resources", "azure_llama.catalog.roles")
PROGRAM = f"""
import sys
before = set(sys.modules)
import azure_llama.catalog
from azure_llama.catalog.rows import package_rows
print(sorted((set(sys.modules) - before) & set({HEAVY!r})), package_rows.cache_info().currsize)
"""


def test_importing_reads_no_data_and_nothing_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == ["[]", "0"]
