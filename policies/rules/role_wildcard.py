"""`role-wildcard`: a role of one's own names what it allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from policies import frameworks
from policies import resource_types as types
from policies.resources import UNKNOWN, NotSeenError, Resource
from policies.rule import Context, Level, ResourceRule, Severity, Violation
from policies.subjects import called

_PATH = "permissions"


def check(role: Resource, _context: Context) -> Iterator[Violation]:
    """One violation for each action that allows a whole provider, or everything."""
    who = called(role)
    try:
        permissions = role.value(_PATH)
    except NotSeenError as unseen:
        raise NotSeenError(f"{who}: {unseen}", _PATH) from None
    for index, permission in enumerate(permissions or ()):
        for key in ("actions", "dataActions"):
            path = f"{_PATH}.{index}.{key}"
            actions = permission.get(key) if isinstance(permission, Mapping) else UNKNOWN
            for action in actions if isinstance(actions, Sequence) else ():
                if action is UNKNOWN:
                    actions = UNKNOWN
                elif _too_wide(action):
                    yield Violation(
                        f"{who}: '{action}' among its {key} allows more than one type of resource; name the types, as "
                        "in Microsoft.MachineLearningServices/workspaces/serverlessEndpoints/*",
                        path,
                    )
            if actions is UNKNOWN:
                raise NotSeenError(f"{who}: '{path}' is not known before the deployment", path)


def _too_wide(action: str) -> bool:
    provider, _, rest = action.partition("/")
    return "*" in provider or ("*" in rest and rest.count("/") < 1)


RULE = ResourceRule(
    id="role-wildcard",
    title="A role of one's own names the types of resource that it is for.",
    what="The actions and data actions of each role definition.",
    why="A wildcard for a whole provider, or for all of them, is Owner under another name, and grows with each service "
    "that Azure adds.",
    fix="Name the types of resource; a wildcard below one of them is fine.",
    severity=Severity.HIGH,
    level=Level.ADVISORY,
    sources=("assign-roles-2024-09",),
    types=frozenset({types.ROLE_DEFINITION}),
    frameworks=frameworks.LEAST_PRIVILEGE,
    check=check,
    example="""\
authorization.PermissionArgs(
    actions=["Microsoft.MachineLearningServices/*"],  # violated
)
""",
)
