"""Versions of the APIs that are asked: for a type that azure-native deploys, the one that it sends."""

from __future__ import annotations

SUBSCRIPTIONS = "2022-12-01"
PROVIDERS = "2021-04-01"
PERMISSIONS = "2022-04-01"
RESOURCE_GROUPS = "2024-03-01"
MACHINE_LEARNING = "2025-12-01"
KEY_VAULT = "2024-11-01"
STORAGE = "2024-01-01"
CONTAINER_REGISTRY = "2023-07-01"
COGNITIVE_SERVICES = "2025-06-01"
BILLING = "2024-04-01"
QUOTA = "2025-09-01"
