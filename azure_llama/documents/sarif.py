"""SARIF 2.1.0: what every report for code scanning has in common."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from azure_llama.documents.positions import Place
from azure_llama.documents.text import line, printable

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def document(
    *,
    command: str,
    stack: str,
    rules: Sequence[dict[str, Any]],
    results: Sequence[dict[str, Any]],
    notes: Sequence[str] = (),
) -> str:
    """A document with one run.

    Args:
        command: Required. The command that made it: `check`.
        stack: Required. Project and stack: `azure-llama/dev`.
        rules: Required. Descriptors of the rules that the results name.
        results: Required. The results.
        notes: Optional. Warnings about the run itself.
    """
    notifications = [{"level": "warning", "message": {"text": line(note)}} for note in notes]
    driver = {"name": f"azure-llama {command}", "semanticVersion": "0.1.0", "rules": list(rules)}
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"azure-llama-{command}/{stack}/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notifications}],
        "results": list(results),
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def location(place: Place, urn: str, name: str) -> dict[str, Any]:
    """The location of a result: a region of a file, and the resource."""
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(place.file), "uriBaseId": "%SRCROOT%"},
            "region": {
                "startLine": place.line,
                "startColumn": place.column,
                "endLine": place.end_line,
                "endColumn": max(place.end_column, 1),
            },
        },
        "logicalLocations": [{"name": printable(name), "fullyQualifiedName": printable(urn), "kind": "resource"}],
    }


def _uri(file: str) -> str:
    # A file outside of the repository has no path in it.
    return quote(PurePosixPath(file).name if file.startswith(("/", "..")) else file)
