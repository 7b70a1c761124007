"""`managed-probes`: the probes give a model enough time to load."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama_policies import resource_types as types
from azure_llama_policies.durations import minimum_seconds, seconds
from azure_llama_policies.example import Example, deployment
from azure_llama_policies.resources import NotSeenError, Resource
from azure_llama_policies.rule import Accepted, Context, Level, ResourceRule, Severity, Violation
from azure_llama_policies.subjects import called
from azure_llama_policies.unseen import naming

_STARTUP = "properties.startupProbe"
_OTHERS = ("properties.livenessProbe", "properties.readinessProbe")


def check(deployment: Resource, context: Context) -> Iterator[Violation]:
    """One violation for each probe that gives up too early."""
    who, least = called(deployment), context.config["minimumSeconds"]
    with naming(deployment):
        # Until the startup probe has succeeded, the others do not count.
        probes = (_STARTUP,) if deployment.value(_STARTUP) is not None else _OTHERS
        for probe in probes:
            given = _patience(deployment, probe)
            if given < least:
                yield Violation(
                    f"{who}: '{probe}' gives up after {given:g} s, and a large model takes longer to load; allow "
                    f"{least:g} s (initialDelay + period x failureThreshold)",
                    probe,
                )


def _patience(deployment: Resource, probe: str) -> float:
    failures = deployment.value(f"{probe}.failureThreshold")
    times = 30 if failures is None else failures
    if not isinstance(times, int):
        raise NotSeenError(f"'{probe}.failureThreshold' is not a number", probe)
    return seconds(deployment, f"{probe}.initialDelay", 10) + times * seconds(deployment, f"{probe}.period", 10)


RULE = ResourceRule(
    id="managed-probes",
    title="The probes of a managed deployment allow a large model to load.",
    what="How long the startup probe of each managed deployment, or else its liveness and readiness probes, let it "
    "fail.",
    why="Loading the weights takes many minutes. With Azure's defaults it is given up after five, and begins again, "
    "for ever.",
    fix="Leave probes out, since the component's are patient, or allow the seconds that the message names.",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    sources=("examples", "azure-native-3.29"),
    types=frozenset({types.ONLINE_DEPLOYMENT}),
    config=minimum_seconds(900, "Seconds that a deployment must be allowed to fail its probes."),
    azure=Accepted.OPERATION,
    check=check,
    example=Example(
        noncompliant=deployment("""\
probes:
  liveness: {initialDelaySeconds: 10, periodSeconds: 10, failureThreshold: 30}  # violated: 310 s"""),
        compliant=deployment("""\
probes:
  liveness: {initialDelaySeconds: 600, periodSeconds: 10, failureThreshold: 30}"""),
    ),
    notes="The default of 900 s is a judgement: users report 12 to 18 minutes until a large model answers.",
)
