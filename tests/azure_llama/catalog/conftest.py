"""The facts that the catalogue was written from, where they lie beside the checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

FACTS = Path(__file__).parents[4] / "shared" / "facts"


def _read(name: str) -> Any:
    path = FACTS / name
    if not path.is_file():
        pytest.skip(f"the facts are not beside this checkout: {path} does not exist")
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def model_facts() -> Any:
    return _read("llama-models.yaml")


@pytest.fixture(scope="session")
def gpu_facts() -> Any:
    return _read("gpu-vm-skus.yaml")
