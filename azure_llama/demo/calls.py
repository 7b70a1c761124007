"""One question to every endpoint of a stack, asked with nothing but the stack's outputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

QUESTION = "In one sentence: what is a llama?"


@dataclass(frozen=True)
class Answer:
    """What an endpoint said.

    Attributes:
        endpoint, kind, model, url, auth: Required. As the stack's outputs have them.
        text: Required. The answer, or what went wrong.
        ok: Required. Whether it is an answer.
    """

    endpoint: str
    kind: str
    model: str
    url: str
    auth: str
    text: str
    ok: bool


def call_all(outputs: Mapping[str, Any], client: httpx.Client, token: Callable[[], str]) -> list[Answer]:
    """Ask each endpoint once.

    Args:
        outputs: Required. The stack's outputs, secrets in clear.
        client: Required. Trusts the endpoints' certificates and leads to them.
        token: Required. Gives an Entra token for `https://ml.azure.com`, asked for only when an endpoint wants one.
    """
    keys: Mapping[str, Mapping[str, str]] = outputs.get("keys") or {}
    answers = []
    for name, endpoint in outputs["endpoints"].items():
        bearer = keys[name]["primary"] if name in keys else token()
        ok, text = _ask(client, endpoint, bearer)
        behind = [endpoint] if endpoint["kind"] == "serverless" else endpoint["deployments"].values()
        models = dict.fromkeys(each["model"] for each in behind)
        url = endpoint["chatUrl"] or endpoint["completionsUrl"] or endpoint["uri"]
        answers.append(Answer(name, endpoint["kind"], ", ".join(models), url, endpoint["auth"], text, ok))
    return answers


def _ask(client: httpx.Client, endpoint: Mapping[str, Any], bearer: str) -> tuple[bool, str]:
    chat = endpoint["chatUrl"]
    body: dict[str, Any] = {"messages": [{"role": "user", "content": QUESTION}]} if chat else {"prompt": QUESTION}
    try:
        answer = client.post(
            chat or endpoint["completionsUrl"],
            headers={"Authorization": f"Bearer {bearer}"},
            json={**body, "max_tokens": 64},
        )
    except httpx.HTTPError as error:
        return False, f"no answer: {error}"
    if answer.status_code != httpx.codes.OK:
        return False, f"HTTP {answer.status_code}: {answer.text[:200]}"
    choice = answer.json()["choices"][0]
    return True, str(choice["message"]["content"] if chat else choice["text"]).strip()
