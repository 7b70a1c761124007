"""Compares recorded traffic of Azure with what the running sandbox answers to the same requests.

`azure-llama sandbox compare` is made of this: `load` reads a file, `mask` makes it fit to be shown, `replay` sends it,
`Report` says what differs.
"""

from __future__ import annotations

from azure_llama_sandbox.compare.differences import KIND_A, Difference, differences
from azure_llama_sandbox.compare.masking import mask
from azure_llama_sandbox.compare.recordings import Exchange, load, save
from azure_llama_sandbox.compare.replay import Report, replay

__all__ = ["KIND_A", "Difference", "Exchange", "Report", "differences", "load", "mask", "replay", "save"]
