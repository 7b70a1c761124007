"""The model, environment and code of a managed deployment, which must exist."""

from __future__ import annotations

from azure_llama.catalog import parse_asset_id
from azure_llama.catalog.workspace_assets import Collection
from azure_llama_sandbox.arm.calls import Call
from azure_llama_sandbox.arm.errors import user_error
from azure_llama_sandbox.arm.kinds import Body
from azure_llama_sandbox.arm.machine_learning import assets
from azure_llama_sandbox.arm.machine_learning.deployment_settings import refuse
from azure_llama_sandbox.facts import CATALOG

_ASSETS: dict[str, Collection] = {"model": "models", "environmentId": "environments"}


def check(call: Call, given: Body, region: str) -> None:
    """Refuse a model, an environment or code that is not there.

    Args:
        call: Required. The PUT of the deployment.
        given: Required. Its properties.
        region: Required. The workspace's.

    Raises:
        ArmError: it is not there, or the id is none.
    """
    _check_model(given.get("model"), region)
    _check_assets(call, given, region)


def _check_model(model_id: str | None, region: str) -> None:
    if model_id is None:
        return
    path = "properties.model"
    asset = parse_asset_id(model_id)
    if asset is None:
        if model_id.startswith(("azureml://", "/subscriptions/")):
            return
        raise refuse(f"'{path}' is '{model_id}', which is not the id of a model.", region, path)
    if asset.version is None:
        raise refuse(f"'{path}' is '{model_id}': a deployment needs the version, .../versions/<n>.", region, path)
    model = CATALOG.find_model(model_id)
    played = model is not None or asset.registry.lower() != "azureml-meta"
    if not played or not asset.version.isdigit() or (model is not None and model.managed.available is False):
        raise user_error(
            f"The model '{model_id}' was not found in the registry '{asset.registry}'.",
            "ResourceNotFound",
            location=region,
            target=path,
        )


def _check_assets(call: Call, given: Body, region: str) -> None:
    """Assets of a workspace must be there; those of registries are taken to be."""
    for key, collection in _ASSETS.items():
        assets.require(call, given.get(key), collection, f"properties.{key}", region)
    code = (given.get("codeConfiguration") or {}).get("codeId")
    assets.require(call, code, "codes", "properties.codeConfiguration.codeId", region)
