"""A model as a serverless API, billed by tokens, without dedicated VMs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Literal

from pulumi import Input, InvokeOutputOptions, Output, Resource, ResourceOptions
from pulumi_azure_native import machinelearningservices as ml

from azure_llama.catalog.kinds import SERVERLESS
from azure_llama.settings import ServerlessSettings
from azure_llama.settings.wire import body
from azure_llama_components import in_place
from azure_llama_components.azure_calls import answered
from azure_llama_components.endpoint import EndpointComponent
from azure_llama_components.inputs import inputs
from azure_llama_components.model_subscription import ModelSubscription
from azure_llama_components.outputs import returned
from azure_llama_components.placement import waits_for
from azure_llama_components.routes import AUTH_HEADER, serverless_routes
from azure_llama_components.served_model import ServedModel, served_model
from azure_llama_components.workspace import Workspace

FIXED = in_place.Fixed(
    what="serverless endpoint",
    properties={"model": in_place.at("properties", "modelSettings", "modelId")},
    why="another model is another endpoint, and the name is taken until this one is gone",
    recipe="Add an endpoint of the new model under a new name, move its callers, then remove this one.",
)


@dataclass(frozen=True, kw_only=True)
class ServerlessEndpointArgs:
    """Arguments of a serverless endpoint.

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


class ServerlessEndpoint(EndpointComponent):
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
        self.arm_id = f"{args.workspace.id}/{SERVERLESS.collection}/{args.name}"
        self.resource = self._endpoint(name, args, model, waits_for(opts))
        self.keys = self._keys(args) if args.auth != "AAD" else None
        self.uri: Output[str | None] = self.resource.properties.apply(
            lambda known: returned(known.inference_endpoint.uri if known.inference_endpoint else None)
        )
        self.outputs = self._outputs(args, model)
        self.register_outputs({**self.outputs, **({"keys": self.keys} if self.keys else {})})

    def _endpoint(
        self, name: str, args: ServerlessEndpointArgs, model: ServedModel, after: Sequence[Input[Resource]]
    ) -> ml.ServerlessEndpoint:
        workspace = args.workspace
        stated = body(ServerlessSettings, SimpleNamespace(**{**vars(args), "model": str(model.asset)}))
        needed: list[Resource] = [args.subscription.resource] if args.subscription else workspace.depends_on
        return ml.ServerlessEndpoint(
            name,
            name=args.name,
            resource_group_name=workspace.resource_group_name,
            workspace_name=workspace.name,
            location=workspace.location,
            tags=dict(args.tags),
            sku=ml.SkuArgs(name="Consumption"),
            properties=inputs(ml.ServerlessEndpointPropertiesArgs, stated["properties"]),
            opts=ResourceOptions(
                parent=self,
                depends_on=[*needed, *after],
                # In another region the name is free, so the new one is there first; in the same one Azure refuses it.
                delete_before_replace=False,
                hooks=FIXED.hook(f"{name}-keeps-model"),
            ),
        )

    def _outputs(self, args: ServerlessEndpointArgs, model: ServedModel) -> dict[str, Any]:
        routes = serverless_routes(self.uri, model.known)
        return {
            "kind": SERVERLESS.name,
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

    def _keys(self, args: ServerlessEndpointArgs) -> Output[dict[str, str | None]]:
        # Secret before anything is read of it: azure-native marks nothing of a `list*` result.
        listed: Output[ml.ListServerlessEndpointKeysResult] = Output.secret(
            answered(
                f"serverless endpoint {args.name!r}: list its keys",
                ml.list_serverless_endpoint_keys_output(
                    name=args.name,
                    resource_group_name=args.workspace.resource_group_name,
                    workspace_name=args.workspace.name,
                    opts=InvokeOutputOptions(parent=self, depends_on=[self.resource]),
                ),
                after=self.resource,
            )
        )
        return listed.apply(lambda keys: {"primary": keys.primary_key, "secondary": keys.secondary_key})
