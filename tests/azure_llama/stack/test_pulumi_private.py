from __future__ import annotations

from azure_llama.stack import pulumi_private
from tests.private_surface import check

CALLBACKS = "pulumi.runtime._callbacks:_CallbackServicer"
SURFACE = {
    "pulumi.runtime.rpc:_special_sig_key": "4dabf18193072939515e22adb298388d",
    "pulumi.runtime.rpc:_special_secret_sig": "1b47061264138c4ac30d75fd1eb44270",
    "pulumi.runtime.rpc:_special_output_value_sig": "d0e6a833031e9bbcd3f4e8bde6ca49a4",
    "pulumi.runtime.rpc:_special_resource_sig": "5cf8f73096256a8f31e491e813e4eb8e",
    "pulumi.runtime.stack:run_in_stack": "(func)",
    "pulumi.runtime.resource:_get_stack_trace": "()",
    "pulumi.runtime.config:CONFIG": "ContextVar",
    "pulumi.runtime.config:get_config_env": "()",
    "pulumi.runtime.config:is_config_secret": "(k)",
    "pulumi.runtime.settings:ROOT": "ContextVar",
    "pulumi.runtime.settings:SETTINGS": "Settings",
    "pulumi.runtime.settings:configure": "(settings)",
    "pulumi.runtime.settings:Settings": "(project, stack, monitor, engine, parallel, dry_run, legacy_apply_enabled,"
    " organization, root_directory)",
    CALLBACKS: "(monitor)",
    f"{CALLBACKS}.__init__": "_CallbackServicer _servicers _callbacks _transforms _state_migrations _monitor"
    " _loop _GRPC_CHANNEL_OPTIONS _server _target",
    f"{CALLBACKS}.register_transform": "(self, transform)",
    f"{CALLBACKS}.register_stack_transform": "(self, transform)",
    f"{CALLBACKS}.register_resource_hook": "(self, hook)",
}


def test_the_private_parts_of_the_sdk_are_those_of_the_version_that_the_module_was_written_for() -> None:
    check("pulumi", pulumi_private.WRITTEN_FOR, pulumi_private.__name__, SURFACE)


def test_the_register_of_callbacks_needs_no_server() -> None:
    callbacks = pulumi_private.Callbacks(monitor=None)
    assert not callbacks.in_use()
