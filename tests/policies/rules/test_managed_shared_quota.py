"""What `managed-shared-quota` says."""

from __future__ import annotations

import time

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.managed_shared_quota import RULE
from tests.policies.cases import UNKNOWN, Case, Given, judge, online_endpoint, stated, template


def _until(day: object, enabled: object = "true") -> list[Given]:
    return [
        template("traffic", stated(properties={"SharedComputeCapacityEnabled": enabled, "TargetAutoDeletionTime": day}))
    ]


CASES = [
    Case("some days left", _until("Wed, 25 Nov 2026 18:00:00 GMT"), {"traffic": Outcome.PASSED}),
    Case("two days left", _until("Tue, 24 Nov 2026 18:00:00 GMT"), {"traffic": Outcome.VIOLATED}),
    Case("the last day", _until("Sun, 22 Nov 2026 18:00:00 GMT", "True"), {"traffic": Outcome.VIOLATED}),
    Case("the day before", _until("Sat, 21 Nov 2026 18:00:00 GMT"), {"traffic": Outcome.VIOLATED}),
    Case("a zone of its own", _until("Sat, 21 Nov 2026 23:00:00 -0800"), {"traffic": Outcome.VIOLATED}),
    Case("all of the hours", _until("Sun, 29 Nov 2026 18:00:00 GMT"), {"traffic": Outcome.PASSED}),
    Case("more than Azure gives", _until("Mon, 30 Nov 2026 18:00:00 GMT"), {"traffic": Outcome.VIOLATED}),
    Case("warned later", _until("Tue, 24 Nov 2026 18:00:00 GMT"), {"traffic": Outcome.PASSED}, config={"warnDays": 1}),
    Case(
        "judged on another day",
        _until("Wed, 25 Nov 2026 18:00:00 GMT"),
        {"traffic": Outcome.VIOLATED},
        config={"asOf": "2026-11-26"},
    ),
    Case("quota of its own", [online_endpoint()], {}),
    Case("switched off", _until("Sat, 21 Nov 2026 18:00:00 GMT", "false"), {}),
    Case("no day", _until(None), {"traffic": Outcome.NOT_SEEN}),
    Case("a day in another form", _until("tomorrow"), {"traffic": Outcome.NOT_SEEN}),
    Case("an unknown day", _until(UNKNOWN), {"traffic": Outcome.NOT_SEEN}),
    Case("nobody knows", [template("traffic", stated(properties=UNKNOWN))], {"traffic": Outcome.NOT_SEEN}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)


def test_the_day_is_that_of_utc_wherever_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    time.tzset()
    try:
        (verdict,) = judge(RULE, _until("Wed, 25 Nov 2026 01:00:00 GMT"), {})
    finally:
        monkeypatch.undo()
        time.tzset()
    assert verdict.outcome is Outcome.PASSED
