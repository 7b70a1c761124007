"""Runs a Pulumi program without an engine or Azure, and cleans up after it."""

from __future__ import annotations

import contextvars
import runpy
import sys
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from azure_llama.documents.errors import InputError
from azure_llama.stack import isolation
from azure_llama.stack.places import with_lines
from azure_llama.stack.program_loop import ProgramLog, program_loop
from azure_llama.stack.project import Project, readable
from azure_llama.stack.unknown import agreed, alternative
from azure_llama_policies.resource_types import STACK
from azure_llama_policies.resources import Resource

if TYPE_CHECKING:
    from azure_llama.stack.monitor import Recorded

_Answer = TypeVar("_Answer")


@dataclass(frozen=True)
class Program:
    """The resources that a program declares.

    Attributes:
        resources: Its resources in the order in which it registers them, components and providers among them; the
            stack itself, with its outputs, comes last.
        read: URNs of those that exist already and are only read.
        calls: Functions that only Azure could have answered; their results were unknown.
        warnings: What the program had to say itself, at the level of warnings and errors.
        components: URNs of those that are components.
        parents: The URN of each resource's parent, by the resource's own.
    """

    resources: tuple[Resource, ...]
    read: frozenset[str]
    calls: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    components: frozenset[str] = frozenset()
    parents: Mapping[str, str] = field(default_factory=dict)

    @property
    def outputs(self) -> Mapping[str, Any]:
        """The stack's outputs, `UNKNOWN` where they are not known yet."""
        last = self.resources[-1] if self.resources else None
        return last.props if last is not None and last.type == STACK else {}


def run(project: Project) -> Program:
    """Run a project's program as the engine would in a first preview.

    Raises:
        InputError: the program fails. The text says where, or is the whole report when the program reports on its
            configuration itself (`pulumi.RunError`).
    """
    return contextvars.copy_context().run(_run, project)


def plan(project: Project) -> Program:
    """The resources that a project's program declares.

    A program whose configuration has unknown values runs twice, each time with other values in their place: what
    differs depends on them, and is unknown too.

    Raises:
        InputError: the program fails; for a report on the stack's configuration, each error has its line.
    """
    try:
        program = run(project)
        return agreed(program, run(alternative(project))) if project.unknown else program
    except InputError as error:
        raise InputError(with_lines(error.lines, project)) from error.__cause__


def _run(project: Project) -> Program:
    import pulumi

    from azure_llama.stack import pulumi_private
    from azure_llama.stack.monitor import Monitor, providers_config

    engine, executor = ProgramLog(), _Direct(max_workers=1)
    with program_loop(executor) as loop, isolation.isolated(project.root), pulumi_private.without_positions():
        monitor = Monitor(project.name, project.stack, providers_config(project.config), loop)
        pulumi_private.connect(
            project=project.name, stack=project.stack, root=str(project.root), monitor=monitor, engine=engine
        )
        pulumi_private.configure(project.config, project.secret_keys)
        executor.elsewhere = monitor.callbacks.in_use

        def program() -> None:
            pulumi.runtime.register_stack_transformation(lambda args: _as_first_seen(monitor, args))
            _execute(project.main)

        try:
            loop.run_until_complete(pulumi_private.run_in_stack(program))
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            raise _told(error, project, monitor.recorded.calls) from error
    return _program(monitor.recorded, engine.warnings)


def _program(recorded: Recorded, warnings: list[str]) -> Program:
    # The outputs of the stack may be known before its last resource is.
    resources = sorted(recorded.resources, key=lambda each: each.type == STACK)
    return Program(
        tuple(resources),
        frozenset(recorded.read),
        tuple(recorded.calls),
        tuple(warnings),
        frozenset(recorded.components),
        dict(recorded.parents),
    )


def _execute(main: Path) -> None:
    if main.is_file():
        sys.path.insert(0, str(main.parent))
    runpy.run_path(str(main), run_name="__main__")


def _as_first_seen(monitor: Any, args: Any) -> Any:
    """Sees every resource before the SDK sends it."""
    from pulumi import ResourceOptions, ResourceTransformationResult

    # An azure-native class lists all its inputs, given or not: the only trace here of what the provider's schema says.
    if isinstance(args.props, dict) and "location" in args.props:
        monitor.takes_location(args.type_)
    if not args.opts.aliases:
        return None
    # Former names of a resource, thirty for a storage account, matter to what exists already: here nothing does.
    unnamed = ResourceOptions.merge(args.opts, None)
    unnamed.aliases = None
    return ResourceTransformationResult(args.props, unnamed)


class _Direct(ThreadPoolExecutor):
    """Answers the SDK's requests where they are made: there is no wire to wait for, and no order to be left to chance.

    Attributes:
        elsewhere: Whether they have to be answered in another thread, since the answer needs the program's own loop.
    """

    elsewhere: Callable[[], bool] = staticmethod(lambda: False)

    def submit(self, fn: Callable[..., _Answer], /, *args: Any, **kwargs: Any) -> Future[_Answer]:
        """Call a function."""
        if self.elsewhere():
            return super().submit(fn, *args, **kwargs)
        future: Future[_Answer] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


def _told(error: BaseException, project: Project, calls: list[str]) -> InputError:
    """A failure of the program as a line for the person who wrote it."""
    import pulumi

    if isinstance(error, pulumi.RunError):
        return InputError(readable(str(error)).splitlines())
    where = _where(error.__traceback__, project)
    forbidden = _cause(error, isolation.ForbiddenError)
    if forbidden is not None:
        return InputError(f"{where}: the program {forbidden}")
    if isinstance(error, SystemExit):
        return InputError(f"{where}: the program ended itself with {error.code!r}; let it run to its end")
    said = readable(" ".join(str(error).split()))
    line = f"{where}: the program failed: {type(error).__name__}{': ' + said if said else ''}"
    if calls and isinstance(error, AttributeError | TypeError | KeyError):
        line += f"; the answer of {calls[-1]} is not known without Azure: call its _output form"
    return InputError(line)


def _cause(error: BaseException | None, kind: type[BaseException]) -> BaseException | None:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, kind):
            return error
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return None


def _where(trace: TracebackType | None, project: Project) -> str:
    """The last line of the program's own that was running."""
    root = project.root.resolve()
    found = project.main if project.main.is_file() else project.main / "__main__.py"
    line = None
    for frame in traceback.extract_tb(trace):
        path = Path(frame.filename)
        inside = path.is_relative_to(root) and "site-packages" not in path.parts
        if inside and not path.is_relative_to(Path(__file__).parent) and frame.filename[0] != "<":
            found, line = path, frame.lineno
    shown = found.resolve().relative_to(root).as_posix() if found.resolve().is_relative_to(root) else str(found)
    return f"{shown}:{line}" if line else shown
