"""Writers of the report, one for each output format."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from azure_llama.check.report import Report
from azure_llama.check.reports.data import as_json
from azure_llama.check.reports.junit import as_junit
from azure_llama.check.reports.lines import as_lines
from azure_llama.check.reports.markdown import as_markdown
from azure_llama.check.reports.sarif import as_sarif

FORMS: Mapping[str, Callable[[Report], str]] = {
    "table": as_lines,
    "markdown": as_markdown,
    "json": as_json,
    "sarif": as_sarif,
    "junit": as_junit,
}
"""Each form by its name; a terminal gets `table` from `azure_llama.check.reports.terminal`."""

__all__ = ["FORMS", "as_json", "as_junit", "as_lines", "as_markdown", "as_sarif"]
