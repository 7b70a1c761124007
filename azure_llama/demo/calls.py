"""Calls every endpoint of a stack once, using only the stack's outputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from azure_llama.catalog import Catalog
from azure_llama.inference.kinds import KINDS

QUESTION = "In one sentence: what is a llama?"
MAX_TOKENS = 64
"""The default of the Llama routes, 16, ends most answers in the middle."""


@dataclass(frozen=True)
class Answer:
    """The answer of an endpoint.

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


def call_all(
    outputs: Mapping[str, Any], client: httpx.Client, token: Callable[[str], str], catalog: Catalog
) -> list[Answer]:
    """Ask each endpoint once.

    Args:
        outputs: Required. The stack's outputs, secrets in clear.
        client: Required. Trusts the endpoints' certificates and leads to them.
        token: Required. Gives an Entra token for a scope, asked for only when an endpoint wants one.
        catalog: Required. The catalogue to look models up in.
    """
    keys: Mapping[str, Mapping[str, str]] = outputs.get("keys") or {}
    answers = []
    for name, endpoint in outputs["endpoints"].items():
        bearer = keys[name]["primary"] if name in keys else token(KINDS[endpoint["kind"]].scope)
        ok, text = _ask(client, endpoint, bearer, catalog)
        models = _models(endpoint)
        answers.append(Answer(name, endpoint["kind"], ", ".join(models), _url(endpoint), endpoint["auth"], text, ok))
    return answers


def _ask(client: httpx.Client, endpoint: Mapping[str, Any], bearer: str, catalog: Catalog) -> tuple[bool, str]:
    question, read = _question(endpoint, catalog)
    if KINDS[endpoint["kind"]].names_model:
        question["model"] = endpoint["modelName"]
    try:
        answer = client.post(_url(endpoint), headers={"Authorization": f"Bearer {bearer}"}, json=question)
    except httpx.HTTPError as error:
        return False, f"no answer: {error}"
    if answer.status_code != httpx.codes.OK:
        return False, f"HTTP {answer.status_code}: {answer.text[:200]}"
    return True, str(read(answer.json())).strip()


def _models(endpoint: Mapping[str, Any]) -> list[str]:
    behind = endpoint["deployments"].values() if "deployments" in endpoint else [endpoint]
    return list(dict.fromkeys(each["model"] for each in behind))


def _url(endpoint: Mapping[str, Any]) -> str:
    return str(endpoint["chatUrl"] or endpoint["completionsUrl"] or endpoint["uri"])


def _question(endpoint: Mapping[str, Any], catalog: Catalog) -> tuple[dict[str, Any], Callable[[Any], Any]]:
    """What the endpoint's route takes, and how to read what it gives."""
    messages = [{"role": "user", "content": QUESTION}]
    if endpoint["chatUrl"]:
        return {"messages": messages, "max_tokens": MAX_TOKENS}, lambda a: a["choices"][0]["message"]["content"]
    if endpoint["completionsUrl"]:
        return {"prompt": QUESTION, "max_tokens": MAX_TOKENS}, lambda a: a["choices"][0]["text"]
    # Older images and classifiers know /score alone.
    known = catalog.find_model(_models(endpoint)[0])
    said: list[Any] = messages if known is not None and known.chat else [QUESTION]
    asked = {"input_data": {"input_string": said, "parameters": {"max_new_tokens": MAX_TOKENS}}}
    return asked, lambda a: a["output"] if isinstance(a, dict) else a[0]["0"]
