"""The whole program of a stack: its settings, its components, its outputs."""

from __future__ import annotations

import pulumi

from azure_llama_components.configuration import read_settings
from azure_llama_components.whole_stack import create_resources


def make_stack() -> None:
    """Make what the stack's configuration asks for, and export its outputs.

    Raises:
        RunError: the configuration has errors; the text reports all of them.
    """
    for name, output in create_resources(read_settings()).items():
        pulumi.export(name, output)
