"""The whole stack as one component: the resources of the program, and what other languages see of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from azure_llama.documents.errors import InputError
from azure_llama.settings import Settings
from azure_llama.settings.wire import options
from azure_llama.stack.program import Program, run
from azure_llama.stack.project import load
from azure_llama_components.stack_args import IDS
from tests.sandbox.harness import ROOT

SCHEMA = json.loads((ROOT / "plugin" / "schema.json").read_text())
LLAMA = SCHEMA["resources"]["azure-llama:index:LlamaStack"]
PREFIX = "azure-llama:index:LlamaStack$"
PROGRAM = """import json, pulumi
from azure_llama_components import LlamaStack
args = json.loads({text!r})
{more}
stack = LlamaStack("llama", args)
for name in ("workspace", "endpoints", "keys", "marketplace", "budget"):
    pulumi.export(name, getattr(stack, name))
"""


def _args(stack: str = "Pulumi.dev.yaml") -> dict[str, Any]:
    config = yaml.safe_load((ROOT / stack).read_text())["config"]
    return {key.partition(":")[2]: value for key, value in config.items()}


def _program(folder: Path, args: dict[str, Any], more: str = "") -> Program:
    (folder / "Pulumi.yaml").write_text("name: azure-llama\nruntime: python\n")
    (folder / "Pulumi.dev.yaml").write_text(f"config: {{azure-native:location: {args['location']}}}\n")
    (folder / "__main__.py").write_text(PROGRAM.format(text=json.dumps(args, default=str), more=more))
    return run(load(folder, "dev"))


@pytest.mark.parametrize("name", ["Pulumi.dev.yaml", "examples/hardened/Pulumi.hardened.yaml"])
def test_the_same_arguments_make_the_same_resources_as_the_program(tmp_path: Path, name: str) -> None:
    component = _program(tmp_path, _args(name))
    program = run(load(ROOT, "dev", ROOT / name))
    made = {each.urn.replace(PREFIX, ""): each.props for each in component.resources}
    wanted = {each.urn: each.props for each in program.resources}
    assert made.keys() - wanted.keys() == {"urn:pulumi:dev::azure-llama::azure-llama:index:LlamaStack::llama"}
    stack = next(urn for urn in wanted if "pulumi:pulumi:Stack" in urn)
    assert {urn: props for urn, props in wanted.items() if urn != stack}.items() <= made.items()


def test_the_component_is_the_parent_of_everything(tmp_path: Path) -> None:
    program = _program(tmp_path, _args())
    azure = [each.urn for each in program.resources if each.type.startswith("azure-native:")]
    assert azure
    assert all(PREFIX in urn for urn in azure)


def test_whole_numbers_may_come_as_doubles(tmp_path: Path) -> None:
    args = _args()
    args["managed"]["llama-8b"]["deployments"]["blue"]["instances"] = 1.0
    assert _program(tmp_path, args).resources


def test_an_id_may_be_an_output_of_another_resource(tmp_path: Path) -> None:
    id_ = "/subscriptions/5a0d80c5-11a3-4a5d-9b0e-000000000001/resourceGroups/rg/providers/Microsoft.Network"
    subnet = f"{id_}/virtualNetworks/v/subnets/s"
    args = {**_args(), "workspace": {"name": "llama-dev"}}
    network = {"publicNetworkAccess": "Disabled", "privateEndpoint": {"subnetId": "SUBNET"}}
    args["workspace"]["network"] = network
    args["managed"], args["serverless"] = {}, {}
    given = f'args["workspace"]["network"]["privateEndpoint"]["subnetId"] = pulumi.Output.from_input({subnet!r})'
    made = _program(tmp_path, args, given)
    (endpoint,) = (each for each in made.resources if each.type == "azure-native:network:PrivateEndpoint")
    assert endpoint.props["subnet"] == {"id": subnet}
    assert PREFIX in endpoint.urn


def test_errors_of_the_arguments_are_reported_together(tmp_path: Path) -> None:
    args = _args()
    args["managed"]["llama-8b"]["deployments"]["blue"] |= {"vmSize": "Standard_NC24", "traffic": 300}
    with pytest.raises(InputError) as raised:
        _program(tmp_path, args)
    text = str(raised.value)
    assert "vmSize" in text
    assert "traffic" in text


def test_the_schema_has_an_argument_for_each_option() -> None:
    for option in options(Settings):
        properties = LLAMA["inputProperties"]
        if option.owner is not Settings:
            properties = SCHEMA["types"][f"azure-llama:index:{option.owner.__name__.removesuffix('Settings')}"][
                "properties"
            ]
        assert properties[option.keys[-1]]["description"], option.keys
    assert LLAMA.get("requiredInputs", []) == []
    assert LLAMA["properties"]["keys"]["secret"] is True


def test_ids_take_outputs_and_everything_else_is_plain() -> None:
    for option in options(Settings):
        properties = LLAMA["inputProperties"]
        if option.owner is not Settings:
            properties = SCHEMA["types"][f"azure-llama:index:{option.owner.__name__.removesuffix('Settings')}"][
                "properties"
            ]
        found = properties[option.keys[-1]]
        plain = found.get("items", found).get("plain", False)
        assert plain is (".".join(option.keys) not in IDS), option.keys
    assert {".".join(option.keys) for option in options(Settings)} >= IDS
