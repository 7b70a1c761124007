"""A rule is added with the three texts of CONTRIBUTING.md and `make generate`, and with no other edit."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from azure_llama_policies.registry import rules
from tests.conftest import ROOT

GUIDE = re.compile(r"<!-- (file|append): (\S+) -->\n```\w+\n(.*?)```\n", re.DOTALL)
RULE = "managed-deployments"
BY_HAND = {
    "policies/azure_llama_policies/rules/managed_deployments.py",
    "tests/policies/rules/test_managed_deployments.py",
    "tests/e2e/broken/stacks.yaml",
}
GENERATED = {
    "README.md",
    "docs/rules/README.md",
    f"docs/rules/{RULE}.md",
    "policies/configs/default.json",
    "policies/configs/hardened.json",
    "policies/configs/trial.json",
    f"tests/policies/said/{RULE}.yaml",
}
NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv", ".*_cache", "__pycache__", ".hypothesis", "mutants", "dist", "build"
)
PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist")
TESTS = ("test_rules.py", "test_broken_stacks.py", "test_examples.py", "test_any_input.py", "rules")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository with the rule of the guide."""
    folder = tmp_path_factory.mktemp("copy") / "repository"
    shutil.copytree(ROOT, folder, ignore=NOT_COPIED)
    for verb, name, text in GUIDE.findall((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")):
        path = folder / name
        assert path.exists() == (verb == "append")
        path.write_text((path.read_text(encoding="utf-8") if verb == "append" else "") + text, encoding="utf-8")
    return folder


def run(folder: Path, *arguments: str) -> str:
    """Run Python on the packages of a copy."""
    path = os.pathsep.join(str(folder / name) for name in ("", "components", "policies", "sandbox"))
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def changed(folder: Path) -> set[str]:
    """The files of a copy that differ from the repository's."""
    names = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {
        name.as_posix()
        for name in names
        if not NOT_COPIED("", [*name.parts])
        and (not (ROOT / name).is_file() or (ROOT / name).read_bytes() != (folder / name).read_bytes())
    }


def test_the_guide_adds_a_rule_with_three_edits_and_one_command(copy: Path) -> None:
    assert RULE not in {rule.id for rule in rules()}
    assert changed(copy) == BY_HAND
    run(copy, "-m", "scripts.generate")
    assert changed(copy) == BY_HAND | GENERATED
    assert f"| [{RULE}]({RULE}.md) | low | advisory |" in (copy / "docs/rules/README.md").read_text(encoding="utf-8")
    tests = [f"tests/policies/{name}" for name in TESTS]
    chosen = "managed_deployments or managed-deployments or two-deployments-of-one or every"
    run(copy, *PYTEST, *tests, "-k", chosen)
    run(copy, *PYTEST, "tests/policies/test_configuration.py")


def test_the_style_checks_accept_the_texts_of_the_guide(copy: Path) -> None:
    files = sorted(BY_HAND - {"tests/e2e/broken/stacks.yaml"})
    run(copy, "-m", "ruff", "check", "--no-cache", *files)
    run(copy, "-m", "ruff", "format", "--no-cache", "--check", *files)
