"""Talk to an endpoint with nothing but web requests: whole URLs, a bearer key or token, server-sent events by hand."""

from __future__ import annotations

import json
from typing import Any

import requests
from azure.identity import DefaultAzureCredential
from stack import MAX_TOKENS, QUESTION, REQUEST_SECONDS, Endpoint, endpoints


def ask(endpoint: Endpoint) -> None:
    key = endpoint.key or DefaultAzureCredential().get_token(endpoint.scope).token
    messages = [{"role": "user", "content": QUESTION}]
    url = endpoint.chat_url or endpoint.completions_url
    body: dict[str, Any] = {"messages": messages} if endpoint.chat_url else {"prompt": QUESTION}
    body |= {"model": endpoint.model, "max_tokens": MAX_TOKENS}

    with requests.Session() as session:  # one connection for all requests
        session.headers.update({"Authorization": f"Bearer {key}", **endpoint.headers})

        answer = session.post(url, json=body, timeout=REQUEST_SECONDS)
        answer.raise_for_status()
        choice = answer.json()["choices"][0]
        print("answer:", choice["message"]["content"] if endpoint.chat_url else choice["text"])

        print("stream: ", end="")
        with session.post(url, json=body | {"stream": True}, stream=True, timeout=REQUEST_SECONDS) as events:
            events.raise_for_status()
            for line in events.iter_lines():
                if line.startswith(b"data: ") and line != b"data: [DONE]":
                    for choice in json.loads(line.removeprefix(b"data: "))["choices"]:
                        piece = choice["delta"].get("content") if endpoint.chat_url else choice["text"]
                        print(piece or "", end="", flush=True)
        print()

        if endpoint.uri.endswith("/score"):  # managed compute: the route of the older images
            data = {
                "input_string": messages if endpoint.chat_url else [QUESTION],
                "parameters": {"max_new_tokens": MAX_TOKENS},
            }
            answer = session.post(endpoint.uri, json={"input_data": data}, timeout=REQUEST_SECONDS)
            answer.raise_for_status()
            score = answer.json()
            print("score:", score["output"] if endpoint.chat_url else score[0]["0"])


for each in endpoints():
    print(f"[{each.name}]")
    ask(each)
