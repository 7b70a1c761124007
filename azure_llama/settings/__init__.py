"""What this stack asks for: the configuration, typed, and every mistake in it in one report."""

from __future__ import annotations

from azure_llama.settings.loading import load
from azure_llama.settings.models import (
    DeploymentSettings,
    ManagedSettings,
    ServerlessSettings,
    Settings,
    WorkspaceSettings,
)
from azure_llama.settings.problems import Problem, SettingsError

__all__ = [
    "DeploymentSettings",
    "ManagedSettings",
    "Problem",
    "ServerlessSettings",
    "Settings",
    "SettingsError",
    "WorkspaceSettings",
    "load",
]
