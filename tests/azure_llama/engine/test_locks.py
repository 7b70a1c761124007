"""The locks: what each holds, how they relate, and what the pip of an older Python makes of them."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from azure_llama_sandbox.packages import SERVER_PACKAGES

ROOT = Path(__file__).resolve().parents[3]
RUNTIME, SANDBOX, DEV = "requirements.txt", "requirements-sandbox.txt", "requirements-dev.txt"
LOCKS = (RUNTIME, SANDBOX, DEV, "scripts/pip.txt", "azure_llama/engine/modules/go-toolchain.txt")
PIN = re.compile(
    r"^(?P<requirement>[\w.-]+==[^\\\n]+)(?P<hashes>(?:\\\n +--hash=sha256:[0-9a-f]{64} ?)*)$", re.MULTILINE
)


def pins(lock: str) -> dict[str, str]:
    """Each requirement of a lock, with its hashes."""
    return {match["requirement"].strip(): match["hashes"] for match in PIN.finditer((ROOT / lock).read_text())}


def names(lock: str) -> set[str]:
    return {Requirement(pin).name for pin in pins(lock)}


def version_like_extras(lock: str) -> dict[str, list[str]]:
    """Extras that are versions, too, of what a lock installs here: pip 24.2 to 25.3 fail on their markers."""
    found = {}
    for requirement in map(Requirement, pins(lock)):
        if requirement.marker is None or requirement.marker.evaluate():
            extras = metadata.metadata(requirement.name).get_all("Provides-Extra") or []
            found[requirement.name] = [extra for extra in extras if is_version(extra)]
    return {name: extras for name, extras in found.items() if extras}


def is_version(text: str) -> bool:
    try:
        Version(text)
    except InvalidVersion:
        return False
    return True


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_name_no_index_and_no_version_without_hash(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert not re.search(r"https?://|index-url|find-links", text)
    assert all(pins(lock).values())
    assert len(pins(lock)) == len(re.findall(r"^\S+==", text, re.MULTILINE)) > 0


@pytest.mark.parametrize(("smaller", "larger"), [(RUNTIME, SANDBOX), (SANDBOX, DEV)])
def test_a_smaller_lock_is_part_of_the_larger_one_with_the_same_versions(smaller: str, larger: str) -> None:
    assert pins(smaller).items() < pins(larger).items()


def test_the_runtime_lock_lacks_exactly_what_the_server_alone_needs() -> None:
    assert names(SANDBOX) - names(RUNTIME) == set(SERVER_PACKAGES)


def declared() -> dict[str, list[str]]:
    """The requirements of pyproject.toml that each lock is made from."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    runtime = [*project["project"]["dependencies"], *groups["build"]]
    sandbox = [*runtime, *project["project"]["optional-dependencies"]["sandbox"]]
    return {RUNTIME: runtime, SANDBOX: sandbox, DEV: [*sandbox, *groups["dev"]]}


@pytest.mark.parametrize("lock", [RUNTIME, SANDBOX, DEV])
def test_a_lock_pins_each_requirement_of_the_project_within_its_range(lock: str) -> None:
    versions = {each.name: str(each.specifier).removeprefix("==") for each in map(Requirement, pins(lock))}
    for requirement in map(Requirement, declared()[lock]):
        version = versions.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement} is not in {lock}: run `make lock`"
        assert requirement.specifier.contains(version), f"{lock} has {version} for {requirement}: run `make lock`"


def test_every_requirement_of_users_has_a_lower_bound() -> None:
    for requirement in map(Requirement, declared()[SANDBOX]):
        assert any(each.operator == ">=" for each in requirement.specifier), requirement


@pytest.mark.parametrize("lock", [RUNTIME, SANDBOX])
def test_every_pip_since_python_3_11_can_read_the_locks_of_users(lock: str) -> None:
    assert version_like_extras(lock) == {}


def test_the_pinned_pip_is_there_for_the_dev_lock_alone() -> None:
    assert version_like_extras(DEV), "every pip can read requirements-dev.txt: scripts/pip.txt is no longer needed"
    (pip,) = map(Requirement, pins("scripts/pip.txt"))
    assert Version(str(pip.specifier).removeprefix("==")) >= Version("26")
