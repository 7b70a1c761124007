"""workspaces/{environments,models,codes} and their versions: what deployments run. A version never changes."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from azure_llama.catalog import names
from azure_llama.catalog.workspace_assets import Collection, parse_workspace_asset
from azure_llama_sandbox.arm.calls import Call
from azure_llama_sandbox.arm.errors import ArmError, user_error
from azure_llama_sandbox.arm.kinds import Body, Contract, Kind
from azure_llama_sandbox.arm.machine_learning import asset_body
from azure_llama_sandbox.arm.machine_learning.common import WORKSPACE, ready_workspace
from azure_llama_sandbox.store import Resource, Store

_CONTENT: dict[str, tuple[str, ...]] = {
    "environments": ("build", "condaFile", "image", "inferenceConfig", "osType"),
    "models": ("modelType", "modelUri"),
    "codes": ("codeUri",),
}
"""What a version is; all else may be changed."""


class _Asset(Kind):
    machine_learning = True
    located = False
    names = names.ASSET
    patchable = frozenset()


class AssetContainer(_Asset):
    """The versions of one environment, model or code."""

    contract = asset_body.ContainerBody

    def __init__(self, collection: Collection) -> None:
        self.type = f"{WORKSPACE}/{collection}"  # type: ignore[misc]  # three types of one class

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The container."""
        ready_workspace(call)
        return self.new(call, existing, {"isArchived": False} | call.properties)


class AssetVersion(_Asset):
    """One version of an environment, a model or code."""

    makes_parent = True

    def __init__(self, collection: Collection, contract: Contract) -> None:
        self.type = f"{WORKSPACE}/{collection}/versions"  # type: ignore[misc]  # three types of one class
        self.contract = contract  # type: ignore[misc]
        self._content = _CONTENT[collection]

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The version; refuse another content under the same name."""
        region = ready_workspace(call).body["location"]
        given = _defaults(self.type) | call.properties
        for key in self._content if existing is not None else ():
            assert existing is not None
            if given.get(key) != existing.properties.get(key):
                raise user_error(
                    f"A version is immutable: '{key}' of version '{call.id.name}' of '{call.id.names[-2]}' cannot be"
                    " changed. Create another version.",
                    "ImmutableAsset",
                    location=region,
                    target=f"properties.{key}",
                    status=HTTPStatus.CONFLICT,
                )
        return self.new(call, existing, given)

    def stored(self, call: Call, resource: Resource) -> None:
        """The service makes the container with the first version."""
        parent = call.id.parent
        assert parent is not None
        if call.store.get(parent.text) is None:
            container = AssetContainer(parent.types[-1])  # type: ignore[arg-type]
            about = replace(call, id=parent, body={"properties": {}})
            made = container.build(about, None)
            made.properties["provisioningState"] = "Succeeded"
            call.store.put(made)


def _defaults(type_: str) -> Body:
    environment: Body = {"environmentType": "UserCreated", "osType": "Linux"}
    return {"isAnonymous": False, "isArchived": False} | (environment if "/environments/" in type_ else {})


def require(call: Call, text: str | None, collection: Collection, target: str, region: str) -> None:
    """Refuse an asset of a workspace that is not there.

    Args:
        call: Required. The deployment's PUT.
        text: Required. The id; None and the ids of registries pass.
        collection: Required. What it must be the id of.
        target: Required. The property that has it.
        region: Required. The workspace's.

    Raises:
        ArmError: 404.
    """
    asset = parse_workspace_asset(text, collection) if text else None
    if asset is None or text is None:
        return
    if asset.workspace is None or call.store.get(text.removeprefix("azureml:")) is None:
        raise _missing(text, collection, target, region)


def _missing(text: str, collection: Collection, target: str, region: str) -> ArmError:
    return user_error(
        f"The {collection.removesuffix('s')} '{text}' in '{target}' was not found. Deployments take the ARM id of a"
        " version that exists.",
        "ResourceNotFound",
        location=region,
        target=target,
        status=HTTPStatus.NOT_FOUND,
    )


def scoring_path(store: Store, deployment: Resource) -> str | None:
    """The path of the scoring route of a deployment's container; None where Azure's images answer."""
    environment = store.get(str(deployment.properties.get("environmentId") or ""))
    routes: Body = (environment.properties.get("inferenceConfig") if environment else None) or {}
    path: str | None = (routes.get("scoringRoute") or {}).get("path")
    return path


KINDS: tuple[Kind, ...] = (
    AssetContainer("environments"),
    AssetVersion("environments", asset_body.EnvironmentBody),
    AssetContainer("models"),
    AssetVersion("models", asset_body.ModelBody),
    AssetContainer("codes"),
    AssetVersion("codes", asset_body.CodeBody),
)
"""The types of all assets."""
