"""Status codes are those that the management SDKs accept, read from the SDKs that are installed.

azure-ai-ml brings the clients of Azure ML; `make test-clients` calls the newest azure-mgmt-* packages themselves.
"""

from __future__ import annotations

import importlib.util
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from azure_llama_sandbox.arm import registry, verbs
from azure_llama_sandbox.arm.api_versions import announced
from azure_llama_sandbox.arm.kinds import Kind, Style
from azure_llama_sandbox.arm.resource_groups import GROUP

assert registry
_BUILDER = re.compile(r"^def build_(\w+)_request\(.*?(?=^def |^class |\Z)", re.MULTILINE | re.DOTALL)
_METHOD = re.compile(
    r"^    (?:async )?def (\w+)\(.*?(?=^    (?:@|def |async def )|^class |\Z)", re.MULTILINE | re.DOTALL
)
_URL = re.compile(r"Construct URL(.*?)path_format_arguments", re.DOTALL)
_CODES = re.compile(r"status_code not in \[([\d, ]+)\]")
Codes = dict[tuple[str, str], set[frozenset[int]]]


def _sources() -> Iterator[Path]:
    # Found as files: importing azure-ai-ml takes seconds, and warns.
    spec = importlib.util.find_spec("azure")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        for part in ("ai/ml/_restclient", "mgmt"):
            yield from (
                each for each in Path(folder, part).rglob("*operations/*.py") if each.parent.parent.name != "aio"
            )


def _type(url: str) -> str:
    """`microsoft.x/y/z` of the path of a request."""
    if "/providers/" not in url:
        groups = url.lower().rstrip("/").endswith("/resourcegroups/{resourcegroupname}")
        return "microsoft.resources/subscriptions/resourcegroups" if groups else ""
    namespace, *rest = url.rsplit("/providers/", 1)[1].strip("/").split("/")
    return "/".join((namespace, *rest[::2])).lower() if len(rest) % 2 == 0 else ""


@cache
def accepted() -> Codes:
    """Codes that clients accept, by verb and resource type: one set for each client."""
    found: Codes = defaultdict(set)
    for file in _sources():
        text = file.read_text(encoding="utf-8")
        urls = {}
        for match in _BUILDER.finditer(text):
            verb = re.search(r'method="(PUT|DELETE)"', match[0])
            written = _URL.search(match[0])
            url = "".join(re.findall(r'"([^"\n]*)"', written[1])) if written else ""
            if verb and "/" in url:
                urls[match[1]] = (verb[1], _type(url[url.index("/") :]))
        for match in _METHOD.finditer(text):
            asked, codes = re.search(r"build_(\w+)_request\(", match[0]), _CODES.search(match[0])
            if asked and codes and asked[1] in urls and urls[asked[1]][1]:
                found[urls[asked[1]]].add(frozenset(int(each) for each in codes[1].split(",")))
    return found


def sent(kind: Kind, verb: str) -> set[int]:
    """The codes with which the sandbox answers a verb of a type."""
    style = kind.put if verb == "PUT" else kind.delete
    if style is Style.ACCEPTED:
        absent = set() if kind.type == GROUP else {204}
        return {202} if verb == "PUT" else {202} | absent
    return {int(kind.fresh), int(kind.again)} if verb == "PUT" else {200}


KINDS = sorted(verbs.KINDS.values(), key=lambda kind: kind.type)


@pytest.mark.parametrize("verb", ["PUT", "DELETE"])
@pytest.mark.parametrize("kind", [pytest.param(each, id=each.type) for each in KINDS])
def test_the_sdks_accept_the_codes(kind: Kind, verb: str) -> None:
    clients = accepted().get((verb, kind.type.lower()))
    if not clients:
        pytest.skip(f"no installed SDK has {verb} {kind.type} ({announced(kind.type)[0]})")
    assert any(sent(kind, verb) <= codes for codes in clients), (sent(kind, verb), clients)
