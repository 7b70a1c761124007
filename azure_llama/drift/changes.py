"""Finds the values that differ between the declared state and Azure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from azure_llama.arm.errors import masked
from azure_llama.drift.refresh import Step

Path = tuple[str | int, ...]

HIDDEN = "[secret]"
"""What Pulumi prints in place of a secret."""

MAINTAINED: Mapping[str, tuple[str, ...]] = {
    # Azure adds them once the deployment has succeeded.
    "azure-native:machinelearningservices:OnlineDeployment": tuple(
        f"properties.environmentVariables.{name}"
        for name in ("AML_APP_ROOT", "AZUREML_ENTRY_SCRIPT", "AZUREML_MODEL_DIR")
    ),
}
"""Inputs that Azure fills in by itself, beside those that the program ignores: Pulumi type to paths."""

_SEGMENT = re.compile(r'\["([^"]+)"\]|\[(\d+|\*)\]|([^.\[]+)')
_SECRET_NAME = re.compile(
    r"(password|secret|token|credentials?|connectionstring|(account|access|api|primary|secondary)key)$"
)


@dataclass(frozen=True)
class Change:
    """A value that differs.

    Attributes:
        path: Required. Where it is: `properties.traffic.blue`.
        stated: Required. What the stack states; None when it states nothing.
        actual: Required. What Azure has; None when it has nothing.
    """

    path: str
    stated: Any
    actual: Any


def changes(step: Step) -> list[Change]:
    """The changed inputs of a resource in Azure, without those that the program ignores or Azure maintains."""
    ignored = [segments(path) for path in (*step.ignored, *MAINTAINED.get(step.type, ()))]
    found: dict[str, Change] = {}
    for text in step.differences:
        path = _located(text, step.stated) or _located(text, step.actual) or segments(text)[:1]
        for change in differences(path, _at(step.stated, path), _at(step.actual, path), ignored):
            found.setdefault(change.path, change)
    return [found[path] for path in sorted(found)]


def differences(path: Path, stated: Any, actual: Any, ignored: list[Path]) -> Iterator[Change]:
    """The values below a path that differ."""
    if any(_below(path, each) for each in ignored) or same(path, stated, actual):
        return
    if _opens(stated, actual):
        before, after = stated or {}, actual or {}
        for name in sorted(before.keys() | after.keys()):
            yield from differences((*path, name), before.get(name), after.get(name), ignored)
    else:
        yield Change(shown_path(path), *_masked(path, stated, actual))


def same(path: Path, stated: Any, actual: Any) -> bool:
    """Whether two values mean the same to Azure: letter case counts in tags alone, and nothing is as good as empty."""
    if stated == actual or (_empty(stated) and _empty(actual)):
        return True
    if isinstance(stated, str) and isinstance(actual, str) and path[0] != "tags":
        before, after = stated.casefold(), actual.casefold()
        return before == after or (path[-1] == "location" and before.replace(" ", "") == after.replace(" ", ""))
    return False


def segments(path: str) -> Path:
    """The parts of a property path in Pulumi's notation: `a.b[0]["c.d"]`."""
    return tuple(
        int(index) if index.isdecimal() else quoted or index or name for quoted, index, name in _SEGMENT.findall(path)
    )


def shown_path(path: Path) -> str:
    """A path in Pulumi's notation."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif "." in part or "[" in part:
            text += f'["{part}"]'
        else:
            text += f".{part}" if text else part
    return text


def _located(text: str, value: Any) -> Path | None:
    """The path that a text names in a value. A name may have dots in it, and azure-native does not quote it."""
    if not text:
        return ()
    if isinstance(value, Mapping):
        for name in sorted(value, key=len, reverse=True):
            for spelling in (name, f'["{name}"]'):
                rest = text.removeprefix(spelling)
                if len(rest) < len(text) and (not rest or rest[0] in ".["):
                    tail = _located(rest.removeprefix("."), value[name])
                    if tail is not None:
                        return (name, *tail)
    # Within a list the list is compared as a whole: its order and its keys are the provider's.
    return () if isinstance(value, list) and text.startswith("[") else None


def _at(value: Any, path: Path) -> Any:
    for part in path:
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _below(path: Path, ignored: Path) -> bool:
    return len(path) >= len(ignored) and all(wanted in ("*", part) for part, wanted in zip(path, ignored, strict=False))


def _opens(stated: Any, actual: Any) -> bool:
    """Whether two values are maps, or one of them is and the other one is nothing."""
    return all(isinstance(each, Mapping) or each is None for each in (stated, actual))


def _empty(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _masked(path: Path, stated: Any, actual: Any) -> tuple[Any, Any]:
    secret = HIDDEN in str(stated) or HIDDEN in str(actual)
    if secret or any(isinstance(part, str) and _SECRET_NAME.search(part.casefold()) for part in path):
        return tuple(None if each is None else HIDDEN for each in (stated, actual))  # type: ignore[return-value]  # always a pair
    return _clean(stated), _clean(actual)


def _clean(value: Any) -> Any:
    """A value without what looks like a secret."""
    match value:
        case str():
            return masked(value)
        case Mapping():
            return {key: _clean(each) for key, each in value.items()}
        case list():
            return [_clean(each) for each in value]
        case _:
            return value
