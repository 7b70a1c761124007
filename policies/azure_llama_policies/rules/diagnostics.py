"""`diagnostics`: a resource sends its logs to Log Analytics or another destination."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

from azure_llama_policies import frameworks
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.resources import NotSeenError, Resource, Stack
from azure_llama_policies.rule import Accepted, Context, Finding, Level, Severity, StackRule, Violation
from azure_llama_policies.subjects import azure_name, called

_JUDGED = frozenset({types.WORKSPACE, types.VAULT, types.STORAGE_ACCOUNT, types.ONLINE_ENDPOINT})


def check(stack: Stack, _context: Context) -> Iterator[Finding]:
    """One violation for each resource without a diagnostic setting."""
    covered = _Covered(stack)
    for resource in stack.of(*_JUDGED):
        if covered.has(resource):
            continue
        blind = covered.blind
        if blind is not None:
            yield (
                resource,
                NotSeenError(f"{called(resource)}: what diagnostic setting '{blind.name}' is of is not known"),
            )
        else:
            yield resource, Violation(f"{called(resource)}: it has no diagnostic setting; set diagnostics: true")


class _Covered:
    def __init__(self, stack: Stack) -> None:
        self._urns: set[str] = set()
        self._ids: set[str] = set()
        self._names: set[str] = set()
        self.blind: Resource | None = None
        for setting in stack.of(types.DIAGNOSTIC_SETTING):
            origins = setting.dependencies.get("resourceUri", ())
            try:
                self._add(setting.text("resourceUri").casefold())
            except NotSeenError:
                self._urns.update(origins)
                if not origins:
                    self.blind = setting

    def _add(self, target: str) -> None:
        parts = target.split("/")
        self._names.update(parts)
        # Storage accounts log by service: .../blobServices/default.
        self._ids.update(accumulate(parts, "{}/{}".format))

    def has(self, resource: Resource) -> bool:
        if resource.urn in self._urns:
            return True
        if resource.arm_id is not None:
            return resource.arm_id.casefold() in self._ids
        return azure_name(resource).casefold() in self._names


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
    azure=Accepted.OPERATION,
    check=check,
    example=Example(
        noncompliant="""\
azure-llama:workspace:
  name: llama-dev
  diagnostics: false                      # violated
""",
        compliant="""\
azure-llama:workspace:
  name: llama-dev
  diagnostics: true
""",
    ),
    notes="A diagnostic setting that another team or an Azure Policy makes is beyond this rule's sight: exempt the "
    "resource.",
)
