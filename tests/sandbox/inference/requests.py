"""Requests that several tests send."""

from __future__ import annotations

from typing import Any

COMPLETIONS = "/v1/completions"
TWO = {"blue": "Meta-Llama-3.1-8B-Instruct", "green": "Meta-Llama-3.1-70B-Instruct"}


def said(phrase: str) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": f"please {phrase} now"}]}
