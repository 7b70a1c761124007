"""Converts serverless endpoints to Foundry deployments: `azure-llama convert --from-serverless`."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from azure_llama.catalog import Catalog
    from azure_llama.catalog.migration import FoundryTarget
    from azure_llama.pricing import Estimate, Volume
    from azure_llama.settings import ServerlessSettings, Settings
    from azure_llama.stack.project import Project

_KEY = "azure-llama:foundry"
_CLOSED = "Disabled"


@dataclass(frozen=True)
class Move:
    """A serverless endpoint and the deployment that replaces it.

    Attributes:
        name: Required. The endpoint's name, which the deployment keeps.
        settings: Required. The endpoint.
        target: Required. The model of the deployment; None when no source offers one.
        capacity: Required. Thousands of tokens a minute.
    """

    name: str
    settings: ServerlessSettings
    target: FoundryTarget | None
    capacity: int


def convert_serverless(
    stack: str, directory: Path, account: str | None, tokens: tuple[str, ...], as_of: date
) -> tuple[list[str], bool]:
    """The Foundry deployments that replace the serverless endpoints of a stack.

    Args:
        stack: Required. The stack.
        directory: Required. A folder of its project.
        account: Required. The name of the Foundry account; made from the workspace's when None.
        tokens: Required. Tokens a month of endpoints, `ENDPOINT=INPUT/OUTPUT`.
        as_of: Required. The day for which models are offered or retired.

    Returns:
        Lines of YAML with comments, and whether every endpoint has a deployment in the region.

    Raises:
        InputError: the stack has no serverless endpoint, or errors.
    """
    from azure_llama import pricing
    from azure_llama.pricing import volumes
    from azure_llama.stack.planned import project_of

    found = project_of(directory, stack, None)
    settings = _settings(found, stack)
    stated = volumes.stated(tokens, None, pricing.paid_by_token(settings))
    moves = [_move(name, each, settings, as_of) for name, each in settings.serverless.items()]
    name = account or _account_name(settings)
    body = _body(moves, settings)
    problems = _problems(moves, settings)
    if not body["deployments"]:
        return _comment(problems), False
    after = _with(found, name, body)
    lines = [
        *_yaml(name, body, settings),
        *_comment(_callers(moves, name, settings), problems, _steps(settings)),
        *_comment(_costs(settings, after, name, stated)),
    ]
    return lines, not problems


def _settings(found: Project, stack: str) -> Settings:
    from azure_llama.documents.errors import InputError
    from azure_llama.stack.settings import load_known

    settings, _ = load_known(found)
    if not settings.serverless:
        raise InputError(f"stack {stack}: has no serverless endpoint; name a stack with azure-llama:serverless")
    return settings


def _move(name: str, endpoint: ServerlessSettings, settings: Settings, on: date) -> Move:
    from azure_llama.catalog.limits import SERVERLESS_TOKENS_PER_MINUTE
    from azure_llama.catalog.migration import SKU, foundry_target

    target = foundry_target(settings.catalog, endpoint.reference, settings.location, on)
    capacity = int(SERVERLESS_TOKENS_PER_MINUTE.low) // 1000
    if target is not None:
        row = target.row
        known = settings.catalog.foundry.capacity(row.format, row.name, row.version or "", SKU)
        capacity = min(capacity, known.maximum) if known and known.maximum else capacity
    return Move(name, endpoint, target, capacity)


def _account_name(settings: Settings) -> str:
    workspace = settings.workspace
    base = (workspace.id or workspace.name or "").rsplit("/", 1)[-1] if workspace else ""
    return re.sub(r"[^a-z0-9]+", "-", f"{base.casefold()}-foundry").strip("-")


def _body(moves: list[Move], settings: Settings) -> dict[str, Any]:
    """The account as the stack's YAML has it."""
    body: dict[str, Any] = {"auth": "Key"} if any(move.settings.has_keys for move in moves) else {}
    network = settings.workspace.network if settings.workspace else None
    if network is not None and network.public_network_access == _CLOSED:
        body["network"] = {"publicNetworkAccess": _CLOSED}
        if network.private_endpoint and network.private_endpoint.subnet_id:
            body["network"]["privateEndpoint"] = {"subnetId": network.private_endpoint.subnet_id}
    body["deployments"] = {
        move.name: {
            "model": move.target.row.name,
            "modelVersion": move.target.row.version,
            "capacity": move.capacity,
        }
        for move in moves
        if move.target is not None
    }
    return body


def _with(found: Project, account: str, body: dict[str, Any]) -> Settings:
    """The stack's settings with the account added.

    Raises:
        InputError: the account breaks a rule of the settings.
    """
    from azure_llama.stack import settings as stack_settings

    accounts = json.loads(found.config.get(_KEY) or "{}")
    config = {**found.config, _KEY: json.dumps({**accounts, account: body})}
    return stack_settings.load_known(replace(found, config=config))[0]


def _yaml(account: str, body: dict[str, Any], settings: Settings) -> list[str]:
    import yaml

    have = ", beside the accounts that it has," if settings.foundry else ""
    text = yaml.safe_dump({"config": {_KEY: {account: body}}}, sort_keys=False, allow_unicode=True)
    return [f"# Add this to the stack's YAML{have} and keep azure-llama:serverless until callers have moved.", text]


def _comment(*paragraphs: list[str]) -> list[str]:
    return ["# " + line if line else "#" for lines in paragraphs if lines for line in (*lines, "")]


def _problems(moves: list[Move], settings: Settings) -> list[str]:
    """Endpoints that cannot be converted, or not in the region."""
    lines = []
    for move in moves:
        place, model = f"azure-llama:serverless.{move.name}", move.settings.reference.name
        if move.target is None:
            lines.append(f"{place}: no source offers {model}, or a replacement that its publisher names, on Foundry")
            lines.append("  accounts: choose a model of `azure-llama catalog show foundry-models`.")
        elif settings.location not in move.target.regions:
            row = move.target.row
            lines.append(f"{place}: {row.name} version {row.version} is not offered in {settings.location}:")
            lines.append(f"  put the account into a stack in another region, such as {min(move.target.regions)}.")
    return ["Not converted:", *(f"  {line}" for line in lines)] if lines else []


def _callers(moves: list[Move], account: str, settings: Settings) -> list[str]:
    lines = ["What changes for callers:"]
    for move in moves:
        if move.target is not None:
            lines += _of_callers(move, account, move.target, settings)
    lines.append(
        "  The header stays `Authorization: Bearer`. Entra tokens are for https://cognitiveservices.azure.com/.default."
    )
    return lines


def _of_callers(move: Move, account: str, target: FoundryTarget, settings: Settings) -> list[str]:
    new, row = f"{account}/{move.name}", target.row
    lines = [
        f"  {move.name} -> {new}",
        f"    base URL  endpoints[{move.name!r}].openaiBaseUrl -> https://{account}.openai.azure.com/openai/v1/",
        f"    model     any text -> {move.name!r}, required, in these letters",
    ]
    if move.settings.has_keys:
        lines.append(f"    key       keys[{move.name!r}] -> keys[{new!r}]")
        if settings.secrets:
            lines.append(f"    secret    {move.name}-primary-key -> {account}-primary-key")
    if not target.same:
        lines.append(f"    answers   of {row.name} in place of {move.settings.reference.name}: evaluate it first")
    lines.append(
        f"    pace      {move.capacity},000 tokens a minute, and quota of the region: run `azure-llama preflight`"
    )
    lines += [f"    lifecycle {text}" for text in _dates(move, target, settings.catalog)]
    if not move.settings.content_safety:
        lines.append("    filter    had none; a deployment always has one. Set `filters` for a less strict one")
    if move.settings.connections:
        lines.append(f"    connection {', '.join(move.settings.connections)}: has no counterpart; connect the account")
    return lines


def _dates(move: Move, target: FoundryTarget, catalog: Catalog) -> list[str]:
    """The retirement dates of both models, each with its source."""
    model, row = move.settings.catalog_model, target.row
    dates = [
        ("the serverless model", model.lifecycle.retired, model.lifecycle.retired_source) if model else None,
        (f"{row.name} version {row.version} on accounts", row.retired, row.retired_source),
    ]
    return [
        f"{what} retires on {day} ({catalog.sources[source].title})"
        for what, day, source in filter(None, dates)
        if day and source
    ]


def _steps(settings: Settings) -> list[str]:
    lines = [
        "Steps, with no failed call:",
        "  1. Add the YAML above. Run `azure-llama preflight`, then `pulumi up`: both kinds of endpoint are live.",
        "  2. Run `azure-llama smoke`. Move callers (`azure-llama snippet ACCOUNT/DEPLOYMENT`).",
        "  3. Once no caller is left, remove azure-llama:serverless, and run `pulumi up`.",
    ]
    if settings.workspace:
        lines.append("     Keep azure-llama:workspace: the account is in its resource group, and would be replaced.")
    return lines


def _costs(before: Settings, after: Settings, account: str, stated: dict[str, Volume]) -> list[str]:
    """The costs of the endpoints and of the deployments."""
    from azure_llama.pricing import as_lines, estimate

    new = {f"{account}/{name}": volume for name, volume in stated.items() if name in before.serverless}
    old_cost = _only(estimate(before, volumes=stated), "serverless.")
    new_cost = _only(estimate(after, volumes=new), f"foundry.{account}.")
    lines = []
    for title, cost in (("Cost before", old_cost), ("Cost after", new_cost)):
        lines += [f"{title}:", *(f"  {line}" for line in as_lines(cost).splitlines())]
    return lines


def _only(cost: Estimate, place: str) -> Estimate:
    return replace(cost, lines=tuple(line for line in cost.lines if line.resource.startswith(place)))
