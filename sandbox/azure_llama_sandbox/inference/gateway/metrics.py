"""The metrics that a gateway emits: lines of the request log, since Application Insights is not emulated."""

from __future__ import annotations

from azure_llama_sandbox.arm.kinds import location_of
from azure_llama_sandbox.inference.gateway.policies import Context, evaluate
from azure_llama_sandbox.world import World

PATH = "/v2.1/track"
"""Where Application Insights takes metrics in; so is the path of the lines."""


def emit(world: World, context: Context, prompt: int, completion: int) -> None:
    """Write what a request used.

    Args:
        world: Required.
        context: Required. The request.
        prompt, completion: Required. Tokens.
    """
    if not context.api.measured:
        return
    values = {"Total Tokens": prompt + completion, "Prompt Tokens": prompt, "Completion Tokens": completion}
    for node in context.metrics:
        world.log.write(
            method="POST",
            host=f"{location_of(context.service.resource.body)}.in.applicationinsights.azure.com",
            path=PATH,
            api_version=None,
            principal=context.service.resource.name,
            status=200,
            body={
                "namespace": node.attributes["namespace"],
                "metrics": values,
                "dimensions": {
                    each.attributes["name"]: evaluate(context, each.attributes["value"]) for each in node.children
                },
            },
        )
