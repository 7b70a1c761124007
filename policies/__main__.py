"""Starts the pack for the Pulumi engine: `pulumi preview --policy-pack policies`."""

from __future__ import annotations

import sys
from pathlib import Path

try:
    from azure_llama_policies.serve import serve
except ModuleNotFoundError as error:
    sys.exit(
        f"azure-llama policy pack: {sys.executable} has no module {error.name!r}; "
        "run `pip install --no-deps -e .` in the checkout with the Python of its virtual environment"
    )

serve(Path(__file__).resolve().parent)
