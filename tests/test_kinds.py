"""A kind of endpoint is one row of the catalogue and one object a package: nothing else asks what kind it is.

Beside modules of its own, a real kind needs an entry in these files:

1. `azure_llama/catalog/kinds.py`: its row
2. `azure_llama/settings/models.py`: the field that has its name
3. `components/azure_llama_components/kinds.py`: what makes its endpoints
4. `policies/azure_llama_policies/kinds.py`: how rules read its resources
5. `azure_llama/check/kinds.py`: where the YAML decides them
6. `azure_llama/preflight/kinds.py`: what is asked about them
7. `azure_llama/pricing/kinds.py`: what they cost
8. `azure_llama/inference/kinds.py`: how they are called
9. `Pulumi.yaml`: its key of the configuration
10. `sandbox/azure_llama_sandbox/arm/registry.py`: the resource that emulates it
11. `sandbox/azure_llama_sandbox/provider/resource_types/machine_learning.py`: what azure-native sends
12. `sandbox/azure_llama_sandbox/provider/functions.py`: the call that lists its keys, where it has some
"""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest

from azure_llama import pricing
from azure_llama.catalog.kinds import KINDS, MANAGED, SERVERLESS
from azure_llama.check.checking import check
from azure_llama.check.judging import Terms
from azure_llama.check.places import Places
from azure_llama.documents.errors import InputError
from azure_llama.inference import Endpoint
from azure_llama.preflight import Reader, Report, Status, plan, run
from azure_llama.preflight.plan import Plan
from azure_llama.settings import ManagedSettings, ServerlessSettings
from azure_llama.stack import project
from azure_llama.stack import settings as stack_settings
from azure_llama.stack.planned import plan_stack
from azure_llama.stack.program import plan as run_program
from azure_llama.stack.project import Project
from azure_llama_sandbox.hosts import FOUNDRY_DOMAINS, INFERENCE_DOMAINS
from tests.azure_llama.preflight.harness import SUBSCRIPTION, Cloud
from tests.conftest import ROOT
from tests.toy import kind as toy

TODAY = date(2026, 11, 25)
PROGRAM = """\
import pulumi
from azure_llama_components import make_workspace, read_settings
from azure_llama_components.kinds import all_endpoints
from tests.toy import kind

settings = read_settings(kind.CATALOG, kind.ToySettings)
endpoints = all_endpoints(settings, make_workspace(settings), {}, kind.MAKERS)
pulumi.export("endpoints", {name: endpoint.outputs for name, endpoint in endpoints.items()})
"""
CONFIG = """\
config:
  azure-native:location: eastus2
  azure-llama:workspace:
    name: llama-dev
  azure-llama:toy:
    robot:
      model: Llama-3.3-70B-Instruct
      colour: blue
"""


@pytest.fixture
def make(tmp_path: Path) -> Any:
    """Writes a project whose stacks may have toys: config -> project."""

    def write(config: str = CONFIG) -> Project:
        (tmp_path / "Pulumi.yaml").write_text("name: toys\nruntime: python\n")
        (tmp_path / "Pulumi.dev.yaml").write_text(config)
        (tmp_path / "__main__.py").write_text(PROGRAM)
        return replace(project.load(tmp_path), kinds=toy.CATALOG.kinds)

    return write


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Cloud]:
    cloud = Cloud(tmp_path / "sandbox.db")
    yield cloud
    cloud.close()


def ask(planned: Plan, cloud: Cloud) -> Report:
    """A preflight of a plan."""

    async def asked() -> Report:
        async with cloud.client() as arm:
            return await run(planned, Reader(arm), who="a test")

    return asyncio.run(asked())


def test_settings_iterate_over_a_third_kind(make: Any) -> None:
    settings = stack_settings.load(make(), toy.ToySettings)
    (endpoint,) = settings.endpoints()
    assert (endpoint.kind, endpoint.place, endpoint.settings.colour) == (toy.TOY, "toy.robot", "blue")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("colour: blue", "colour: green", "Pulumi.dev.yaml:8:15: azure-llama:toy.robot.colour: 'green' is not 'red'"),
        ("colour: blue", "color: blue", "azure-llama:toy.robot.color: 'color' is not a key here; did you mean"),
        ("azure-llama:toy:", "azure-llama:toys:", "azure-llama:toys: is not a key of this project; did you mean"),
        ("robot:", "r:", "azure-llama:toy.r: 'r' has 1 character"),
        (
            "config:\n",
            "config:\n  azure-llama:serverless:\n    Robot:\n      model: Llama-3.3-70B-Instruct\n",
            "azure-llama:toy.robot: 'robot' is also the name of a serverless endpoint",
        ),
        ("    name: llama-dev\n", "    name: llama-dev\n    kind: Hub\n", "azure-llama:toy: cannot be in a workspace"),
    ],
)
def test_settings_report_the_errors_of_a_third_kind(make: Any, old: str, new: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        stack_settings.load(make(CONFIG.replace(old, new)), toy.ToySettings)
    assert says in str(caught.value)


def test_check_passes_a_third_kind_and_finds_its_lines(make: Any) -> None:
    found = make()
    report = check(found, Terms(TODAY, catalog=found.catalog), kinds=toy.PLACES)
    assert report.ok
    (resource,) = (each for each in report.resources if each.type == f"azure-native:{toy.TYPE}")
    places = Places(found, toy.PLACES)
    lines = [places.of(resource, path).line for path in (None, "properties.modelId", "properties.paint.colour")]
    assert lines == [6, 7, 8]
    outputs = run_program(found).outputs
    assert outputs["endpoints"]["robot"]["kind"] == "toy"


def test_cost_estimates_a_third_kind(make: Any) -> None:
    settings = stack_settings.load(make(), toy.ToySettings)
    estimate = pricing.estimate(settings, volumes={"robot": pricing.Volume(1e6, 2e6)}, today=TODAY, kinds=toy.ESTIMATES)
    lines = [line for line in estimate.lines if line.resource == "toy.robot"]
    assert [line.unit for line in lines] == ["million tokens", "million tokens"]
    assert all(line.monthly is not None for line in lines)
    assert pricing.paid_by_token(settings) == ["robot"]


def test_preflight_asks_about_a_third_kind(make: Any, cloud: Cloud) -> None:
    stack = plan_stack(make(), SUBSCRIPTION, model=toy.ToySettings)
    assert not stack.unlisted
    planned = plan(stack.settings, stack.subscription, stack.resources, TODAY, kinds=toy.QUESTIONS)
    (endpoint,) = planned.endpoints
    id_ = planned.id_of(endpoint)
    assert (toy.TOY.collection, id_) in {(each.type.rsplit("/", 1)[-1], each.id) for each in stack.resources}
    report = ask(planned, cloud)
    results = {check.name: {each.subject: each.status for each in check.results} for check in report.runs}
    assert results["lifecycle"] == {"toy.robot": Status.PASS}
    assert results["endpoint-names"] == {"toy.robot": Status.PASS}
    assert results["limits"] == {"endpoints in eastus2": Status.PASS}
    assert Status.FAIL not in {status for run_ in results.values() for status in run_.values()}


def test_clients_keep_the_pace_of_a_third_kind() -> None:
    output = {"kind": "toy", "uri": "https://robot.toys.example", "model": "Llama-3.3-70B-Instruct"}
    endpoint = Endpoint.from_output("robot", output, "a-key", kinds=toy.ACCESS)
    assert (endpoint.requests_per_minute, endpoint.url("score")) == (60, None)
    with pytest.raises(ValueError, match="not an endpoint of the stack's outputs; kind is 'toy'"):
        Endpoint.from_output("robot", output, "a-key")


@pytest.mark.parametrize(("kind", "model"), [(SERVERLESS, ServerlessSettings), (MANAGED, ManagedSettings)])
def test_settings_take_the_auth_modes_of_the_catalogue(kind: Any, model: Any) -> None:
    assert get_args(model.model_fields["auth"].annotation) == kind.auth_modes


def test_the_sandbox_answers_under_the_hosts_of_the_catalogue() -> None:
    assert {host for kind in KINDS for host in kind.hosts} == {*INFERENCE_DOMAINS, *FOUNDRY_DOMAINS}


def test_preflight_skips_what_a_stack_without_endpoints_has_none_of(make: Any, cloud: Cloud) -> None:
    stack = plan_stack(make(CONFIG.partition("  azure-llama:toy:")[0]), SUBSCRIPTION, model=toy.ToySettings)
    planned = plan(stack.settings, stack.subscription, stack.resources, TODAY, kinds=toy.QUESTIONS)
    report = ask(planned, cloud)
    skipped = {check.name for check in report.runs if {each.status for each in check.results} == {Status.SKIPPED}}
    assert {"lifecycle", "model-region", "vm-size", "quota", "limits", "endpoint-names"} <= skipped


ROWS_OF_MODELS = {
    Path("azure_llama/catalog", name)
    for name in ("llama_models.py", "tables.py", "overlay/relations.py", "overlay/rows.py")
}
"""How a model is offered is in two fields of its row, `serverless` and `managed`."""
MAKERS = Path("components/azure_llama_components/from_settings.py")
"""What the components' table of kinds is made of."""
NAMES = {text for kind in KINDS for text in (kind.name, kind.setting, kind.collection, kind.endpoint_type)}


def leaks(tree: ast.AST) -> Iterator[int]:
    """Lines that spell out what identifies a kind, compare a kind, or take the endpoints of one kind."""
    rows = {kind.name.upper() for kind in KINDS}
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if text in NAMES:
                yield node.lineno
            case ast.Attribute(value=ast.Name(id="settings") | ast.Attribute(attr="settings"), attr=attr):
                if attr in NAMES:
                    yield node.lineno
            case ast.Compare():
                compared = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
                if compared & rows:
                    yield node.lineno


def sources() -> Iterator[Path]:
    """The product's modules, without those of a kind and the sandbox, which has its own reading of Azure."""
    yield Path("__main__.py")
    for package in ("azure_llama", "components", "policies"):
        for path in sorted((ROOT / package).rglob("*.py")):
            own = path.name == "kinds.py" or path.stem.startswith(tuple(kind.name for kind in KINDS))
            module = path.relative_to(ROOT)
            if not own and module not in ROWS_OF_MODELS and module != MAKERS:
                yield module


def test_nothing_else_asks_what_kind_an_endpoint_is() -> None:
    found = [f"{path}:{line}" for path in sources() for line in leaks(ast.parse((ROOT / path).read_text("utf-8")))]
    assert not found


@pytest.mark.parametrize(
    "code",
    ["kind == 'managed'", "plan.settings.serverless", "endpoint.kind is SERVERLESS", "x = {'onlineEndpoints': 1}"],
)
def test_a_leak_is_seen(code: str) -> None:
    assert list(leaks(ast.parse(code))) == [1]
