"""Names of a stack that something deleted keeps: found, explained, and set free when that is asked for."""

from __future__ import annotations

from azure_llama.purge.finding import NameFinding, Outcome, find_all, free

__all__ = ["NameFinding", "Outcome", "find_all", "free"]
