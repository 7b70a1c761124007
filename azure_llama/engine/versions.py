"""The versions that the engine package installs, in one place.

The CLI and the language host are also required in ``modules/*/go.mod``; ``scripts/lock_engine.sh`` writes both, and a
test holds them together.
"""

from __future__ import annotations

import re

PULUMI = "v3.259.0"
"""The CLI. The newest whose Go modules are published whole; it drives the SDK in requirements.txt."""

LANGUAGE_HOST = "v3.79.0"
"""The last release of the Go SDK with the Python language host in it; its own module, later, is not published."""

YAML_HOST = "v1.25.0"
"""The language host of YAML programs, whose releases have their own numbers; a test drives it with the CLI above."""

MINIMUM = (3, 255, 0)
"""The oldest CLI that is used when found: the first that takes a policy pack as an executable file."""

Version = tuple[int, int, int]


def parse(text: str) -> Version | None:
    """The three numbers of ``v3.259.0`` (with or without ``v`` and suffix), or None where the text is no version."""
    match = re.fullmatch(r"v?(\d+)\.(\d+)\.(\d+)(?:[-+].*)?", text.strip())
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def render(version: Version) -> str:
    """``v3.259.0`` of its three numbers."""
    return "v" + ".".join(str(number) for number in version)
