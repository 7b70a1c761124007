"""`role-wildcard`: a custom role names the resource types that it is for."""

from __future__ import annotations

from collections.abc import Iterator
from types import NoneType
from typing import Any

from azure_llama_policies import frameworks
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.resources import NotSeenError, Resource
from azure_llama_policies.rule import Accepted, Context, Level, ResourceRule, Severity, Violation
from azure_llama_policies.subjects import called
from azure_llama_policies.unseen import naming

_PATH = "permissions"


def check(role: Resource, _context: Context) -> Iterator[Violation]:
    """One violation for each action that allows a whole provider, or everything."""
    who = called(role)
    with naming(role):
        for index in range(len(_list(role, _PATH))):
            for key in ("actions", "dataActions"):
                path = f"{_PATH}.{index}.{key}"
                for action in _list(role, path):
                    if not isinstance(action, str):
                        raise NotSeenError(f"an action of '{path}' is not known before the deployment", path)
                    if _too_wide(action):
                        yield Violation(
                            f"{who}: '{action}' among its {key} allows more than one type of resource; name the types, "
                            "as in Microsoft.MachineLearningServices/workspaces/serverlessEndpoints/*",
                            path,
                        )


def _list(role: Resource, path: str) -> list[Any]:
    value = role.value(path)
    if not isinstance(value, list | NoneType):
        raise NotSeenError(f"'{path}' is not a list", path)
    return value or []


def _too_wide(action: str) -> bool:
    provider, _, rest = action.partition("/")
    return "*" in provider or ("*" in rest and rest.count("/") < 1)


RULE = ResourceRule(
    id="role-wildcard",
    title="A custom role names the types of resource that it is for.",
    what="The actions and data actions of each role definition.",
    why="A wildcard for a whole provider, or for all of them, is Owner under another name, and grows with each service "
    "that Azure adds.",
    fix="Name the types of resource; a wildcard below one of them is fine.",
    severity=Severity.HIGH,
    level=Level.ADVISORY,
    sources=("assign-roles-2024-09",),
    types=frozenset({types.ROLE_DEFINITION}),
    frameworks=frameworks.LEAST_PRIVILEGE,
    azure=Accepted.SECURITY,
    check=check,
    example=Example(
        noncompliant="""\
from pulumi_azure_native import authorization

authorization.RoleDefinition(
    "deployer",
    role_name="Llama deployer",
    scope="/subscriptions/00000000-0000-0000-0000-000000000000",
    permissions=[{"actions": ["Microsoft.MachineLearningServices/*"]}],  # violated
)
""",
        compliant="""\
from pulumi_azure_native import authorization

authorization.RoleDefinition(
    "deployer",
    role_name="Llama deployer",
    scope="/subscriptions/00000000-0000-0000-0000-000000000000",
    permissions=[{"actions": ["Microsoft.MachineLearningServices/workspaces/serverlessEndpoints/*"]}],
)
""",
    ),
)
