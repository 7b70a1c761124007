"""Reads a stack's state and decrypted configuration through the Pulumi CLI."""

from __future__ import annotations

import json
from typing import Any

from azure_llama.engine.bring import EngineError
from azure_llama.engine.cli import Pulumi
from azure_llama.engine.process import AttemptError
from azure_llama.stack.project import Project


def resources(project: Project) -> list[dict[str, Any]] | None:
    """The resources in the stack's state, as `pulumi stack export` has them.

    Returns:
        None when the state cannot be read; an empty list for a stack that was never deployed.
    """
    text, reason = _ask(project, "stack", "export")
    if text is None:
        return [] if "no stack named" in reason else None
    body = _json(text)
    if not isinstance(body, dict) or "deployment" not in body:
        return None
    found = (body["deployment"] or {}).get("resources") or []
    return [each for each in found if isinstance(each, dict)]


def deployed_ids(project: Project) -> frozenset[str] | None:
    """ARM ids in the stack's state; none for a stack that was never deployed; None when it cannot be read."""
    found = resources(project)
    return None if found is None else frozenset(str(each["id"]) for each in found if each.get("id"))


def configuration(project: Project) -> tuple[dict[str, str], str]:
    """The stack's configuration with its secrets in clear; empty, and the reason, when the CLI does not give it."""
    file = ["--config-file", project.file.shown] if project.file is not None else []
    text, reason = _ask(project, "config", "--show-secrets", "--json", *file)
    values = _json(text) if text is not None else None
    if not isinstance(values, dict):
        return {}, reason
    return {key: str(each["value"]) for key, each in values.items() if isinstance(each, dict) and "value" in each}, ""


def _ask(project: Project, *command: str) -> tuple[str | None, str]:
    """What a command says about the stack; None, and the reason, when it cannot be asked."""
    try:
        pulumi = Pulumi.find(project.root)
        if pulumi is None:
            return None, "there is no Pulumi CLI"
        return pulumi.read(*command, "--stack", project.backend_stack), ""
    except (EngineError, AttemptError) as error:
        return None, str(error)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
