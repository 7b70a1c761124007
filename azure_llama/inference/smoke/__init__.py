"""Calls every endpoint of a stack with its real protocol, and reports the results."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol

import httpx
from azure.core.credentials import TokenCredential
from azure.core.exceptions import AzureError

from azure_llama.catalog import Catalog
from azure_llama.catalog.features import Feature
from azure_llama.inference import Api, Client, Endpoint, InferenceError
from azure_llama.inference.smoke.access import EndpointTokenCredential
from azure_llama.inference.smoke.features import UNKNOWN, FeatureProbe, FeatureResult
from azure_llama.inference.smoke.probes import Probe
from azure_llama.inference.smoke.results import (
    CHECKS,
    CONCURRENCY,
    REPEAT,
    Check,
    ContentFilter,
    Outcome,
    Result,
    Speed,
)
from azure_llama.inference.smoke.targets import NoEndpointsError, Target, UnknownEndpointError, targets

__all__ = [
    "CHECKS",
    "Check",
    "ContentFilter",
    "Extra",
    "NoEndpointsError",
    "Outcome",
    "Progress",
    "Result",
    "Speed",
    "UnknownEndpointError",
    "run",
]


@dataclass(frozen=True)
class Extra:
    """Additional checks.

    Attributes:
        filter_probe: Optional. A text that the content filter must refuse, and a guard model must call unsafe.
        repeat: Optional. Streams of each endpoint, one after the other; more than 1 measures the latency.
        concurrency: Optional. Requests to send at the same time, as the last check; not made when None.
        probe: Optional. Whether to ask chat models for tools, JSON, images and long answers.
    """

    filter_probe: str | None = None
    repeat: int = 1
    concurrency: int | None = None
    probe: bool = False


class Progress(Protocol):
    """Receives what happens while it happens."""

    def begin(self, name: str, check: str) -> None:
        """A check of an endpoint (or `endpoint/deployment`) begins."""

    def end(self, name: str, check: Check) -> None:
        """It has ended."""


def run(
    outputs: Any,
    *,
    http: httpx.Client,
    credential: Callable[[], TokenCredential],
    progress: Progress,
    names: Iterable[str] = (),
    catalog: Catalog | None = None,
    extra: Extra = Extra(),
) -> list[Result]:
    """Call endpoints one after the other, so that no stream slows another one down.

    Args:
        outputs: Required. The stack's outputs, secrets in clear.
        http: Required. Leads to the endpoints, trusts their certificates, and bounds each wait with its timeout.
        credential: Required. Gives the Entra credential; called only when an endpoint takes tokens.
        progress: Required. Told of each check.
        names: Optional. The endpoints to call; all of them when empty.
        catalog: Optional. The catalogue to look models up in; the package's own by default.
        extra: Optional. What is asked beyond the usual checks.

    Raises:
        NoEndpointsError: the outputs have no endpoint.
        UnknownEndpointError: one of the names is not there.
    """
    asked = targets(outputs, catalog or Catalog.package(), names)
    return [
        _smoke(
            target,
            Probe(
                *(target, partial(_client, target, outputs, http, credential), http),
                *(extra.filter_probe, extra.concurrency),
            ),
            progress,
            extra,
        )
        for target in asked
    ]


def _client(
    target: Target, outputs: Any, http: httpx.Client, credential: Callable[[], TokenCredential], **options: Any
) -> Client:
    tokens: TokenCredential | None = None
    auth = target.auth
    if auth == "Key" and target.key is None:
        raise ValueError(f"the outputs have no key of {target.endpoint}: is it newer than the last `pulumi up`?")
    if target.key is None:
        tokens = credential()
        if auth == "AMLToken":
            workspace = str((outputs.get("workspace") or {}).get("id"))
            tokens = EndpointTokenCredential(workspace, target.endpoint, http=http, credential=tokens)
    endpoint = Endpoint.from_output(target.endpoint, target.output, target.key, tokens, target.catalog)
    api: Api = "inference" if target.assumed else "llama"
    return Client(endpoint, http=http, deployment=target.deployment, api=api, **options)


def _smoke(target: Target, probe: Probe, progress: Progress, extra: Extra) -> Result:
    checks, repeat = [], extra.repeat
    for name in (*CHECKS, *([REPEAT] if repeat > 1 else []), *([CONCURRENCY] if probe.concurrency else [])):
        progress.begin(target.name, name)
        check = _check(name, probe, target, repeat)
        checks.append(check)
        progress.end(target.name, check)
    asks = extra.probe and target.chat and not target.guard and not probe.seen.unreachable
    features = _features(target, probe, progress) if asks else ()
    return Result(
        name=target.name,
        endpoint=target.endpoint,
        deployment=target.deployment,
        kind=str(target.output.get("kind")),
        model=target.model,
        url=target.url,
        auth=target.auth,
        checks=tuple(checks),
        speed=probe.seen.speed,
        content_filter=probe.content_filter,
        repeated=probe.seen.repeated,
        features=features,
    )


def _features(target: Target, probe: Probe, progress: Progress) -> tuple[FeatureResult, ...]:
    found = []
    for feature in Feature:
        name = f"supports {feature.value}"
        progress.begin(target.name, name)
        start = time.perf_counter()
        result = FeatureProbe(target, probe.client).ask(feature)
        if target.key:
            result = replace(result, detail=result.detail.replace(target.key, "***"))
        found.append(result)
        outcome = Outcome.UNKNOWN if result.observed == UNKNOWN else Outcome.PASSED
        detail = f"{result.observed}; the catalogue says {result.stated.words()}"
        progress.end(target.name, Check(name, outcome, detail, time.perf_counter() - start))
    return tuple(found)


def _check(name: str, probe: Probe, target: Target, repeat: int) -> Check:
    start = time.perf_counter()
    try:
        outcome, detail = probe.repeat(repeat) if name == REPEAT else probe.run(name)
    except (InferenceError, httpx.HTTPError, AzureError, ValueError) as error:
        outcome, detail = Outcome.FAILED, str(error) or type(error).__name__
    seconds = time.perf_counter() - start
    if target.key:
        detail = detail.replace(target.key, "***")
    return Check(name, outcome, " ".join(detail.split()), seconds)
