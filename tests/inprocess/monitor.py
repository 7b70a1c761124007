"""The engine's side of a program that runs in this process: each resource is checked, compared, and deployed at once.

It follows Pulumi's engine in what the components rely on: `ignoreChanges`, hooks, half-made resources, replacements,
the order of deletions. It deploys one resource at a time, and ends at the first error.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2 as proto
from pulumi.runtime.proto import resource_pb2

from azure_llama.drift.changes import segments
from azure_llama.stack.monitor import Monitor
from azure_llama_policies.resource_types import STACK
from azure_llama_sandbox.provider.values import decode, encode
from tests.inprocess.azure import Azure
from tests.inprocess.state import State, difference_request, keep
from tests.inprocess.visible import secret_paths, shown
from tests.inprocess.wire import RefusedError

_DIFFERS = proto.DiffResponse.DIFF_SOME
_AZURE = "azure-native:"
_STACK_REFERENCE = "pulumi:pulumi:StackReference"


class _StoppedError(grpc.RpcError):  # type: ignore[misc]  # grpc has no types
    """What a program hears of an engine that has ended the deployment."""

    def code(self) -> grpc.StatusCode:
        return grpc.StatusCode.UNAVAILABLE

    def details(self) -> str:
        return "the deployment has ended"


class Deployment(Monitor):
    """One `preview` or `up`.

    Args:
        project, stack, provider, loop: Required. As for `Monitor`.
        azure: Required. Where it deploys to.
        states: Required. The stack's state, by URN; changed as resources are.
        preview: Required. Whether nothing is to be changed.
        others: Optional. The outputs of other stacks, by their full names.
        at_once: Optional. Whether resources that do not wait for each other are deployed side by side.
    """

    def __init__(
        self,
        project: str,
        stack: str,
        provider: Mapping[str, str],
        loop: asyncio.AbstractEventLoop,
        azure: Azure,
        states: dict[str, State],
        preview: bool,
        others: Mapping[str, Mapping[str, Any]] | None = None,
        at_once: bool = False,
    ) -> None:
        super().__init__(project, stack, provider, loop)
        self.done: dict[str, list[str]] = {}
        """Names of resources by what was done to them: `create`, `update`, `replace`, `delete`."""
        self.registered: set[str] = set()
        self.created: dict[str, str] = {}
        """Types of the resources that are created, by URN."""
        self.outputs: dict[str, Any] = {}
        self.errors: list[str] = []
        self.visible: list[str] = []
        """What Pulumi shows of resources and outputs, in its state, plan and event log."""
        self.died: BaseException | None = None
        self._azure = azure
        self._states = states
        self._preview = preview
        self._others = others or {}
        self._hooks: dict[str, resource_pb2.RegisterResourceHookRequest] = {}
        self._error_hooks: dict[str, resource_pb2.RegisterErrorHookRequest] = {}
        self._on_error: dict[str, list[str]] = {}
        self._kept: set[str] = set()
        self._deploying = nullcontext() if at_once else threading.Lock()

    # -- what the SDK calls ------------------------------------------------------------------------

    def RegisterResource(self, request: Any) -> Any:
        """Deploy a resource."""
        urn = self._urn(request.parent, request.type, request.name)
        if request.type == STACK:
            self._root = urn
            return resource_pb2.RegisterResourceResponse(urn=urn)
        transformed = self._transformed(request, urn)
        inputs, secrets = decode(transformed), {*secret_paths(transformed), *request.additionalSecretOutputs}
        self.visible.append(shown(inputs, secrets))
        with self._deploying:
            self._require_running()
            self.registered.add(urn)
            try:
                if not request.custom or not request.type.startswith(_AZURE):
                    return self._component(request, urn, inputs)
                state = self._resource(request, urn, inputs)
            except RefusedError as error:
                self.errors.append(f"{request.type} {request.name}: {error.details()}")
                raise _StoppedError from error
            except BaseException as error:
                self.died = error
                raise _StoppedError from error
        self.visible.append(shown(state.outputs, secrets))
        return resource_pb2.RegisterResourceResponse(urn=urn, id=state.id, object=encode(state.outputs))

    def RegisterResourceOutputs(self, request: Any) -> Any:
        """Keep the stack's outputs."""
        self.visible.append(shown(request.outputs, secret_paths(request.outputs)))
        if request.urn == self._root:
            self.outputs = decode(request.outputs)
        return empty_pb2.Empty()

    def RegisterResourceHook(self, request: Any) -> Any:
        """Keep a hook."""
        self._hooks[request.name] = request
        return empty_pb2.Empty()

    def RegisterErrorHook(self, request: Any) -> Any:
        """Keep a hook."""
        self._error_hooks[request.name] = request
        return empty_pb2.Empty()

    def ReadResource(self, request: Any) -> Any:
        """Look at a resource that exists already."""
        urn = self._urn(request.parent, request.type, request.name)
        self._require_running()
        if request.type == _STACK_REFERENCE:
            outputs = {"name": request.id, "outputs": dict(self._others[request.id]), "secretOutputNames": []}
            return resource_pb2.ReadResourceResponse(urn=urn, id=request.id, properties=encode(outputs))
        found = self._azure.provider("Read", proto.ReadRequest(id=request.id, urn=urn))
        return resource_pb2.ReadResourceResponse(urn=urn, id=found.id, properties=found.properties)

    def Invoke(self, request: Any) -> Any:
        """Call a function of the provider."""
        self._require_running()
        try:
            answer = self._azure.provider("Invoke", proto.InvokeRequest(tok=request.tok, args=request.args))
        except RefusedError as error:
            raise RefusedError(f"invocation of {request.tok} returned an error: {error.details()}") from error
        response = resource_pb2.ResourceInvokeResponse()
        getattr(response, "return").CopyFrom(getattr(answer, "return"))
        return response

    # -- one resource ------------------------------------------------------------------------------

    def _require_running(self) -> None:
        if self.errors or self.died:
            raise _StoppedError

    def _keep(self, state: State) -> None:
        """Put it at the end of the state, which is in the order of the last deployment, as the engine's is."""
        self._states.pop(state.urn, None)
        self._states[state.urn] = state
        self._kept.add(state.urn)

    def end(self) -> None:
        """Put what the deployment did not come to after the rest, as the engine does."""
        for urn in [urn for urn in self._states if urn not in self._kept]:
            self._states[urn] = self._states.pop(urn)

    def _component(self, request: Any, urn: str, inputs: dict[str, Any]) -> Any:
        old = self._states.get(urn)
        if old is not None and old.inputs != inputs:
            self._call_hooks(request.hooks.before_update, old, inputs)
        if not self._preview:
            self._keep(State(urn, request.type, inputs=inputs, outputs=inputs))
        return resource_pb2.RegisterResourceResponse(urn=urn, object=encode(inputs))

    def _resource(self, request: Any, urn: str, inputs: dict[str, Any]) -> State:
        old = self._states.get(urn)
        self._on_error[urn] = list(request.hooks.on_error)
        ignored = tuple(request.ignoreChanges)
        if old is not None:
            for path in ignored:
                keep(segments(path), old.inputs, inputs)
        inputs = self._checked(urn, old, inputs)
        state = State(urn, request.type, "", inputs, {}, ignored, request.deletedWith, request.protect)
        if old is None:
            return self._create(state)
        state.id, state.outputs, state.unfinished = old.id, old.outputs, old.unfinished
        difference = self._azure.provider("Diff", difference_request(old, inputs, ignored))
        if difference.replaces:
            return self._replace(state, old, difference.deleteBeforeReplace or request.deleteBeforeReplace)
        if difference.changes == _DIFFERS or old.unfinished:
            self._call_hooks(request.hooks.before_update, old, inputs)
            return self._update(state, old)
        if not self._preview:
            self._keep(state)
        return state

    def _checked(self, urn: str, old: State | None, inputs: dict[str, Any]) -> dict[str, Any]:
        olds = encode(old.inputs) if old is not None else None
        answer = self._azure.provider("Check", proto.CheckRequest(urn=urn, news=encode(inputs), olds=olds))
        if answer.failures:
            raise RefusedError("; ".join(failure.reason for failure in answer.failures))
        return decode(answer.inputs)

    def _create(self, state: State) -> State:
        self._note("create", state)
        self.created[state.urn] = state.type
        request = proto.CreateRequest(urn=state.urn, properties=encode(state.inputs), preview=self._preview)
        answer = self._written("Create", request, state)
        state.id, state.outputs = answer.id, decode(answer.properties)
        return state

    def _update(self, state: State, old: State) -> State:
        self._note("update", state)
        request = proto.UpdateRequest(
            id=old.id,
            urn=state.urn,
            news=encode(state.inputs),
            olds=encode(old.outputs),
            old_inputs=encode(old.inputs),
            preview=self._preview,
        )
        state.outputs, state.unfinished = decode(self._written("Update", request, state).properties), ""
        return state

    def _replace(self, state: State, old: State, delete_first: bool) -> State:
        self._note("replace", state)
        if delete_first and not self._preview:
            self._azure.provider("Delete", proto.DeleteRequest(id=old.id, urn=old.urn))
            del self._states[old.urn]
        state.unfinished = ""
        made = self._create(state)
        if not delete_first and not self._preview:
            self._azure.provider("Delete", proto.DeleteRequest(id=old.id, urn=old.urn))
        return made

    def _written(self, method: str, request: Any, state: State) -> Any:
        """The provider's answer; the state keeps a resource that is half-made."""
        try:
            answer = self._azure.provider(method, request)
        except RefusedError as error:
            if error.unfinished is not None:
                state.id, state.outputs = error.unfinished.id, decode(error.unfinished.properties)
                state.inputs, state.unfinished = decode(error.unfinished.inputs), error.details()
                self._keep(state)
            self._call_error_hooks(method.lower(), state, error)
            raise
        if not self._preview:
            self._keep(state)
        return answer

    def _note(self, operation: str, state: State) -> None:
        self.done.setdefault(operation, []).append(f"{state.type.removeprefix(_AZURE)} {state.name}")

    def _call_hooks(self, names: Any, old: State, inputs: dict[str, Any]) -> None:
        for hook in (self._hooks[name] for name in names):
            if self._preview and not hook.on_dry_run:
                continue
            request = resource_pb2.ResourceHookRequest(
                urn=old.urn,
                id=old.id,
                name=old.name,
                type=old.type,
                old_inputs=encode(old.inputs),
                new_inputs=encode(inputs),
                old_outputs=encode(old.outputs),
            )
            answer = self._called(hook, request)
            if answer.error:
                raise RefusedError(f'before hook "{hook.name}" failed: {answer.error}')

    def _call_error_hooks(self, operation: str, state: State, error: RefusedError) -> None:
        for hook in (self._error_hooks[name] for name in self._on_error[state.urn]):
            request = resource_pb2.ErrorHookRequest(
                urn=state.urn,
                id=state.id,
                name=state.name,
                type=state.type,
                new_inputs=encode(state.inputs),
                failed_operation=operation,
                errors=[error.details()],
            )
            answer = self._called(hook, request)
            assert (answer.error, answer.retry) == ("", False)

    def _called(self, hook: Any, request: Any) -> Any:
        run = self.callbacks.run(hook.callback.token, request.SerializeToString())
        return asyncio.run_coroutine_threadsafe(run, self._loop).result()
