from __future__ import annotations

from azure_llama_policies import sdk_private
from tests.private_surface import check

SURFACE = {
    "pulumi_policy.deserialize:SPECIAL_SIG_KEY": "4dabf18193072939515e22adb298388d",
    "pulumi_policy.deserialize:SPECIAL_SECRET_SIG": "1b47061264138c4ac30d75fd1eb44270",
    "pulumi_policy.proxy:UnknownValueError": "(unknown_type_sentinel, props)",
    "pulumi_policy.policy:deserialize_properties": "(props, proxy_secrets)",
}


def test_the_private_parts_of_the_sdk_are_those_of_the_version_that_the_module_was_written_for() -> None:
    check("pulumi-policy", sdk_private.WRITTEN_FOR, sdk_private.__name__, SURFACE)
