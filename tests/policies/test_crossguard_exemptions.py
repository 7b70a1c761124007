"""Exempted violations as the engine reports them."""

from __future__ import annotations

from pathlib import Path

import pytest

from azure_llama_policies.crossguard import project_folder
from tests.policies.cases import LLAMA_32, endpoint, workspace
from tests.policies.served import Pack, names


def exempting(folder: Path, **changes: str) -> Path:
    """A project with one exemption: of endpoint a's region."""
    entry = {"rule": "serverless-region", "target": "a", "reason": "a test", "expires": "2026-11-22", "owner": "me"}
    lines = [f"{key}: {value}" for key, value in (entry | changes).items()]
    text = "exemptions:\n  - " + "\n    ".join(lines) + "\n"
    (folder / "policy-exemptions.yaml").write_text(text)
    return folder


def test_an_exempted_violation_is_shown_with_its_reason_and_nothing_else(tmp_path: Path) -> None:
    pack = Pack(project=exempting(tmp_path))
    given = [endpoint("a", location="westeurope"), endpoint("b", LLAMA_32, location="westeurope")]
    for _ in ("preview", "update"):
        assert names(pack.analyze(given[0]) + pack.analyze(given[0]) + pack.analyze(given[1])) == [
            ("serverless-region", "b")
        ]
        (report,) = pack.analyze_stack(given)
        assert report[:2] == ("exempted", given[0].urn)
        assert report[2].startswith("serverless-region: endpoint 'a': Llama-3.3-70B-Instruct is not offered")
        assert report[2].endswith(" [exempted: a test; me, until 2026-11-22]")


def test_an_exempted_resource_that_is_gone_is_not_shown(tmp_path: Path) -> None:
    pack = Pack(project=exempting(tmp_path))
    assert pack.analyze(endpoint("a", location="westeurope")) == []
    assert pack.analyze_stack([workspace()]) == []


def test_an_expired_exemption_covers_nothing_and_is_a_violation_itself(tmp_path: Path) -> None:
    pack = Pack(project=exempting(tmp_path, expires="2026-11-21"))
    reports = pack.run([endpoint("a", location="westeurope")])
    assert [(policy, urn is None) for policy, urn, _ in reports] == [
        ("serverless-region", False),
        ("exemptions-valid", True),
    ]
    assert reports[1][2] == (
        "policy-exemptions.yaml:2: has expired: serverless-region for a, until 2026-11-21, me: a test"
    )


def test_an_exemption_that_covers_nothing_is_reported(tmp_path: Path) -> None:
    ((policy, _, message),) = Pack(project=exempting(tmp_path)).run([endpoint("a")])
    assert (policy, message) == (
        "exempted",
        "policy-exemptions.yaml:2: covers nothing: serverless-region for a, until 2026-11-22, me: a test",
    )


def test_a_mistake_in_the_exemptions_is_a_violation_and_none_of_them_holds(tmp_path: Path) -> None:
    reports = Pack(project=exempting(tmp_path, rule="serverless-regoin")).run([endpoint("a", location="westeurope")])
    assert [policy for policy, _, _ in reports] == ["serverless-region", "exemptions-valid"]
    assert reports[1][2] == (
        "policy-exemptions.yaml:2: exemptions.0.rule: 'serverless-regoin' is not a rule; did you mean "
        "'serverless-region'? (no exemption holds until the file is right)"
    )


def test_a_link_to_exemptions_that_are_gone_is_a_violation(tmp_path: Path) -> None:
    (tmp_path / "policy-exemptions.yaml").symlink_to(tmp_path / "gone.yaml")
    ((policy, _, message),) = Pack(project=tmp_path).run([endpoint("a")])
    assert policy == "exemptions-valid"
    assert message.startswith("policy-exemptions.yaml: cannot be read: No such file or directory")


def test_a_project_without_exemptions_has_none(tmp_path: Path) -> None:
    assert Pack(project=tmp_path).run([endpoint("a")]) == []


def test_the_project_is_found_from_the_folder_that_the_engine_starts_the_pack_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack, program = tmp_path / "pack", tmp_path / "program"
    for folder in (pack, program / "below"):
        folder.mkdir(parents=True)
    (program / "Pulumi.yaml").touch()
    monkeypatch.setenv("PWD", str(program / "below"))
    monkeypatch.chdir(pack)
    assert project_folder(pack) == program
    monkeypatch.setenv("PWD", str(tmp_path))
    monkeypatch.chdir(program / "below")
    assert project_folder(pack) == program
    monkeypatch.chdir(pack)
    assert project_folder(pack) is None
    monkeypatch.delenv("PWD")
    assert project_folder(pack) is None
