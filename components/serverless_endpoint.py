"""A model as a serverless API: paid by the token, no machines of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi import ComponentResource, InvokeOutputOptions, Output, ResourceOptions
from pulumi_azure_native import machinelearningservices as ml

from azure_llama import catalog
from components.model_subscription import ModelSubscription
from components.outputs import returned
from components.routes import AUTH_HEADER, serverless_routes
from components.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class ServerlessEndpointArgs:
    """What a serverless endpoint is made from.

    Attributes:
        name: Required. Part of its URL, unique in the region: 1-52 letters, digits and dashes, beginning with a letter.
        workspace: Required. The workspace that it is in.
        model: Required. The model's name in the catalogue, or its asset id. Azure serves its newest version.
        subscription: Conditional. The workspace's subscription to the model; required unless the model is of
            Microsoft's own registry.
        content_safety: Optional. Whether Azure filters prompts and answers.
        tags: Optional. On the endpoint.
    """

    name: str
    workspace: Workspace
    model: str
    subscription: ModelSubscription | None = None
    content_safety: bool = True
    tags: Mapping[str, str] = field(default_factory=dict)


class ServerlessEndpoint(ComponentResource):
    """A serverless endpoint and its keys.

    Another model is another endpoint, under the same name or a new one: Pulumi then shows a replacement, and the new
    endpoint has new keys.

    Attributes:
        resource: The endpoint itself.
        keys: primary and secondary, as one secret.
        outputs: kind, uri, chatUrl, completionsUrl, openaiBaseUrl, model, auth; for clients also modelName (what they
            send as `model`), authHeader, deploymentHeader (null: there is one deployment) and contentSafety.
    """

    def __init__(self, name: str, args: ServerlessEndpointArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("azure-llama:index:ServerlessEndpoint", name, {}, opts)
        model = catalog.model(args.model)
        self.resource = ml.ServerlessEndpoint(
            name,
            name=args.name,
            resource_group_name=args.workspace.resource_group_name,
            workspace_name=args.workspace.name,
            location=args.workspace.location,
            tags=dict(args.tags),
            sku=ml.SkuArgs(name="Consumption"),
            properties=ml.ServerlessEndpointPropertiesArgs(
                # The only mode that is known to work for Llama: azureml-meta endpoints refuse Entra tokens.
                auth_mode=ml.ServerlessInferenceEndpointAuthMode.KEY,
                model_settings=ml.ModelSettingsArgs(model_id=model.asset_id),
                content_safety=ml.ContentSafetyArgs(
                    content_safety_status=ml.ContentSafetyStatus.ENABLED
                    if args.content_safety
                    else ml.ContentSafetyStatus.DISABLED
                ),
            ),
            opts=ResourceOptions(
                parent=self,
                depends_on=[args.subscription.resource if args.subscription else args.workspace.resource],
                replace_on_changes=["properties.modelSettings.modelId"],
                # The name is taken until the old endpoint is gone.
                delete_before_replace=True,
            ),
        )
        self.keys = self._keys(args)
        uri: Output[str | None] = self.resource.properties.apply(
            lambda known: returned(known.inference_endpoint.uri if known.inference_endpoint else None)
        )
        routes = serverless_routes(uri, model)
        self.outputs: dict[str, Any] = {
            "kind": "serverless",
            "uri": uri,
            "chatUrl": routes.chat_url,
            "completionsUrl": routes.completions_url,
            "openaiBaseUrl": routes.openai_base_url,
            "model": model.name,
            "auth": ml.ServerlessInferenceEndpointAuthMode.KEY.value,
            "modelName": model.name,
            "authHeader": AUTH_HEADER,
            "deploymentHeader": None,
            "contentSafety": args.content_safety,
        }
        self.register_outputs({**self.outputs, "keys": self.keys})

    def _keys(self, args: ServerlessEndpointArgs) -> Output[dict[str, str | None]]:
        # Secret before anything is read of it: azure-native marks nothing of a `list*` result.
        listed: Output[ml.ListServerlessEndpointKeysResult] = Output.secret(
            ml.list_serverless_endpoint_keys_output(
                name=args.name,
                resource_group_name=args.workspace.resource_group_name,
                workspace_name=args.workspace.name,
                opts=InvokeOutputOptions(parent=self, depends_on=[self.resource]),
            )
        )
        return listed.apply(lambda keys: {"primary": keys.primary_key, "secondary": keys.secondary_key})
