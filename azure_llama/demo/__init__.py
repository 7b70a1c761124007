"""`make demo` and `make demo-down`: the dev stack, deployed by the real engine into the sandbox."""

from __future__ import annotations

from azure_llama.demo.run import DemoError, down, up

__all__ = ["DemoError", "down", "up"]
