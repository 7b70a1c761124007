"""`make release`: it stops before a change when something is missing, and the changelog's section gets its version."""

from __future__ import annotations

import pytest

from scripts import release

CHANGELOG = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A thing.\n\n## [0.1.0]\n\nFirst.\n"


@pytest.mark.parametrize("version", ["0.2.0", "0.2.1", "1.0.0"])
def test_a_version_from_the_current_one_on_can_be_released(version: str) -> None:
    assert release.problems(version, "0.2.0", CHANGELOG, {"v0.1.0"}, "") == []


@pytest.mark.parametrize(
    ("change", "reported"),
    [
        ({"version": "0.1.9"}, "VERSION must be 0.2.0 or a higher version"),
        ({"version": "next"}, "VERSION must be"),
        ({"version": ""}, "VERSION must be"),
        ({"version": "v0.3.0"}, "VERSION must be"),
        ({"tags": {"v0.3.0"}}, "the tag v0.3.0 exists"),
        ({"changelog": "# Changelog\n\n## [Unreleased]\n\n## [0.1.0]\n"}, "nothing under [Unreleased]"),
        ({"changes": " M README.md"}, "not committed"),
    ],
)
def test_what_is_missing_is_reported(change: dict[str, object], reported: str) -> None:
    arguments = {"version": "0.3.0", "current": "0.2.0", "changelog": CHANGELOG, "tags": set(), "changes": ""} | change
    (problem,) = release.problems(**arguments)  # type: ignore[arg-type]  # a case names what it changes
    assert reported in problem


def test_the_section_gets_version_and_day() -> None:
    text = release.released(CHANGELOG, "0.3.0", "2026-12-01")
    assert "## [Unreleased]\n\n## [0.3.0] - 2026-12-01\n\n### Added\n\n- A thing." in text


def test_the_files_that_state_the_version_state_the_current_one() -> None:
    current = release._current()
    for name in release.VERSION_FILES:
        assert current in (release.ROOT / name).read_text(encoding="utf-8"), name
