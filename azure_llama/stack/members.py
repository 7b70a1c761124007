"""The endpoints of other stacks that a gateway has as members, read from the stacks' outputs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from azure_llama.engine.bring import EngineError
from azure_llama.settings import Settings
from azure_llama.stack.outputs import stack_outputs


def member_stacks(settings: Settings, folder: Path) -> dict[str, Mapping[str, Any] | str]:
    """The output `endpoints` of each stack that has a member, by its full name, or why it cannot be read.

    Args:
        settings: Required. The settings of the gateway's stack.
        folder: Required. The project's folder.
    """
    models = settings.gateway.models.values() if settings.gateway else ()
    stacks = [member.stack for model in models for member in model.members.values() if member.stack]
    return {stack: _endpoints(stack, folder) for stack in dict.fromkeys(stacks)}


def _endpoints(stack: str, folder: Path) -> Mapping[str, Any] | str:
    try:
        found = stack_outputs(stack, folder=folder).get("endpoints")
    except EngineError as error:
        return str(error)
    return found if isinstance(found, Mapping) else {}
