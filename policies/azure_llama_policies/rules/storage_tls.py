"""`storage-tls`: a storage account takes encrypted connections alone."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama_policies import frameworks
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example, storage_account
from azure_llama_policies.expect import expect
from azure_llama_policies.resources import Resource
from azure_llama_policies.rule import Accepted, Context, Level, ResourceRule, Severity, Violation

_WANTED = ("TLS1_2", "TLS1_3")


def check(account: Resource, _context: Context) -> Iterator[Violation]:
    """One violation for old TLS, one for plain HTTP."""
    yield from expect(account, "enableHttpsTrafficOnly", (True,), "set enableHttpsTrafficOnly: true", absent=True)
    yield from expect(account, "minimumTlsVersion", _WANTED, "set minimumTlsVersion: TLS1_2", absent="TLS1_0")


RULE = ResourceRule(
    id="storage-tls",
    title="A storage account accepts HTTPS only, with TLS 1.2 or newer.",
    what="The minimum TLS version of each storage account, and whether it takes plain HTTP.",
    why="Older TLS is broken, and what goes over HTTP is read by whoever is between.",
    fix="Set minimumTlsVersion: TLS1_2 and enableHttpsTrafficOnly: true.",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    sources=("azure-policy-2026-04", "checkov", "trivy"),
    types=frozenset({types.STORAGE_ACCOUNT}),
    mirrors=(
        "fe83a0eb-a853-422d-aac2-1bffd182c5d0",
        "404c3081-a854-4457-ae30-26a93ef643f9",
        "CKV_AZURE_44",
        "CKV_AZURE_3",
        "AZU-0011",
        "AZU-0008",
    ),
    frameworks=frameworks.IN_TRANSIT,
    azure=Accepted.SECURITY,
    check=check,
    example=Example(
        noncompliant=storage_account(
            "minimum_tls_version=storage.MinimumTlsVersion.TLS1_0,  # violated; it is also the default"
        ),
        compliant=storage_account("minimum_tls_version=storage.MinimumTlsVersion.TLS1_2,"),
    ),
)
