"""The programs, one function for each client. A program works around its client's known defects and states the
reason.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from azure_llama.inference.snippets import credentials
from azure_llama.inference.snippets.credentials import Credential

DEPLOYMENT_HEADER = "azureml-model-deployment"
BEARER = "Authorization"
SECONDS = 180
"""How long a program waits: what Azure allows a request at most."""


@dataclass(frozen=True)
class Ask:
    """The requirements for a program.

    Attributes:
        title: Required. Whom it asks.
        model: Required. Its name.
        url: Required. Of the route.
        base_url: Required. What OpenAI clients call `base_url`.
        route: Required. `chat`, `completions` or `score`.
        body: Required. The request without `stream`.
        question: Required. The question, or the whole prompt.
        max_tokens: Required. Bound of the answer.
        deployment: Required. The deployment to name; None leaves the choice to the endpoint.
        stream: Required. Whether the answer is streamed.
        openai_only: Required. Whether the routes are those of OpenAI, with a deployment's name as `model`.
        credential: Required.
        key_header: Optional. The header with the key; `Authorization` has `Bearer` before it.
        api_version: Optional. What the query of the route has to say; None for routes that need none.
    """

    title: str
    model: str
    url: str
    base_url: str
    route: str
    body: dict[str, Any]
    question: str
    max_tokens: int
    deployment: str | None
    stream: bool
    openai_only: bool
    credential: Credential
    key_header: str = BEARER
    api_version: str | None = None

    @property
    def chat(self) -> bool:
        """Whether it goes to a chat route."""
        return self.route == "chat"

    @property
    def headers(self) -> dict[str, str]:
        """Headers that are sent besides the credential."""
        return {} if self.deployment is None else {DEPLOYMENT_HEADER: self.deployment}


def curl(ask: Ask) -> str:
    """A shell script."""
    body = {**ask.body, "stream": True} if ask.stream else ask.body
    headers = {"Content-Type": "application/json", **ask.headers}
    options = f"--silent --show-error --fail-with-body --max-time {SECONDS}" + (" --no-buffer" if ask.stream else "")
    lines = [
        "#!/bin/sh",
        f"# {ask.title}",
        "set -eu",
        *credentials.shell(ask.credential),
        "# The key goes through a pipe: arguments can be read by every user of the machine.",
        f'printf \'header = "{ask.key_header}: {_scheme(ask)}%s"\\n\' "$key" |',
        f"  curl --config - {options} \\",
        *(f"    --header {shlex.quote(f'{name}: {value}')} \\" for name, value in headers.items()),
        f"    --data {shlex.quote(json.dumps(body))} \\",
        f"    {shlex.quote(ask.url)}",
    ]
    return "\n".join(lines) + "\n"


def python(ask: Ask) -> str:
    """Web requests with `requests`."""
    imports, lines, key = credentials.python(ask.credential)
    headers = "".join(f", {_text(name)}: {_text(value)}" for name, value in ask.headers.items())
    call = [
        "answer = requests.post(",
        f"    {_text(ask.url)},",
        f'    headers={{"{ask.key_header}": f"{_scheme(ask)}{{{key}}}"{headers}}},',
        "    json={",
        *(f"        {_text(name)}: {_value(value)}," for name, value in ask.body.items()),
        *(['        "stream": True,'] if ask.stream else []),
        "    },",
        f"    timeout={SECONDS},",
        *(["    stream=True,"] if ask.stream else []),
        ")",
        "if not answer.ok:",
        '    raise SystemExit(f"{answer.status_code}: {answer.text}")',
    ]
    if ask.stream:
        piece = 'choices[0]["delta"].get("content")' if ask.chat else 'choices[0]["text"]'
        show = [
            "# As bytes: requests takes a stream of events for Latin-1.",
            "for line in answer.iter_lines():",
            '    if line.startswith(b"data: ") and line != b"data: [DONE]":',
            '        choices = json.loads(line.removeprefix(b"data: "))["choices"]',
            f'        print({piece} or "" if choices else "", end="", flush=True)',
            "print()",
        ]
        imports = [*imports, "import json"]
    elif ask.route == "score":
        show = ["print(answer.json())"]
    else:
        where = '["message"]["content"]' if ask.chat else '["text"]'
        show = [f'print(answer.json()["choices"][0]{where})']
    return _program(ask, "requests", [*imports, "import requests"], [*lines, "", *call, *show])


def openai(ask: Ask) -> str:
    """The OpenAI library."""
    imports, lines, key = credentials.python(ask.credential)
    method, asked = ("chat.completions", "messages") if ask.chat else ("completions", "prompt")
    client = [
        "client = OpenAI(",
        "    # Ends here: the client adds the route.",
        f"    base_url={_text(ask.base_url)},",
        # A function is called for each request, so that the token is always fresh.
        f"    api_key={_api_key(ask, key.removesuffix('()'))},",
        *_query(ask),
        *_headers("default_headers", ask),
        ")",
    ]
    call = [
        f"{'chunks' if ask.stream else 'answer'} = client.{method}.create(",
        f"    model={_text(ask.model)},",
        f"    {asked}={_value(ask.body[asked])},",
        f"    max_tokens={ask.max_tokens},",
        *(["    stream=True,"] if ask.stream else []),
        ")",
    ]
    if ask.stream:
        piece = "chunk.choices[0].delta.content" if ask.chat else "chunk.choices[0].text"
        show = [
            "for chunk in chunks:",
            "    if chunk.choices:  # a chunk with usage or filter results has none",
            f'        print({piece} or "", end="", flush=True)',
            "print()",
        ]
    else:
        show = [f"print(answer.choices[0].{'message.content' if ask.chat else 'text'})"]
    return _program(ask, "openai", [*imports, "from openai import OpenAI"], [*lines, "", *client, *call, *show])


def langchain(ask: Ask) -> str:
    """LangChain, with the classes that talk to OpenAI-style endpoints."""
    imports, lines, key = credentials.python(ask.credential)
    kind = "ChatOpenAI" if ask.chat else "OpenAI"
    client = [
        f"model = {kind}(",
        "    # Ends here: the client adds the route.",
        f"    base_url={_text(ask.base_url)},",
        f"    api_key={_api_key(ask, key.removesuffix('()'))},",
        f"    model={_text(ask.model)},  # without it, one of OpenAI's own names is sent",
        *_query(ask),
        *_langchain_parameters(ask),
        ")",
    ]
    content = ".content" if ask.chat else ""
    show = (
        [
            f"for chunk in model.stream({_text(ask.question)}):",
            f'    print(chunk{content}, end="", flush=True)',
            "print()",
        ]
        if ask.stream
        else [f"print(model.invoke({_text(ask.question)}){content})"]
    )
    imports = [*imports, f"from langchain_openai import {kind}"]
    return _program(ask, "langchain-openai", imports, [*lines, "", *client, *show])


def _langchain_parameters(ask: Ask) -> list[str]:
    """The lines for what is sent beside the question."""
    if ask.chat:
        return [
            "    # Not max_tokens=: ChatOpenAI renames it to max_completion_tokens, which Llama endpoints do not take.",
            f'    extra_body={{"max_tokens": {ask.max_tokens}}},',
            *_headers("default_headers", ask),
        ]
    return [
        f"    max_tokens={ask.max_tokens},",
        "    # OpenAI always sends frequency_penalty, which this route refuses unless it is configured to pass it on.",
        *_headers("default_headers", ask, {"extra-parameters": "pass-through"}),
    ]


_LITELLM = (
    "# Before the import, which would fetch a price list from the network.",
    'os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"',
    "import litellm",
    "",
)


def litellm(ask: Ask) -> str:
    """LiteLLM."""
    imports, lines, key = credentials.python(ask.credential)
    asked = "messages" if ask.chat else "prompt"
    # azure_ai/ would turn a prompt into a chat, which base models do not serve.
    # azure_ai/ would send an Entra token as `api-key`, which accounts take for a key.
    chat = "openai" if ask.openai_only else "azure_ai"
    provider, function = (chat, "completion") if ask.chat else ("text-completion-openai", "text_completion")
    call = [
        *([] if ask.chat else ["# Not azure_ai/: that turns a prompt into a chat, which base models do not serve."]),
        f"{'chunks' if ask.stream else 'answer'} = litellm.{function}(",
        f"    model={_text(f'{provider}/{ask.model}')},",
        f"    api_base={_text(ask.base_url)},",
        *([f"    api_version={_text(ask.api_version)},"] if ask.api_version else []),
        # A token goes here too: azure_ad_token= would also be put into the body.
        *(["    # Not azure_ad_token=: it would be sent in the body, too."] if key == "token()" else []),
        f"    api_key={_api_key(ask, key)},",
        f"    {asked}={_value(ask.body[asked])},",
        f"    max_tokens={ask.max_tokens},",
        *(["    # Not extra_headers=: azure_ai/ would send them in the body, too."] if ask.headers else []),
        *_headers("headers", ask),
        *(["    stream=True,"] if ask.stream else []),
        ")",
    ]
    piece = "delta.content" if ask.chat else "text"
    show = (
        [
            "for chunk in chunks:",
            f'    print(chunk.choices[0].{piece} or "", end="", flush=True)',
            "print()",
        ]
        if ask.stream
        else [f"print(answer.choices[0].{'message.content' if ask.chat else 'text'})"]
    )
    return _program(ask, "litellm", [*imports, "import os"], [*_LITELLM, *lines, "", *call, *show])


def _program(ask: Ask, packages: str, imports: list[str], lines: list[str]) -> str:
    if ask.credential.auth == "AADToken":
        packages += " azure-identity"
    # The standard library first, each group sorted, as everybody's linter has it.
    plain = sorted({line for line in imports if line in {"import json", "import os", "import subprocess"}})
    others = sorted(set(imports) - set(plain), key=lambda line: (line.split()[0] == "from", line))
    head = [f'"""{ask.title}', "", f"Needs: pip install {packages}", '"""', "", *plain]
    return "\n".join([*head, *([""] if plain and others else []), *others, "", *lines]) + "\n"


def _query(ask: Ask) -> list[str]:
    return [f'    default_query={{"api-version": {_text(ask.api_version)}}},'] if ask.api_version else []


def _headers(parameter: str, ask: Ask, first: Mapping[str, str] | None = None) -> list[str]:
    """The line for what is sent beside the credential, or as the credential where it has a header of its own."""
    headers = [f"{_text(name)}: {_text(value)}" for name, value in {**(first or {}), **ask.headers}.items()]
    if ask.key_header != BEARER:
        headers.append(f"{_text(ask.key_header)}: key")
    return [f"    {parameter}={{{', '.join(headers)}}},"] if headers else []


def _scheme(ask: Ask) -> str:
    return "Bearer " if ask.key_header == BEARER else ""


def _api_key(ask: Ask, key: str) -> str:
    """What a client takes as its key: it sends it in a header that a gateway does not read."""
    return key if ask.key_header == BEARER else '"unused"'


def _text(text: str) -> str:
    return json.dumps(text)


def _value(value: Any) -> str:
    """JSON as Python, which they both are as long as nothing in it is null, true or false."""
    return json.dumps(value)
