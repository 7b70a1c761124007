"""`stateful-replacement`: no slip replaces or deletes what holds data."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.resources import NotSeenError, Resource, Stack
from azure_llama_policies.rule import Accepted, Context, Finding, Level, Severity, StackRule, Violation
from azure_llama_policies.subjects import azure_name, called
from azure_llama_policies.unseen import unseen_of

_STATEFUL = frozenset({types.VAULT, types.STORAGE_ACCOUNT})


def check(stack: Stack, _context: Context) -> Iterator[Finding]:
    """One violation for each stateful resource that neither Pulumi nor a lock protects."""
    locks = stack.of(*types.LOCKS)
    for resource in stack.of(*_STATEFUL):
        try:
            if resource.protect or any(_locks(lock, resource, stack) for lock in locks):
                continue
        except NotSeenError as unseen:
            yield resource, unseen_of(resource, unseen)
            continue
        yield (
            resource,
            Violation(
                f"{called(resource)}: nothing keeps a change from replacing it and its data; set lock: CanNotDelete on "
                "the workspace, or protect it",
            ),
        )


def _locks(lock: Resource, resource: Resource, stack: Stack) -> bool:
    if lock.text("level").casefold() not in ("cannotdelete", "readonly"):
        return False
    if lock.type == types.LOCK_OF_GROUP:
        return _same(lock.text("resourceGroupName"), resource.text("resourceGroupName"))
    if lock.type == types.LOCK_OF_RESOURCE:
        return _same(lock.text("resourceName"), azure_name(resource))
    origins = lock.dependencies.get("scope") or ()
    try:
        scope = lock.text("scope").casefold()
    except NotSeenError:
        if not origins:
            raise
        return resource.urn in origins or any(_is_group_of(origin, resource, stack) for origin in origins)
    if resource.arm_id is not None:
        return f"{resource.arm_id.casefold()}/".startswith(f"{scope}/")
    group = f"/resourcegroups/{resource.text('resourceGroupName').casefold()}"
    return scope.endswith(group) or (f"{group}/" in scope and scope.endswith(f"/{azure_name(resource).casefold()}"))


def _is_group_of(urn: str, resource: Resource, stack: Stack) -> bool:
    group = stack.get(urn)
    if group is None or group.type != types.RESOURCE_GROUP:
        return False
    return _same(group.text("resourceGroupName"), resource.text("resourceGroupName"))


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


RULE = StackRule(
    id="stateful-replacement",
    title="Stateful resources are protected from accidental replacement.",
    what="Whether each key vault and storage account has a lock against deletion, or Pulumi's protection.",
    why="A change that looks harmless, a name or a region, replaces the resource: Pulumi makes a new one and deletes "
    "the old, with all that is in it.",
    fix="Set lock: CanNotDelete on the workspace; Azure then refuses the deletion, whoever asks for it.",
    severity=Severity.HIGH,
    level=Level.ADVISORY,
    sources=("azure-native-3.29", "upstream"),
    types=_STATEFUL,
    reads=types.LOCKS | {types.RESOURCE_GROUP},
    azure=Accepted.OPERATION,
    check=check,
    example=Example(
        noncompliant="""\
azure-llama:workspace:
  name: llama-prod
  lock: None                              # violated; it is also the default
""",
        compliant="""\
azure-llama:workspace:
  name: llama-prod
  lock: CanNotDelete
""",
    ),
    notes="""\
Pulumi does not tell a policy what it is about to replace, so this rule asks for what makes a replacement fail.

A workspace is not judged: a lock on it would keep its deployments from being deleted, too, and what it holds is in its
storage account and key vault.
""",
)
