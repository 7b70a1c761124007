"""Logs and metrics of a resource, sent to Log Analytics."""

from __future__ import annotations

from pulumi import Input, ResourceOptions
from pulumi_azure_native import monitor

SETTING = "azure-llama"
"""Name of the diagnostic settings; each resource may have five."""
ALL_METRICS = "AllMetrics"
TRANSACTION = "Transaction"
"""What storage accounts call the metrics of their requests."""


def diagnose(
    name: str,
    *,
    target: str,
    log_analytics: Input[str],
    opts: ResourceOptions,
    logs: bool = True,
    metrics: str = ALL_METRICS,
) -> monitor.DiagnosticSetting:
    """Send a resource's logs and metrics to Log Analytics.

    Args:
        name: Required. Logical name.
        target: Required. ARM id of the resource.
        log_analytics: Required. ARM id of the Log Analytics workspace.
        opts: Required. With the resource among what has to exist first.
        logs: Optional. Whether it has logs: a storage account has none, its blob service has.
        metrics: Optional. Category of its metrics.
    """
    return monitor.DiagnosticSetting(
        name,
        name=SETTING,
        resource_uri=target,
        workspace_id=log_analytics,
        logs=[monitor.DiagnosticsLogSettingsArgs(category_group="allLogs", enabled=True)] if logs else None,
        metrics=[monitor.DiagnosticsMetricSettingsArgs(category=metrics, enabled=True)],
        opts=opts,
    )
