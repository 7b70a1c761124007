"""Puts, reads, lists, puts back and deletes resources with the management SDKs that its environment has.

Reads a JSON list of `{"path": ..., "body": ...}` from standard input, and writes one JSON line for each call. The
method for a path is found by its URL: the one in the sources of the SDKs that matches it with the most letters.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import io
import json
import os
import re
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from azure.identity import DefaultAzureCredential

warnings.simplefilter("ignore")
ROOTS = ("mgmt", "ai/ml/_restclient")
REQUIRED = {"underlying_resource_action": "Delete"}
"""Query parameters that a method insists on."""
REQUIRED_BY_DELETE = {"if_match": "*"}
"""The same, of deletions alone: a creation that has it fails."""
NOT_PUT_BACK = "/Microsoft.Resources/deployments/"
"""Azure shows no template."""
_PARAMETER = re.compile(r'"(\w+)": _SERIALIZER\.url\(\s*"\w+",\s*(\w+),')
_VERSION = re.compile(r'"api-version", "(\d{4}-\d\d-\d\d\S*)"')
_URL = re.compile(r"Construct URL(.*?)path_format_arguments", re.DOTALL)


@dataclass(frozen=True)
class Method:
    """A method of an SDK: its verb, what URLs it asks, and how it is called."""

    verb: str
    pattern: re.Pattern[str]
    letters: int
    version: str
    package: str
    group: str
    name: str

    def call(self, path: str, body: bytes | None = None) -> Any:
        """Call it to its end."""
        operations = next(each for each in vars(connect(self.package)).values() if type(each).__name__ == self.group)
        function = getattr(operations, self.name)
        match = self.pattern.fullmatch(path)
        values: dict[str, Any] = match.groupdict() if match else {}
        accepted = inspect.signature(function).parameters
        required = REQUIRED | (REQUIRED_BY_DELETE if self.verb == "DELETE" else {})
        arguments = {name: value for name, value in (required | values).items() if name in accepted}
        if body is not None:
            arguments |= {name: io.BytesIO(body) for name, each in accepted.items() if "IO" in str(each.annotation)}
        if not self.name.startswith("begin_"):
            return function(**arguments)
        return function(**arguments, polling_interval=0.2).result(60)


@cache
def connect(package: str) -> Any:
    """The client of a package."""
    module = importlib.import_module(package)
    class_ = next(getattr(module, name) for name in module.__all__ if name.endswith("Client"))
    return class_(DefaultAzureCredential(), os.environ["AZURE_SUBSCRIPTION_ID"])


def packages() -> Iterator[tuple[str, str]]:
    """The modules of operations, each with the package of its client."""
    spec = importlib.util.find_spec("azure")
    for base in (spec.submodule_search_locations or ()) if spec else ():
        for root in ROOTS:
            for file in sorted(Path(base, root).rglob("*operations/*.py")):
                if file.name not in ("__init__.py", "_patch.py") and "aio" not in file.parts:
                    module = ".".join(("azure", *file.relative_to(base).with_suffix("").parts))
                    yield module, module.rsplit(".", 2)[0]


def methods() -> Iterator[Method]:
    """All methods of all clients."""
    for name, package in packages():
        module = importlib.import_module(name)
        for class_ in vars(module).values():
            if inspect.isclass(class_) and class_.__module__ == name and "Operations" in class_.__name__:
                yield from _methods(module, package, class_)


def _methods(module: Any, package: str, class_: type) -> Iterator[Method]:
    for name, function in vars(class_).items():
        if name.startswith("_"):
            continue
        inner = f"_{name.removeprefix('begin_')}_initial" if name.startswith("begin_") else name
        source = inspect.getsource(inspect.unwrap(getattr(class_, inner, function)))
        builder = re.search(r"build_\w+_request", source)
        if builder is None or not hasattr(module, builder[0]):
            continue
        text = inspect.getsource(getattr(module, builder[0]))
        verb, url = re.search(r'method="(\w+)"', text), _URL.search(text)
        # Older ones name the variable in which a caller could give a template of its own.
        template = "".join(re.findall(r'"([^"\n]*)"', url[1])).removeprefix("template_url") if url else ""
        # Not those that take any id.
        if verb and (template.startswith("/subscriptions") or "/providers/" in template):
            version = _VERSION.search(text)
            shape = _pattern(template, dict(_PARAMETER.findall(text)))
            if _needed(function) <= {*shape[0].groupindex, *REQUIRED, *REQUIRED_BY_DELETE}:
                yield Method(verb[1], *shape, version[1] if version else "", package, class_.__name__, name)


def _needed(function: Any) -> set[str]:
    """The arguments that a method insists on, but for the body."""
    each = inspect.signature(function).parameters.values()
    needed = {one.name for one in each if one.default is one.empty and one.kind is not one.VAR_KEYWORD}
    return needed - {"self"} - {one.name for one in each if "IO" in str(one.annotation)}


def _pattern(template: str, variables: dict[str, str]) -> tuple[re.Pattern[str], int]:
    """A template as a pattern, and its letters; the scope with which it may begin has slashes."""
    parts = re.split(r"\{(\w+)\}", template)
    text = re.escape(parts[0])
    for name, literal in zip(parts[1::2], parts[2::2], strict=True):
        text += f"(?P<{variables.get(name, name)}>{'.+' if text == '/' else '[^/]+'})" + re.escape(literal)
    return re.compile(text, re.IGNORECASE), sum(map(len, parts[::2]))


def find(known: list[Method], verb: str, path: str) -> Method | None:
    """The method for a request: of those whose URL matches the most letters, that of the newest API version."""
    fitting = [each for each in known if each.verb == verb and each.pattern.fullmatch(path)]
    return max(fitting, key=lambda each: (each.letters, each.version), default=None)


def content(model: Any) -> bytes:
    """What the SDK has read, as JSON; the names that are only read are in it, too."""
    sent = model.serialize(keep_readonly=True) if hasattr(model, "serialize") else model.as_dict()
    return json.dumps(sent, default=str).encode()


class Run:
    """Calls, each of which is reported."""

    def __init__(self) -> None:
        self._known = list(methods())

    def attempt(self, verb: str, method: str, path: str, body: bytes | None = None) -> Any:
        """Make one call, and report how it ended; the answer is None when it failed."""
        found = find(self._known, method, path.rsplit("/", 1)[0] if verb == "list" else path)
        line: dict[str, Any] = {"verb": verb, "path": path, "method": None, "error": None}
        answer = None
        if found is not None:
            line["method"] = f"{found.package}.{found.name}"
            try:
                answer = found.call(path.rsplit("/", 1)[0] if verb == "list" else path, body)
                # Few lists come whole.
                if verb == "list" and all(each.id.lower() != path.lower() for each in getattr(answer, "value", answer)):
                    line["error"] = "it is not in the list"
            except Exception as error:
                line["error"] = f"{type(error).__name__}: {error}"[:600]
        sys.stdout.write(json.dumps(line) + "\n")
        return answer


def main() -> None:
    """Put all, look at all, put all back, delete all."""
    bodies = {each["path"]: each["body"] for each in json.load(sys.stdin)}
    run = Run()
    for path, body in bodies.items():
        run.attempt("create", "PUT", path, json.dumps(body).encode())
    for path in bodies:
        model = run.attempt("get", "GET", path)
        run.attempt("list", "GET", path)
        if model is not None and NOT_PUT_BACK not in path:
            run.attempt("put back", "PUT", path, content(model))
    for path in reversed(bodies):
        run.attempt("delete", "DELETE", path)


if __name__ == "__main__":
    main()
