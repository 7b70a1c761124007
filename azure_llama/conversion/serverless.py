"""Converts files of serverless endpoints to those of a stack."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from azure_llama.catalog import Catalog
from azure_llama.conversion.kinds import SERVERLESS_ENDPOINT
from azure_llama.conversion.reading import Source

_VERSION = re.compile(r"/(versions|labels)/[^/]+$")


def endpoints(sources: Sequence[Source], catalog: Catalog) -> dict[str, Any]:
    """The serverless endpoints, by name.

    Args:
        sources: Required. All files.
        catalog: Required. The catalogue of the stack.
    """
    return {source.name: _endpoint(source, catalog) for source in sources if source.kind == SERVERLESS_ENDPOINT}


def _endpoint(source: Source, catalog: Catalog) -> dict[str, Any]:
    text = _VERSION.sub("", source.get("model_id") or "")
    known = catalog.reference(text).model if text.startswith("azureml:") else None
    found = {"model": known.name if known else text, "auth": source.get("auth_mode")}
    return {key: value for key, value in found.items() if value}
