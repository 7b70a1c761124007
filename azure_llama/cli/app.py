"""The `azure-llama` command group and its error handling.

Each command is a module beside this one that is imported when the command is run or listed. It imports what it needs in
its body, so that `--help` stays quick.
"""

from __future__ import annotations

import atexit
import gc
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import click

from azure_llama import __version__
from azure_llama.cli.errors import reported
from azure_llama.cli.groups import Commands
from azure_llama.cli.output import ready_stdout

COMMANDS = {
    "catalog": "Show models, features, regions, sizes, prices, roles and limits, each with its source and date.",
    "check": "Check a stack against the rules of the policy pack, as a first `pulumi preview` would.",
    "convert": "Convert `az ml` files, or serverless endpoints that retire, to the YAML of a stack.",
    "cost": "Estimate the monthly cost of a stack (730 hours).",
    "demo": "Run the dev stack in the local Azure emulator, as `make demo` and `make demo-down` do.",
    "drift": "Compare a deployed stack with Azure: tags, settings, traffic, deleted resources.",
    "graph": "Draw the resources of a stack as a Mermaid flowchart, which GitHub and Azure DevOps render.",
    "import-file": "Write an import file for declared resources that exist in Azure but not in the stack's state.",
    "init": "Create a project: Pulumi.yaml, a program, the stack's file and the schema for an editor.",
    "keys": "Rotate the keys of an endpoint without interrupting its callers.",
    "logs": "Print the container log of a managed deployment, and the reason if the deployment failed.",
    "pack": "Print the path to pass to `pulumi preview --policy-pack`.",
    "pipelines": "Generate pipelines, or Pulumi Kubernetes Operator objects, that deploy the stacks of a project.",
    "preflight": "Check permissions, providers, quota, regions, names and models in Azure before you deploy a stack.",
    "purge": "List the stack's names that soft-deleted resources hold, and release them with --yes.",
    "quota": "Show the core quota of Azure ML, and request the increase that a stack needs.",
    "router": "Generate router configurations over the endpoints of several stacks.",
    "sandbox": "Run a local Azure emulator on loopback, to deploy to and to call.",
    "schema": "Print the JSON Schema of Pulumi.<stack>.yaml, for completion and validation in an editor.",
    "smoke": "Call every endpoint of a stack: health, an answer, a stream, an invalid request, a missing key.",
    "snippet": "Print a working program that calls ENDPOINT.",
}
"""All commands with the first sentence of their help, so that listing them imports none of their modules.

The module of a command and its function have the command's name, with `_` in place of `-`.
"""
_OBJECTS = 2_000_000
"""Objects that a command creates before Python looks for garbage: more than a command without many resources has."""


class _Modules(Mapping[str, click.Command]):
    """The commands by name, each imported when it is looked up."""

    def __getitem__(self, name: str) -> click.Command:
        if name not in COMMANDS:
            raise KeyError(name)
        name = name.replace("-", "_")
        command: click.Command = getattr(import_module(f"azure_llama.cli.{name}"), name)
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class _Program(Commands):
    """All commands: UTF-8 on stdout, and one line on stderr with an exit code for an error."""

    def __call__(self, *arguments: Any, **settings: Any) -> Any:
        """Run the process's command. A caller that has other tasks uses `main`, which leaves its collector alone."""
        # Half a million classes and annotations of azure-native live until the end; to look at them for garbage on the
        # way, and once more at the end, takes a fifth of the time of a command that loads them.
        gc.set_threshold(_OBJECTS)
        atexit.register(gc.freeze)
        return super().__call__(*arguments, **settings)

    def summary(self, context: click.Context, name: str) -> str:
        """The first sentence of a command's help."""
        return COMMANDS[name]

    def make_context(self, *arguments: Any, **settings: Any) -> click.Context:
        """Parse the options. `--help` and `--version` print and end here."""
        ready_stdout()
        with reported():
            return super().make_context(*arguments, **settings)

    def invoke(self, context: click.Context) -> Any:
        """Run the command."""
        with reported():
            return super().invoke(context)


@click.group(
    cls=_Program,
    commands=_Modules(),
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
)
@click.version_option(__version__, prog_name="azure-llama", message="%(prog)s %(version)s")
def main() -> None:
    """Deploy and operate Meta Llama on Azure Machine Learning and Microsoft Foundry."""
