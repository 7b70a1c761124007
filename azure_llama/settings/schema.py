"""The JSON Schema of a stack's file, `Pulumi.<stack>.yaml`, written from the settings.

An editor completes keys, models, sizes and regions with it and marks errors as you type. It states types, keys,
choices, ranges and patterns of single values. Relations between values, and what depends on the catalogue, are checked
by the settings alone: `azure-llama check` reports them.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping
from datetime import time
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from azure_llama.catalog import Catalog
from azure_llama.settings import assets, checks
from azure_llama.settings.base import StrictModel
from azure_llama.settings.containers import as_environment
from azure_llama.settings.loading import NAMESPACE, full_key
from azure_llama.settings.models import Settings
from azure_llama.settings.reference import description

FILE = Path("schema/stack.json")
"""The schema of the package's own catalogue, in the repository."""
MODELINE = "# yaml-language-server: $schema={path}"
"""The comment by which an editor finds the schema of a YAML file."""

_DIALECT = "http://json-schema.org/draft-07/schema#"
_PULUMI = ("secretsprovider", "encryptedkey", "encryptionsalt")
"""Keys of a stack's file that Pulumi writes."""


def stack_schema(catalog: Catalog, model: type[Settings] = Settings) -> dict[str, Any]:
    """The JSON Schema of a stack's file.

    Args:
        catalog: Required. The catalogue whose names are proposed.
        model: Optional. The settings' model.
    """
    generator = type("_StackSchema", (_Schema,), {"catalog": catalog})
    schema = model.model_json_schema(ref_template="#/definitions/{model}", schema_generator=generator)
    keys = {full_key(key): _not_null(value) for key, value in schema["properties"].items()}
    others = "|".join(key.removeprefix(NAMESPACE) for key in keys if key.startswith(NAMESPACE))
    config: JsonSchemaValue = {
        "type": "object",
        "properties": keys,
        # Keys of other namespaces belong to other providers and to the program.
        "patternProperties": {f"^{NAMESPACE}(?!(?:{others})$)": False},
    }
    return {
        "$schema": _DIALECT,
        "title": "A stack of azure-llama: Pulumi.<stack>.yaml",
        "type": "object",
        "properties": {
            "config": config,
            "environment": {"description": "ESC environments of Pulumi Cloud.", "type": ["array", "object"]},
            **{key: {"description": "Written by Pulumi.", "type": "string"} for key in _PULUMI},
        },
        "definitions": schema["$defs"],
    }


def text(catalog: Catalog) -> str:
    """The schema as the text of a file."""
    return json.dumps(stack_schema(catalog), indent=2, ensure_ascii=False) + "\n"


def generated() -> dict[Path, str]:
    """The schema that is kept in the repository."""
    return {FILE: text(Catalog.package())}


def _not_null(schema: JsonSchemaValue) -> JsonSchemaValue:
    """A key of the configuration without the null that Pulumi cannot pass."""
    schema.pop("default", None)
    choices = [choice for choice in schema.get("anyOf", ()) if choice != {"type": "null"}]
    return {**schema, "anyOf": choices} if choices else schema


def _or_boolean(schema: JsonSchemaValue) -> JsonSchemaValue:
    return {"anyOf": [{"type": "boolean"}, *schema.get("anyOf", [schema])]}


def _or_empty(schema: JsonSchemaValue) -> JsonSchemaValue:
    return {"anyOf": [*schema.get("anyOf", [schema]), {"type": "object", "maxProperties": 0}]}


def _or_text(schema: JsonSchemaValue) -> JsonSchemaValue:
    return {"anyOf": [{"type": "string"}, *schema.get("anyOf", [schema])]}


_CONVERSIONS: Mapping[object, Callable[[JsonSchemaValue], JsonSchemaValue]] = {
    as_environment: _or_text,
    checks.defaults_if_true: _or_boolean,
    checks.none_if_empty: _or_empty,
}
"""What the conversions before and around a type accept beside it."""


class _Schema(GenerateJsonSchema):
    """Adds what pydantic does not see: the keywords of our own checks, and the descriptions of the reference tables."""

    catalog: Catalog

    def function_after_schema(self, schema: core_schema.AfterValidatorFunctionSchema) -> JsonSchemaValue:
        """The type, with the keywords of the check that follows it."""
        inner, check = super().function_after_schema(schema), schema["function"]["function"]
        names = self._names(check)
        if names:
            # The settings know more spellings, and a project's catalogue more names.
            return {"anyOf": [{"enum": names}, {"type": "string"}]}
        return {**inner, **getattr(check, "keywords", {})}

    def _names(self, check: object) -> list[str]:
        if isinstance(check, checks.ModelCheck) or check in (assets.managed_model, assets.base_model):
            return [model.name for model in self.catalog.models]
        if check is checks.kind:
            return [kind.name for kind in self.catalog.kinds]
        if check is checks.vm_size:
            return [size.name for size in self.catalog.gpu_sizes if size.managed_online]
        return [region.name for region in self.catalog.regions] if check is checks.region else []

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        """The type, with what a conversion before it accepts."""
        inner = super().function_before_schema(schema)
        conversion = _CONVERSIONS.get(schema["function"]["function"])
        return conversion(inner) if conversion else inner

    def function_wrap_schema(self, schema: core_schema.WrapValidatorFunctionSchema) -> JsonSchemaValue:
        """The type, with what a conversion around it accepts."""
        inner = super().function_wrap_schema(schema)
        conversion = _CONVERSIONS.get(schema["function"]["function"])
        return conversion(inner) if conversion else inner

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """A map by names of your own."""
        keys = {**self.generate_inner(schema["keys_schema"])} if "keys_schema" in schema else {}
        keys.pop("type", None)
        found = {"type": "object", "additionalProperties": self.generate_inner(schema["values_schema"])}
        return {**found, "propertyNames": keys} if keys else found

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """A part of the settings, described as in the reference tables."""
        found, owner = super().model_schema(schema), schema["cls"]
        found.pop("title", None)
        found["description"] = inspect.cleandoc(owner.__doc__ or "").partition("\n\nAttributes:")[0]
        for name, field in owner.model_fields.items():
            found["properties"][field.alias or name]["description"] = description(owner, name)[1]
        return found

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """A key with its default, unless that is a map, whose keys have defaults of their own, or nothing."""
        found = super().default_schema(schema)
        if found.get("default") in (None, {}, []):
            found.pop("default", None)
        return found

    def encode_default(self, dft: Any) -> Any:
        """A default as YAML has it."""
        if isinstance(dft, StrictModel):
            return {}
        return f"{dft:%H:%M}" if isinstance(dft, time) else super().encode_default(dft)

    def field_title_should_be_set(self, schema: Any) -> bool:
        """No titles: they repeat the keys."""
        return False
