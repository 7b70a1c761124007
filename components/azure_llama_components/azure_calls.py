"""Calls of azure-native's functions, such as `list_serverless_endpoint_keys`: a failure is one line, not a traceback.

The Pulumi SDK raises a plain exception for a function that fails, and the language host prints that with a traceback.
Both print a `pulumi.RunError` as it is, and end the program.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar
from weakref import WeakKeyDictionary

from pulumi import Output, Resource, RunError

from azure_llama_components.configuration import stack_config

if TYPE_CHECKING:
    from azure_llama.arm import ArmClient

T = TypeVar("T")

SHUT_DOWN: Final = "Resource monitor has terminated"
"""What the SDK says when the engine has ended the deployment for another reason, which it prints itself."""
_PREFIXES = re.compile(r"^(invoke of \S+ failed: |invocation of \S+ returned an error: |request failed \S+: )+")
_AZURE = re.compile(
    r'^Status=(?P<status>\d+)(?: Code="(?P<code>[^"]*)")?(?: Message="(?P<message>.*?)")?(?P<rest> .*)?$'
)
_LONGEST = 600
_AGAIN = "Run `pulumi up` again: it keeps what exists and continues from there"
_REMEDIES: Final = {
    "401": "Check the credentials that azure-native signs in with, then run `pulumi up` again",
    "403": "Grant the identity that deploys the missing permission, then run `pulumi up` again",
    "404": "Run `pulumi up` again; if Azure still does not find it, run `pulumi up --refresh`, which creates it anew",
}
_SIGN_IN = re.compile(r"AADSTS\d+|cannot get a token .*HTTP status 4\d\d")
_RUNNING: WeakKeyDictionary[asyncio.AbstractEventLoop, list[asyncio.Future[str]]] = WeakKeyDictionary()
"""The calls of a program, which has a loop of its own: each becomes its error message, empty after a success."""


def arm_client() -> ArmClient:
    """A client of ARM that signs in as azure-native does, for what azure-native cannot do."""
    # Few runs need the client and its libraries.
    from azure_llama.arm import ArmClient, sign_in

    return ArmClient(sign_in(stack_config()))


def ask(purpose: str, call: Callable[[], T]) -> T:
    """The result of a function that is called at once.

    Args:
        purpose: Required. What for, with the resource: "workspace 'llama-dev': get the identity that deploys".
        call: Required. Calls the function.

    Raises:
        RunError: the call failed. The text is one line: purpose, Azure's answer, what to do.
    """
    try:
        return call()
    except Exception as error:  # the SDK raises nothing narrower
        raise _run_error([describe(purpose, str(error))]) from error


def answered(purpose: str, output: Output[T], *, after: Resource | None = None) -> Output[T]:
    """The result of a function that is called in its `_output` form.

    Args:
        purpose: Required. As for `ask`.
        output: Required. What the function returned. Use it for nothing else.
        after: Optional. The resource that the call waits for.

    Returns:
        The same output, which ends the program with a `RunError` when the call fails: one line for each call that was
        under way at the time and failed.
    """
    # Internals of the SDK, as `Output.apply` uses them: it has no public way to handle the failure of an output.
    output._untrack()
    return Output._from_data(_data(purpose, output, after))


async def _data(purpose: str, output: Output[Any], after: Resource | None) -> Any:
    loop = asyncio.get_running_loop()
    running = _RUNNING.setdefault(loop, [])
    message: asyncio.Future[str] = loop.create_future()
    try:
        if after is not None:
            await after.urn.future()
        running.append(message)
        data = await output._data
    except Exception as error:  # the SDK raises nothing narrower
        message.set_result(describe(purpose, str(error)))
        # Not the calls that still wait for a resource: that may in turn wait for this one.
        raise _run_error(await asyncio.gather(message, *running)) from error
    message.set_result("")
    return data


def describe(purpose: str, reason: str) -> str:
    """One line on a call that failed; empty when it failed only because the deployment has ended.

    Args:
        purpose: Required. As for `ask`.
        reason: Required. The SDK's text.
    """
    if SHUT_DOWN in reason:
        return ""
    text = _PREFIXES.sub("", " ".join(reason.split()))
    azure = _AZURE.match(text)
    status = azure["status"] if azure else "401" if _SIGN_IN.search(text) else ""
    if azure:
        code, said, rest = azure["code"] or "no error code", azure["message"] or "no message", azure["rest"] or ""
        text = f"Azure answered {status} {code}: {said}{rest}"
    text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return f"{purpose}: {text.rstrip('.')}. {_REMEDIES.get(status, _AGAIN)}."


def _run_error(messages: list[str]) -> RunError:
    lines = dict.fromkeys(message for message in messages if message)
    return RunError("\n".join(lines) or SHUT_DOWN)
