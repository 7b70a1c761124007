"""How rules read the resources of each kind of endpoint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from azure_llama.catalog.kinds import FOUNDRY, MANAGED, SERVERLESS
from azure_llama_policies import resource_types as types
from azure_llama_policies.serverless import MODEL_ID, SUBSCRIBED_MODEL_ID


@dataclass(frozen=True)
class EndpointResource:
    """A resource of a kind.

    Attributes:
        noun: What messages call it.
        name: The input with its name in Azure.
        model: Dotted path of the id of its model; None when it has none.
        has_tags: Whether it takes tags.
        is_billed: Whether it is paid for by use.
    """

    noun: str
    name: str
    model: str | None = None
    has_tags: bool = True
    is_billed: bool = False


KINDS: Mapping[str, Mapping[str, EndpointResource]] = {
    SERVERLESS.name: {
        types.SERVERLESS_ENDPOINT: EndpointResource("endpoint", "name", model=MODEL_ID, is_billed=True),
        types.MARKETPLACE_SUBSCRIPTION: EndpointResource(
            "marketplace subscription", "name", model=SUBSCRIBED_MODEL_ID, has_tags=False
        ),
    },
    MANAGED.name: {
        types.ONLINE_ENDPOINT: EndpointResource("endpoint", "endpointName"),
        types.ONLINE_DEPLOYMENT: EndpointResource(
            "deployment", "deploymentName", model="properties.model", is_billed=True
        ),
    },
    FOUNDRY.name: {
        types.FOUNDRY_DEPLOYMENT: EndpointResource("deployment", "deploymentName", is_billed=True),
    },
}
"""By the name of the kind, then by the type of the resource."""


def endpoint_resources() -> Iterator[tuple[str, EndpointResource]]:
    """The resources of all kinds, each with its type."""
    for resources in KINDS.values():
        yield from resources.items()
