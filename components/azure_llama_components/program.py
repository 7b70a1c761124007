"""The whole program of a stack: its settings, its components, its outputs."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath

import pulumi

from azure_llama_components.configuration import read_settings
from azure_llama_components.whole_stack import create_resources

LANGUAGE_HOST = "pulumi-language-python-exec"
"""Pulumi's script that runs a program in a process of its own."""


def make_stack() -> None:
    """Make what the stack's configuration asks for, and export its outputs.

    Raises:
        RunError: the configuration has errors; the text reports all of them.
    """
    with _no_collections():
        for name, output in create_resources(read_settings()).items():
            pulumi.export(name, output)


@contextmanager
def _no_collections() -> Iterator[None]:
    """Keep Python's garbage collector from the classes of azure-native, which are loaded when they are first used.

    There are so many that the collector takes a fifth of the program's time, and again as much when it ends. All of
    them live until then. A process with other tasks, such as one with an inline program, keeps its collector as it is.
    """
    if not any(PurePath(argument).name == LANGUAGE_HOST for argument in sys.orig_argv):
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
