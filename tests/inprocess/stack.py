"""A stack without Pulumi's engine: its program, its state, and Azure in one process.

The program and the components are the real ones, and so are the provider, the sandbox's rules and the drift report. Of
the engine there is only what `monitor` has: a test of the engine itself belongs into `tests/e2e`.
"""

from __future__ import annotations

import contextvars
import runpy
import sys
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi.runtime import settings
from pulumi.runtime.proto import provider_pb2 as proto

from azure_llama.drift.refresh import Step
from azure_llama.drift.report import Report, drifted
from azure_llama.drift.templates import stated
from azure_llama.preflight import Reader, run
from azure_llama.preflight import Report as PreflightReport
from azure_llama.preflight.plan import plan
from azure_llama.purge import NameFinding, find_all, free, names
from azure_llama.stack import isolation, pulumi_private
from azure_llama.stack.import_file import Filled, fill
from azure_llama.stack.monitor import providers_config
from azure_llama.stack.planned import plan_stack
from azure_llama.stack.program import Program
from azure_llama.stack.program_loop import ProgramLog, program_loop
from azure_llama.stack.project import Project
from azure_llama_sandbox.provider.values import decode, encode
from azure_llama_sandbox.world import SUBSCRIPTION, TENANT
from tests.inprocess.aliases import without_aliases
from tests.inprocess.azure import Azure
from tests.inprocess.monitor import Deployment
from tests.inprocess.state import State, difference_request
from tests.inprocess.wire import KilledError, RefusedError

_THREADS = 64
"""Registrations that wait for each other, and the calls of hooks that they wait for."""


@dataclass
class Run:
    """What a preview or an `up` did.

    Attributes:
        done: Names of resources by what was done to them: `create`, `update`, `replace`, `delete`.
        errors: What a person reads; empty after a success.
        outputs: The stack's.
        killed: Whether the engine died.
        created: Types of the resources that are created, by URN.
        log: The program's warnings.
        visible: What Pulumi shows of resources and outputs.
    """

    done: dict[str, list[str]]
    errors: list[str] = field(default_factory=list)
    outputs: dict[str, Any] = field(default_factory=dict)
    killed: bool = False
    created: dict[str, str] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    visible: list[str] = field(default_factory=list)


Transformation = Callable[[pulumi.ResourceTransformationArgs], pulumi.ResourceTransformationResult | None]
"""Changes a resource before it is registered."""


class Stack:
    """One stack.

    Args:
        project: Required. The project with its configuration.
        azure: Required. Where it is deployed.
        unguarded: Optional. Takes a safeguard out of its resources; those that no longer wait for each other are
            deployed side by side.
        others: Optional. The stacks whose outputs it reads, by their full names.
    """

    def __init__(
        self,
        project: Project,
        azure: Azure,
        unguarded: Transformation | None = None,
        others: Mapping[str, Stack] | None = None,
    ) -> None:
        self.project = project
        self.azure = azure
        self._unguarded = unguarded
        self.others = dict(others or {})
        self.outputs: dict[str, Any] = {}
        self.states: dict[str, State] = {}
        self._urns: dict[tuple[str, str], str] = {}
        self._log = ProgramLog()

    def close(self) -> None:
        """End what is open: nothing here."""

    def preview(self) -> Run:
        """Run the program, and change nothing."""
        return self._run(preview=True)

    def up(self) -> Run:
        """Deploy."""
        return self._run(preview=False)

    def _run(self, preview: bool) -> Run:
        self._log = ProgramLog()
        deployment, failure = contextvars.copy_context().run(self._program, preview)
        if not preview:
            deployment.end()
        killed = isinstance(deployment.died, KilledError)
        if deployment.died and not killed:
            raise deployment.died
        errors = list(deployment.errors)
        if isinstance(failure, pulumi.RunError) and not (errors or killed):
            errors.append(str(failure))
        elif failure is not None and not (errors or killed):
            raise failure  # the language host prints a traceback
        if not (errors or killed):
            gone = [state for urn, state in self.states.items() if urn not in deployment.registered]
            deleted, errors = self._delete(gone, preview)
            deployment.done |= deleted
            self.outputs = self.outputs if preview else deployment.outputs
        log, visible = self._log.warnings, deployment.visible
        return Run(deployment.done, errors, deployment.outputs, killed, deployment.created, log, visible)

    def _program(self, preview: bool) -> tuple[Deployment, BaseException | None]:
        project = self.project
        with (
            program_loop(ThreadPoolExecutor(_THREADS)) as loop,
            isolation.isolated(project.root),
            pulumi_private.without_positions(),
        ):
            config = providers_config(project.config)
            others = {name: stack.outputs for name, stack in self.others.items()}
            at_once = self._unguarded is not None
            deployment = Deployment(
                project.name, project.stack, config, loop, self.azure, self.states, preview, others, at_once
            )
            pulumi_private.connect(
                project=project.name,
                stack=project.stack,
                root=str(project.root),
                monitor=deployment,
                engine=self._log,
            )
            settings.SETTINGS.dry_run = preview
            pulumi_private.configure(project.config, project.secret_keys)
            try:
                loop.run_until_complete(pulumi_private.run_in_stack(self._execute))
            except Exception as error:
                return deployment, error
        return deployment, None

    def _execute(self) -> None:
        pulumi.runtime.register_stack_transformation(without_aliases)
        if self._unguarded is not None:
            pulumi.runtime.register_stack_transformation(self._unguarded)
        sys.path.insert(0, str(self.project.root))
        runpy.run_path(str(self.project.main), run_name="__main__")

    def destroy(self, first: str = "", may_fail: bool = False) -> Run:
        """Delete everything.

        Args:
            first: Optional. The name of a resource that is deleted before all others, whatever is in it.
            may_fail: Optional. Whether refusals are errors of the run.

        Raises:
            RefusedError: Azure refuses it.
        """
        states = list(self.states.values())
        self.outputs = {}
        run = Run(*self._delete(sorted(states, key=lambda each: each.name == first), preview=False))
        if run.errors and not may_fail:
            raise RefusedError("\n".join(run.errors))
        return run

    def preflight(self, program: Program | None = None) -> PreflightReport:
        """What `azure-llama preflight` reports.

        Args:
            program: Optional. What the program asks for; it is run when None.
        """
        planned = plan_stack(self.project, SUBSCRIPTION, TENANT, program=program)
        held = [each.id for each in self.states.values() if each.id]
        today = self.azure.clock.today()
        asked = plan(planned.settings, SUBSCRIPTION, planned.resources, today, held, planned.unlisted)
        client = self.azure.product_client()

        async def report() -> PreflightReport:
            async with client as arm:
                return await run(asked, Reader(arm), who="a test")

        return self.azure.run(report())

    def purge(self) -> list[NameFinding]:
        """What `azure-llama purge --yes` does."""
        planned = plan_stack(self.project, SUBSCRIPTION, TENANT)
        found = names.of(((each.type, each.id) for each in planned.resources), planned.settings.location)
        client = self.azure.product_client()

        async def purged() -> list[NameFinding]:
            async with client as arm:
                return await free(arm, await find_all(arm, found))

        return self.azure.run(purged())

    def _delete(self, states: list[State], preview: bool) -> tuple[dict[str, list[str]], list[str]]:
        """Delete resources, the last one first; ends at the first error, which is the second that it returns."""
        going = {state.urn for state in states}
        names: list[str] = []
        errors: list[str] = []
        for state in reversed(states):
            if state.id:
                names.append(state.name)
            if preview:
                continue
            try:
                if state.id and state.deleted_with not in going:
                    self.azure.provider("Delete", proto.DeleteRequest(id=state.id, urn=state.urn))
            except RefusedError as error:
                errors.append(f"{state.type} {state.name}: {error.details()}")
                break
            del self.states[state.urn]
        return ({"delete": names} if names else {}), errors

    def import_file(self) -> Filled:
        """What `azure-llama import-file` writes and lists."""
        created = self.preview().created
        entries = [{"type": type_, "name": urn.rsplit("::", 1)[-1]} for urn, type_ in created.items()]
        planned = plan_stack(self.project, SUBSCRIPTION, TENANT).resources
        client = self.azure.product_client()

        async def fill_in() -> Filled:
            async with client as arm:
                return await fill({"resources": entries}, planned, arm)

        filled = self.azure.run(fill_in())
        self._urns = {(type_, urn.rsplit("::", 1)[-1]): urn for urn, type_ in created.items()}
        return filled

    def import_(self, filled: Filled) -> None:
        """`pulumi import` of the file."""
        for entry in filled.resources:
            urn = self._urns[entry["type"], entry["name"]]
            found = self.azure.provider("Read", proto.ReadRequest(id=entry["id"], urn=urn))
            self.states[urn] = State(urn, entry["type"], found.id, decode(found.inputs), decode(found.properties))

    def refresh(self, urns: Collection[str]) -> None:
        """`pulumi refresh` of resources: the state becomes what Azure has."""
        for state in [state for state in self.states.values() if state.id and state.urn in urns]:
            found = self._read(state)
            if found.id:
                state.inputs, state.outputs = decode(found.inputs), decode(found.properties)
            else:
                del self.states[state.urn]

    def restore(self, report: Report) -> Run:
        """What the command does that a drift report prints: `--refresh`, `--target`, `--target-replace`."""
        self.refresh({each.urn for each in report.resources if not each.in_template})
        for urn in {each.urn for each in report.resources if each.in_template}:
            state = self.states.pop(urn)
            self.azure.provider("Delete", proto.DeleteRequest(id=state.id, urn=urn))
        return self.up()

    def _read(self, state: State) -> Any:
        inputs, outputs = encode(state.inputs), encode(state.outputs)
        return self.azure.provider(
            "Read", proto.ReadRequest(id=state.id, urn=state.urn, inputs=inputs, properties=outputs)
        )

    def steps(self) -> list[Step]:
        """What a refresh finds."""
        return [self._step(state) for state in self.states.values()]

    def _step(self, state: State) -> Step:
        if not state.id:
            return Step("same", state.urn, state.type, "", state.inputs, state.inputs)
        found = self._read(state)
        if not found.id:
            return Step("delete", state.urn, state.type, state.id, state.inputs, {})
        actual = State(state.urn, state.type, found.id, decode(found.inputs), decode(found.properties))
        difference = self.azure.provider("Diff", difference_request(actual, state.inputs, state.ignored))
        paths = tuple(path for path, detail in difference.detailedDiff.items() if detail.inputDiff)
        changed = "update" if difference.changes == difference.DIFF_SOME else "refresh"
        return Step(changed, state.urn, state.type, state.id, state.inputs, actual.inputs, paths, ignored=state.ignored)

    def drift(self) -> Report:
        """What `azure-llama drift` reports."""
        steps = self.steps()
        live = {each.id: self.azure.get(each.id, each.api_version) for each in stated(steps)}
        compared = sum(bool(step.id) for step in steps)
        return Report(self.project.name, self.project.stack, compared, drifted(steps, live))
