"""Errors of calls to Azure Resource Manager. No message contains a token or a secret."""

from __future__ import annotations

import re
from dataclasses import dataclass

_DENIED = re.compile(r"perform action '(?P<action>[^']+)' over scope '(?P<scope>[^']*)'")
_TOKEN = re.compile(r"eyJ[A-Za-z0-9_-]{8,}(\.[A-Za-z0-9_-]*){1,4}")
_BEARER = re.compile(r"(?i)\b(bearer\s+)[^\s'\",;]+")
_FIELD = re.compile(r"(?i)\b(client_secret|client_assertion|access_token|password|sig)(=|\"?\s*:\s*\"?)[^\s&'\",;]+")
_LONGEST = 600
"""Characters that a message repeats of an answer."""


def masked(text: str, secrets: frozenset[str] = frozenset()) -> str:
    """A text without the secrets that are known, and without what looks like one.

    Args:
        text: Required. Anything that a service or a library said.
        secrets: Optional. Values that must not be seen; those shorter than 4 characters are not looked for.
    """
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= 4:
            text = text.replace(secret, "***")
    text = _FIELD.sub(r"\1\2***", _BEARER.sub(r"\1***", _TOKEN.sub("***", text)))
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "..."


class ArmError(Exception):
    """A request to Azure failed. The message states the request, the error and, if known, the remediation.

    Attributes:
        reason: One word for its kind, the same for every error of the class.
    """

    reason = "error"


class NoNetworkError(ArmError):
    """No connection: no network, no such host, a proxy that refuses, TLS that is not trusted, or no answer in time."""

    reason = "no network"


class SignInError(ArmError):
    """No token: no credentials, wrong ones, expired ones, or Azure does not take the token."""

    reason = "not signed in"


class ConfigurationError(SignInError):
    """The credentials that are configured are not whole: something that they need is missing."""

    reason = "credentials incomplete"


class ThrottledError(ArmError):
    """Azure throttled the request (429) for longer than the client waits."""

    reason = "throttled"


class NotAzureError(ArmError):
    """The response did not come from Azure: a proxy, a captive portal or a sign-in page answered in HTML."""

    reason = "no answer of Azure"


class HalfAnswerError(ArmError):
    """The answer ended too early, or lacks what every answer of its kind has."""

    reason = "half an answer"


class UnavailableError(ArmError):
    """Azure failed (a 5xx status), again and again."""

    reason = "unavailable"


@dataclass(eq=False)
class RefusedError(ArmError):
    """Azure rejected the request with a reason.

    Attributes:
        status: Required. HTTP status.
        code: Required. ARM's error code; of Azure ML's `UserError`, the innermost one.
        message: Required. ARM's message.
    """

    status: int
    code: str
    message: str
    reason = "refused"

    def __str__(self) -> str:
        return f"{self.status} {self.code}: {self.message}"


@dataclass(eq=False)
class ForbiddenError(RefusedError):
    """The caller's roles do not allow it.

    Attributes:
        action: What they lack; None where ARM does not say it.
        scope: Where; None likewise.
    """

    reason = "forbidden"

    @property
    def action(self) -> str | None:
        found = _DENIED.search(self.message)
        return found["action"] if found else None

    @property
    def scope(self) -> str | None:
        found = _DENIED.search(self.message)
        return found["scope"] if found else None


class NotFoundError(RefusedError):
    """There is no such thing, or the caller is not shown it. A path that Azure does not know is a `RefusedError`."""

    reason = "not found"
