"""Compares what a stack states with what Azure has, and changes neither."""

from azure_llama.drift.refresh import NotDeployedError, RefreshError, Step, refresh
from azure_llama.drift.report import Report

__all__ = ["NotDeployedError", "RefreshError", "Report", "Step", "refresh"]
