"""A model on machines of one's own: one URL, any number of deployments behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pulumi import ComponentResource, InvokeOutputOptions, Output, ResourceOptions
from pulumi_azure_native import machinelearningservices as ml
from pulumi_azure_native import resources

from azure_llama import catalog
from components import names
from components.managed_deployment import ManagedDeploymentArgs, deploy
from components.outputs import returned
from components.routes import AUTH_HEADER, DEPLOYMENT_HEADER, managed_routes
from components.traffic import endpoint_template
from components.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class ManagedEndpointArgs:
    """What a managed endpoint is made from.

    Attributes:
        name: Required. Part of its URL, unique in the region: 3-32 letters, digits and single dashes, beginning with a
            letter.
        workspace: Required. The workspace that it is in.
        deployments: Required. Name to deployment; 3-32 characters like the endpoint's, at most 20.
        auth: Optional. `AADToken` (Entra ID: no keys exist), `AMLToken` or `Key`.
        tags: Optional. On the endpoint and its deployments.
    """

    name: str
    workspace: Workspace
    deployments: Mapping[str, ManagedDeploymentArgs]
    auth: Literal["AADToken", "AMLToken", "Key"] = "AADToken"
    tags: Mapping[str, str] = field(default_factory=dict)


class ManagedEndpoint(ComponentResource):
    """A managed online endpoint whose traffic never drops.

    Three steps, in this order on every `up`: the endpoint, created once and then left alone; its deployments; and one
    ARM template that states the endpoint in full, traffic included. So traffic moves to a deployment only when that is
    there, and Pulumi, which deletes last, removes a deployment only when no traffic goes to it any more.

    What a deployment runs (model, size) is never changed in place: a new name, shift, remove. An edit is refused in the
    preview where azure-native would update, and at `up` where it would replace: "cannot create already existing
    resource", before anything is deleted.

    Attributes:
        resource: The endpoint itself. Its own inputs are those of its creation; the template has the current ones.
        deployments: Name to deployment.
        traffic: The ARM deployment of the template.
        keys: primary and secondary, as one secret; None unless `auth` is `Key`.
        outputs: kind, uri, chatUrl, completionsUrl, openaiBaseUrl, deployments, auth; for clients also modelName (what
            they send as `model`: that of the deployment with the most traffic), authHeader, deploymentHeader and
            contentSafety (null: Azure's filter is a setting of serverless endpoints alone).
    """

    def __init__(self, name: str, args: ManagedEndpointArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("azure-llama:index:ManagedEndpoint", name, {}, opts)
        workspace = args.workspace
        self.resource = ml.OnlineEndpoint(
            name,
            endpoint_name=args.name,
            resource_group_name=workspace.resource_group_name,
            workspace_name=workspace.name,
            location=workspace.location,
            tags=dict(args.tags),
            identity=ml.ManagedServiceIdentityArgs(type=ml.ManagedServiceIdentityType.SYSTEM_ASSIGNED),
            properties=ml.OnlineEndpointPropertiesArgs(
                auth_mode=args.auth, public_network_access=ml.PublicNetworkAccessType.ENABLED
            ),
            opts=ResourceOptions(
                parent=self,
                depends_on=[workspace.resource],
                # An update of this resource is a PUT without traffic: every deployment to 0 %.
                ignore_changes=["properties", "tags", "identity", "kind", "sku"],
                # The name is taken until the old endpoint is gone.
                delete_before_replace=True,
            ),
        )
        self.deployments = {
            deployment_name: deploy(
                # No endpoint and no deployment has a dot in its name, so no two of these are alike.
                f"{name}.{deployment_name}",
                deployment,
                deployment_name=deployment_name,
                endpoint_name=args.name,
                endpoint=self.resource,
                resource_group_name=workspace.resource_group_name,
                workspace_name=workspace.name,
                location=workspace.location,
                tags=args.tags,
                parent=self,
            )
            for deployment_name, deployment in args.deployments.items()
        }
        self.traffic = self._traffic(name, args)
        self.keys = self._keys(args) if args.auth == "Key" else None
        uri: Output[str | None] = self.resource.properties.apply(lambda known: returned(known.scoring_uri))
        routes = managed_routes(uri, [catalog.model(deployment.model) for deployment in args.deployments.values()])
        self.outputs: dict[str, Any] = {
            "kind": "managed",
            "uri": uri,
            "chatUrl": routes.chat_url,
            "completionsUrl": routes.completions_url,
            "openaiBaseUrl": routes.openai_base_url,
            "deployments": {key: deployment.outputs for key, deployment in args.deployments.items()},
            "auth": args.auth,
            "modelName": _model_name(args.deployments),
            "authHeader": AUTH_HEADER,
            "deploymentHeader": DEPLOYMENT_HEADER,
            "contentSafety": None,
        }
        self.register_outputs({**self.outputs, **({"keys": self.keys} if self.keys else {})})

    def _traffic(self, name: str, args: ManagedEndpointArgs) -> resources.Deployment:
        template = endpoint_template(
            workspace=args.workspace.name,
            endpoint=args.name,
            location=args.workspace.location,
            auth=args.auth,
            traffic={key: deployment.traffic for key, deployment in args.deployments.items()},
            tags=args.tags,
        )
        return resources.Deployment(
            f"{name}-traffic",
            deployment_name=names.traffic_name(args.name),
            resource_group_name=args.workspace.resource_group_name,
            tags=dict(args.tags),
            properties=resources.DeploymentPropertiesArgs(mode=resources.DeploymentMode.INCREMENTAL, template=template),
            opts=ResourceOptions(
                parent=self,
                depends_on=[self.resource, *self.deployments.values()],
                delete_before_replace=False,
            ),
        )

    def _keys(self, args: ManagedEndpointArgs) -> Output[dict[str, str | None]]:
        # An endpoint has keys only once the template has given it that auth: in the preview of such a change, and of
        # any other change of the template, the state is unknown, and the keys are not asked for.
        settled = self.traffic.properties.provisioning_state
        # Secret before anything is read of it: azure-native marks nothing of a `list*` result.
        listed: Output[ml.ListOnlineEndpointKeysResult] = Output.secret(
            ml.list_online_endpoint_keys_output(
                endpoint_name=settled.apply(lambda _: args.name),
                resource_group_name=args.workspace.resource_group_name,
                workspace_name=args.workspace.name,
                opts=InvokeOutputOptions(parent=self, depends_on=[self.traffic]),
            )
        )
        return listed.apply(lambda keys: {"primary": keys.primary_key, "secondary": keys.secondary_key})


def _model_name(deployments: Mapping[str, ManagedDeploymentArgs]) -> str | None:
    busiest = max(deployments.values(), key=lambda deployment: deployment.traffic, default=None)
    return None if busiest is None else catalog.model(busiest.model).name
