"""Additional checks for each kind of endpoint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from azure_llama.arm import versions
from azure_llama.catalog.kinds import FOUNDRY, MANAGED, SERVERLESS
from azure_llama.preflight.checks import foundry, models
from azure_llama.preflight.results import Result, failed, skipped
from azure_llama.settings import EndpointSettings, FoundrySettings, ManagedSettings, ServerlessSettings, StackEndpoint

if TYPE_CHECKING:
    from azure_llama.preflight.actions import Need
    from azure_llama.preflight.checks.endpoints import Endpoint
    from azure_llama.preflight.plan import Plan
    from azure_llama.preflight.reader import Reader

_Asked = TypeVar("_Asked", bound=EndpointSettings)


class EndpointQuestions(Generic[_Asked]):
    """The questions about the endpoints of a kind: none, unless it overrides them."""

    async def region(self, plan: Plan, azure: Reader, endpoint: StackEndpoint[_Asked]) -> Sequence[Result]:
        """Whether its models are offered in the region."""
        return ()

    async def lifecycle(self, plan: Plan, azure: Reader, endpoint: StackEndpoint[_Asked]) -> Sequence[Result]:
        """Whether its models still take new deployments."""
        return ()

    def bought(self, plan: Plan, endpoint: StackEndpoint[_Asked]) -> Iterator[str]:
        """Names of its deployments whose models Azure buys in Azure Marketplace as it deploys them."""
        yield from ()

    async def purchases(self, plan: Plan, azure: Reader, endpoint: StackEndpoint[_Asked]) -> Sequence[Result]:
        """Whether the subscription may buy those."""
        return ()

    def links(self, plan: Plan, endpoint: StackEndpoint[_Asked]) -> Iterator[Need]:
        """Actions on other resources that the endpoint's own resources name."""
        yield from ()

    async def names(self, plan: Plan, azure: Reader, endpoint: StackEndpoint[_Asked]) -> Sequence[Result]:
        """Whether its name is free, for a kind that is in no workspace."""
        return ()

    async def limits(self, plan: Plan, azure: Reader, endpoints: Sequence[StackEndpoint[_Asked]]) -> Sequence[Result]:
        """Whether Azure's limits have room for all endpoints of the kind, for one that is in no workspace."""
        return ()

    def conflicts(self, plan: Plan, endpoint: StackEndpoint[_Asked], there: list[Endpoint]) -> Iterator[Result]:
        """Existing endpoints of the region that conflict with it, apart from names.

        Args:
            plan: Required. The plan.
            endpoint: Required. The endpoint.
            there: Required. The subscription's endpoints in the region.
        """
        yield from ()


class _Serverless(EndpointQuestions[ServerlessSettings]):
    async def region(self, plan: Plan, azure: Reader, endpoint: StackEndpoint[ServerlessSettings]) -> list[Result]:
        return [models.region(plan, endpoint.place, endpoint.settings)]

    async def lifecycle(self, plan: Plan, azure: Reader, endpoint: StackEndpoint[ServerlessSettings]) -> list[Result]:
        return [models.stage(plan, endpoint.place, endpoint.settings)]

    def conflicts(
        self, plan: Plan, endpoint: StackEndpoint[ServerlessSettings], there: list[Endpoint]
    ) -> Iterator[Result]:
        asked = endpoint.settings
        asset = (asked.catalog_model.asset_id if asked.catalog_model else asked.model).casefold()
        inside = [each for each in there if each.workspace.casefold() == plan.workspace.casefold()]
        for other in inside:
            if other.model.casefold() == asset and other.name.casefold() != endpoint.name.casefold():
                yield _second(plan, endpoint, other)
                return


def _second(plan: Plan, endpoint: StackEndpoint[ServerlessSettings], other: Endpoint) -> Result:
    """The failure of a second endpoint of a model, be the first one the stack's own under its old name or not."""
    evidence = (
        f"the workspace deploys {endpoint.settings.model} already, as {other.name!r}: one serverless endpoint of a"
        " model is allowed in it"
    )
    if not plan.leaves(other.id):
        by_hand = f"az rest --method delete --url '{other.id}?api-version={versions.MACHINE_LEARNING}'"
        return failed(endpoint.place, evidence, f"delete it first: {by_hand}")
    return failed(
        endpoint.place,
        f"{evidence}, and `pulumi up` deletes the old one only after it has created the new one",
        f"keep the name {other.name!r}; or remove the endpoint, run `pulumi up`, then add it as {endpoint.name!r}: its"
        " callers have none meanwhile",
    )


class _Managed(EndpointQuestions[ManagedSettings]):
    async def lifecycle(self, plan: Plan, azure: Reader, endpoint: StackEndpoint[ManagedSettings]) -> list[Result]:
        reason = "published dates bind serverless endpoints; none binds managed compute that is known"
        return [skipped(endpoint.machine_place(name), reason) for name in endpoint.settings.deployments]


class _Foundry(EndpointQuestions[FoundrySettings]):
    async def region(self, plan: Plan, azure: Reader, endpoint: StackEndpoint[FoundrySettings]) -> list[Result]:
        return await foundry.offered(plan, azure, endpoint)

    async def lifecycle(self, plan: Plan, azure: Reader, endpoint: StackEndpoint[FoundrySettings]) -> list[Result]:
        return await foundry.lifecycle(plan, azure, endpoint)

    def bought(self, plan: Plan, endpoint: StackEndpoint[FoundrySettings]) -> Iterator[str]:
        return foundry.bought(plan, endpoint)

    async def purchases(self, plan: Plan, azure: Reader, endpoint: StackEndpoint[FoundrySettings]) -> list[Result]:
        return await foundry.purchases(plan, azure, endpoint)

    def links(self, plan: Plan, endpoint: StackEndpoint[FoundrySettings]) -> Iterator[Need]:
        return foundry.links(plan, endpoint)

    async def names(self, plan: Plan, azure: Reader, endpoint: StackEndpoint[FoundrySettings]) -> list[Result]:
        return await foundry.names(plan, azure, endpoint)

    async def limits(
        self, plan: Plan, azure: Reader, endpoints: Sequence[StackEndpoint[FoundrySettings]]
    ) -> list[Result]:
        return await foundry.limits(plan, azure, endpoints)


KINDS: Mapping[str, EndpointQuestions[Any]] = {
    SERVERLESS.name: _Serverless(),
    MANAGED.name: _Managed(),
    FOUNDRY.name: _Foundry(),
}
"""By the name of the kind."""
