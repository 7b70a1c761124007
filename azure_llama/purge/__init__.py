"""Finds names of a stack that soft-deleted resources hold, and purges those resources on request."""

from __future__ import annotations

from azure_llama.purge.finding import NameFinding, Outcome, find_all, free

__all__ = ["NameFinding", "Outcome", "find_all", "free"]
