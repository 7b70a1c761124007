"""A connection to a serverless endpoint from another workspace, such as for prompt flow there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pulumi import ComponentResource, Output, ResourceOptions, RunError
from pulumi_azure_native import authorization
from pulumi_azure_native import machinelearningservices as ml

from azure_llama.catalog.arm_ids import parse_arm_id
from azure_llama.documents.unknown import same_subscription
from azure_llama_components.azure_calls import ask
from azure_llama_components.serverless_endpoint import ServerlessEndpoint


@dataclass(frozen=True, kw_only=True)
class WorkspaceConnectionArgs:
    """Arguments of a connection.

    Attributes:
        name: Required. 3-33 letters, digits, dashes and underscores.
        workspace_id: Required. ARM id of the workspace or project that is to use the endpoint; of this subscription.
        endpoint: Required. The endpoint; one that has keys.
    """

    name: str
    workspace_id: str
    endpoint: ServerlessEndpoint


class WorkspaceConnection(ComponentResource):
    """A connection of category Serverless, with the endpoint's primary key. Azure has no tags for it.

    Attributes:
        resource: The connection itself.
        outputs: id, workspace (ARM id).
    """

    def __init__(self, name: str, args: WorkspaceConnectionArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("azure-llama:index:WorkspaceConnection", name, {}, opts)
        place = parse_arm_id(args.workspace_id)
        if place is None:
            raise ValueError(f"workspace_id is {args.workspace_id!r}; give the ARM id of an Azure ML workspace.")
        if args.endpoint.keys is None:
            raise ValueError(f"connection {name!r}: the endpoint has no keys; give it auth Key or KeyAndAAD.")
        ours = ask(
            f"connection {name!r}: get the subscription of the stack", authorization.get_client_config
        ).subscription_id
        if not same_subscription(place.subscription, ours):
            raise RunError(
                f"connection {name!r}: the workspace {args.workspace_id} is in another subscription than this stack "
                f"({ours}), and Pulumi's provider works in one; make the connection in a stack of that subscription."
            )
        key: Output[str | None] = args.endpoint.keys.apply(lambda keys: keys["primary"])
        self.resource = ml.WorkspaceConnection(
            name,
            connection_name=args.name,
            resource_group_name=place.resource_group,
            workspace_name=place.name,
            properties=ml.ApiKeyAuthWorkspaceConnectionPropertiesArgs(
                auth_type="ApiKey",
                category=ml.ConnectionCategory.SERVERLESS,
                target=args.endpoint.uri,
                credentials=ml.WorkspaceConnectionApiKeyArgs(key=key),
                is_shared_to_all=False,
            ),
            opts=ResourceOptions(
                parent=self,
                depends_on=[args.endpoint.resource],
                delete_before_replace=False,
                # The key is among them, and the provider does not say that it is a secret.
                additional_secret_outputs=["properties"],
            ),
        )
        self.outputs: dict[str, Any] = {"id": self.resource.id, "workspace": args.workspace_id}
        self.register_outputs(self.outputs)
