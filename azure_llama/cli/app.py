"""The `azure-llama` command: the group of all commands, and how each of them ends.

Each command is a module beside this one that is imported when the command is run or listed. It imports what it needs in
its body, so that `--help` stays quick.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import click

from azure_llama import __version__
from azure_llama.cli.errors import reported
from azure_llama.cli.groups import Commands
from azure_llama.cli.output import ready_stdout

COMMANDS = {
    "catalog": "Models, features, regions, sizes, prices, roles and limits, each fact with its source and date.",
    "check": "Hold a stack against the rules of the policy pack, as a first `pulumi preview` of it would.",
    "convert": "Print files for `az ml`, or serverless endpoints that retire, as the YAML of a stack.",
    "cost": "Estimate what a stack costs in a month of 730 hours.",
    "demo": "The dev stack in a local Azure: what `make demo` and `make demo-down` run.",
    "drift": "Compare what a deployed stack states with what Azure has: tags, settings, traffic, deleted resources.",
    "graph": "Draw what a stack makes, as a Mermaid flowchart, which GitHub and Azure DevOps show as a picture.",
    "import-file": "Write an import file for what the program declares and Azure has, outside the stack's state.",
    "init": "Write a new project: Pulumi.yaml, a program, the stack's file and the schema for an editor.",
    "keys": "Rotate the keys of an endpoint while its callers go on.",
    "logs": "Print the log of a container of a managed deployment, and why the deployment failed.",
    "pack": "Print the path to give to `pulumi preview --policy-pack`.",
    "pipelines": "Pipelines, or objects of the Pulumi Kubernetes Operator, that deploy the stacks of a project.",
    "preflight": "Ask Azure whether it would accept a stack: rights, providers, quota, regions, names, models.",
    "purge": "Show which names of a stack something deleted keeps, and with --yes set them free.",
    "quota": "Azure ML's quota of cores: what there is, and what a stack needs beyond it.",
    "router": "Configurations of routers over the endpoints of several stacks.",
    "sandbox": "A local Azure on loopback, to deploy into and to call.",
    "schema": "Print the JSON Schema of Pulumi.<stack>.yaml, for completion and error marks in an editor.",
    "smoke": "Call every endpoint of a stack: health, an answer, a stream, a bad request, a caller without a key.",
    "snippet": "Print a working program that asks ENDPOINT.",
}
"""All commands with the first sentence of their help, so that a list of them imports none.

The module of a command, and the command in it, have its name with `_` for `-`.
"""


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
    """Meta Llama on Azure Machine Learning."""
