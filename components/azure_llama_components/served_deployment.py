"""The model that a deployment serves: its ids in Azure, and its name for clients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from azure_llama.catalog import Catalog, Model
from azure_llama.catalog.serving import Serving, serving
from azure_llama.catalog.workspace_assets import parse_workspace_asset
from azure_llama_components.served_model import served_model

if TYPE_CHECKING:
    from azure_llama_components.managed_deployment import ManagedDeploymentArgs


@dataclass(frozen=True)
class ServedDeployment:
    """The model that a deployment serves.

    Attributes:
        key: What settings and outputs call the model: its name in the catalogue, its id, or its name on the server.
        name: What clients send as `model`.
        base: The catalogue's row of the model that it was made from; None where there is none.
        serving: The routes that it answers.
        scoring: The path of its `uri`; None where Azure decides it.
        own: Whether the name is not that of a model in a registry: clients have to send it.
    """

    key: str
    name: str
    base: Model | None
    serving: Serving
    scoring: str | None
    own: bool


def served_deployment(args: ManagedDeploymentArgs) -> ServedDeployment:
    """The model that a deployment serves.

    Raises:
        ValueError: it has neither a model nor a model's name.
    """
    base = Catalog.package().model(args.base) if isinstance(args.base, str) else args.base
    own = parse_workspace_asset(args.model, "models") if isinstance(args.model, str) else None
    if args.model is None and args.model_name is None:
        raise ValueError("a deployment without model needs model_name: what its container's server calls the model.")
    if own is not None or args.model is None:
        key, name, known = str(args.model or args.model_name), own.name if own else "", base
    else:
        model = served_model(args.model)
        key, name, known = model.key, model.name, model.known or base
    inference = args.container.inference if args.container else None
    scripted = args.code_configuration is not None
    return ServedDeployment(
        key=key,
        name=args.model_name or name,
        base=base,
        serving=serving(known, args.serves, scripted=scripted),
        scoring=inference.scoring if inference else None,
        own=own is not None or args.model_name is not None,
    )


def model_id(args: ManagedDeploymentArgs, workspace: str) -> str | None:
    """The id of a deployment's model in Azure; None where its container brings the model along.

    Args:
        args: Required. The deployment.
        workspace: Required. ARM id of its workspace.
    """
    if args.packaged_model or args.model is None:
        return None
    own = parse_workspace_asset(args.model, "models") if isinstance(args.model, str) else None
    return own.arm_id(workspace) if own else served_model(args.model).versioned_id(args.model_version)
