"""Finds the Pulumi CLI, or installs it.

``python -m azure_llama.engine`` does it with progress; :func:`find` and :func:`ensure` are for programs.
"""

from __future__ import annotations

from azure_llama.engine.bring import OVERRIDE, EngineError, ensure, find
from azure_llama.engine.cache import user_folder as cache_folder
from azure_llama.engine.cli import Pulumi
from azure_llama.engine.installation import Installation, PolicyPackForm
from azure_llama.engine.languages import ensure_language, search_path
from azure_llama.engine.report import Report, console

__all__ = [
    "OVERRIDE",
    "EngineError",
    "Installation",
    "PolicyPackForm",
    "Pulumi",
    "Report",
    "cache_folder",
    "console",
    "ensure",
    "ensure_language",
    "find",
    "search_path",
]
