"""The stack. Another model is a change of its YAML, not of this file."""

from __future__ import annotations

import sys

import pulumi

try:
    from azure_llama_components import make_stack
except ModuleNotFoundError as error:
    raise pulumi.RunError(
        f"{sys.executable} has no module {error.name!r}; run `pip install --no-deps -e .` in the checkout with it"
    ) from error

make_stack()
