"""Parses `llama-catalog.yaml`, and reports all errors in it together."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from azure_llama.catalog.overlay import OverlayError
from azure_llama.catalog.overlay.relations import everywhere
from azure_llama.catalog.overlay.schema import Overlay
from azure_llama.documents.errors import InputError
from azure_llama.documents.files import shown, text_of
from azure_llama.documents.positions import Document, compose
from azure_llama.documents.validation import translate

_PAGE = "docs/catalog.md"


def understood(document: Document) -> Overlay:
    """The contents of a file.

    Args:
        document: Required. Its YAML.

    Raises:
        OverlayError: it says something that it may not.
    """
    problems = list(document.repeated)
    data = {} if document.data is None else document.data
    try:
        overlay = Overlay.model_validate(data, by_alias=True)
    except ValidationError as error:
        found = [translate(each, Overlay, _PAGE) for each in error.errors(include_url=False)]
    else:
        found = list(everywhere(overlay))
        if not problems and not found:
            return overlay
    problems += [document.problem(where, problem) for where, problem in found]
    in_order = sorted(dict.fromkeys(problems), key=lambda each: each.line or 0)
    raise OverlayError(in_order)


def load(path: Path) -> Document:
    """Read a file's YAML without validation of its contents.

    Args:
        path: Required. The file.

    Raises:
        OverlayError: it cannot be read, or is broken YAML.
    """
    return parse(*read_text(path))


def read_text(path: Path) -> tuple[str, str]:
    """The text of a file, and what reports call the file.

    Raises:
        OverlayError: it cannot be read.
    """
    name = shown(path)
    try:
        return text_of(path, name), name
    except InputError as error:
        raise OverlayError(error.problems) from None


def parse(text: str, name: str) -> Document:
    """Read YAML without validation of its contents.

    Args:
        text: Required. The YAML.
        name: Required. What reports call the file.

    Raises:
        OverlayError: it is broken YAML.
    """
    try:
        return compose(text, name, pulumi=False)
    except InputError as error:
        raise OverlayError(error.problems) from None
