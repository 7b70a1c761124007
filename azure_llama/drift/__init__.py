"""Compares the declared state of a stack with Azure, and changes neither."""

from azure_llama.drift.refresh import NotDeployedError, RefreshError, Step, refresh
from azure_llama.drift.report import Report

__all__ = ["NotDeployedError", "RefreshError", "Report", "Step", "refresh"]
