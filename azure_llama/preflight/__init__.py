"""Checks in Azure whether a stack can be deployed.

report = await run(plan(settings, subscription, resources, today), live(arm), who=arm.sign_in.method)
"""

from __future__ import annotations

from azure_llama.preflight.checks import CHECKS, Check
from azure_llama.preflight.plan import Plan, plan
from azure_llama.preflight.reader import Kept, Reader, live
from azure_llama.preflight.results import CheckRun, Report, Result, Status
from azure_llama.preflight.runner import run
from azure_llama.preflight.snapshot import Snapshot, SnapshotError

__all__ = [
    "CHECKS",
    "Check",
    "CheckRun",
    "Kept",
    "Plan",
    "Reader",
    "Report",
    "Result",
    "Snapshot",
    "SnapshotError",
    "Status",
    "live",
    "plan",
    "run",
]
