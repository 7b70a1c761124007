"""Emulates Azure Resource Manager: the resource types that a Llama deployment uses, and Azure's known refusals.

What is documented about Azure is played as documented. Where only a choice could be made it is marked as the sandbox's
own in the code that makes it, so that nobody takes it for Azure's.
"""

from __future__ import annotations

from azure_llama_sandbox.arm.app import build
from azure_llama_sandbox.arm.settling import settle

__all__ = ["build", "settle"]
