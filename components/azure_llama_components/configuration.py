"""Converts Pulumi's configuration to the stack's settings."""

from __future__ import annotations

from pathlib import Path

import pulumi

from azure_llama.catalog import Catalog
from azure_llama.catalog.overlay import OverlayError
from azure_llama.settings import Settings, SettingsError, load
from azure_llama.stack import pulumi_private


def stack_config() -> dict[str, str]:
    """All configuration of this run: full key (`azure-llama:workspace`) to the raw text that Pulumi hands over.

    `pulumi.Config` reads one key at a time; a key that is misspelt can be found only among all of them. The language
    host and an inline program both set them in the SDK's runtime; a host that does not leaves them in the environment.
    """
    return dict(pulumi_private.configuration())


def holds_secrets(key: str) -> bool:
    """Whether a key of the configuration, or anything below it, was set with `pulumi config set --secret`.

    Args:
        key: Required. The full key: `azure-llama:managed`.
    """
    return pulumi_private.holds_secrets(key)


def read_settings(catalog: Catalog | None = None, model: type[Settings] = Settings) -> Settings:
    """The settings of this stack.

    Args:
        catalog: Optional. The catalogue to look models, sizes and regions up in; by default the project's own, with the
            `llama-catalog.yaml` beside its `Pulumi.yaml`. An inline program of the Automation API has no project
            folder and gets the package's catalogue by default.
        model: Optional. The settings' model; it has a field for each kind of endpoint of the catalogue.

    Raises:
        pulumi.RunError: something in the YAML is wrong. The text is the whole report; both the language host and the
            Automation API print it as it is, without a traceback, and end the program.
    """
    try:
        root = pulumi.get_root_directory()
        return load(stack_config(), catalog or (Catalog.of_project(Path(root)) if root else Catalog.package()), model)
    except (OverlayError, SettingsError) as error:
        raise pulumi.RunError(str(error)) from error
