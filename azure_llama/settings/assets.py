"""Checks of the ids of models, environments and code, of a registry or of a workspace."""

from __future__ import annotations

import re
from collections.abc import Callable

from pydantic import ValidationInfo

from azure_llama.catalog.workspace_assets import Collection, parse_workspace_asset
from azure_llama.settings import checks
from azure_llama.settings.base import catalog_of
from azure_llama.settings.problems import Violation

_ARM_FORM = "/subscriptions/<guid>/resourceGroups/<name>/providers/Microsoft.MachineLearningServices/workspaces/<name>"
_NOUNS: dict[Collection, str] = {"models": "a model", "environments": "an environment", "codes": "a code asset"}
_LABEL = re.compile(r"azureml:[^:/@]+@[^:/@]+")
_REGISTRY_ENVIRONMENT = re.compile(
    r"azureml://registries/[^/]+/environments/[^/]+/(versions|labels)/[^/]+", re.IGNORECASE | re.ASCII
)
_registry_model = checks.model("set {model} and modelVersion: {version}")


def of_workspace(collection: Collection) -> Callable[[str], str]:
    """A check that a string is the id of a version of an asset of a workspace."""
    noun = _NOUNS[collection]

    def check(text: str) -> str:
        if parse_workspace_asset(text, collection) is not None:
            return text
        if _LABEL.fullmatch(text):
            name, _, label = text.removeprefix("azureml:").partition("@")
            rule = f"has the label {label!r}, and a label means another version tomorrow"
            raise Violation(rule, f"set the version: 'azureml:{name}:<version>'").error
        remedy = f"write it as azureml:<name>:<version>, or as {_ARM_FORM}/{collection}/<name>/versions/<version>"
        raise Violation(f"is not the id of a version of {noun} of a workspace", remedy).error

    return check


_workspace_model = of_workspace("models")
_workspace_environment = of_workspace("environments")


def is_of_workspace(text: str) -> bool:
    """Whether a text has the form of an id in a workspace, not in a registry."""
    return text.startswith("/") or (text.startswith("azureml:") and not text.startswith("azureml://"))


def managed_model(text: str, info: ValidationInfo) -> str:
    """A model of the catalogue, of a registry or of a workspace."""
    return _workspace_model(text) if is_of_workspace(text) else _registry_model(text, info)


def base_model(text: str, info: ValidationInfo) -> str:
    """A model of the catalogue by its name."""
    catalog = catalog_of(info.context)
    return checks.catalog_model(catalog.reference(text), catalog)


def environment(text: str) -> str:
    """The id of an environment's version."""
    if _REGISTRY_ENVIRONMENT.fullmatch(text):
        return text
    if is_of_workspace(text):
        return _workspace_environment(text)
    remedy = (
        "write it as azureml://registries/<registry>/environments/<name>/versions/<version>, or as"
        " azureml:<name>:<version>; or set image and inference in its place"
    )
    raise Violation("is not the asset id of an environment's version", remedy).error


def absolute_path(text: str) -> str:
    """A path in a container, or on its server."""
    if text.startswith("/") and not re.search(r"\s", text):
        return text
    raise Violation("is not an absolute path", "begin it with a slash").error
