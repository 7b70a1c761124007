"""Starts the provider of the components for the Pulumi engine."""

from __future__ import annotations

import sys

try:
    from azure_llama_components.serve import serve
except ModuleNotFoundError as error:
    sys.exit(
        f"azure-llama components: {sys.executable} has no module {error.name!r}; "
        "run `pip install --no-deps -e .` in the checkout with the Python of its virtual environment"
    )

serve()
