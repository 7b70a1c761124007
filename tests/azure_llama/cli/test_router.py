"""`azure-llama router litellm`: names of stacks, options, exit codes, and no key anywhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from azure_llama.cli.app import main
from tests.azure_llama.inference.accounts import outputs

KEY = "a-key-that-nobody-may-see"


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    options = []
    for region in ("east", "west"):
        found = outputs(region) | {"keys": {f"contoso-{region}/chat": {"primary": KEY, "secondary": KEY}}}
        (tmp_path / f"{region}.json").write_text(json.dumps(found))
        options += ["--outputs", str(tmp_path / f"{region}.json")]
    return options


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ("router", "litellm", *arguments))


def test_the_configuration_is_all_of_stdout_and_holds_no_key(files: list[str], tmp_path: Path) -> None:
    result = run(*files, "--order", "west=2", "--weight", "east=5")
    assert result.exit_code == 0, result.output
    parameters = [row["litellm_params"] for row in yaml.safe_load(result.stdout)["model_list"]]
    assert [(each["order"], each["weight"]) for each in parameters] == [(1, 5), (2, 1)]
    assert result.stderr.count("_KEY: ") == 2
    assert KEY not in result.output
    file = tmp_path / "litellm.yaml"
    assert run(*files, "--output", str(file)).stdout == ""
    assert yaml.safe_load(file.read_text())["router_settings"]["enable_weighted_failover"] is True


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((), "no stack is named"),
        (("west",), "stack 'west' is given twice"),
        (("--order", "north=2"), "--order or --weight names 'north'; the stacks are: east, west"),
        (("--order", "east=0"), "'east=0' must be STACK=N"),
        (("--weight", "east"), "'east' must be STACK=N"),
        (("--endpoint", "contoso"), "no endpoint 'contoso'"),
    ],
)
def test_wrong_usage_is_reported(files: list[str], arguments: tuple[str, ...], text: str) -> None:
    result = run(*(files if arguments else []), *arguments)
    assert result.exit_code == 2
    assert text in result.stderr


def test_a_stack_without_endpoints_is_named(tmp_path: Path) -> None:
    file = tmp_path / "empty.json"
    file.write_text('{"workspace": {}}')
    result = run("--outputs", str(file))
    assert result.exit_code == 3
    assert "empty: the outputs name no endpoints" in result.stderr
