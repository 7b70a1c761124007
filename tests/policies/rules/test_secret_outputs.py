"""What `secret-outputs` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.secret_outputs import RULE
from tests.policies.cases import UNKNOWN, Case, Given, workspace


def _exporting(secrets: list[str] | None, /, **outputs: object) -> list[Given]:
    return [Given("pulumi:pulumi:Stack", "dev", None, outputs, secrets=secrets)]


NAMED = (
    "key",
    "primaryKey",
    "PRIMARY_KEY",
    "access-token",
    "password",
    "connectionString",
    "clientSecret",
    "credentials",
)
HARMLESS = ("monkey", "authHeader", "keyVaultName", "tokensPerMinute", "uri")

CASES = [
    *(Case(f"plain: {name}", _exporting([], **{name: "x"}), {"dev": Outcome.VIOLATED}) for name in NAMED),
    *(Case(f"harmless: {name}", _exporting([], **{name: "x"}), {"dev": Outcome.PASSED}) for name in HARMLESS),
    Case("secret", _exporting(["key"], key="x"), {"dev": Outcome.PASSED}),
    Case("in a secret", _exporting(["keys"], keys={"a": {"primary": "x"}}), {"dev": Outcome.PASSED}),
    Case("secret inside", _exporting(["keys.a.primary"], keys={"a": {"primary": "x"}}), {"dev": Outcome.PASSED}),
    Case("one of two is secret", _exporting(["keys.a"], keys={"a": "x", "b": "y"}), {"dev": Outcome.VIOLATED}),
    Case("one that begins alike is secret", _exporting(["key"], keys="x"), {"dev": Outcome.VIOLATED}),
    Case("in a list", _exporting([], keys=[1, "x"]), {"dev": Outcome.VIOLATED}),
    Case("of an endpoint named so", _exporting([], endpoints={"max-token": {"uri": "x"}}), {"dev": Outcome.PASSED}),
    Case("in one named so", _exporting([], endpoints={"a-key": {"keys": {"a": "x"}}}), {"dev": Outcome.VIOLATED}),
    Case("nothing in it", _exporting([], key="", keys={}, token=None, tokens=[], secrets=5), {"dev": Outcome.PASSED}),
    Case("not known yet", _exporting([], key=UNKNOWN), {"dev": Outcome.VIOLATED}),
    Case("nobody says what is secret", _exporting(None, key="x", uri="y"), {"dev": Outcome.NOT_SEEN}),
    Case("nothing to say it of", _exporting(None, uri="y"), {"dev": Outcome.PASSED}),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
