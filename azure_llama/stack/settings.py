"""The settings of a stack, with each error at its line of the stack's YAML."""

from __future__ import annotations

from azure_llama.documents.errors import InputError
from azure_llama.settings import Settings, SettingsError
from azure_llama.settings import load as load_settings
from azure_llama.stack.places import with_lines
from azure_llama.stack.project import Project


def load(project: Project, model: type[Settings] = Settings) -> Settings:
    """The settings of a project's stack.

    Args:
        project: Required. The project.
        model: Optional. The settings' model; it has a field for each kind of endpoint of the catalogue.

    Raises:
        InputError: the configuration has errors; each has its line.
    """
    try:
        return load_settings(project.config, project.catalog, model)
    except SettingsError as error:
        raise InputError(with_lines(str(error).splitlines(), project)) from error
