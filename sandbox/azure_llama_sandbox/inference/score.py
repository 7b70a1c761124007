"""`POST /score` of managed endpoints, as the older Llama images answer it."""

from __future__ import annotations

import json

from azure_llama_sandbox.inference import parameters as p
from azure_llama_sandbox.inference import safety
from azure_llama_sandbox.inference.asking import checked
from azure_llama_sandbox.inference.endpoints import Deployment
from azure_llama_sandbox.inference.errors import RefusalError, failed_dependency
from azure_llama_sandbox.inference.words import Prompt, canned, count, draft


def score(body: bytes, deployment: Deployment) -> bytes:
    """The answer: `{"output": text}` to a conversation, `[{"0": text}, ...]` to texts.

    Args:
        body: Required. `{"input_data": {"input_string": [...], "parameters": {...}}}`.
        deployment: Required. Who answers.

    Raises:
        RefusalError: 424. The front end passes on no error of a model's container but as a failed dependency.
    """
    try:
        data = checked(p.Score, body).input_data
        return _answer(data, deployment)
    except RefusalError as refusal:
        raise failed_dependency(refusal) from None


def _answer(data: p.ScoreInput, deployment: Deployment) -> bytes:
    texts = [item for item in data.input_string if isinstance(item, str)]
    messages = [item for item in data.input_string if isinstance(item, p.Message)]
    if messages:
        if not deployment.model.chat:
            raise RefusalError(400, "BadRequest", f"{deployment.model.name} takes texts in input_string, not messages.")
        conversation = "\n".join(f"{message.role}: {message.content}" for message in messages)
        return json.dumps({"output": _text(conversation, 0, data.parameters, deployment)}).encode()
    if deployment.model.chat and not deployment.model.completion:
        raise RefusalError(
            400, "BadRequest", f"{deployment.model.name} takes messages (role, content) in input_string."
        )
    full = data.parameters is not None and data.parameters.return_full_text
    answers = [_text(text, index, data.parameters, deployment) for index, text in enumerate(texts)]
    rows = [{"0": text + answer if full else answer} for text, answer in zip(texts, answers, strict=True)]
    return json.dumps(rows).encode()


def _text(prompt: str, index: int, parameters: p.ScoreParameters | None, deployment: Deployment) -> str:
    given = parameters or p.ScoreParameters()
    if deployment.model.safety:
        text = safety.verdict(prompt)
    else:
        text = canned(deployment.speaker, Prompt(prompt, count(prompt)), index)
    stops = (given.stop,) if isinstance(given.stop, str) else tuple(given.stop or ())
    return draft(text, stops=stops, max_tokens=given.max_new_tokens).text
