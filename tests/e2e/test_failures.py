"""The recipe of docs/failures.md on the real engine: an explanation, a log, another size under the same name."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest

from tests.e2e.harness import AZURE_LLAMA, DEV, Azure

pytestmark = pytest.mark.engine

SIZE, LARGER = "Standard_NC24ads_A100_v4", "Standard_NC40ads_H100_v5"


def edited(**blue: Any) -> dict[str, Any]:
    """The dev stack with a managed endpoint alone."""
    config: dict[str, Any] = deepcopy(dict(DEV))
    del config["azure-llama:serverless"]
    endpoint = config["azure-llama:managed"]["llama-8b"]
    endpoint |= {"contentSafety": False, "auth": "Key"}
    endpoint["deployments"]["blue"] |= blue
    return config


def test_a_deployment_that_failed_gets_another_size_and_is_stopped(azure: Azure) -> None:
    (azure.home / "conditions.yaml").write_text(json.dumps({"sizes": {"noCapacity": {"eastus2": [SIZE]}}}))
    azure.write(edited(vmSize=SIZE))
    run = azure.pulumi("up", "--skip-preview", check=False)
    assert run.code != 0
    assert "deployment 'llama-8b.blue': OutOfCapacity: The region has no free machines of this size." in run.text
    assert "Traceback" not in run.text
    place = ("-C", str(azure.project), "--stack", azure.stack, "--config-file", str(azure.stack_file))
    logs = azure.exec(str(AZURE_LLAMA), "logs", "llama-8b/blue", *place)
    assert "SystemSetup: Failed" in logs.text
    assert "llama-8b/blue: Failed" in logs.text
    assert "What to do: Run `pulumi up` again later" in logs.text

    azure.write(edited(vmSize=LARGER, properties={"team": "one"}))
    azure.pulumi("up")  # its preview asks Azure, and changes nothing
    azure.pulumi("up", "--expect-no-changes")

    azure.write(edited(vmSize=LARGER, properties={"team": "two"}))
    refused = azure.pulumi("preview", check=False)
    assert "deployments.blue.properties.team 'one' to 'two'" in refused.text

    night = edited(vmSize=LARGER, properties={"team": "one"})
    night["azure-llama:managed"]["llama-8b"]["stopped"] = True
    azure.write(night)
    azure.pulumi("up", "--skip-preview")
    assert azure.outputs()["endpoints"]["llama-8b"]["deployments"]["blue"]["stopped"] is True
    azure.pulumi("destroy", "--skip-preview")
