"""Azure's documented limits."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """A figure that Azure does not go beyond.

    Attributes:
        low: The lowest that any source gives, or that any kind of subscription starts with.
        high: The highest; equal to `low` where there is one figure only.
        unit: What is counted, and in what.
        sources: Keys of the sources, that of the newest figure first.
        as_of: The date of the newest.
        raisable: Whether Azure raises it on request; None when unknown.
        ceiling: How far; None when unknown or not at all.
    """

    low: int
    high: int
    unit: str
    sources: tuple[str, ...]
    as_of: str
    raisable: bool | None = None
    ceiling: int | None = None


_QUOTAS = (("quotas-2026-01",), "2026-01-27")

SERVERLESS_TOKENS_PER_MINUTE = Limit(
    200_000,
    400_000,
    "tokens a minute, a serverless endpoint",
    ("serverless-doc-2026-01", "article-2024-11"),
    "2026-01-26",
    raisable=True,
)
SERVERLESS_REQUESTS_PER_MINUTE = Limit(
    1_000,
    1_000,
    "requests a minute, a serverless endpoint",
    ("serverless-doc-2026-01", "article-2024-11"),
    "2026-01-26",
    raisable=True,
)
SERVERLESS_ENDPOINTS_PER_MODEL = Limit(
    1,
    1,
    "serverless endpoints of one model, a workspace or project",
    ("serverless-doc-2026-01", "article-2024-11"),
    "2026-01-26",
    raisable=False,
)

ENDPOINTS_PER_SUBSCRIPTION = Limit(100, 100, "endpoints of all kinds, a region and subscription", *_QUOTAS, True)
DEPLOYMENTS_PER_SUBSCRIPTION = Limit(500, 500, "deployments, a region and subscription", *_QUOTAS, True)
DEPLOYMENTS_PER_ENDPOINT = Limit(20, 20, "deployments, a managed endpoint", *_QUOTAS, True)
INSTANCES_PER_DEPLOYMENT = Limit(50, 50, "instances, a managed deployment", *_QUOTAS, True)
REQUEST_TIMEOUT = Limit(180, 180, "seconds, a request to a managed endpoint; 5 unless set", *_QUOTAS, False)
REQUESTS_PER_SECOND = Limit(500, 500, "requests a second, a managed endpoint", *_QUOTAS, True)
NEW_CONNECTIONS_PER_SECOND = Limit(500, 500, "new connections a second, a managed endpoint", *_QUOTAS, True)
ACTIVE_CONNECTIONS = Limit(500, 500, "open connections, a managed endpoint", *_QUOTAS, True)
BANDWIDTH = Limit(5, 5, "MBPS, a managed endpoint", *_QUOTAS, True)
COMPUTES_PER_REGION = Limit(
    500, 500, "clusters, compute instances and managed deployments, a region and subscription", *_QUOTAS, True, 2_500
)
DEDICATED_CORES = Limit(24, 300, "cores that a subscription starts with, by its offer, a region", *_QUOTAS, True)
GPU_FAMILY_CORES = Limit(0, 0, "cores that a subscription starts with, a GPU family and region", *_QUOTAS, True)
LOW_PRIORITY_CORES = Limit(100, 3_000, "low-priority cores that a subscription starts with, a region", *_QUOTAS, True)
RESERVE = Limit(
    20, 20, "% of instances reserved on top, of sizes not exempt", ("quota-arithmetic-2023-12",), "2023-12-07", False
)
WORKSPACES_PER_RESOURCE_GROUP = Limit(800, 800, "workspaces, a resource group", *_QUOTAS, True)
SHARED_QUOTA_HOURS = Limit(168, 168, "hours that an endpoint on shared quota lives", ("article-2024-11",), "2024-11")
MIRROR_TRAFFIC = Limit(50, 50, "% of the traffic that may be mirrored", ("online-yaml",), "2026-11-22", False)

COLLECTORS_PER_DEPLOYMENT = Limit(
    5, 5, "collections of a scoring script, a managed deployment", ("collect-data-2025-12",), "2025-12-30", False
)

_FOUNDRY = (("foundry-limits-2026-04",), "2026-04-29")

FOUNDRY_ACCOUNTS = Limit(100, 100, "Foundry accounts, a region and subscription", *_FOUNDRY)
DEPLOYMENTS_PER_ACCOUNT = Limit(32, 32, "deployments, a Foundry account", *_FOUNDRY)
PROJECTS_PER_ACCOUNT = Limit(250, 250, "projects, a Foundry account", *_FOUNDRY)

_MONITOR = (("monitor-sdk",), "2026-10")

PROFILES_PER_AUTOSCALE = Limit(20, 20, "profiles, an autoscale setting", *_MONITOR, False)
RULES_PER_PROFILE = Limit(10, 10, "rules, a profile of an autoscale setting", *_MONITOR, False)

_TAGS = (("azure-tags-2024-09",), "2024-09-26")

TAGS_PER_RESOURCE = Limit(50, 50, "tags, a resource", *_TAGS, False)
TAG_NAME_LENGTH = Limit(512, 512, "characters of a tag's name", *_TAGS, False)
STORAGE_TAG_NAME_LENGTH = Limit(128, 128, "characters of a tag's name, a storage account", *_TAGS, False)
TAG_VALUE_LENGTH = Limit(256, 256, "characters of a tag's value", *_TAGS, False)
TAG_NAME_FORBIDDEN = "<>%&\\?/"
"""Characters that a tag's name may not hold (source `azure-tags-2024-09`)."""
