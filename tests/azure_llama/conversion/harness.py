"""Files for `az ml` as texts, and what becomes of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from azure_llama.catalog import Catalog
from azure_llama.catalog.kinds import MANAGED
from azure_llama.conversion.notes import About
from azure_llama.conversion.stack import Conversion, convert
from azure_llama.documents.positions import parse
from tests.catalogs import PACKAGE

FILES = Path(__file__).with_name("files")
"""Folders with the files of a case each."""
ENDPOINT = {"name": "chat", "auth_mode": "key"}
DEPLOYMENT = {
    "name": "blue",
    "endpoint_name": "chat",
    "model": "azureml://registries/azureml-meta/models/Meta-Llama-3.1-8B-Instruct/versions/4",
    "instance_type": "Standard_NC24ads_A100_v4",
}
WORKSPACE = (
    "/subscriptions/5a0d80c5-11a3-4a5d-9b0e-000000000001/resourceGroups/rg"
    "/providers/Microsoft.MachineLearningServices/workspaces/ml"
)


def converted(*files: Any, catalog: Catalog = PACKAGE, **options: Any) -> Conversion:
    """The conversion of files, each a text or the data of one, in a stack with a region and a workspace."""
    texts = [each if isinstance(each, str) else yaml.safe_dump(each, sort_keys=False) for each in files]
    documents = [parse(text, f"file{number}.yml") for number, text in enumerate(texts, start=1)]
    return convert(documents, catalog, **{"workspace": WORKSPACE, "location": "eastus2", **options})


def endpoint(**fields: Any) -> dict[str, Any]:
    """The endpoint `chat` as the stack has it, with one deployment."""
    found: dict[str, Any] = converted({**ENDPOINT, **fields}, DEPLOYMENT).config[MANAGED.setting]["chat"]
    return found


def deployment(**fields: Any) -> dict[str, Any]:
    """Its deployment `blue` as the stack has it; a field of None is not in the file."""
    data = {key: value for key, value in {**DEPLOYMENT, **fields}.items() if value is not None}
    found: dict[str, Any] = converted(ENDPOINT, data).config[MANAGED.setting]["chat"]["deployments"]["blue"]
    return found


def notes(conversion: Conversion, about: About) -> list[str]:
    """The notes about something."""
    return [str(note) for note in conversion.notes if note.about is about]
