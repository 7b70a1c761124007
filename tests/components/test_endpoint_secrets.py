from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache

import pulumi
from pulumi import Output

from azure_llama_components import EndpointSecrets, EndpointSecretsArgs
from tests.components.arm import put
from tests.components.mocked import KEYS, Recorded, run, secret
from tests.components.stack import TAGS


@cache  # tests only read what a program did
def kept(*, preview: bool = False) -> Recorded:
    def program() -> None:
        # Not marked here: the component does it, whatever it is given.
        keys: Output[dict[str, str | None]] = Output.from_input(
            {"primary": KEYS["primaryKey"], "secondary": KEYS["secondaryKey"]}
        )
        made = EndpointSecrets(
            "chat-secrets",
            EndpointSecretsArgs(
                endpoint_name="chat",
                keys=keys,
                vault_name="kv-llama",
                resource_group_name="g",
                expires_on=date(2027, 1, 1),
                tags=TAGS,
            ),
        )
        pulumi.export("secrets", made.outputs)

    return run(program, preview=preview)


def test_each_key_is_a_secret_with_content_type_and_expiry() -> None:
    first, second = kept().of("keyvault:Secret")
    for made, name, key in ((first, "chat-primary-key", "primaryKey"), (second, "chat-secondary-key", "secondaryKey")):
        assert (made.inputs["vaultName"], made.inputs["secretName"]) == ("kv-llama", name)
        properties = secret(made.inputs["properties"])
        assert properties["contentType"] == "application/x-azure-ml-endpoint-key"
        assert properties["attributes"] == {"enabled": True, "expires": 1_798_761_600}
        assert properties["value"] == KEYS[key]
        assert made.inputs["tags"] == TAGS


def test_the_outputs_are_names_and_no_key_is_sent_in_clear() -> None:
    assert kept().outputs["secrets"] == {"primary": "chat-primary-key", "secondary": "chat-secondary-key"}
    for recorded in (kept(), kept(preview=True)):
        for made in recorded.of("keyvault:Secret"):
            assert secret(made.inputs["properties"])["value"] in KEYS.values()


def test_the_bodies_keep_arms_contract(contract_errors: Callable[..., list[str]]) -> None:
    assert [error for made in kept().of("keyvault:Secret") for error in contract_errors(*put(made))] == []
