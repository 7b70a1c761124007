"""What `storage-tls` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.storage_tls import RULE
from tests.policies.cases import UNKNOWN, Case, Given, given, workspace


def _with(**properties: object) -> list[Given]:
    return [given("storage:StorageAccount", "account", {"accountName": "stllama", **properties})]


CASES = [
    *(
        Case(version, _with(minimumTlsVersion=version, enableHttpsTrafficOnly=True), {"account": Outcome.PASSED})
        for version in ("TLS1_2", "TLS1_3")
    ),
    Case("HTTPS left out", _with(minimumTlsVersion="TLS1_2"), {"account": Outcome.PASSED}),
    Case("old", _with(minimumTlsVersion="TLS1_1"), {"account": Outcome.VIOLATED}),
    Case("left out", _with(), {"account": Outcome.VIOLATED}),
    Case("plain HTTP", _with(minimumTlsVersion="TLS1_2", enableHttpsTrafficOnly=False), {"account": Outcome.VIOLATED}),
    Case("both wrong", _with(enableHttpsTrafficOnly=False), {"account": Outcome.VIOLATED}),
    Case("an unknown version", _with(minimumTlsVersion=UNKNOWN), {"account": Outcome.NOT_SEEN}),
    Case("unknown HTTPS", _with(enableHttpsTrafficOnly=UNKNOWN), {"account": Outcome.NOT_SEEN}),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
