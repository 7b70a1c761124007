"""A model as a serverless API: paid by the token, no machines of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pulumi import ComponentResource, InvokeOutputOptions, Output, ResourceHookArgs, ResourceOptions
from pulumi_azure_native import machinelearningservices as ml

from azure_llama_components import in_place
from azure_llama_components.model_subscription import ModelSubscription
from azure_llama_components.outputs import returned
from azure_llama_components.placement import waits_for
from azure_llama_components.routes import AUTH_HEADER, serverless_routes
from azure_llama_components.served_model import ServedModel, served_model
from azure_llama_components.workspace import Workspace

FIXED = {"model": in_place.at("properties", "modelSettings", "modelId")}
"""What is not changed in place, by the name that the stack's YAML has for it."""


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
        auth: Optional. What callers send. `Key` is the only mode that is known to work; `AAD` and `KeyAndAAD` are in
            ARM's schema, and users report that endpoints of Llama refuse Entra tokens.
        tags: Optional. On the endpoint.
    """

    name: str
    workspace: Workspace
    model: str | ServedModel
    subscription: ModelSubscription | None = None
    content_safety: bool = True
    auth: Literal["Key", "AAD", "KeyAndAAD"] = "Key"
    tags: Mapping[str, str] = field(default_factory=dict)


class ServerlessEndpoint(ComponentResource):
    """A serverless endpoint and its keys.

    Another model is another endpoint, with other keys: its name is taken until the old one is gone, so an edit of the
    model is refused in the preview, with what to do instead.

    Attributes:
        arm_id: ARM id of the endpoint, as a plain value.
        resource: The endpoint itself.
        uri: Its base URL, as Azure returned it.
        keys: primary and secondary, as one secret; None where `auth` is `AAD`.
        outputs: kind, uri, chatUrl, completionsUrl, openaiBaseUrl, model, auth; for clients also modelName (what they
            send as `model`), authHeader, deploymentHeader (null: there is one deployment) and contentSafety.
    """

    def __init__(self, name: str, args: ServerlessEndpointArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("azure-llama:index:ServerlessEndpoint", name, {}, opts)
        model = served_model(args.model)
        self.arm_id = f"{args.workspace.id}/serverlessEndpoints/{args.name}"
        self.resource = ml.ServerlessEndpoint(
            name,
            name=args.name,
            resource_group_name=args.workspace.resource_group_name,
            workspace_name=args.workspace.name,
            location=args.workspace.location,
            tags=dict(args.tags),
            sku=ml.SkuArgs(name="Consumption"),
            properties=ml.ServerlessEndpointPropertiesArgs(
                auth_mode=args.auth,
                model_settings=ml.ModelSettingsArgs(model_id=str(model.asset)),
                content_safety=ml.ContentSafetyArgs(
                    content_safety_status=ml.ContentSafetyStatus.ENABLED
                    if args.content_safety
                    else ml.ContentSafetyStatus.DISABLED
                ),
            ),
            opts=ResourceOptions(
                parent=self,
                depends_on=[
                    *([args.subscription.resource] if args.subscription else args.workspace.depends_on),
                    *waits_for(opts),
                ],
                # In another region the name is free, so the new one is there first; in the same one Azure refuses it.
                delete_before_replace=False,
                hooks=in_place.before_update(f"{name}-keeps-model", refuse_in_place),
            ),
        )
        self.keys = self._keys(args) if args.auth != "AAD" else None
        self.uri: Output[str | None] = self.resource.properties.apply(
            lambda known: returned(known.inference_endpoint.uri if known.inference_endpoint else None)
        )
        routes = serverless_routes(self.uri, model.known)
        self.outputs: dict[str, Any] = {
            "kind": "serverless",
            "uri": self.uri,
            "chatUrl": routes.chat_url,
            "completionsUrl": routes.completions_url,
            "openaiBaseUrl": routes.openai_base_url,
            "model": model.key,
            "auth": args.auth,
            "modelName": model.name,
            "authHeader": AUTH_HEADER,
            "deploymentHeader": None,
            "contentSafety": args.content_safety,
        }
        self.register_outputs({**self.outputs, **({"keys": self.keys} if self.keys else {})})

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


def refuse_in_place(change: ResourceHookArgs) -> None:
    """Refuse another model for an endpoint that exists; runs in previews, too.

    Raises:
        ValueError: says what was to be changed, why it is not, and what to do instead.
    """
    if changes := in_place.changed(change, FIXED):
        raise in_place.refused(
            f"serverless endpoint {change.name!r}",
            changes,
            "another model is another endpoint, and the name is taken until this one is gone",
            "Add an endpoint of the new model under a new name, move its callers, then remove this one.",
        )
