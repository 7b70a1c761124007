"""The plan: the resources that `pulumi up` will request from Azure, as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from azure_llama.catalog import Catalog
from azure_llama.settings import DeploymentSettings, Settings, StackEndpoint
from azure_llama.stack.arm_ids import Planned

if TYPE_CHECKING:
    from azure_llama.preflight.kinds import EndpointQuestions

ML = "Microsoft.MachineLearningServices"
WORKSPACE = f"{ML}/workspaces"
GROUP = "Microsoft.Resources/resourceGroups"


@dataclass(frozen=True)
class Plan:
    """A stack to deploy.

    Attributes:
        settings: Required. The stack's settings.
        subscription: Required. Id of the subscription.
        resources: Required. All that the program declares in Azure.
        workspace: Required. ARM id of the workspace that holds the endpoints; empty when the stack has none.
        today: Required. The day that lifecycle and region tables are read for.
        held: Optional. Ids, in lower case, that the stack's state has; None when the state was not read.
        kinds: Required. The questions about the endpoints of each kind, by its name.
        unlisted: Optional. Types of azure-native in the program whose ARM ids are not known here.
        stacks: Optional. The output `endpoints` of each stack with members of the gateway, by its full name, or why it
            cannot be read; None when the stacks were not read.
    """

    settings: Settings
    subscription: str
    resources: tuple[Planned, ...]
    workspace: str
    today: date
    kinds: Mapping[str, EndpointQuestions[Any]]
    held: frozenset[str] | None = None
    unlisted: tuple[str, ...] = ()
    stacks: Mapping[str, Mapping[str, Any] | str] | None = None

    @property
    def catalog(self) -> Catalog:
        """The settings' catalogue."""
        return self.settings.catalog

    @property
    def region(self) -> str:
        """ARM name of the region."""
        return self.settings.location

    @property
    def scope(self) -> str:
        """Id of the subscription."""
        return f"/subscriptions/{self.subscription}"

    @property
    def workspace_name(self) -> str:
        """Name of the workspace."""
        return self.workspace.rsplit("/", 1)[-1]

    @cached_property
    def group(self) -> str:
        """Id of the resource group of the workspace; without one, of the group that the program makes."""
        if self.workspace:
            return self.workspace.split("/providers/", 1)[0]
        return next((each.id for each in self.of(GROUP)), self.scope)

    @cached_property
    def endpoints(self) -> tuple[StackEndpoint[Any], ...]:
        """All endpoints, kind by kind."""
        return tuple(self.settings.endpoints())

    @cached_property
    def machines(self) -> tuple[tuple[StackEndpoint[Any], str, DeploymentSettings], ...]:
        """All deployments on machines: endpoint, name of the deployment, deployment."""
        return tuple(
            (endpoint, name, deployment)
            for endpoint in self.endpoints
            for name, deployment in endpoint.settings.machines.items()
        )

    def id_of(self, endpoint: StackEndpoint[Any]) -> str:
        """ARM id of an endpoint."""
        return endpoint.kind.arm_id(self.group, self.workspace_name, endpoint.name)

    def of(self, type_: str) -> tuple[Planned, ...]:
        """The planned resources of a type."""
        return tuple(each for each in self.resources if each.is_a(type_))

    @cached_property
    def namespaces(self) -> tuple[str, ...]:
        """Resource providers of the planned resources, each once."""
        found: dict[str, str] = {}
        for each in self.resources:
            found.setdefault(each.namespace.casefold(), each.namespace)
        return tuple(found.values())

    @property
    def buys(self) -> tuple[Planned, ...]:
        """The marketplace subscriptions."""
        return self.of(f"{WORKSPACE}/marketplaceSubscriptions")

    def leaves(self, id_: str) -> bool:
        """Whether the stack's state has a resource that the plan no longer has: `pulumi up` deletes it at its end."""
        return self.is_held(id_) is True and all(each.id.casefold() != id_.casefold() for each in self.resources)

    @cached_property
    def purchases(self) -> bool:
        """Whether the plan buys an Azure Marketplace offer, with a subscription or at a deployment."""
        return bool(self.buys) or any(
            True for endpoint in self.endpoints for _ in self.kinds[endpoint.kind.name].bought(self, endpoint)
        )

    def is_held(self, id_: str) -> bool | None:
        """Whether the stack's state has a resource; None when that is not known."""
        return None if self.held is None else id_.casefold() in self.held


def plan(
    settings: Settings,
    subscription: str,
    resources: Iterable[Planned],
    today: date,
    held: Iterable[str] | None = None,
    unlisted: Iterable[str] = (),
    kinds: Mapping[str, EndpointQuestions[Any]] | None = None,
) -> Plan:
    """The plan of a stack; see `Plan`.

    Raises:
        ValueError: nothing says which workspace the endpoints are in.
    """
    from azure_llama.preflight.kinds import KINDS  # its questions are about plans

    planned = tuple(resources)
    known = None if held is None else frozenset(each.casefold() for each in held)
    return Plan(
        settings, subscription, planned, _workspace(settings, planned), today, kinds or KINDS, known, tuple(unlisted)
    )


def _workspace(settings: Settings, planned: tuple[Planned, ...]) -> str:
    if settings.workspace is None:
        return ""
    if settings.workspace.id:
        return settings.workspace.id
    name = settings.workspace.name
    for each in planned:
        if each.is_a(WORKSPACE) and each.name == name:
            return each.id
    raise ValueError(f"the program declares no workspace {name!r}")
