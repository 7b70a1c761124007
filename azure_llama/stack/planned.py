"""The planned resources of a stack: runs its program, and derives their ARM ids."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from azure_llama.documents.errors import InputError
from azure_llama.documents.unknown import NOBODY
from azure_llama.settings import Settings
from azure_llama.stack import arm_ids, project
from azure_llama.stack.arm_ids import Planned
from azure_llama.stack.project import Project
from azure_llama.stack.settings import load_known
from azure_llama.stack.values import Given

if TYPE_CHECKING:
    from azure_llama.stack.program import Program

_WORKSPACE = tuple(f"azure-llama:workspace{key}" for key in ("", ".name", ".id", ".resourceGroup"))


@dataclass(frozen=True)
class PlannedStack:
    """A stack, and who asks for it.

    Attributes:
        project: Required. The project with the stack's configuration.
        settings: Required. The stack's settings.
        subscription: Required. Id of the subscription.
        tenant: Required. Id of the tenant; empty when it is not known.
        resources: Required. What the program declares in Azure.
        unlisted: Optional. Types of azure-native in the program whose ARM ids are not known.
        notes: Optional. What is unknown, and what is left out for that reason.
    """

    project: Project
    settings: Settings
    subscription: str
    tenant: str
    resources: tuple[Planned, ...]
    unlisted: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def project_of(directory: Path, stack: str | None, config_file: Path | None, given: Given | None = None) -> Project:
    """The project of a folder, with its catalogue read.

    Raises:
        InputError: there is none, or a file of it has errors.
        OverlayError: the overlay has errors.
    """
    found = project.load(directory, stack, config_file, given)
    found.catalog  # noqa: B018 - read here, so that its errors are reported before Azure is asked
    return found


def plan_stack(
    found: Project,
    subscription: str,
    tenant: str = "",
    model: type[Settings] = Settings,
    program: Program | None = None,
) -> PlannedStack:
    """Run the program, and take the names of its resources from it.

    Args:
        found: Required. The project.
        subscription: Required. Id of the subscription; empty when there is none.
        tenant: Optional. Id of the tenant.
        model: Optional. The settings' model; it has a field for each kind of endpoint of the catalogue.
        program: Optional. What the program asks for in this subscription and tenant; it is run when None.

    Raises:
        InputError: the configuration or the program has errors.
    """
    from azure_llama.stack.program import plan  # asyncio and its like, which a command without a program need not load

    subscription = subscription or NOBODY
    # The stack's names depend on the subscription: another one has other names.
    known = {"azure-native:subscriptionId": subscription} | ({"azure-native:tenantId": tenant} if tenant else {})
    here = replace(found, config={**found.config, **known})
    settings, notes = load_known(here, model)
    _check_workspace(here)
    program = program or plan(here)
    kinds = found.catalog.kinds
    new = [each for each in program.resources if each.urn not in program.read]
    rows = [(each.type, each.name, dict(each.props)) for each in new]
    types = {type_ for type_, _, _ in rows if arm_ids.is_azure(type_)}
    unlisted = tuple(sorted(type_ for type_ in types if not arm_ids.known(type_, kinds)))
    planned = arm_ids.planned(rows, subscription, group_of(settings), kinds)
    return PlannedStack(here, settings, subscription, tenant, tuple(planned), unlisted, notes)


def _check_workspace(project: Project) -> None:
    for place in project.unknown:
        if place in _WORKSPACE:
            raise InputError(
                f"{place}: is unknown, and names of Azure resources depend on it; supply it with --value {place}=VALUE"
            )


def group_of(settings: Settings) -> str | None:
    """The resource group of a workspace that exists; None when the program makes its own."""
    id_ = settings.workspace.id if settings.workspace else None
    return id_.split("/")[4] if id_ else None
