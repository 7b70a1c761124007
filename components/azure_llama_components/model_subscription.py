"""The Azure Marketplace subscription to a model, one for each model of a workspace."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pulumi import ComponentResource, ResourceOptions
from pulumi_azure_native import machinelearningservices as ml

from azure_llama_components import names
from azure_llama_components.outputs import returned
from azure_llama_components.served_model import ServedModel, served_model
from azure_llama_components.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class ModelSubscriptionArgs:
    """Arguments of a subscription.

    Attributes:
        workspace: Required. The workspace that subscribes.
        model: Required. The model's name in the catalogue, or its asset id.
    """

    workspace: Workspace
    model: str | ServedModel


class ModelSubscription(ComponentResource):
    """A workspace's subscription to a model, shared by all endpoints of that model in it.

    Endpoints have to depend on it: no property of theirs refers to it, and they stop working without it. Azure has no
    tags for it.

    Attributes:
        resource: The subscription itself.
        outputs: subscriptionId (ARM id), offer (null until Azure says it).
    """

    def __init__(self, name: str, args: ModelSubscriptionArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("azure-llama:index:ModelSubscription", name, {}, opts)
        model = served_model(args.model)
        self.resource = ml.MarketplaceSubscription(
            name,
            name=names.marketplace_subscription_name(model.resource_name),
            resource_group_name=args.workspace.resource_group_name,
            workspace_name=args.workspace.name,
            properties=ml.MarketplaceSubscriptionPropertiesArgs(model_id=str(model.asset)),
            # In another workspace it is made before the old one goes: that one's endpoints go first, after it.
            opts=ResourceOptions(parent=self, depends_on=args.workspace.depends_on, delete_before_replace=False),
        )
        self.outputs: dict[str, Any] = {
            "subscriptionId": self.resource.id,
            "offer": self.resource.properties.apply(
                lambda known: returned(known.marketplace_plan and known.marketplace_plan.offer_id)
            ),
        }
        self.register_outputs(self.outputs)


def subscribe(workspace: Workspace, models: Iterable[str | ServedModel]) -> dict[str, ModelSubscription]:
    """One subscription for each of the models that needs one, however many endpoints it is to have.

    Args:
        workspace: Required. The workspace.
        models: Required. Models, or their names or asset ids in any letter case, repeated or not.

    Returns:
        The catalogue's name of each model, or else its asset id, to its subscription; models in Microsoft's own
        registry have none.
    """
    found = {model.key: model for model in map(served_model, models)}
    return {
        key: ModelSubscription(model.resource_name, ModelSubscriptionArgs(workspace=workspace, model=model))
        for key, model in found.items()
        if model.asset.needs_subscription
    }
