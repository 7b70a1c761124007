"""The settings of a stack, with each error at its line of the stack's YAML."""

from __future__ import annotations

from azure_llama.documents.errors import InputError
from azure_llama.settings import Settings, SettingsError
from azure_llama.settings import load as load_settings
from azure_llama.stack import unknown
from azure_llama.stack.kinds import known_part
from azure_llama.stack.places import with_lines
from azure_llama.stack.project import Project


def load(project: Project, model: type[Settings] = Settings) -> Settings:
    """The settings of a project's stack; other valid values take the place of unknown ones.

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


def load_known(project: Project, model: type[Settings] = Settings) -> tuple[Settings, tuple[str, ...]]:
    """The settings of a project's stack without what depends on unknown values, and notes about that.

    Raises:
        InputError: the configuration has errors, each with its line; or the region is unknown.
    """
    settings = load(project, model)
    note = unknown.note(project)
    if note is None:
        return settings, ()
    other = load(unknown.alternative(project), model)
    if other.location != settings.location:
        place = "azure-native:location"
        raise InputError(f"{place}: is unknown, and the rest depends on it; supply it with --value {place}=REGION")
    known, left_out = known_part(settings, other)
    return known, (note, *(f"azure-llama:{place} depends on unknown values, and is left out" for place in left_out))
