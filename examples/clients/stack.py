"""What the examples need of a stack: its outputs, from a file or from Pulumi, and what to say.

    pulumi stack output --json --show-secrets > outputs.json    # holds keys: keep it out of git
    python examples/clients/openai_chat.py llama-8b --outputs outputs.json

Without `--outputs` the example asks Pulumi itself.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

QUESTION = "How far away is the moon?"
MAX_TOKENS = 64
"""Say it always: the Llama routes stop after 16 tokens by default."""

REQUEST_SECONDS = 180
"""The longest that a managed endpoint may take for an answer; clients whose own limit is lower give up before it."""

ENTRA_SCOPE = "https://ml.azure.com/.default"
"""The scope of Entra tokens for endpoints whose output has no `scope`: those of Azure ML."""


@dataclass(frozen=True)
class Endpoint:
    """An endpoint of the stack.

    Attributes:
        name: Required. Its name in the outputs.
        uri: Required. As Azure returned it; ends in `/score` on managed compute.
        openai_base_url: Required. For OpenAI-style clients, which add `/chat/completions` themselves.
        chat_url: Conditional. The whole URL of the chat route; None for base models.
        completions_url: Conditional. The whole URL of the completions route; None for chat models.
        model: Required. What to send as `model`: the deployment of a Foundry account. Azure ML does not choose by it.
        key: Conditional. None where Entra ID signs in.
        scope: Required. The scope of Entra tokens.
        litellm: Required. The provider of LiteLLM. Not `azure_ai` for Foundry accounts: it sends tokens as keys.
        headers: Required. The deployment header, when a deployment was asked for and the endpoint has one to choose.
    """

    name: str
    uri: str
    openai_base_url: str
    chat_url: str | None
    completions_url: str | None
    model: str
    key: str | None = field(repr=False)
    scope: str
    litellm: str
    headers: Mapping[str, str]

    @property
    def host(self) -> str:
        """The URL without any path: what the Azure AI Inference client takes."""
        return self.uri.removesuffix("/score").rstrip("/")


def endpoints() -> Iterator[Endpoint]:
    """The endpoints named on the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="+", metavar="ENDPOINT", help="a name under `endpoints` in the outputs")
    parser.add_argument("--outputs", type=Path, help="a file with the stack's outputs; asks Pulumi when left out")
    parser.add_argument("--deployment", help="one deployment of a managed endpoint, whatever the traffic")
    arguments = parser.parse_args()
    outputs = json.loads(arguments.outputs.read_text() if arguments.outputs else ask_pulumi())
    unknown = [name for name in arguments.names if name not in outputs["endpoints"]]
    if unknown:
        parser.error(f"no endpoint {', '.join(unknown)} in the outputs; there are: {', '.join(outputs['endpoints'])}")
    return (read(name, outputs, arguments.deployment) for name in arguments.names)


def ask_pulumi() -> str:
    """The outputs of the selected stack, secrets in clear."""
    command = ["pulumi", "stack", "output", "--json", "--show-secrets"]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def read(name: str, outputs: Mapping[str, Any], deployment: str | None = None) -> Endpoint:
    """One endpoint from a stack's outputs."""
    found = outputs["endpoints"][name]
    keys = (outputs.get("keys") or {}).get(name)
    header = found["deploymentHeader"]
    return Endpoint(
        name=name,
        uri=found["uri"],
        openai_base_url=found["openaiBaseUrl"],
        chat_url=found["chatUrl"],
        completions_url=found["completionsUrl"],
        model=found["modelName"],
        key=keys["primary"] if keys else None,
        scope=found.get("scope") or ENTRA_SCOPE,
        litellm="openai" if found["kind"] == "foundry" else "azure_ai",
        headers={header: deployment} if header and deployment else {},
    )
