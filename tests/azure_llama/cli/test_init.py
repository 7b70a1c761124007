"""`azure-llama init`, as a person and as a script type it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from azure_llama.cli import questions
from azure_llama.cli.app import main

OPTIONS = ("--region", "eastus2", "--serverless", "Llama-3.3-70B-Instruct", "--managed", "llama3.1:8b")
FOUNDRY = ("--region", "eastus2", "--foundry", "Llama-3.3-70B-Instruct")
GROUP = "11111111-1111-1111-1111-111111111111"


def init(folder: Path, *options: str, text: str | None = None) -> Result:
    return CliRunner().invoke(main, ["init", "-C", str(folder), *options], input=text)


@pytest.mark.parametrize("endpoints", [OPTIONS, FOUNDRY, (*OPTIONS, *FOUNDRY)], ids=["Azure ML", "Foundry", "all"])
@pytest.mark.parametrize("more", [(), ("--network", "private", "--pipelines", "github", "--caller", f"{GROUP}:Group")])
def test_a_new_project_passes_check(tmp_path: Path, endpoints: tuple[str, ...], more: tuple[str, ...]) -> None:
    folder = tmp_path / "my-llama"
    done = init(folder, *endpoints, "--budget", "500", "--contact", "a@example.com", *more)
    assert (done.exit_code, done.stderr) == (0, "")
    assert (folder / ".github/workflows/deploy.yml").exists() is bool(more)
    assert len((folder / "__main__.py").read_text().splitlines()) <= 5
    checked = CliRunner().invoke(main, ["check", "-C", str(folder)])
    assert checked.exit_code == 0, checked.output
    assert "0 violations" in checked.stdout


def test_it_shows_cost_quota_and_three_commands(tmp_path: Path) -> None:
    lines = init(tmp_path / "my-llama", *OPTIONS).stdout.splitlines()
    assert any(line.startswith("Cost: ") and "a month in eastus2" in line for line in lines)
    assert any(line.startswith("Quota: ") and " cores of " in line and "in eastus2" in line for line in lines)
    assert len([line for line in lines if line.startswith("  azure-llama ")]) == 3


def test_it_shows_the_cost_and_the_quota_of_a_foundry_account(tmp_path: Path) -> None:
    lines = init(tmp_path / "my-llama", *FOUNDRY).stdout.splitlines()
    (cost,) = [line for line in lines if line.startswith("Cost: ")]
    assert "2 items whose use is not stated in eastus2" in cost
    assert [line for line in lines if line.startswith("Quota: ")] == [
        "Quota: 10 of AIServices.GlobalStandard.Llama-3.3-70B-Instruct in eastus2, for llama-33-70b-instruct"
    ]


def test_an_unknown_quota_is_said(tmp_path: Path) -> None:
    shown = init(tmp_path / "my-llama", *FOUNDRY[:3], "Llama-3.3-70B-Instruct@9").stdout
    assert "Quota: 10 of an unknown quota in eastus2, for llama-33-70b-instruct\n" in shown


def test_all_missing_answers_are_named(tmp_path: Path) -> None:
    done = init(tmp_path / "new", "--budget", "5")
    assert done.exit_code == 2
    assert (
        "give --region REGION, --serverless MODEL or --managed MODEL or --foundry MODEL, --contact EMAIL"
        in " ".join(done.stderr.split())
    )
    assert not (tmp_path / "new").exists()


def test_invalid_answers_are_reported_together_and_nothing_is_written(tmp_path: Path) -> None:
    wrong = ("--region", "nowhere", "--serverless", "lama", "--caller", "x:Group")
    done = init(tmp_path / "new", *wrong)
    assert done.exit_code == 2
    for text in ("'nowhere' is not the ARM name", "'lama' is not the name of a Llama model", "'x' is not a GUID"):
        assert text in done.stderr
    assert not (tmp_path / "new").exists()


def test_a_person_is_asked_for_models_of_foundry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("azure_llama.cli.init._asks", lambda no_input: not no_input)
    answers = ["", "", "eastus2", "", "", "llama-3.3-70b-instruct@9", "", "0", "", "none", ""]
    done = init(tmp_path / "my-llama", text="\n".join(answers))
    assert done.exit_code == 0, done.output
    text = (tmp_path / "my-llama" / "Pulumi.dev.yaml").read_text()
    assert "azure-llama:foundry:" in text
    assert "modelVersion: '9'" in text
    assert "azure-llama:workspace" not in text


def test_a_caller_without_a_type_is_refused(tmp_path: Path) -> None:
    done = init(tmp_path / "new", *OPTIONS, "--caller", GROUP)
    assert (done.exit_code, f"{GROUP}:Group" in done.stderr) == (2, True)


def test_a_person_is_asked_for_what_is_not_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("azure_llama.cli.init._asks", lambda no_input: not no_input)
    folder = tmp_path / "My Llama"
    answers = ["", "", "nowhere", "East US 2", "lama 99", "llama-3.3-70b-instruct", "", "", "", "100", "a@example.com"]
    done = init(folder, text="\n".join([*answers, "", "github", ""]))
    assert done.exit_code == 0, done.output
    assert "'nowhere' is not in the catalogue" in done.stderr
    text = (folder / "Pulumi.dev.yaml").read_text()
    for part in (
        "azure-native:location: eastus2",
        "name: my-llama-dev",
        "model: Llama-3.3-70B-Instruct",
        "amount: 100",
    ):
        assert part in text
    assert (folder / ".github").is_dir()


@pytest.mark.parametrize(("folder", "name"), [("My Llama!", "my-llama"), ("x", "llama"), ("a" * 50, "a" * 23)])
def test_the_project_is_named_like_its_folder(tmp_path: Path, folder: str, name: str) -> None:
    assert questions.project_name(tmp_path / folder) == name
