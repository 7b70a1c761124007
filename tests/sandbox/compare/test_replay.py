"""Recorded requests against a running sandbox: what it answered itself has no difference of kind A."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from azure_llama.cli.app import main
from azure_llama_sandbox import control
from azure_llama_sandbox.compare import Exchange, replay
from azure_llama_sandbox.control import NotRunningError, Status
from azure_llama_sandbox.world import SUBSCRIPTION
from tests.sandbox.arm.harness import account_body
from tests.sandbox.harness import connect, sign_in

GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-recorded"
STORE = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/recordedstore"
FOREIGN = "11111111-2222-4333-8444-555555555555"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Status]:
    home = tmp_path_factory.mktemp("compare") / "home"
    yield control.start(home, time_scale=100_000)
    control.stop(home)


@pytest.fixture(scope="module")
def recorded(running: Status) -> list[dict[str, Any]]:
    """A group and a storage account, as the sandbox itself answers."""
    lines = []
    with connect(running) as client:
        headers = sign_in(client, running)
        requests: list[tuple[str, str, Any]] = [
            ("PUT", GROUP, {"location": "eastus2"}),
            ("PUT", STORE, account_body()),
            ("GET", STORE, None),
        ]
        for method, path, body in requests:
            answer = client.request(
                method,
                f"https://management.azure.com{path}",
                params={"api-version": "2024-01-01"},
                json=body,
                headers=headers,
            )
            _wait(client, answer, headers)
            lines.append(
                {
                    "method": method,
                    "path": path.replace(SUBSCRIPTION, FOREIGN),
                    "apiVersion": "2024-01-01",
                    "request": body,
                    "status": answer.status_code,
                    "headers": {key: value for key, value in answer.headers.items() if key == "location"},
                    "response": answer.json() if answer.content else None,
                }
            )
    return lines


def _wait(client: httpx.Client, answer: httpx.Response, headers: dict[str, str]) -> None:
    address = answer.headers.get("Location")
    while address and client.get(address, headers=headers).status_code == 202:
        pass


def run(running: Status, file: Path, *more: str) -> tuple[int, str]:
    control.reset(Path(running["home"]))
    result = CliRunner().invoke(main, ["sandbox", "compare", "--home", running["home"], str(file), *more])
    return result.exit_code, result.output


def write(file: Path, lines: list[dict[str, Any]]) -> Path:
    file.write_text("".join(json.dumps(each) + "\n" for each in lines))
    return file


def test_its_own_answers_do_not_differ(running: Status, recorded: list[dict[str, Any]], tmp_path: Path) -> None:
    code, output = run(running, write(tmp_path / "lines", recorded))
    assert (code, output.splitlines()[-1][:35]) == (0, "Compared 3 exchanges, skipped 0: 0 ")


def test_a_masked_file_can_be_replayed(running: Status, recorded: list[dict[str, Any]], tmp_path: Path) -> None:
    masked = tmp_path / "masked.jsonl"
    code, _ = run(running, write(tmp_path / "lines", recorded), "--mask", str(masked))
    assert code == 0
    assert "recorded" not in masked.read_text()
    assert FOREIGN not in masked.read_text()
    assert run(running, masked)[0] == 0


def test_differences_are_reported_by_kind(running: Status, recorded: list[dict[str, Any]], tmp_path: Path) -> None:
    changed = json.loads(json.dumps(recorded))
    changed[2]["response"]["properties"]["ofTomorrow"] = True
    changed[2]["response"]["kind"] = "storagev2"
    changed[0]["status"] = 202
    unknown = {"method": "GET", "path": f"{GROUP}/providers/Microsoft.Nothing/a/b", "apiVersion": "1", "status": 200}
    file = write(tmp_path / "lines", [*changed, unknown | {"apiVersion": "2024-01-01"}])
    code, output = run(running, file, "--format", "json")
    report = json.loads(output)
    assert (code, report["compared"], report["kindA"]) == (1, 3, 2)
    assert {"status", "missing", "letter case"} <= set(report["kinds"])
    assert [each["reason"] for each in report["skipped"]] == ["not emulated"]
    code, output = run(running, file)
    assert code == 1
    assert "A missing" in output
    assert "properties.ofTomorrow" in output


def test_without_a_sandbox(tmp_path: Path) -> None:
    with pytest.raises(NotRunningError, match="start it with"):
        replay([Exchange("GET", "/subscriptions", "2020-01-01", 200)], tmp_path / "none")
