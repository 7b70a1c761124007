"""`make site`: build the documentation's site into build/site, with search; a broken link fails the build.

The pages and the files that they link to are copied into build/site-pages with their paths, so that a relative link is
the same in the repository and on the site.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from mkdocs.commands.build import build
from mkdocs.config import load_config

ROOT: Final = Path(__file__).resolve().parents[1]
PAGES: Final = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "docs/**/*.md", "examples/**/*.md")
LINKED: Final = (
    "LICENSE",
    "Pulumi*.yaml",
    "examples/*/*.*",
    "deploy/**/*.*",
    "policies/configs/*.json",
    "schema/*.json",
    "plugin/*.*",
)
NAVIGATION: Final[Mapping[str, tuple[str, ...]]] = {
    "Start": ("README.md",),
    "Deploy": (
        "foundry",
        "gateway",
        "serverless",
        "managed",
        "workspace",
        "access",
        "money",
        "from-elsewhere",
        "adoption",
        "changes",
        "migration",
        "languages",
        "editor",
    ),
    "Check": ("check", "preflight", "cost", "catalog", "models", "features", "pipelines", "drift", "graph"),
    "Use": ("smoke", "clients", "routers"),
    "Sandbox": ("sandbox", "fidelity"),
    "Recover": ("recovery", "failures", "purge", "upgrade"),
    "Project": ("commands", "architecture", "speed", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"),
}
"""Pages by section: a path, or the name of a page of docs/. Pages that are not here follow under "More"."""


def pages() -> list[str]:
    """Paths of all pages in the repository."""
    return sorted({str(path.relative_to(ROOT)) for pattern in PAGES for path in ROOT.glob(pattern)})


def navigation(every: list[str]) -> list[dict[str, Any]]:
    """The site's navigation, with each page once."""
    left = list(every)
    sections: list[dict[str, Any]] = []
    for title, names in NAVIGATION.items():
        paths = [name if "." in name else f"docs/{name}.md" for name in names]
        sections.append({title: [path for path in paths if path in left]})
        left = [path for path in left if path not in paths]
    rules = [path for path in left if path.startswith("docs/rules/")]
    more = [path for path in left if path not in rules]
    return [
        *sections,
        {"Rules": ["docs/rules/README.md", *(path for path in rules if "README" not in path)]},
        {"More": more},
    ]


def gather(target: Path) -> None:
    """Copy pages and linked files to a folder; a folder that a page links to gets a page with its files."""
    shutil.rmtree(target, ignore_errors=True)
    for pattern in (*PAGES, *LINKED):
        for path in ROOT.glob(pattern):
            copy = target / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)


def main() -> None:
    """Build the site."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    gather(ROOT / "build" / "site-pages")
    config = load_config(str(ROOT / "mkdocs.yml"))
    config.nav = navigation(pages())
    build(config)


if __name__ == "__main__":
    main()
