"""A team's llama-catalog.yaml, as the program and the policy pack see it under the real engine."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from azure_llama.catalog.overlay import FILE
from tests.deploy.pipelines import copied
from tests.e2e.harness import Azure, Run

pytestmark = pytest.mark.engine

Preview = Callable[[str], Run]


@pytest.fixture
def preview(azure: Azure, pack: str, tmp_path: Path) -> Preview:
    """Preview the dev stack in a project with an overlay."""
    project = copied(tmp_path / "project")
    shutil.copy(azure.stack_file, project)
    own = project / "policies" / Path(pack).name if Path(pack).name != "policies" else project / "policies"

    def run(text: str) -> Run:
        (project / FILE).write_text(text)
        command = (
            "pulumi",
            "preview",
            "--cwd",
            str(project),
            "--stack",
            "dev",
            "--non-interactive",
            "--color",
            "never",
        )
        return azure.exec(*command, "--policy-pack", str(own), check=False)

    return run


def test_mistakes_are_a_report_and_no_traceback(preview: Preview) -> None:
    done = preview("modles: {}\nprices: {monthly: {keyVault: {usdPerMonth: 1, source: us}}}\n")
    assert done.code != 0
    assert "The catalogue's overlay has 2 errors:" in done.text
    assert "- llama-catalog.yaml:1: modles: is not a key here; did you mean 'models'?" in done.text
    assert "- llama-catalog.yaml:2: prices.monthly.keyVault.asOf: is missing" in done.text
    assert "Traceback" not in done.text


def test_the_pack_judges_by_it(preview: Preview) -> None:
    model = "Llama-3.3-70B-Instruct: {serverless: {regions: [westus]}, source: us, asOf: 2026-11-01}"
    done = preview(f"models: {{{model}}}\n")
    assert done.code != 0
    assert "serverless-region" in done.text
    assert "Traceback" not in done.text
    assert preview("# nothing to say\n").code == 0
