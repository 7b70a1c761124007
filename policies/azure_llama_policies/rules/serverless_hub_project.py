"""`serverless-hub-project`: a serverless endpoint belongs to a project of a hub."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.resources import NotSeenError, Resource, Stack
from azure_llama_policies.rule import Accepted, Context, Finding, Level, Severity, StackRule, Violation
from azure_llama_policies.serverless import workspace_of
from azure_llama_policies.subjects import called
from azure_llama_policies.unseen import each_of


def check(stack: Stack, _context: Context) -> Iterator[Finding]:
    """One violation for each endpoint in another kind of workspace."""
    yield from each_of(stack.of(types.SERVERLESS_ENDPOINT), lambda endpoint: _judge(endpoint, stack))


def _judge(endpoint: Resource, stack: Stack) -> Iterator[Violation]:
    wanted = workspace_of(endpoint, stack)
    own = [
        each for each in stack.of(types.WORKSPACE) if each.text("workspaceName").casefold() == wanted.name.casefold()
    ]
    if not own:
        raise NotSeenError(f"workspace '{wanted.name}' is not of this stack, so its kind is unknown", "workspaceName")
    kind = own[0].value("kind")
    if str(kind).casefold() != "project":
        says = f"of kind {kind}" if kind else "of no kind, which is Default"
        yield Violation(
            f"{called(endpoint)}: workspace '{wanted.name}' is {says}, and serverless endpoints ask for a project of a "
            "hub; set kind: Project",
            "workspaceName",
        )


RULE = StackRule(
    id="serverless-hub-project",
    title="A serverless endpoint is in a hub-based project.",
    what="The kind of the workspace that each serverless endpoint is in.",
    why="The documents of 2026 ask for a hub-based project. Whether Azure still takes other workspaces is unknown; a "
    "hub itself takes none.",
    fix="Set kind: Project on the workspace, under another name: Azure does not turn one kind into the other.",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    advice=True,
    sources=("serverless-doc-2026-01",),
    types=frozenset({types.SERVERLESS_ENDPOINT}),
    reads=frozenset({types.WORKSPACE, types.RESOURCE_GROUP}),
    azure=Accepted.UNKNOWN,
    check=check,
    example=Example(
        noncompliant="""\
azure-llama:workspace:
  name: llama-dev
  kind: Default                           # violated
azure-llama:serverless:
  llama-33-70b:
    model: Llama-3.3-70B-Instruct
""",
        compliant="""\
azure-llama:workspace:
  name: llama-dev
  kind: Project
azure-llama:serverless:
  llama-33-70b:
    model: Llama-3.3-70B-Instruct
""",
    ),
)
