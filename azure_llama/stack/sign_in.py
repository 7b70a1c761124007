"""The principal that azure-native would deploy a stack as."""

from __future__ import annotations

from collections.abc import Sequence

from azure_llama.arm import SignIn, sign_in
from azure_llama.arm.tls import check_environment
from azure_llama.documents.errors import InputError
from azure_llama.documents.unknown import is_unknown
from azure_llama.stack import state
from azure_llama.stack.project import Project

_NATIVE = "azure-native:"


def sign_in_of(project: Project) -> SignIn:
    """The principal that azure-native would deploy as.

    Raises:
        InputError: a secret of its configuration cannot be opened.
        ConfigurationError: its configuration is not whole.
        ArmError: the cloud's description cannot be read.
    """
    hidden = [key for key in project.secret_keys if key.startswith(_NATIVE) and is_unknown(project.config[key])]
    config = {key: value for key, value in project.config.items() if key.startswith(_NATIVE) and not is_unknown(value)}
    if project.environments:
        # The azure-native settings of the stack's environments are in Pulumi Cloud.
        config |= {key: text for key, text in state.configuration(project)[0].items() if key.startswith(_NATIVE)}
    if hidden:
        config |= _secrets(project, hidden)
    check_environment()
    return sign_in(config)


def _secrets(project: Project, keys: Sequence[str]) -> dict[str, str]:
    """Secrets of azure-native in the stack's file, in clear, by the Pulumi CLI: it alone can open them."""
    values, reason = state.configuration(project)
    if not values:
        variables = ", ".join("ARM_" + _upper(key.removeprefix(_NATIVE)) for key in keys)
        raise InputError(
            f"{', '.join(keys)}: a secret of the stack's file, which only the Pulumi CLI can open ({reason});"
            f" set {variables} instead"
        )
    return {key: values[key] for key in keys if key in values}


def _upper(name: str) -> str:
    return "".join(f"_{letter}" if letter.isupper() else letter.upper() for letter in name)
