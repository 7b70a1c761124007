"""Every field of the files that azure-ai-ml reads for endpoints and deployments, as YAML: its type by its path."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from marshmallow import fields

warnings.simplefilter("ignore")

from azure.ai.ml._schema._deployment.online import online_deployment  # noqa: E402 - after the filter of its warnings
from azure.ai.ml._schema._endpoint.online import online_endpoint  # noqa: E402
from azure.ai.ml._schema.core import fields as own  # noqa: E402
from azure.ai.ml.entities import MarketplaceSubscription, ServerlessEndpoint  # noqa: E402

SCHEMAS = {
    "online-endpoint": (online_endpoint.ManagedOnlineEndpointSchema, online_endpoint.KubernetesOnlineEndpointSchema),
    "online-deployment": (
        online_deployment.ManagedOnlineDeploymentSchema,
        online_deployment.KubernetesOnlineDeploymentSchema,
    ),
}
ENTITIES = {"serverless-endpoint": ServerlessEndpoint, "marketplace-subscription": MarketplaceSubscription}
MAPS = {"tags", "properties", "headers", "system_data", "marketplace_plan"}
"""Fields of the entities that are maps: their annotations are read by no public function."""
TYPES = {
    fields.Boolean: "boolean",
    fields.Integer: "integer",
    fields.Float: "number",
    fields.Dict: "map",
    fields.List: "list",
}


def of_field(field: Any, path: str) -> Iterator[tuple[str, Any]]:
    """The paths of a field and of those below it, each with its type; words where they are enumerated."""
    if isinstance(field, own.ExperimentalField):
        yield from of_field(field._experimental_field, path)
    elif isinstance(field, own.UnionField):
        for each in field._union_fields:
            yield from of_field(each, path)
    elif isinstance(field, fields.Nested):
        yield path, "map"
        for name, inner in field.schema.fields.items():
            yield from of_field(inner, f"{path}.{inner.data_key or name}")
    elif isinstance(field, own.StringTransformedEnum):
        yield path, sorted(field.allowed_values)
    else:
        yield path, next((name for type_, name in TYPES.items() if isinstance(field, type_)), "string")
        if isinstance(field, fields.Dict) and isinstance(field.value_field, fields.Nested):
            yield from of_field(field.value_field, f"{path}.*")


def of_schema(schema: Any) -> Iterator[tuple[str, Any]]:
    """The paths of a schema."""
    for name, field in schema(context={"base_path": Path()}).fields.items():
        yield from of_field(field, field.data_key or name)


def both(one: Any, other: Any) -> Any:
    """The type of a field that several schemas have, or that takes a string or a map."""
    if isinstance(one, list) and isinstance(other, list):
        return sorted({*one, *other})
    names = [each for type_ in (one, other) for each in (["string"] if isinstance(type_, list) else type_.split("|"))]
    return "|".join(sorted(set(names)))


def main() -> None:
    """Print the fields by kind. A field that takes a string or a map has both types, with a bar between them."""
    found: dict[str, dict[str, Any]] = {}
    for kind, schemas in SCHEMAS.items():
        for schema in schemas:
            for path, type_ in of_schema(schema):
                at = found.setdefault(kind, {})
                at[path] = both(at.get(path, type_), type_)
    for kind, entity in ENTITIES.items():
        found[kind] = dict.fromkeys(entity(name="name", model_id="model")._attr_to_rest_field, "string")
        found[kind] |= dict.fromkeys(MAPS & found[kind].keys(), "map")
    ordered = {kind: dict(sorted(each.items())) for kind, each in found.items()}
    yaml.safe_dump(ordered, sys.stdout, sort_keys=False, width=120, default_flow_style=None)


main()
