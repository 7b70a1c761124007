"""What is asked about the endpoints of each kind, beside what is asked about all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from azure_llama.arm import versions
from azure_llama.catalog.kinds import FOUNDRY, MANAGED, SERVERLESS
from azure_llama.preflight.checks import models
from azure_llama.preflight.results import Result, failed, skipped
from azure_llama.settings import EndpointSettings, ManagedSettings, ServerlessSettings, StackEndpoint

if TYPE_CHECKING:
    from azure_llama.preflight.checks.endpoints import Endpoint
    from azure_llama.preflight.plan import Plan

_Asked = TypeVar("_Asked", bound=EndpointSettings)


class EndpointQuestions(Generic[_Asked]):
    """The questions about the endpoints of a kind: none, unless it overrides them."""

    def region(self, plan: Plan, endpoint: StackEndpoint[_Asked]) -> Iterator[Result]:
        """Whether its models are offered in the region."""
        yield from ()

    def lifecycle(self, plan: Plan, endpoint: StackEndpoint[_Asked]) -> Iterator[Result]:
        """Whether its models still take new deployments."""
        yield from ()

    def conflicts(self, plan: Plan, endpoint: StackEndpoint[_Asked], there: list[Endpoint]) -> Iterator[Result]:
        """Endpoints of the region beside which Azure does not take it, names apart.

        Args:
            plan: Required. The plan.
            endpoint: Required. The endpoint.
            there: Required. The subscription's endpoints in the region.
        """
        yield from ()


class _Serverless(EndpointQuestions[ServerlessSettings]):
    def region(self, plan: Plan, endpoint: StackEndpoint[ServerlessSettings]) -> Iterator[Result]:
        yield models.region(plan, endpoint.place, endpoint.settings)

    def lifecycle(self, plan: Plan, endpoint: StackEndpoint[ServerlessSettings]) -> Iterator[Result]:
        yield models.stage(plan, endpoint.place, endpoint.settings)

    def conflicts(
        self, plan: Plan, endpoint: StackEndpoint[ServerlessSettings], there: list[Endpoint]
    ) -> Iterator[Result]:
        asked = endpoint.settings
        asset = (asked.catalog_model.asset_id if asked.catalog_model else asked.model).casefold()
        inside = [each for each in there if each.workspace.casefold() == plan.workspace.casefold()]
        for other in inside:
            if other.model.casefold() == asset and other.name.casefold() != endpoint.name.casefold():
                yield failed(
                    endpoint.place,
                    f"the workspace deploys {asked.model} already, as {other.name!r}: one serverless endpoint of a"
                    " model is allowed in it",
                    "delete it first: az rest --method delete --url"
                    f" '{other.id}?api-version={versions.MACHINE_LEARNING}'",
                )
                return


class _Managed(EndpointQuestions[ManagedSettings]):
    def lifecycle(self, plan: Plan, endpoint: StackEndpoint[ManagedSettings]) -> Iterator[Result]:
        reason = "published dates bind serverless endpoints; none binds managed compute that is known"
        yield from (skipped(endpoint.machine_place(name), reason) for name in endpoint.settings.deployments)


KINDS: Mapping[str, EndpointQuestions[Any]] = {
    SERVERLESS.name: _Serverless(),
    MANAGED.name: _Managed(),
    FOUNDRY.name: EndpointQuestions(),
}
"""By the name of the kind."""
