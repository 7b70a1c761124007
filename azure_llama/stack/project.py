"""The project and its stack's configuration, as the Pulumi CLI passes them to the program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from azure_llama.catalog import Catalog
from azure_llama.catalog.kinds import KINDS, EndpointKind
from azure_llama.documents.errors import InputError
from azure_llama.documents.positions import Document, read
from azure_llama.documents.unknown import HIDDEN
from azure_llama.stack.identity import STACK_KEYS, Identity, identify, map_at, shown, text_at
from azure_llama.stack.values import Given, opened, raw_text, unknown_places, with_given

_HIDDEN_ONE = "(unknown)"
_LOCATION = "azure-native:location"


@dataclass(frozen=True)
class Project:
    """A Pulumi project with one of its stacks.

    Attributes:
        root: The folder of `Pulumi.yaml`.
        name: The project's name.
        stack: The stack's name, without organization and project.
        main: The folder or file that is the program.
        config: Full key to raw text, objects as JSON, as the language host gets it; `documents.unknown.HIDDEN` stands
            for secrets and for values that only an ESC environment can have.
        secret_keys: Full keys whose value is, or holds, a secret.
        file: The stack's YAML; None when the stack has none.
        written: The full key of each entry of the stack's YAML, with the key as it is written there.
        environments: ESC environments that the stack names: their values are in Pulumi Cloud.
        unknown: Places of the configuration whose values are unknown: `azure-llama:budget.amount`.
        kinds: The kinds of endpoint that the stack can have.
        qualified: The stack's name for the backend, with organization and project where it is stated with them; the
            bare name when empty.
    """

    root: Path
    name: str
    stack: str
    main: Path
    config: Mapping[str, str]
    secret_keys: tuple[str, ...]
    file: Document | None
    written: Mapping[str, str]
    environments: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    kinds: tuple[EndpointKind, ...] = KINDS
    qualified: str = ""

    @property
    def backend_stack(self) -> str:
        """The stack's name as the Pulumi CLI takes it."""
        return self.qualified or self.stack

    @cached_property
    def catalog(self) -> Catalog:
        """The catalogue with the project's `llama-catalog.yaml`.

        Raises:
            OverlayError: that file has errors.
        """
        return Catalog.of_project(self.root, self.kinds)


def load(
    directory: Path, stack: str | None = None, config_file: Path | None = None, given: Given | None = None
) -> Project:
    """The project that a folder belongs to.

    Args:
        directory: Required. A folder of the project, or one below it.
        stack: Optional. The stack, with or without `organization/project/`; the selected one by default.
        config_file: Optional. The stack's configuration, instead of that file.
        given: Optional. Values that take the place of those of the file, by key.

    Raises:
        InputError: there is no project, no such stack, or a file that is wrong. The text has file, line, remediation.
    """
    identity = identify(directory, stack, config_file)
    root, document = identity.root, read(identity.path, identity.path.name)
    name = map_at(document, (), "the project").get("name")
    if not isinstance(name, str) or not name:
        raise InputError(f"{document.shown}: has no 'name'; write the project's name")
    for path in STACK_KEYS:
        text_at(document, path, "")
    file, entries, environments = _stack_file(identity)
    stated, written = _qualified(file, entries, name)
    known = {key: opened(value) for key, value in stated.items()}
    values = with_given({key: value for key, (value, _) in known.items()}, given or {}, name)
    defaults = _defaults(document, name, values, elsewhere=bool(environments))
    config = dict(sorted({**defaults, **values}.items()))
    return Project(
        root=root,
        name=name,
        stack=identity.stack,
        main=_main(document, root),
        config={key: raw_text(value) for key, value in config.items()},
        secret_keys=tuple(sorted(key for key, (_, secret) in known.items() if secret)),
        file=file,
        written=written,
        environments=tuple(environments),
        unknown=tuple(place for key, value in config.items() for place in unknown_places(key, value)),
        qualified=identity.qualified,
    )


def readable(text: str) -> str:
    """A text for people: what stands for a secret is called one."""
    return text.replace(HIDDEN, _HIDDEN_ONE)


def _stack_file(identity: Identity) -> tuple[Document | None, Mapping[str, Any], list[str]]:
    document = read(identity.file, shown(identity.file, identity.root))
    if document.data is None:
        return document, {}, []
    data = map_at(document, (), "the stack's file")
    named = data.get("environment")
    return document, map_at(document, ("config",), "config") if data.get("config") is not None else {}, _names(named)


def _names(environment: Any) -> list[str]:
    if isinstance(environment, Mapping):
        environment = environment.get("imports", ["(written in the stack's file)"])
    return [str(each) for each in environment] if isinstance(environment, list) else []


def _main(document: Document, root: Path) -> Path:
    runtime = document.data.get("runtime")
    language = runtime.get("name") if isinstance(runtime, dict) else runtime
    if language != "python":
        where = document.value(("runtime",)) or document.shown
        raise InputError(f"{where}: the runtime is {language!r}; only python programs can be checked")
    main = root / text_at(document, ("main",), ".")
    if not (main.is_file() or (main / "__main__.py").is_file()):
        raise InputError(
            f"{main / '__main__.py'}: there is no such program; write it, or say 'main' in {document.shown}"
        )
    return main


def _qualified(
    document: Document | None, entries: Mapping[str, Any], project: str
) -> tuple[dict[str, Any], dict[str, str]]:
    values: dict[str, Any] = {}
    written: dict[str, str] = {}
    for key, value in entries.items():
        full = _full(key, project)
        if full in values:
            raise InputError(
                f"{document and document.key(('config', key))}: {key!r} and {written[full]!r} are one key; remove one"
            )
        values[full], written[full] = value, key
    return values, written


def _full(key: str, project: str) -> str:
    # `pulumi config` still writes the old form `project:config:key` at times.
    parts = key.split(":")
    if len(parts) == 3 and parts[1] == "config":
        parts = [parts[0], parts[2]]
    return ":".join(parts) if len(parts) > 1 else f"{project}:{key}"


def _defaults(document: Document, project: str, values: Mapping[str, Any], *, elsewhere: bool) -> dict[str, Any]:
    """What the project says of configuration: values, and defaults where the stack says nothing.

    Args:
        document: Required. The project's file.
        project: Required. The project's name.
        values: Required. The stack's own values.
        elsewhere: Required. Whether an environment may have a value for what the stack leaves out.
    """
    declared = document.data.get("config")
    found: dict[str, Any] = {_LOCATION: HIDDEN} if elsewhere and _LOCATION not in values else {}
    if declared is None:
        return found
    missing = []
    for key, schema in map_at(document, ("config",), "config").items():
        full = _full(key, project)
        if not isinstance(schema, dict):
            found[full] = schema
        elif elsewhere and "value" not in schema and full not in values:
            found[full] = HIDDEN
        elif "value" in schema or "default" in schema:
            found[full] = schema["value"] if "value" in schema else schema["default"]
        elif full not in values:
            missing.append(
                f"{document.key(('config', key))}: the stack has no value for {full!r}, and it has no default"
            )
    if missing:
        raise InputError(missing)
    return found
