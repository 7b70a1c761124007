"""`diagnostics`: what happens to a resource is logged somewhere else."""

from __future__ import annotations

from collections.abc import Iterator

from policies import frameworks
from policies import resource_types as types
from policies.resources import NotSeenError, Resource, Stack
from policies.rule import Context, Finding, Level, Severity, StackRule, Violation
from policies.subjects import azure_name, called

_JUDGED = frozenset({types.WORKSPACE, types.VAULT, types.STORAGE_ACCOUNT, types.ONLINE_ENDPOINT})


def check(stack: Stack, _context: Context) -> Iterator[Finding]:
    """One violation for each resource without a diagnostic setting."""
    settings = stack.of(types.DIAGNOSTIC_SETTING)
    for resource in stack.of(*_JUDGED):
        if any(_covers(setting, resource) for setting in settings):
            continue
        blind = next((setting for setting in settings if _target(setting) is None and not _origins(setting)), None)
        if blind is not None:
            yield (
                resource,
                NotSeenError(f"{called(resource)}: what diagnostic setting '{blind.name}' is of is not known"),
            )
        else:
            yield resource, Violation(f"{called(resource)}: it has no diagnostic setting; set diagnostics: true")


def _covers(setting: Resource, resource: Resource) -> bool:
    target = _target(setting)
    if target is None:
        return resource.urn in _origins(setting)
    if resource.arm_id is not None:
        own = resource.arm_id.casefold()
        # Storage accounts log by service: .../blobServices/default.
        return target == own or target.startswith(f"{own}/")
    return f"/{azure_name(resource).casefold()}" in target


def _target(setting: Resource) -> str | None:
    try:
        return setting.text("resourceUri").casefold()
    except NotSeenError:
        return None


def _origins(setting: Resource) -> tuple[str, ...]:
    return setting.dependencies.get("resourceUri", ())


RULE = StackRule(
    id="diagnostics",
    title="Workspaces, vaults, storage accounts and managed endpoints have a diagnostic setting.",
    what="The diagnostic settings of the stack, and what each is of.",
    why="Without one, Azure keeps no log of who read a secret or called an endpoint, and none can be had afterwards.",
    fix="Set diagnostics: true, which sends the logs to the stack's Log Analytics workspace.",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    sources=("azure-policy-2026-04", "psrule"),
    types=_JUDGED,
    reads=frozenset({types.DIAGNOSTIC_SETTING}),
    mirrors=(
        "afe0c3be-ba3b-4544-ba52-0c99672a8ad6",
        "f59276f0-5740-4aaf-821d-45d185aa210e",
        "cf820ca0-f99e-4f3e-84fb-66e913812d21",
        "AZR-000119",
    ),
    frameworks=frameworks.LOGGING,
    check=check,
    example="""\
azure-llama:workspace:
  name: llama-dev
  diagnostics: false                      # violated
""",
    notes="A diagnostic setting that another team or an Azure Policy makes is beyond this rule's sight: exempt the "
    "resource.",
)
