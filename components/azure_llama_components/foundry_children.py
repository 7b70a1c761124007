"""The children of a Foundry account: content filters, deployments and a project, created in sequence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pulumi import Resource, ResourceHookBinding, ResourceOptions
from pulumi_azure_native import cognitiveservices

from azure_llama.catalog.foundry import BUILT_IN_FILTERS
from azure_llama.settings.foundry_deployments import FilterSettings, FoundryDeploymentSettings
from azure_llama.settings.wire import body
from azure_llama_components import in_place
from azure_llama_components.inputs import inputs

MODEL = ("properties.model.format", "properties.model.name")
"""What another deployment has: Azure changes the version of a deployment in place, and nothing else of its model."""
TOGETHER = in_place.Separate(
    what="Foundry deployment",
    properties={
        "modelVersion": in_place.at("properties", "model", "version"),
        "capacity": in_place.at("sku", "capacity"),
        "sku": in_place.at("sku", "name"),
    },
    alone="modelVersion",
    why="Azure does not change the model and the capacity of a deployment at the same time",
    recipe="Set the new modelVersion first and run `pulumi up`; then set the new sku or capacity and run it again.",
    # Another model is another deployment, of which everything may be different.
    unless=(in_place.at("properties", "model", "format"), in_place.at("properties", "model", "name")),
)


@dataclass(frozen=True, kw_only=True)
class FilterRuleArgs:
    """One category of a content filter.

    Attributes:
        name: Required. The category: `Hate`, say.
        source: Required. What is checked.
        severity: Optional. From which severity on it is filtered.
        blocking: Optional. Whether what is found is blocked.
        enabled: Optional. Whether the category is checked.
    """

    name: str
    source: Literal["Prompt", "Completion"]
    severity: Literal["Low", "Medium", "High"] | None = None
    blocking: bool = True
    enabled: bool = True


@dataclass(frozen=True, kw_only=True)
class FilterArgs:
    """A content filter of an account's own.

    Attributes:
        base: Optional. The built-in filter that it starts from.
        mode: Optional. `Default`, `Deferred`, `Blocking` or `Asynchronous_filter`.
        rules: Optional. The categories that differ.
    """

    base: str = BUILT_IN_FILTERS[0]
    mode: str = "Default"
    rules: Sequence[FilterRuleArgs] = ()


@dataclass(frozen=True, kw_only=True)
class FoundryDeploymentArgs:
    """A model on a Foundry account.

    Attributes:
        model: Required. The model's name.
        format: Required. Its publisher, as Azure spells it: `Meta`.
        model_version: Required. Its version.
        capacity: Required. Thousands of tokens a minute, or provisioned throughput units.
        sku: Optional. How it is processed and paid.
        content_filter: Optional. The name of its content filter.
        upgrade: Optional. Whether Azure changes the version by itself, and when.
        tags: Optional. On the deployment.
    """

    model: str
    format: str
    model_version: str
    capacity: int
    sku: str = "GlobalStandard"
    content_filter: str = BUILT_IN_FILTERS[0]
    upgrade: str = "NoAutoUpgrade"
    tags: Mapping[str, str] = field(default_factory=dict)


class Children:
    """Creates the children of one account, each after the one before.

    Azure refuses a second write to an account while the first is under way, and a deletion is a write too. Pulumi
    deletes in the opposite order of `depends_on`, and follows no chain through resources that stay: so each child
    depends on all before it, and any of them can be removed in one edit.

    Attributes:
        made: All children so far, in the order in which they are created.
    """

    def __init__(
        self, logical: str, account: str, resource_group_name: str, *, parent: Resource, after: Sequence[Resource]
    ) -> None:
        self._logical, self._account, self._group = logical, account, resource_group_name
        self._parent, self._after = parent, list(after)
        self.made: list[Resource] = []

    def _options(
        self,
        *,
        replace_on_changes: list[str] | None = None,
        delete_before_replace: bool = False,
        hooks: ResourceHookBinding | None = None,
    ) -> ResourceOptions:
        return ResourceOptions(
            parent=self._parent,
            depends_on=[*self._after, *self.made],
            replace_on_changes=replace_on_changes,
            delete_before_replace=delete_before_replace,
            hooks=hooks,
        )

    def filter(self, name: str, args: FilterArgs) -> cognitiveservices.RaiPolicy:
        """A content filter."""
        stated = body(FilterSettings, args)["properties"]
        rules = [
            cognitiveservices.RaiPolicyContentFilterArgs(
                name=rule.name,
                source=rule.source,
                severity_threshold=rule.severity,
                blocking=rule.blocking,
                enabled=rule.enabled,
            )
            for rule in args.rules
        ]
        made = cognitiveservices.RaiPolicy(
            # No account has a dot in its name, so that no two of these are alike.
            f"{self._logical}.{name}",
            rai_policy_name=name,
            account_name=self._account,
            resource_group_name=self._group,
            properties=inputs(cognitiveservices.RaiPolicyPropertiesArgs, {**stated, "contentFilters": rules}),
            opts=self._options(),
        )
        self.made.append(made)
        return made

    def deployment(
        self, name: str, args: FoundryDeploymentArgs, tags: Mapping[str, str]
    ) -> cognitiveservices.Deployment:
        """A deployment. Every PUT has its `sku`: Azure refuses a second one without."""
        stated = body(FoundryDeploymentSettings, args)
        logical = f"{self._logical}.{name}"
        made = cognitiveservices.Deployment(
            logical,
            deployment_name=name,
            account_name=self._account,
            resource_group_name=self._group,
            tags={**tags, **args.tags},
            sku=inputs(cognitiveservices.SkuArgs, stated["sku"]),
            properties=inputs(cognitiveservices.DeploymentPropertiesArgs, stated["properties"]),
            opts=self._options(
                replace_on_changes=list(MODEL),
                # The name is that of the old one until it is gone.
                delete_before_replace=True,
                hooks=TOGETHER.hook(f"{logical}-one-change"),
            ),
        )
        self.made.append(made)
        return made

    def project(self, name: str, location: str, tags: Mapping[str, str]) -> cognitiveservices.Project:
        """A project, with an identity of its own."""
        made = cognitiveservices.Project(
            f"{self._logical}-project",
            project_name=name,
            account_name=self._account,
            resource_group_name=self._group,
            location=location,
            tags=dict(tags),
            identity=cognitiveservices.IdentityArgs(type=cognitiveservices.ResourceIdentityType.SYSTEM_ASSIGNED),
            properties=cognitiveservices.ProjectPropertiesArgs(display_name=name),
            opts=self._options(),
        )
        self.made.append(made)
        return made
