"""Sources of answers: the sandbox's canned text, or the user's server."""

from __future__ import annotations

from azure_llama_sandbox.conditions import Conditions
from azure_llama_sandbox.inference import replies, safety
from azure_llama_sandbox.inference.endpoints import Deployment
from azure_llama_sandbox.inference.exchange import Answer
from azure_llama_sandbox.inference.features import stated
from azure_llama_sandbox.inference.upstream import Relayed, Upstream


async def answer(upstream: Upstream | None, reply: replies.Reply, *, filtered: bool) -> Answer:
    """The answer.

    Args:
        upstream: Required. The user's server; None for canned answers.
        reply: Required. The answer without its drafts.
        filtered: Required. Whether content safety looks at the answers.

    Raises:
        RefusalError: the server does not answer.
    """
    ask, deployment = reply.ask, reply.deployment
    withheld = filtered and any(safety.harmful_answer(prompt.text) for prompt in ask.prompts)
    if upstream is None or deployment.model.safety or withheld:
        return replies.drafted(reply, filtered=filtered)
    response = await upstream.ask(ask, deployment, chat=reply.chat)
    return Relayed(upstream, response, reply, deployment.seconds)


def current(deployment: Deployment, conditions: Conditions) -> Deployment:
    """The deployment with what `conditions.yaml` states of its model."""
    return deployment.with_features(stated(deployment.model.features, conditions.features.get(deployment.model.name)))
