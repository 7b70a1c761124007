"""What `managed-probes` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.managed_probes import RULE
from tests.policies.cases import UNKNOWN, Case, Given, deployment, workspace

PATIENT = {"initialDelay": "PT500S", "period": "PT100S", "failureThreshold": 30}


def _probed(**probes: object) -> list[Given]:
    return [deployment(properties=probes)]


CASES = [
    Case("patient", _probed(livenessProbe=PATIENT, readinessProbe=PATIENT), {"blue": Outcome.PASSED}),
    Case("left out", _probed(), {"blue": Outcome.VIOLATED}),
    Case(
        "one is not patient",
        _probed(livenessProbe=PATIENT, readinessProbe={"initialDelay": "PT599S"}),
        {"blue": Outcome.VIOLATED},
    ),
    Case(
        "just patient enough by their delay",
        _probed(livenessProbe={"initialDelay": "PT600S"}, readinessProbe={"initialDelay": "PT600S"}),
        {"blue": Outcome.PASSED},
    ),
    Case(
        "just patient enough by their period",
        _probed(livenessProbe={"period": "PT89S", "failureThreshold": 10}, readinessProbe={"failureThreshold": 89}),
        {"blue": Outcome.PASSED},
    ),
    Case(
        "a patient startup probe",
        _probed(startupProbe=PATIENT, livenessProbe={"period": "PT1S"}),
        {"blue": Outcome.PASSED},
    ),
    Case(
        "an impatient startup probe",
        _probed(startupProbe={}, livenessProbe=PATIENT, readinessProbe=PATIENT),
        {"blue": Outcome.VIOLATED},
    ),
    Case("patient enough for a small model", _probed(), {"blue": Outcome.PASSED}, config={"minimumSeconds": 310}),
    Case("no duration", _probed(livenessProbe={"period": 10}), {"blue": Outcome.NOT_SEEN}),
    Case("no number", _probed(livenessProbe={"failureThreshold": "30"}), {"blue": Outcome.NOT_SEEN}),
    Case("unknown", _probed(livenessProbe=UNKNOWN), {"blue": Outcome.NOT_SEEN}),
    Case("an unknown startup probe", _probed(startupProbe=UNKNOWN), {"blue": Outcome.NOT_SEEN}),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
