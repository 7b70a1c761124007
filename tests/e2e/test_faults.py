"""What Azure refuses in the middle of an `up`: one clear line, no traceback, and the next `up` converges."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.harness import Azure
from tests.inprocess.test_faults import ABSENT, FAULTS

pytestmark = pytest.mark.engine


def broken(code: str, status: int, **match: str) -> dict[str, Any]:
    """A fault that lasts until it is taken away."""
    return {"match": match, "status": status, "body": {"error": {"code": code, "message": f"Injected {code}."}}}


def up(azure: Azure, *faults: dict[str, Any]) -> list[str]:
    """The error lines of an `up` that fails."""
    Path(azure.status["faults"]).write_text(json.dumps(faults))
    run = azure.pulumi("up", check=False)
    assert run.code != 0, run.text
    assert "Traceback" not in run.text, run.text
    diagnostics = run.text.rpartition("Diagnostics:")[2].splitlines()
    # The engine adds lines of its own: that the program has failed, and the update.
    return [line for line in diagnostics if "error: " in line and ("Azure answered" in line or "token" in line)]


def test_a_sign_in_and_keys_that_fail_are_one_line_each(azure: Azure) -> None:
    expired = {
        "match": {"path": "*/oauth2/v2.0/token"},
        "status": 401,
        "body": {"error": "invalid_client", "error_description": "AADSTS7000222: expired"},
    }
    (line,) = up(azure, expired)
    assert "workspace 'llama-dev': get the identity that deploys: " in line
    assert "AADSTS7000222: expired. Check the credentials" in line
    (line,) = up(azure, {"match": {"path": "*/oauth2/v2.0/token"}, "status": 503})
    assert "HTTP status 503. Run `pulumi up` again" in line
    for code, status in (("InternalServerError", 500), ("NotFound", 404)):
        (line,) = up(azure, broken(code, status, method="POST", path="*/llama-33-70b/listKeys"))
        assert f"endpoint 'llama-33-70b': list its keys: Azure answered {status} {code}: Injected {code}. Run" in line
    Path(azure.status["faults"]).write_text("[]")
    azure.pulumi("up")
    azure.pulumi("up", "--expect-no-changes")


@pytest.mark.skipif(not FAULTS, reason=ABSENT)
@pytest.mark.parametrize("name", ["hub HTML", "deployment 409", "traffic HTML"])
def test_the_engine_completes_a_stack_that_a_fault_interrupted(azure: Azure, name: str) -> None:
    """Three of the fifty that tests/inprocess/test_faults.py has: half-made resources, and a refusal."""
    faults = next(fault["faults"] for fault in FAULTS if fault["name"] == name)
    Path(azure.status["faults"]).write_text(json.dumps(faults))
    run = azure.pulumi("up", "--skip-preview", check=False)
    assert run.code != 0, run.text
    assert "Traceback" not in run.text
    Path(azure.status["faults"]).write_text("[]")
    azure.pulumi("up", "--skip-preview")
    azure.pulumi("up", "--skip-preview", "--expect-no-changes")
    azure.drift()
