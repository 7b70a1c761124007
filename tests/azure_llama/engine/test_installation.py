"""Which CLI can be used, and what is known of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from azure_llama.engine.installation import Installation, inspect, policy_pack_form
from azure_llama.engine.process import AttemptError
from tests.azure_llama.engine.harness import NEW_HOST, OLD_HOST, host, pulumi, script


def test_a_cli_with_its_host_beside_it(tools: Path) -> None:
    program = pulumi(tools / "official", "v3.272.0")
    assert inspect(program, "PATH") == Installation("v3.272.0", "PATH", program, [tools / "official"], "directory")


def test_a_host_elsewhere_on_path_is_found(tools: Path) -> None:
    program = script(tools / "cli" / "pulumi", "echo v3.272.0")
    host(tools)
    assert inspect(program, "PATH").path_entries == [tools / "cli", tools]


def test_the_host_beside_the_cli_goes_before_another_on_path(tools: Path) -> None:
    host(tools, OLD_HOST)
    found = inspect(pulumi(tools / "official"), "PATH")
    assert (found.path_entries, found.policy_pack_form) == ([tools / "official"], "directory")


def test_a_host_behind_a_link_is_found(tools: Path) -> None:
    pulumi(tools / "opt")
    (tools / "pulumi").symlink_to(tools / "opt" / "pulumi")
    assert inspect(tools / "pulumi", "PATH").path_entries == [tools, tools / "opt"]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("v3.254.9", r"pulumi is v3\.254\.9; v3\.255\.0 or newer is needed"),
        ("''", r"pulumi says '' for its version"),
        ("beta", r"pulumi says 'beta' for its version"),
    ],
)
def test_a_cli_of_the_wrong_version_is_refused(tools: Path, said: str, reason: str) -> None:
    with pytest.raises(AttemptError, match=reason):
        inspect(pulumi(tools, said), "PATH")


def test_the_update_check_stays_off(tools: Path) -> None:
    host(tools)
    program = script(tools / "pulumi", '[ "$PULUMI_SKIP_UPDATE_CHECK" = true ] && echo v3.272.0')
    assert inspect(program, "PATH").version == "v3.272.0"


def test_a_cli_without_host_is_refused(tools: Path) -> None:
    with pytest.raises(AttemptError, match="has no pulumi-language-python with pulumi-language-python-exec"):
        inspect(script(tools / "pulumi", "echo v3.272.0"), "PATH")


def test_a_host_without_its_executor_is_refused(tools: Path) -> None:
    program = pulumi(tools)
    (tools / "pulumi-language-python-exec").unlink()
    with pytest.raises(AttemptError, match="has no pulumi-language-python"):
        inspect(program, "PATH")


@pytest.mark.parametrize(
    ("usage", "form"),
    [(NEW_HOST, "directory"), ("  -use-executor string", "directory"), (OLD_HOST, "executable")],
)
def test_an_old_host_takes_packs_as_executables(tools: Path, usage: str, form: str) -> None:
    assert policy_pack_form(host(tools, usage)) == form


def test_something_else_by_the_name_of_a_host_is_refused(tools: Path) -> None:
    with pytest.raises(AttemptError, match="is not a Python language host: whatever"):
        policy_pack_form(host(tools, "whatever"))


@pytest.mark.parametrize("option", [["--policy-pack", "{pack}"], ["--policy-pack={pack}"]])
def test_an_old_host_is_given_no_folder_and_the_file_is_named(tools: Path, option: list[str]) -> None:
    host(tools, OLD_HOST)
    old = inspect(script(tools / "pulumi", "echo v3.272.0"), "built")
    pack = tools / "policies"
    pack.mkdir()
    command = ["pulumi", "preview", *(text.format(pack=pack) for text in option), "--yes"]
    assert str(old.refused_pack(command)).endswith("install Pulumi's own CLI on PATH")
    (pack / "azure-llama-policies").touch()
    start = f"--policy-pack {pack}: this Pulumi CLI (built) cannot start a folder; "
    assert old.refused_pack(command) == f"{start}give --policy-pack {pack}/azure-llama-policies"


def test_a_pack_that_can_start_is_not_refused(tools: Path) -> None:
    host(tools, OLD_HOST)
    old = inspect(script(tools / "pulumi", "echo v3.272.0"), "built")
    new = inspect(pulumi(tools / "official"), "PATH")
    assert new.refused_pack(["pulumi", "up", "--policy-pack", str(tools)]) is None
    assert old.refused_pack(["pulumi", "up", "--policy-pack", str(tools / "pulumi")]) is None
    assert old.refused_pack(["other", "--policy-pack", str(tools)]) is None
