"""Converts references to models, environments and code to ids of versions that exist before `pulumi up`."""

from __future__ import annotations

import os.path
import re
import shlex
from pathlib import PurePath
from typing import Any

from azure_llama.catalog import Catalog
from azure_llama.catalog.asset_ids import AssetId, parse_asset_id
from azure_llama.catalog.workspace_assets import parse_workspace_asset
from azure_llama.conversion.notes import About
from azure_llama.conversion.reading import Source
from azure_llama.documents.problems import show

_ROUTES = ("liveness", "readiness", "scoring")
_INFERENCE = "environment.inference_config"
_VERSION = "<version>"
_OPENAI = "/v1/c"
"""What the path of a server with OpenAI's routes begins with."""
_NAMES = ("SERVED_MODEL_NAME", "MODEL_NAME", "MODEL_ID", "HF_MODEL_ID")
"""Variables that images of vLLM, TGI and NIM read the name of their model from."""
_NIM = re.compile(r"nvcr\.io/nim/([^:@]+)")
"""An image of NVIDIA NIM, whose server calls the model by the image's path."""
_SERVED = "--served-model-name"


def asset_name(source: Source) -> str:
    """The name of an asset that a deployment alone uses."""
    return f"{source.endpoint}-{source.name}"


def model(source: Source, catalog: Catalog) -> dict[str, Any]:
    """The keys `model` and `modelVersion`; `modelName` where the container brings the model along."""
    stated = source.get("model")
    if stated is None and source.below("model"):
        return {"model": _registered_model(source)}
    if stated is None:
        return {"modelName": _served_name(source)} if _has_environment(source) else {}
    registry, _, label = stated.partition("/labels/")
    asset = parse_asset_id(registry)
    if asset is None:
        return {"model": _of_workspace(source, "model", stated)}
    known = catalog.reference(str(AssetId(asset.registry, asset.name))).model
    name = known.name if known else str(AssetId(asset.registry, asset.name))
    if asset.version is not None:
        return {"model": name, "modelVersion": asset.version}
    latest = known.latest_version if known and known.versions else None
    command = f"az ml model show --registry-name {asset.registry} --name {asset.name} --label {label or 'latest'}"
    if latest is None:
        source.ask("model", "modelVersion", "the model has no version: set the one that this shows", command)
    else:
        text = f"has no version: modelVersion is {latest}, the newest that the catalogue knows"
        source.note("model", About.CHANGED, text, command)
    return {"model": name, "modelVersion": latest or _VERSION}


def _registered_model(source: Source) -> str:
    name = source.get("model.name") or asset_name(source)
    version = source.get("model.version") or "1"
    path = source.get("model.path")
    if path is not None:
        kind = f" --type {shlex.quote(type_)}" if (type_ := source.get("model.type")) else ""
        command = f"az ml model create --name {name} --version {version}{kind} --path {_path(source, path)}"
        source.note("model.path", About.REGISTER, "the files of a model", command)
    return f"azureml:{name}:{version}"


def _of_workspace(source: Source, field: str, text: str) -> str:
    """The id of a version in the workspace; a label, or no version, becomes a placeholder."""
    name, at, label = text.removeprefix("azureml:").partition("@")
    if not text.startswith("azureml:") or "/" in name or (not at and ":" in name):
        return text
    command = f"az ml {field} show --name {name} --label {label or 'latest'} --query version --output tsv"
    rule = f"the label {label!r} means" if at else "an id without a version means"
    source.ask(field, field, f"{rule} another version tomorrow: set the one that this shows", command)
    return f"azureml:{name}:{_VERSION}"


def environment(source: Source) -> dict[str, Any]:
    """The key `environment`, and `serves` where the request route determines it."""
    stated = source.get("environment")
    if stated is not None:
        return {"environment": _of_workspace(source, "environment", stated)}
    if not source.below("environment"):
        return {}
    if source.get("environment.conda_file") is not None or source.below("environment.build"):
        return {"environment": _registered_environment(source)} | _serves(source)
    if source.get("environment.name"):
        text = f"the stack names the environment that it creates {asset_name(source)!r}"
        source.note("environment.name", About.CHANGED, text)
    found: dict[str, Any] = {"image": source.get("environment.image")}
    if source.below(_INFERENCE):
        found["inference"] = _inference(source)
    return {"environment": found} | _serves(source)


def _registered_environment(source: Source) -> str:
    name = source.get("environment.name") or asset_name(source)
    version = source.get("environment.version") or "1"
    file = _path(source, "environment.yml")
    text = (
        f"Azure builds it from files: save the map under `environment` as {file}, with `name: {name}` and"
        f" `version: '{version}'`"
    )
    source.note("environment", About.REGISTER, text, f"az ml environment create --file {file}")
    return f"azureml:{name}:{version}"


def _inference(source: Source) -> dict[str, Any]:
    ports = {route: source.get(f"{_INFERENCE}.{route}_route.port") for route in _ROUTES}
    port = ports["scoring"] or next(filter(None, ports.values()), None)
    for route, other in ports.items():
        if other not in (None, port):
            text = f"the stack has one port for all routes, {port}"
            source.note(f"{_INFERENCE}.{route}_route.port", About.DROPPED, text)
    paths = {route: source.get(f"{_INFERENCE}.{route}_route.path") for route in _ROUTES}
    return {"port": port, **{route: path for route, path in paths.items() if path is not None}}


def _serves(source: Source) -> dict[str, Any]:
    path = source.get(f"{_INFERENCE}.scoring_route.path")
    if path is None or source.get("code_configuration.code") is not None:
        return {}
    return {"serves": "openai" if path == "/" or path.startswith(_OPENAI) else "score"}


def _has_environment(source: Source) -> bool:
    return source.get("environment") is not None or bool(source.below("environment"))


def _served_name(source: Source) -> str:
    """What callers send as `model`, as far as the variables of the container say it."""
    variables = source.get("environment_variables") or {}
    found = next((name for value in variables.values() if (name := _after_option(str(value)))), None)
    found = found or next((str(variables[name]) for name in _NAMES if variables.get(name)), None)
    nim = _NIM.match(source.get("environment.image") or "")
    found = found or (nim[1] if nim else None)
    if found is None:
        text = "no variable says what callers send as `model`: set what the container's server calls it"
        source.ask("environment", "modelName", text)
        return "<what callers send as model>"
    text = f"callers send {show(found)} as `model`, by its variables or image: correct modelName where that is wrong"
    source.note("environment", About.CHANGED, text)
    return found


def _after_option(value: str) -> str | None:
    words = value.replace("=", " ").split()
    return words[words.index(_SERVED) + 1] if _SERVED in words[:-1] else None


def code(source: Source) -> dict[str, Any]:
    """The key `codeConfiguration`."""
    stated, script = source.get("code_configuration.code"), source.get("code_configuration.scoring_script")
    if stated is None and script is None:
        return {}
    if stated is not None and parse_workspace_asset(stated, "codes") is None:
        text = (
            f"the folder {_path(source, stated)} becomes the code asset {asset_name(source)}, version 1:"
            " docs/from-elsewhere.md has the steps. Where `az ml` has deployed it already, set the id that this shows"
        )
        show_id = f"az ml online-deployment show --endpoint-name {source.endpoint} --name {source.name}"
        command = f"{show_id} --query code_configuration.code --output tsv"
        source.note("code_configuration.code", About.REGISTER, text, command)
        stated = f"azureml:{asset_name(source)}:1"
    found = {"code": stated, "scoringScript": script.removeprefix("./") if script else None}
    return {"codeConfiguration": {key: value for key, value in found.items() if value is not None}}


def _path(source: Source, path: str) -> str:
    """A path of a file, which `az ml` reads relative to that file, as a person types it in the current folder."""
    if ":" in path or PurePath(path).is_absolute():
        return shlex.quote(path)
    return shlex.quote(os.path.normpath(PurePath(source.document.shown).parent / path))
