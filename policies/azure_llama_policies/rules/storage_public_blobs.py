"""`storage-public-blobs`: a storage account does not allow anonymous access to blobs."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama_policies import frameworks
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example, storage_account
from azure_llama_policies.expect import expect
from azure_llama_policies.resources import Resource
from azure_llama_policies.rule import Accepted, Context, ResourceRule, Severity, Violation

_NONE = "None"


def check(resource: Resource, _context: Context) -> Iterator[Violation]:
    """One violation when anonymous reading is allowed."""
    if resource.type == types.BLOB_CONTAINER:
        yield from expect(resource, "publicAccess", (_NONE,), "set publicAccess: None", absent=_NONE)
    else:
        yield from expect(resource, "allowBlobPublicAccess", (False,), "set allowBlobPublicAccess: false")


RULE = ResourceRule(
    id="storage-public-blobs",
    title="A storage account does not allow anonymous access to blobs.",
    what="Whether each storage account allows anonymous reading of blobs, and whether a container has it.",
    why="What is in a public container, payloads of requests included, is read by anybody who guesses its address.",
    fix="Set allowBlobPublicAccess: false on the account.",
    severity=Severity.CRITICAL,
    sources=("azure-policy-2026-04", "checkov", "trivy"),
    types=frozenset({types.STORAGE_ACCOUNT, types.BLOB_CONTAINER}),
    mirrors=("4fa4b6c0-31ca-4c0d-b10d-24b96f62a751", "CKV_AZURE_190", "CKV_AZURE_34", "AZU-0007"),
    frameworks=frameworks.NETWORK,
    azure=Accepted.SECURITY,
    check=check,
    example=Example(
        noncompliant=storage_account("allow_blob_public_access=True,        # violated"),
        compliant=storage_account("allow_blob_public_access=False,"),
    ),
    notes="What Azure takes when an account leaves it out depends on the age of the API version, so that is not seen.",
)
