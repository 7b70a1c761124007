"""Rotates the keys of an endpoint without failed calls: `azure-llama keys rotate`."""

from __future__ import annotations

from azure_llama.keys.rotation import ORDER, Rotation, Step, rotate
from azure_llama.keys.targets import KeyTarget, key_target

__all__ = ["ORDER", "KeyTarget", "Rotation", "Step", "key_target", "rotate"]
