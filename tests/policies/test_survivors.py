"""`scripts/mutate.py`, as far as it can be tested without mutating: what it counts, and what it lets pass."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
KEYS = {"function", "change", "reason"}


@pytest.fixture
def mutate() -> ModuleType:
    """The script, as a module."""
    spec = importlib.util.spec_from_file_location("mutate", ROOT / "scripts" / "mutate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def answering(monkeypatch: pytest.MonkeyPatch, mutate: ModuleType, results: str, shown: str = "") -> None:
    """Let mutmut say what a test wants it to."""

    def mutmut(_folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(words, 0, {"results": results, "show": shown}.get(words[0], ""), "")

    monkeypatch.setattr(mutate, "_mutmut", mutmut)


def test_each_survivor_is_of_a_function_and_has_a_reason() -> None:
    for entry in yaml.safe_load((ROOT / "tests/policies/survivors.yaml").read_text()):
        assert entry.keys() == KEYS
        assert len(entry["reason"].split()) > 3
        module, _, name = entry["function"].rpartition(".")
        import_module(module)
        assert name.startswith(("x_", "xǁ"))


def test_a_survivor_without_a_reason_fails_the_run(
    mutate: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    survivors = tmp_path / "survivors.yaml"
    monkeypatch.setattr(mutate, "SURVIVORS", survivors)
    results = (
        "".join(f"    a.x_f__mutmut_{number}: killed\n" for number in range(1, 40)) + "    a.x_f__mutmut_40: survived\n"
    )
    answering(monkeypatch, mutate, results, "--- a\n+++ b\n-    x = 1\n+    x = 2\n     y = 1\n")
    assert mutate.main([]) == 1
    assert "40 mutants, 1 survive: 97.5 % killed; 1 survivors without a reason" in capsys.readouterr().out
    survivors.write_text(yaml.safe_dump([{"function": "a.x_f", "change": "-    x = 1\n+    x = 2", "reason": "why"}]))
    assert mutate.main([]) == 0


def test_too_many_survivors_fail_the_run_whatever_their_reasons(
    mutate: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(mutate, "SURVIVORS", tmp_path / "survivors.yaml")
    (tmp_path / "survivors.yaml").write_text(yaml.safe_dump([{"function": "a.x_f", "change": "", "reason": "why"}]))
    answering(monkeypatch, mutate, "    a.x_f__mutmut_1: killed\n    a.x_f__mutmut_2: survived\n")
    assert mutate.main([]) == 1


@pytest.mark.parametrize(
    "results",
    ["", "    a.x_f__mutmut_1: not checked\n", "    a.x_f__mutmut_1: not checked\n    a.x_f__mutmut_2: killed\n"],
)
def test_what_was_not_judged_fails_the_run(results: str, mutate: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, mutate, results)
    assert mutate.main([]) == 1


def test_what_it_lays_out_can_be_tested_there(mutate: ModuleType, tmp_path: Path) -> None:
    mutate.lay_out(tmp_path, ["vault-rbac"])
    assert 'only_mutate = ["azure_llama_policies/rules/vault_rbac.py"]' in (tmp_path / "pyproject.toml").read_text()
    assert (tmp_path / "azure_llama_policies" / "rules" / "vault_rbac.py").exists()
    assert (tmp_path / "tests" / "policies" / "said" / "vault-rbac.yaml").exists()
    for name in mutate.READ_BY_RULES:
        assert (tmp_path / "azure_llama_policies" / f"{name}.py").exists()
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    done = subprocess.run(
        [*command, "tests/policies"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout
