"""The configuration of a LiteLLM proxy that balances over the endpoints of several stacks."""

from __future__ import annotations

import json
import math
import re
import shlex
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import yaml

from azure_llama.catalog import Catalog, nearest
from azure_llama.inference import gateways
from azure_llama.inference.smoke.targets import NoEndpointsError, Target, busiest, endpoints_of, target_of

ROUTER_SETTINGS: Mapping[str, Any] = {
    "routing_strategy": "simple-shuffle",
    "num_retries": 2,
    "retry_after": 0,
    "cooldown_time": 30,
    "timeout": 180,
    # After an error that LiteLLM does not retry, such as 404 of a deleted deployment, another member answers.
    "enable_weighted_failover": True,
}
"""Retries go to another member; a member that answers 429, 401 or 404, or fails often, pauses for `cooldown_time`
seconds, or as long as its `Retry-After` says."""
_HEADER = """\
# LiteLLM proxy (1.106 or newer): litellm --config FILE
# Written by `azure-llama router litellm`. It has no key: set these environment variables where the proxy runs.
"""
_V1 = "/openai/v1"


class RouterError(Exception):
    """LiteLLM cannot route to the requested endpoints. The message has a line for each reason."""


@dataclass(frozen=True, kw_only=True)
class StackOutputs:
    """A stack that the router leads to.

    Attributes:
        name: Required. How it is named.
        outputs: Required. Its outputs; secrets are not needed.
        flags: Optional. Options that name the stack to `pulumi stack output`; None when the outputs are from a file.
        order: Optional. Members of a lower order are called first; those of the next when all of them fail. Each is 1
            unless set, where one is set.
        weight: Optional. Of each of its endpoints; by its tokens a minute when None.
    """

    name: str
    outputs: Any
    flags: tuple[str, ...] | None = None
    order: int | None = None
    weight: int | None = None


@dataclass(frozen=True)
class RouterConfiguration:
    """The configuration that the proxy starts with.

    Attributes:
        text: The YAML, with comments that name the environment variables.
        variables: How each environment variable is set, by its name.
        notes: What is left out, and why.
    """

    text: str
    variables: Mapping[str, str]
    notes: Sequence[str] = ()


@dataclass
class _Keys:
    """The environment variables that hold the keys."""

    commands: dict[str, str] = field(default_factory=dict)
    _names: dict[tuple[str, str], str] = field(default_factory=dict)

    def reference(self, stack: StackOutputs, endpoint: str) -> str:
        """The `api_key` of an endpoint's row. The deployments of an account share one key."""
        owner = (stack.name, endpoint.partition("/")[0])
        if owner not in self._names:
            plain = re.sub(r"\W", "_", f"LLAMA_{'_'.join(owner)}").upper()
            names = (f"{plain}{'' if number == 1 else f'_{number}'}_KEY" for number in count(1))
            self._names[owner] = name = next(each for each in names if each not in self.commands)
            self.commands[name] = _command(name, stack, endpoint)
        return f"os.environ/{self._names[owner]}"


def configuration(
    stacks: Sequence[StackOutputs], catalog: Catalog, endpoints: Iterable[str] = ()
) -> RouterConfiguration:
    """The configuration of a proxy in which endpoints of one model share its name.

    Models of a gateway are left out: a gateway balances over endpoints itself, and takes its key in another header.

    Args:
        stacks: Required. The stacks, each with a name of its own.
        catalog: Required. The catalogue to look capacity and models up in.
        endpoints: Optional. The endpoints to lead to; all of them when empty.

    Raises:
        NoEndpointsError: a stack has no endpoints.
        RouterError: an endpoint is in no stack, or LiteLLM cannot call one.
    """
    names = tuple(endpoints)
    chosen, problems = _chosen(stacks, names, catalog)
    notes = [] if names else [note for stack, target in chosen if (note := _gateway(stack, target))]
    if notes:
        chosen = [(stack, target) for stack, target in chosen if not _gateway(stack, target)]
        problems += [] if chosen else notes
    problems += [problem for stack, target in chosen if (problem := _refusal(stack, target))]
    if problems:
        raise RouterError("\n".join(problems))
    keys = _Keys()
    rows = [_row(stack, target, keys) for stack, target in chosen]
    if any(stack.order for stack in stacks):
        # LiteLLM never calls a row without an order beside rows that have one.
        for row, (stack, _) in zip(rows, chosen, strict=True):
            row["litellm_params"]["order"] = stack.order or 1
    _weigh(rows, [stack.weight for stack, _ in chosen])
    whole: dict[str, Any] = {"model_list": rows, "router_settings": dict(ROUTER_SETTINGS)}
    if any("api_key" not in row["litellm_params"] for row in rows):
        whole["litellm_settings"] = {"enable_azure_ad_token_refresh": True}
    comments = "".join(f"#   {command}\n" for command in keys.commands.values()) or "#   none\n"
    text = yaml.safe_dump(whole, sort_keys=False, allow_unicode=True, width=120)
    return RouterConfiguration(f"{_HEADER}{comments}{text}", keys.commands, notes)


def _chosen(
    stacks: Sequence[StackOutputs], names: Sequence[str], catalog: Catalog
) -> tuple[list[tuple[StackOutputs, Target]], list[str]]:
    """What is called, stack by stack; and the names that are in no stack."""
    chosen, problems, present = [], [], set[str]()
    for stack in stacks:
        try:
            found = endpoints_of(stack.outputs)
        except NoEndpointsError as error:
            raise NoEndpointsError(f"{stack.name}: {error}") from None
        present |= set(found)
        for name, output in found.items():
            if not names or name in names:
                chosen.append((stack, target_of(name, output, busiest(output), catalog=catalog)))
    for name in names:
        if name not in present:
            near = nearest(name, present)
            hint = f"did you mean {near!r}? " if near else ""
            problems.append(f"no endpoint {name!r}; {hint}the stacks have: {', '.join(sorted(present))}")
    return chosen, problems


def _gateway(stack: StackOutputs, target: Target) -> str | None:
    """Why a model of a gateway is no member of a router; None for an endpoint."""
    if target.output.get("kind") != gateways.KIND:
        return None
    return f"{stack.name}: {target.endpoint!r} is a model of a gateway, which balances over its endpoints itself"


def _refusal(stack: StackOutputs, target: Target) -> str | None:
    """Why LiteLLM cannot call an endpoint, and what to do; None when it can."""
    place = f"{stack.name}: endpoint {target.endpoint!r}"
    base = target.output.get("openaiBaseUrl")
    others = "name the other endpoints with --endpoint"
    if gateway := _gateway(stack, target):
        return f"{gateway}; {others}"
    if not base:
        return f"{place} has no route of OpenAI's, which LiteLLM needs; {others}"
    if not str(base).startswith("https://"):
        return f"{place} has no URL in the outputs yet; deploy the stack with `pulumi up`"
    # LiteLLM's provider `azure` gets and renews Entra tokens, on the routes of Azure OpenAI.
    if target.auth != "Key" and not (target.auth == "AADToken" and target.access.azure_openai):
        return (
            f"{place} takes tokens of type {target.auth}, and LiteLLM renews Entra tokens only for Foundry accounts;"
            f" set `auth: Key` on the endpoint, or {others}"
        )
    return None


def _row(stack: StackOutputs, target: Target, keys: _Keys) -> dict[str, Any]:
    base = str(target.output["openaiBaseUrl"]).rstrip("/")
    parameters: dict[str, Any]
    if target.auth == "Key":
        parameters = {"model": f"openai/{target.sent_model}", "api_base": base}
        parameters["api_key"] = keys.reference(stack, target.endpoint)
    else:
        parameters = {"model": f"azure/{target.sent_model}", "api_base": base.removesuffix(_V1), "api_version": "v1"}
    parameters |= _limits(target)
    mode = "chat" if target.chat or not target.completions else "completion"
    info = {"id": f"{stack.name}/{target.endpoint}", "mode": mode}
    if target.auth != "Key":
        # Without it LiteLLM logs an error at each call, since the deployment's name is no model that it knows.
        info["base_model"] = f"azure_ai/{target.model}"
    return {"model_name": target.model, "litellm_params": parameters, "model_info": info}


def _limits(target: Target) -> dict[str, int]:
    """Tokens and requests a minute, as far as they are known: of the deployment's capacity, or of the kind."""
    output = target.output
    tokens, requests = target.access.tokens_per_minute, target.access.requests_per_minute
    if capacity := output.get("capacity"):
        unit = target.catalog.foundry.capacity(
            *(str(output.get(key)) for key in ("publisher", "model", "modelVersion", "sku"))
        )
        tokens, requests = (unit.tokens_per_minute, unit.requests_per_minute) if unit else (None, None)
        tokens, requests = (each and each * int(capacity) for each in (tokens, requests))
    return {name: value for name, value in (("tpm", tokens), ("rpm", requests)) if value}


def _weigh(rows: Sequence[dict[str, Any]], given: Sequence[int | None]) -> None:
    """Give every row a weight: LiteLLM would not call a row without one beside rows that have one.

    By tokens a minute where all rows of a model have them; the same otherwise.
    """
    groups: dict[str, list[tuple[dict[str, Any], int | None]]] = defaultdict(list)
    for row, weight in zip(rows, given, strict=True):
        groups[row["model_name"]].append((row["litellm_params"], weight))
    for group in groups.values():
        tokens = [parameters.get("tpm", 0) for parameters, _ in group]
        shares = [each // math.gcd(*tokens) for each in tokens] if all(tokens) else [1] * len(group)
        for (parameters, weight), share in zip(group, shares, strict=True):
            parameters["weight"] = share if weight is None else weight


def _command(name: str, stack: StackOutputs, endpoint: str) -> str:
    """How a key gets into its variable."""
    if stack.flags is None:
        return f"{name}: keys[{json.dumps(endpoint)}].primary of the outputs of {stack.name}"
    outputs = shlex.join(["pulumi", "stack", "output", "keys", *stack.flags, "--show-secrets", "--json"])
    read = f"import json, sys; print(json.load(sys.stdin)[{json.dumps(endpoint)}]['primary'])"
    return f'export {name}="$({outputs} | {shlex.join(["python3", "-c", read])})"'
