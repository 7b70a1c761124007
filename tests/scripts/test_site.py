"""The documentation's site: it builds without a warning, and has every page and a search index."""

from __future__ import annotations

import json
from pathlib import Path

from scripts import site

SITE = site.ROOT / "build" / "site"


def test_the_site_builds_without_a_warning() -> None:
    site.main()
    for page in site.pages():
        built = SITE / Path(page).with_suffix(".html")
        assert built.exists() or (built.parent / "index.html").exists(), page
    index = json.loads((SITE / "search" / "search_index.json").read_text(encoding="utf-8"))
    assert any("docs/drift.html" in entry["location"] for entry in index["docs"])


def test_each_page_is_in_the_navigation_once() -> None:
    every = site.pages()
    listed = [page for section in site.navigation(every) for pages in section.values() for page in pages]
    assert sorted(listed) == every
