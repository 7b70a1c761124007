"""`azure-llama convert`: other forms of a deployment as this package's YAML."""

from __future__ import annotations

from azure_llama.cli.serverless_conversion import convert

__all__ = ["convert"]
