"""Custom containers and scripts, instead of those that Azure runs for a model."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from pulumi import ResourceOptions
from pulumi_azure_native import machinelearningservices as ml

from azure_llama.catalog.workspace_assets import WorkspaceAsset, parse_workspace_asset
from azure_llama.settings import EnvironmentSettings
from azure_llama.settings.wire import body
from azure_llama_components.inputs import inputs
from azure_llama_components.workspace import Workspace

_DIGITS = 8


@dataclass(frozen=True, kw_only=True)
class InferenceArgs:
    """The server in a container.

    Attributes:
        port: Required. The port that it listens on.
        liveness: Optional. The path that answers 200 while it runs.
        readiness: Optional. The path that answers 200 once the model is loaded.
        scoring: Optional. The path of requests.
    """

    port: int
    liveness: str = "/health"
    readiness: str = "/health"
    scoring: str = "/score"


@dataclass(frozen=True, kw_only=True)
class EnvironmentArgs:
    """A container in place of the model's own.

    Attributes:
        id: Conditional. Id of an environment that exists: of a registry or of a workspace. Required unless there is an
            image.
        image: Conditional. The image, with its tag or digest. Required unless there is an id.
        inference: Conditional. The server in the image. Required with an image, unless a script runs in it.
    """

    id: str | None = None
    image: str | None = None
    inference: InferenceArgs | None = None

    def version(self, name: str) -> WorkspaceAsset | None:
        """The version of an environment that holds the image; None where the environment exists.

        A version never changes. Another image, port or path is another version.
        """
        if self.image is None:
            return None
        stated = json.dumps(body(EnvironmentSettings, self), sort_keys=True)
        return WorkspaceAsset("environments", name, hashlib.sha256(stated.encode()).hexdigest()[:_DIGITS])

    def arm_id(self, name: str, workspace: Workspace) -> str | None:
        """The id that a deployment takes.

        Args:
            name: Required. Name of the environment, where the stack creates it.
            workspace: Required. The deployment's.
        """
        asset = self.version(name) or (parse_workspace_asset(self.id, "environments") if self.id else None)
        return asset.arm_id(workspace.id) if asset else self.id


@dataclass(frozen=True, kw_only=True)
class CodeArgs:
    """A script that Azure's inference server runs.

    Attributes:
        code: Required. Id of the code asset: `azureml:NAME:VERSION`, or its ARM id.
        scoring_script: Required. Path of the script in it.
    """

    code: str
    scoring_script: str


def create_environment(
    name: str, args: EnvironmentArgs, *, called: str, workspace: Workspace, opts: ResourceOptions
) -> ml.EnvironmentVersion | None:
    """The environment of an image; None where the environment exists.

    Args:
        name: Required. Pulumi's name of it.
        args: Required. Its arguments.
        called: Required. Azure's name of it.
        workspace: Required. The workspace that it is in.
        opts: Required. Its options.
    """
    asset = args.version(called)
    if asset is None:
        return None
    return ml.EnvironmentVersion(
        name,
        name=asset.name,
        version=asset.version,
        resource_group_name=workspace.resource_group_name,
        workspace_name=workspace.name,
        properties=inputs(
            ml.EnvironmentVersionPropertiesArgs, {"osType": "Linux"} | body(EnvironmentSettings, args)["properties"]
        ),
        opts=opts,
    )
