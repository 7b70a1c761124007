"""The server that `sandbox start --answers-from` names."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx

CONNECT_SECONDS = 5.0


class UrlError(ValueError):
    """An invalid URL of an answer server; the message states the reason."""


def base_url(text: str) -> str:
    """The base URL of an OpenAI-compatible API: the given URL, with `/v1` where it has no path.

    Raises:
        UrlError: it is no http or https URL, or has a part that a base URL does not have.
    """
    try:
        url = urlsplit(text)
        valid = url.scheme in ("http", "https") and url.hostname is not None and (url.port or 1) > 0
    except ValueError:
        valid = False
    if not valid:
        raise UrlError(f"{text!r} is not an http or https URL, such as http://127.0.0.1:11434/v1")
    if url.query or url.fragment or url.username is not None:
        raise UrlError(f"{text!r} must be a base URL, without a user, a query and a fragment")
    path = url.path.rstrip("/")
    if path.endswith("/completions"):
        raise UrlError(f"{text!r} must end before the route, such as http://127.0.0.1:11434/v1")
    return f"{url.scheme}://{url.netloc}{path or '/v1'}"


def problem(url: str) -> str | None:
    """Why the server does not list its models; None when it does.

    Args:
        url: Required. Its base URL.
    """
    try:
        answer = httpx.get(f"{url}/models", timeout=CONNECT_SECONDS, trust_env=False)
    except httpx.HTTPError as error:
        return f"{url} cannot be reached ({str(error) or type(error).__name__}): start that server."
    return None if answer.is_success else f"{url}/models answered {answer.status_code}: check the URL."
