"""A team's llama-catalog.yaml around the sandbox's home changes nothing of what the sandbox answers."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from azure_llama.catalog.overlay import FILE
from azure_llama_sandbox import control
from azure_llama_sandbox.world import SUBSCRIPTION
from tests.sandbox.harness import connect, sign_in

REGION = "marscentral"
GROUP = f"https://management.azure.com/subscriptions/{SUBSCRIPTION}/resourcegroups/rg-llama"
CLAIM = (
    f"regions: {{{REGION}: {{displayName: Mars, geography: Mars, geographyGroup: Planets, location: Olympus,"
    " zones: false, source: us, asOf: 2026-11-20}}\n"
)


@pytest.mark.parametrize("text", [CLAIM, "models: ["], ids=["a claimed region", "malformed"])
def test_a_region_that_azure_does_not_have_stays_refused(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: mine\nruntime: python\n")
    (tmp_path / FILE).write_text(text)
    monkeypatch.chdir(tmp_path)
    status = control.start(tmp_path / "home")
    try:
        with connect(status) as client:
            header = sign_in(client, status)

            def put(location: str) -> httpx.Response:
                return client.put(
                    GROUP, params={"api-version": "2024-03-01"}, headers=header, json={"location": location}
                )

            refused = put(REGION)
            assert refused.status_code == httpx.codes.BAD_REQUEST
            assert refused.json()["error"]["code"] == "LocationNotAvailableForResourceGroup"
            assert put("eastus2").status_code == httpx.codes.CREATED
    finally:
        control.stop(tmp_path / "home")
