"""A stack whose programs run inline on the real engine, by the Automation API; Azure stays in this process."""

from __future__ import annotations

import json
import os
import runpy
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Any

import pulumi
import yaml
from pulumi import automation as auto
from pulumi.automation import EngineEvent
from pulumi.automation._stack import StackInitMode

from azure_llama import engine
from azure_llama.drift.refresh import Step, steps
from azure_llama.drift.report import Report
from azure_llama.stack.import_file import Filled, fill
from azure_llama.stack.planned import plan_stack
from azure_llama.stack.project import Project
from azure_llama_sandbox.environment import scrubbed
from azure_llama_sandbox.world import SUBSCRIPTION, TENANT
from tests.e2e import inline_programs
from tests.inprocess.aliases import without_aliases
from tests.inprocess.azure import Azure
from tests.inprocess.stack import Run, Stack
from tests.inprocess.state import State

_SECRET = "4dabf18193072939515e22adb298388d"
_DONE = {"create": "create", "update": "update", "create-replacement": "replace", "delete": "delete"}
_KILLED = "code: -9"


class _Quiet(auto.Stack):
    """A stack that is not asked for outputs and history after each command: nobody reads the answers."""

    def outputs(self) -> dict[str, auto.OutputValue]:
        return {}

    def info(self, show_secrets: bool = True) -> auto.UpdateSummary | None:
        return auto.UpdateSummary("update", datetime.now(UTC), "", {}, {}, "succeeded")


class EngineStack(Stack):
    """One stack; each command is a person's, and the state is what Pulumi keeps.

    Args:
        project: Required. The project with its configuration.
        azure: Required. Where it is deployed.
    """

    def __init__(self, project: Project, azure: Azure) -> None:
        super().__init__(project, azure)
        self._folder = azure.home.path / "engine"
        self._folder.mkdir(exist_ok=True)
        for old in self._folder.glob("state/**/*.json*"):
            old.unlink()
        (self._folder / "state").mkdir(exist_ok=True)
        self._server, port = azure.serve()
        self._stack = _Quiet(project.stack, self._workspace(port), StackInitMode.CREATE)

    def _workspace(self, port: int) -> auto.LocalWorkspace:
        room = engine.find()
        assert room is not None, "no Pulumi CLI: run `make setup`"
        path = os.pathsep.join([*map(str, engine.search_path(room)), os.environ["PATH"]])
        backend = (self._folder / "state").as_uri()
        own = {
            "PATH": path,
            "PULUMI_BACKEND_URL": backend,
            "PULUMI_HOME": str(self._folder / "home"),
            "PULUMI_CONFIG_PASSPHRASE": "of a test",
            "PULUMI_DEBUG_PROVIDERS": f"azure-native:{port}",
            "PULUMI_SKIP_UPDATE_CHECK": "1",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "1",
            "PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER": "1",
        }
        os.environ["PATH"] = path
        settings = auto.ProjectSettings(self.project.name, "python", backend=auto.ProjectBackend(backend))
        return auto.LocalWorkspace(
            program=self._program_inline,
            env_vars={**scrubbed(os.environ), **own},
            project_settings=settings,
            pulumi_command=auto.PulumiCommand(),
        )

    def _program_inline(self) -> None:
        pulumi.runtime.register_stack_transformation(without_aliases)
        runpy.run_path(str(self.project.main), run_name="__main__")

    def close(self) -> None:
        """End the provider."""
        self.azure.run(self._server.stop(None))

    # -- what the engine does ------------------------------------------------------------------------

    def preview(self) -> Run:
        """`pulumi preview`."""
        return self._do(self._stack.preview)

    def up(self, **options: Any) -> Run:
        """`pulumi up`."""
        return self._do(self._stack.up, **options)

    def destroy(self, first: str = "", may_fail: bool = False) -> Run:
        """`pulumi destroy`."""
        assert (first, may_fail) == ("", True)
        return self._do(self._stack.destroy)

    def refresh(self, urns: Collection[str]) -> None:
        """`pulumi refresh` of resources."""
        run = self._do(self._stack.refresh, target=sorted(urns))
        assert run.errors == [], run.errors

    def restore(self, report: Report) -> Run:
        """What the command does that a drift report prints."""
        templates = sorted({each.urn for each in report.resources if each.in_template})
        plain = {each.urn for each in report.resources if not each.in_template}
        if plain:
            self.refresh(plain)
        return self.up(**({"replace": templates} if templates else {}))

    def steps(self) -> list[Step]:
        """`pulumi refresh --preview-only`."""
        return steps(self._pulumi("refresh", "--preview-only", "--json", "--config-file", self._config()))

    def import_file(self) -> Filled:
        """`azure-llama import-file`."""
        path = self._folder / "import.json"
        run = self._do(self._stack.preview, import_file=str(path))
        assert run.errors == [], run.errors
        planned = plan_stack(self.project, SUBSCRIPTION, TENANT).resources
        client = self.azure.product_client()

        async def fill_in() -> Filled:
            async with client as arm:
                return await fill(json.loads(path.read_text()), planned, arm)

        return self.azure.run(fill_in())

    def import_(self, filled: Filled) -> None:
        """`pulumi import`."""
        if filled.resources:
            path = self._folder / "import.json"
            path.write_text(json.dumps(filled.document))
            options = ("--generate-code=false", "--protect=false", "--config-file", self._config())
            self._pulumi("import", "--yes", "--file", str(path), *options)
            self._load()

    # -- how it is asked -----------------------------------------------------------------------------

    def _config(self) -> str:
        path = self._folder / f"Pulumi.{self.project.stack}.yaml"
        path.write_text(yaml.safe_dump({"config": dict(self.project.config)}))
        return str(path)

    def _pulumi(self, *arguments: str) -> str:
        return str(self._stack._run_pulumi_cmd_sync(list(arguments)).stdout)

    def _do(self, command: Callable[..., Any], **options: Any) -> Run:
        """Run a command; its outputs and the state that it leaves are read after it."""
        run = Run({})

        def note(event: EngineEvent) -> None:
            run.visible.append(json.dumps(event, default=vars))
            _note(run, event)

        assert inline_programs.idle.wait(60), "the program before has not ended"
        try:
            done = command(on_event=note, color="never", config_file=self._config(), **options)
            run.visible += [done.stdout, done.stderr]
        except auto.CommandError as error:
            run.visible.append(str(error))
            run.killed = _KILLED in str(error)
            run.errors = [] if run.killed else run.errors or [str(error)]
        if run.killed:
            self._stack.cancel()
        if command != self._stack.preview:
            self._load()
        run.visible += [path.read_text() for path in self._folder.glob("state/**/*.json")]
        run.outputs = self.outputs
        return run

    def _load(self) -> None:
        """Keep the state as the program's own has it, secrets in clear."""
        exported = json.loads(self._pulumi("stack", "export", "--show-secrets"))
        self.states, self.outputs = {}, {}
        for each in exported["deployment"].get("resources", ()):
            if each["type"] == "pulumi:pulumi:Stack":
                self.outputs = _plain(each.get("outputs", {}))
            elif not each["type"].startswith("pulumi:"):
                inputs, outputs = _plain(each.get("inputs", {})), _plain(each.get("outputs", {}))
                ignored = tuple(each.get("ignoreChanges", ()))
                self.states[each["urn"]] = State(
                    each["urn"], each["type"], each.get("id", ""), inputs, outputs, ignored
                )


def _note(run: Run, event: EngineEvent) -> None:
    """Note what an event says was done, or went wrong."""
    if event.resource_pre_event is not None:
        data = event.resource_pre_event.metadata
        operation = _DONE.get(data.op.value, "")
        if operation and data.type.startswith("azure-native:"):
            name = data.urn.rsplit("::", 1)[-1]
            shown = name if operation == "delete" else f"{data.type.removeprefix('azure-native:')} {name}"
            run.done.setdefault(operation, []).append(shown)
    if event.diagnostic_event is not None and event.diagnostic_event.severity == "error":
        run.errors.append(event.diagnostic_event.message)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return (
            json.loads(value["plaintext"]) if _SECRET in value else {key: _plain(each) for key, each in value.items()}
        )
    return [_plain(each) for each in value] if isinstance(value, list) else value
