"""Dates in the YAML of stacks are quoted: Pulumi hands an unquoted one over in another form."""

from __future__ import annotations

import re

from tests.conftest import ROOT

UNQUOTED = re.compile(r"^.*\b(?:startDate|expiresOn|since): *\d{4}-\d\d-\d\d.*$", re.MULTILINE)


def test_dates_in_docs_and_examples_are_quoted() -> None:
    patterns = ("*.md", "docs/**/*.md", "examples/**/*.yaml", "Pulumi.*.yaml")
    pages = [page for pattern in patterns for page in ROOT.glob(pattern)]
    assert pages
    found = {str(page.relative_to(ROOT)): UNQUOTED.findall(page.read_text(encoding="utf-8")) for page in pages}
    assert {page: lines for page, lines in found.items() if lines} == {}
