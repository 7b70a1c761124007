"""What is in the cache is complete, or it is not there."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from azure_llama.engine import cache
from azure_llama.engine.installation import Installation, inspect
from tests.azure_llama.engine.harness import OLD_HOST, Recorder, pulumi

ENTRY = cache.Entry("v3.259.0-test")


def publish(usage: str = OLD_HOST) -> Installation:
    with cache.work_folder() as work:
        program = pulumi(work / "made" / "bin", usage=usage)
        return ENTRY.publish(work, work / "made", inspect(program, "test"))


@pytest.fixture(autouse=True)
def _cache(tools: Path) -> None:
    cache.root().mkdir(parents=True)


def test_the_cache_is_where_xdg_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert cache.root() == tmp_path / "cache" / "azure-llama" / "pulumi"
    monkeypatch.setenv("HOME", "/users/someone")
    for unusable in ("", "relative"):
        monkeypatch.setenv("XDG_CACHE_HOME", unusable)
        assert cache.root() == Path("/users/someone/.cache/azure-llama/pulumi")


def test_what_is_published_can_be_read() -> None:
    published = publish()
    folder = cache.root() / "v3.259.0-test" / "bin"
    assert published == Installation("v3.259.0", "test", folder / "pulumi", [folder], "executable")
    assert ENTRY.read() == published


def test_the_manifest_says_what_when_and_from_where() -> None:
    publish()
    manifest = json.loads((ENTRY.folder / cache.MANIFEST).read_text())
    assert (manifest["pulumi"], manifest["origin"], manifest["policyPackForm"]) == ("v3.259.0", "test", "executable")
    assert manifest["built"].endswith("+00:00")


def test_nothing_is_read_where_nothing_is() -> None:
    assert ENTRY.read() is None


def test_publishing_replaces_what_was_there() -> None:
    publish()
    (ENTRY.folder / "bin" / "leftover").touch()
    assert publish("  -use-executor string").policy_pack_form == "directory"
    assert not (ENTRY.folder / "bin" / "leftover").exists()


@pytest.mark.parametrize(
    "damage", ["truncated", "missing", "not executable", "no manifest", "half a manifest", "other format"]
)
def test_a_damaged_entry_is_no_installation(damage: str) -> None:
    publish()
    host = ENTRY.folder / "bin" / "pulumi-language-python"
    manifest = ENTRY.folder / cache.MANIFEST
    match damage:
        case "truncated":
            host.write_bytes(host.read_bytes()[:-1])
        case "missing":
            host.unlink()
        case "not executable":
            host.chmod(0o644)
        case "no manifest":
            manifest.unlink()
        case "half a manifest":
            manifest.write_text(manifest.read_text()[:40])
        case "other format":
            manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "format": 2}))
    assert ENTRY.read() is None


def test_the_work_folder_goes_whatever_happens() -> None:
    def interrupted() -> None:
        with cache.work_folder() as work:
            (work / "gomodcache").mkdir()
            (work / "gomodcache" / "module").touch()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(cache.root().iterdir()) == []


def test_what_a_killed_setup_left_goes_at_the_next() -> None:
    left = cache.root() / ".work-abc"
    (left / "gocache").mkdir(parents=True)
    with cache.work_folder() as work:
        assert not left.exists()
        assert work.parent == cache.root()


def test_a_second_setup_waits_for_the_first(report: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_LOCK_POLL", 0.01)
    order: list[str] = []
    waiting = threading.Event()
    report.phase = lambda text: (order.append(text), waiting.set())[0]  # type: ignore[method-assign,func-returns-value]

    def second() -> None:
        with cache.locked(report):
            order.append("second")

    with cache.locked(Recorder()):
        thread = threading.Thread(target=second)
        thread.start()
        assert waiting.wait(5)
        order.append("first")
    thread.join(5)
    assert order == ["waiting for another setup of the Pulumi CLI", "first", "second"]


def test_the_lock_is_let_go_after_a_failure(report: Recorder) -> None:
    with pytest.raises(ValueError, match="failed"), cache.locked(report):
        raise ValueError("failed")
    with cache.locked(report):
        assert report.phases == []
