"""A whole stack as one component, for programs in every Pulumi language."""

# No postponed annotations: the schema is inferred from them.
import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pulumi

from azure_llama.catalog import Catalog
from azure_llama.settings import Settings, SettingsError, load
from azure_llama.settings.loading import LOCATION, NAMESPACE
from azure_llama.stack import pulumi_private
from azure_llama_components.configuration import stack_config
from azure_llama_components.stack_args import arguments_of
from azure_llama_components.whole_stack import OUTPUTS, create_resources

if TYPE_CHECKING:
    LlamaStackArgs = dict[str, Any]
else:
    LlamaStackArgs = arguments_of(Settings)
"""What the YAML of a stack says, as arguments: the keys of `azure-llama:` in a stack's file, and `location`.

A typed dictionary that is made from the settings: an option of a stack's file is an argument here.
"""


class LlamaStack(pulumi.ComponentResource):
    """Meta Llama on Azure: a workspace, serverless and managed endpoints, and what stands around them.

    The arguments are those of a stack's YAML. Ids may be outputs of other resources; everything else is plain, so that
    policies see it in a first preview. A Pulumi stack has one LlamaStack.
    """

    workspace: pulumi.Output[dict[str, Any]]
    endpoints: pulumi.Output[dict[str, Any]]
    keys: pulumi.Output[dict[str, Any]]
    marketplace: pulumi.Output[dict[str, Any]]
    contentSafety: pulumi.Output[dict[str, Any] | None]  # noqa: N815 - the name in every language
    keyVault: pulumi.Output[dict[str, Any] | None]  # noqa: N815 - likewise
    access: pulumi.Output[dict[str, Any] | None]
    budget: pulumi.Output[dict[str, Any] | None]
    gateway: pulumi.Output[dict[str, Any] | None]
    gatewayKeys: pulumi.Output[dict[str, Any] | None]  # noqa: N815 - likewise

    def __init__(self, name: str, args: LlamaStackArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the stack.

        Args:
            name: Required. Name of the resource in the program.
            args: Required. What the YAML of a stack says.
            opts: Optional. Pulumi's options. Providers apply to everything in the stack.

        Raises:
            SettingsError: the arguments have errors; its text reports all of them.
        """
        super().__init__("azure-llama:index:LlamaStack", name, None, opts)
        waiting = dict(_outputs(args))
        if waiting:
            known = pulumi.Output.all(**waiting)
            made = known.apply(lambda ids: self._make(_filled(args, ids)))
            outputs: dict[str, Any] = {key: _entry(made, key) for key in OUTPUTS}
            outputs |= {key: pulumi.Output.secret(outputs[key]) for key in ("keys", "gatewayKeys")}
        else:
            outputs = dict.fromkeys(OUTPUTS) | self._make(args)
        for key, value in outputs.items():
            setattr(self, key, value if isinstance(value, pulumi.Output) else pulumi.Output.from_input(value))
        self.register_outputs(outputs)

    def _make(self, args: Mapping[str, Any]) -> dict[str, Any]:
        with pulumi_private.default_parent(self):
            return create_resources(_settings(args))


def _entry(made: pulumi.Output[dict[str, Any]], key: str) -> pulumi.Output[Any]:
    return made.apply(lambda outputs: outputs.get(key))


def _settings(args: Mapping[str, Any]) -> Settings:
    location = args.get("location") or stack_config().get(LOCATION)
    values = {f"{NAMESPACE}{key}": value for key, value in args.items() if key != "location"}
    texts = {key: json.dumps(_whole(value)) for key, value in values.items()}
    return load(({LOCATION: location} if location else {}) | texts, Catalog.package())


def _whole(value: Any) -> Any:
    """The value with whole numbers as such: the engine has none but doubles."""
    match value:
        case float() if value.is_integer():
            return int(value)
        case Mapping():
            return {key: _whole(entry) for key, entry in value.items()}
        case list():
            return [_whole(entry) for entry in value]
    return value


def _outputs(value: Any, place: str = "") -> Iterator[tuple[str, pulumi.Output[Any]]]:
    """The outputs in the arguments, by their place."""
    match value:
        case pulumi.Output():
            yield place, value
        case Mapping():
            for key, entry in value.items():
                yield from _outputs(entry, f"{place}/{key}")
        case list():
            for number, entry in enumerate(value):
                yield from _outputs(entry, f"{place}/{number}")


def _filled(value: Any, known: Mapping[str, Any], place: str = "") -> Any:
    """The arguments with the values of their outputs."""
    match value:
        case pulumi.Output():
            return known[place]
        case Mapping():
            return {key: _filled(entry, known, f"{place}/{key}") for key, entry in value.items()}
        case list():
            return [_filled(entry, known, f"{place}/{number}") for number, entry in enumerate(value)]
    return value


__all__ = ["LlamaStack", "LlamaStackArgs", "SettingsError"]
