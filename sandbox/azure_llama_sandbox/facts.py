"""The models, sizes and regions of the emulated Azure."""

from __future__ import annotations

from azure_llama.catalog import Catalog

CATALOG = Catalog.package()
"""The package's own rows: a team's `llama-catalog.yaml` states what the team expects of Azure, not what Azure does."""
