from __future__ import annotations

from azure_llama_sandbox.provider import values
from tests.private_surface import describe


def test_the_marks_of_the_wire_are_those_of_the_sdk() -> None:
    names = ("special_sig_key", "special_secret_sig", "special_output_value_sig", "special_resource_sig")
    marks = (values.SIGNATURE, values.SECRET, values.OUTPUT, values.REFERENCE)
    assert marks == tuple(describe(f"pulumi.runtime.rpc:_{name}") for name in names)
