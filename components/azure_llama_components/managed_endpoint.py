"""A model on dedicated GPU VMs: one URL, any number of deployments behind it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pulumi import InvokeOutputOptions, Output, ResourceOptions
from pulumi_azure_native import machinelearningservices as ml
from pulumi_azure_native import resources

from azure_llama.catalog.kinds import MANAGED
from azure_llama_components import in_place, names
from azure_llama_components.autoscale import Autoscale, AutoscaleArgs
from azure_llama_components.azure_calls import answered
from azure_llama_components.deployment_entries import entries_hook, entries_input
from azure_llama_components.diagnostics import diagnose
from azure_llama_components.endpoint import EndpointComponent
from azure_llama_components.inputs import inputs
from azure_llama_components.managed_deployment import Owner, deploy, make_environment
from azure_llama_components.managed_endpoint_args import ManagedEndpointArgs
from azure_llama_components.outputs import returned
from azure_llama_components.routes import AUTH_HEADER, DEPLOYMENT_HEADER, managed_routes, origin
from azure_llama_components.served_deployment import ServedDeployment
from azure_llama_components.traffic import EndpointState

_STATED = ("properties", "template", "resources", 0)
FIXED = in_place.Fixed(
    what="endpoint of",
    properties={
        "identity": in_place.at(*_STATED, "identity", default={"type": "SystemAssigned"}),
        "sharedQuota": in_place.at(*_STATED, "properties", "properties", "TargetAutoDeletionTime"),
    },
    why="Azure takes both when an endpoint is created, and never again",
    recipe="Add an endpoint under a new name, move its callers, then remove this one.",
)


class ManagedEndpoint(EndpointComponent):
    """A managed online endpoint whose traffic never drops.

    Three steps, in this order on every `up`: the endpoint, created once and then left alone; its deployments; and one
    ARM template that states the endpoint in full, traffic included. So traffic moves to a deployment only when that is
    there, and Pulumi, which deletes last, removes a deployment only when no traffic goes to it any more.

    What a deployment runs (model, size, environment) is never changed in place: a new name, shift, remove. An edit is
    refused in the preview where azure-native would update, and at `up` where it would replace: "cannot create already
    existing resource", before anything is deleted.

    Attributes:
        arm_id: ARM id of the endpoint, as a plain value.
        resource: The endpoint itself; None where it exists already. Its own inputs are those of its creation; the
            template has the current ones.
        deployments: Name to deployment; without those that are stopped.
        autoscale: Name to autoscale setting, of the deployments that have one.
        traffic: The ARM deployment of the template; None where the endpoint exists already.
        keys: primary and secondary, as one secret; None unless `auth` is `Key`, and where the endpoint exists already.
        outputs: kind, uri, chatUrl, completionsUrl, openaiBaseUrl, deployments, auth; for clients also modelName (what
            they send as `model`: that of the deployment with the most traffic), authHeader, deploymentHeader and
            contentSafety (null: Azure's filter is a setting of serverless endpoints alone). On shared quota also
            deletionDate. Where the endpoint exists already, its URLs, auth and traffic are null: nobody asked Azure.
    """

    def __init__(self, name: str, args: ManagedEndpointArgs, opts: ResourceOptions | None = None) -> None:
        checks = ResourceOptions(hooks=entries_hook(f"{name}-keeps-entries", args.running))
        super().__init__(
            "azure-llama:index:ManagedEndpoint",
            name,
            entries_input(args.running),
            ResourceOptions.merge(opts, checks),
        )
        self.arm_id = f"{args.workspace.id}/{MANAGED.collection}/{args.name}"
        self.resource = None if args.existing else self._endpoint(name, args)
        self.deployments = self._deployments(name, args)
        self.autoscale = self._autoscale(name, args)
        self.traffic = self._traffic(name, args, self.resource) if self.resource else None
        self.keys = self._keys(args, self.traffic) if self.traffic and args.auth == "Key" else None
        if self.resource and args.log_analytics_id is not None:
            diagnose(
                f"{name}-diagnostics",
                target=self.arm_id,
                log_analytics=args.log_analytics_id,
                opts=ResourceOptions(parent=self, depends_on=[self.resource], delete_before_replace=False),
            )
        self.outputs = self._outputs(args)
        self.register_outputs({**self.outputs, **({"keys": self.keys} if self.keys else {})})

    def _endpoint(self, name: str, args: ManagedEndpointArgs) -> ml.OnlineEndpoint:
        workspace = args.workspace
        return ml.OnlineEndpoint(
            name,
            endpoint_name=args.name,
            resource_group_name=workspace.resource_group_name,
            workspace_name=workspace.name,
            location=workspace.location,
            tags=dict(args.tags),
            identity=ml.ManagedServiceIdentityArgs(
                type=ml.ManagedServiceIdentityType.USER_ASSIGNED
                if args.identity_id
                else ml.ManagedServiceIdentityType.SYSTEM_ASSIGNED,
                user_assigned_identities=[args.identity_id] if args.identity_id else None,
            ),
            properties=inputs(
                ml.OnlineEndpointPropertiesArgs,
                # Azure takes no traffic before there are deployments.
                {
                    name: value
                    for name, value in args.arm_properties.items()
                    if name not in ("traffic", "mirrorTraffic")
                },
            ),
            opts=ResourceOptions(
                parent=self,
                depends_on=workspace.depends_on,
                # An update of this resource is a PUT without traffic: every deployment to 0 %.
                ignore_changes=["properties", "tags", "identity", "kind", "sku"],
                # In another region the name is free, so the new one is there first; in the same one Azure refuses it.
                delete_before_replace=False,
            ),
        )

    def _deployments(self, name: str, args: ManagedEndpointArgs) -> dict[str, ml.OnlineDeployment]:
        owner = Owner(name=args.name, workspace=args.workspace, resource=self.resource, tags=args.tags, parent=self)
        running = {}
        for deployment_name, deployment in args.deployments.items():
            # No endpoint and no deployment has a dot in its name, so no two of these are alike.
            called = f"{name}.{deployment_name}"
            if deployment.stopped:
                # Azure may refuse a version of an environment that was deleted.
                make_environment(called, deployment, deployment_name=deployment_name, owner=owner)
            else:
                running[deployment_name] = deploy(called, deployment, deployment_name=deployment_name, owner=owner)
        return running

    def _autoscale(self, name: str, args: ManagedEndpointArgs) -> dict[str, Autoscale]:
        return {
            key: Autoscale(
                f"{name}.{key}-autoscale",
                AutoscaleArgs(
                    endpoint_name=args.name,
                    deployment_name=key,
                    endpoint_id=self.arm_id,
                    deployment_id=f"{self.arm_id}/deployments/{key}",
                    resource_group_name=args.workspace.resource_group_name,
                    location=args.workspace.location,
                    scaling=deployment.autoscale,
                    tags=args.tags,
                ),
                ResourceOptions(parent=self, depends_on=[self.deployments[key]]),
            )
            for key, deployment in args.running.items()
            if deployment.autoscale is not None
        }

    def _traffic(self, name: str, args: ManagedEndpointArgs, endpoint: ml.OnlineEndpoint) -> resources.Deployment:
        state = EndpointState(
            workspace=args.workspace.name,
            endpoint=args.name,
            location=args.workspace.location,
            tags=args.tags,
            properties=args.arm_properties,
            identity_id=args.identity_id,
        )
        return resources.Deployment(
            f"{name}-traffic",
            deployment_name=names.traffic_name(args.name),
            resource_group_name=args.workspace.resource_group_name,
            tags=dict(args.tags),
            properties=resources.DeploymentPropertiesArgs(
                mode=resources.DeploymentMode.INCREMENTAL, template=state.template
            ),
            opts=ResourceOptions(
                parent=self,
                depends_on=[endpoint, *self.deployments.values()],
                # `pulumi up --target-replace` sends the template again, which restores traffic that was changed by
                # hand. The deletion takes the entry out of the group's history, and nothing else.
                delete_before_replace=True,
                hooks=FIXED.hook(f"{name}-keeps-identity"),
            ),
        )

    def _keys(self, args: ManagedEndpointArgs, traffic: resources.Deployment) -> Output[dict[str, str | None]]:
        # An endpoint has keys only once the template has given it that auth: in the preview of such a change, and of
        # any other change of the template, the state is unknown, and the keys are not asked for.
        settled = traffic.properties.provisioning_state
        # Secret before anything is read of it: azure-native marks nothing of a `list*` result.
        listed: Output[ml.ListOnlineEndpointKeysResult] = Output.secret(
            answered(
                f"managed endpoint {args.name!r}: list its keys",
                ml.list_online_endpoint_keys_output(
                    endpoint_name=settled.apply(lambda _: args.name),
                    resource_group_name=args.workspace.resource_group_name,
                    workspace_name=args.workspace.name,
                    opts=InvokeOutputOptions(parent=self, depends_on=[traffic]),
                ),
                after=traffic,
            )
        )
        return listed.apply(lambda keys: {"primary": keys.primary_key, "secondary": keys.secondary_key})

    def _uri(self, served: ServedDeployment | None) -> Output[str | None]:
        """The `scoringUri`; Azure changes its path with the first deployment of your own container."""
        if self.resource is None:
            return Output.from_input(None)
        uri: Output[str | None] = self.resource.properties.apply(lambda known: returned(known.scoring_uri))
        path = served.scoring if served else None
        return uri if path is None else uri.apply(lambda known: known and origin(known) + path)

    def _outputs(self, args: ManagedEndpointArgs) -> dict[str, Any]:
        # A stopped deployment keeps its traffic for its start; a stopped endpoint keeps its outputs.
        answering = (args.running or args.deployments).values()
        busiest = max(answering, key=lambda deployment: deployment.traffic, default=None)
        served = None if busiest is None else busiest.served
        uri = self._uri(served)
        routes = managed_routes(uri, [each.served.serving for each in answering])
        deployments = {key: deployment.outputs for key, deployment in args.deployments.items()}
        for key, scaled in self.autoscale.items():
            deployments[key] |= {"autoscale": scaled.outputs}
        if args.existing:
            deployments = {key: each | {"traffic": None} for key, each in deployments.items()}
        return {
            "kind": MANAGED.name,
            "uri": uri,
            "chatUrl": routes.chat_url,
            "completionsUrl": routes.completions_url,
            "openaiBaseUrl": routes.openai_base_url,
            "deployments": deployments,
            "auth": None if args.existing else args.auth,
            "modelName": served and served.name,
            "authHeader": AUTH_HEADER,
            "deploymentHeader": DEPLOYMENT_HEADER,
            "contentSafety": None,
            **({"deletionDate": _iso(args.deletion)} if args.deletion else {}),
        }


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
