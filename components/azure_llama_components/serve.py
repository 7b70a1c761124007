"""Serves the components to the Pulumi engine, for programs in every language."""

from __future__ import annotations

import inspect
import json
import sys
from typing import Any

from pulumi.provider import main
from pulumi.provider.experimental.component import ComponentProvider
from pulumi.provider.server import ComponentInitError

from azure_llama import __version__
from azure_llama.settings import Settings, SettingsError
from azure_llama.settings.reference import descriptions
from azure_llama_components.llama_stack import LlamaStack
from azure_llama_components.stack_args import type_name
from azure_llama_components.whole_stack import OUTPUTS

NAME = "azure-llama"
_LOCATION = "Conditional. ARM name of the region; needed unless the stack's configuration has azure-native:location."
_DESCRIPTIONS = {
    "workspace": "The workspace: id, name, region, studio URL.",
    "endpoints": "The endpoints by name: kind, URI, URLs for clients, model or deployments, auth.",
    "keys": "The keys of each endpoint that has some, by the endpoint's name.",
    "marketplace": "The marketplace subscription of each serverless model, by the model.",
    "contentSafety": "The Azure AI Content Safety account, where there is one.",
    "keyVault": "Names of the vault's secrets that hold keys, by the endpoint's name.",
    "access": "The roles that the stack assigns, where it does.",
    "budget": "The budgets, where there are any.",
    "gateway": "The gateway: id, name, base URL, models and teams, where there is one.",
    "gatewayKeys": "The keys of each team of the gateway, by the team's name.",
}


class _ArgumentsError(Exception):
    """The arguments have errors.

    The SDK's own error for this cannot be sent: its server passes a status that grpc does not take. Of any other error
    the server prints the traceback, and a user's error has none.
    """

    @property
    def __traceback__(self) -> None:  # type: ignore[override]  # an attribute there
        """Nothing to print."""


class Provider(ComponentProvider):
    """The provider of the package's components."""

    def __init__(self) -> None:
        """Infer the schema, and describe its properties with the settings' own words."""
        super().__init__([LlamaStack], NAME, None, __version__)
        assert self.schema is not None, "it was inferred just now"
        self.described = self.schema = described(self.schema)

    def construct(self, *arguments: Any, **named: Any) -> Any:
        """Make a component; errors of its arguments are reported without a traceback."""
        try:
            return super().construct(*arguments, **named)
        except ComponentInitError as error:
            if isinstance(error.inner, SettingsError):
                raise _ArgumentsError(str(error.inner)) from None
            raise


def described(inferred: str) -> str:
    """The inferred schema with the descriptions of the settings."""
    whole = json.loads(inferred)
    resource = whole["resources"][f"{NAME}:index:LlamaStack"]
    for section, texts in descriptions(Settings).items():
        own = resource["inputProperties"] if section is Settings else None
        properties = own or whole["types"][f"{NAME}:index:{type_name(section)}"]["properties"]
        for key, text in texts.items():
            properties[key]["description"] = text
    resource["description"] = inspect.cleandoc(resource["description"])
    resource["inputProperties"]["location"]["description"] = _LOCATION
    for name in ("keys", "gatewayKeys"):
        resource["properties"][name]["secret"] = True
    for name in OUTPUTS:
        resource["properties"][name]["description"] = _DESCRIPTIONS[name]
    return json.dumps(whole, indent=2)


def serve() -> None:
    """Start the provider's server, with the arguments of the command line. Returns when the engine ends it."""
    main(Provider(), sys.argv[1:])
