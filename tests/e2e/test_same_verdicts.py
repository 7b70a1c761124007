"""The same verdicts, rule for rule and resource for resource: by the engine before and after, and by the check alone.

Over every example, and over stacks that break one rule each. Where Azure takes a broken stack, it is deployed, and the
engine judges its state; where a mandatory rule says that Azure would refuse it, the state is one in a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml

from tests.e2e.broken.stacks import AS_OF, PROJECT, Broken, days, stacks
from tests.e2e.harness import ROOT, Azure
from tests.e2e.verdicts import Checked, Said, Ways

pytestmark = pytest.mark.engine

BROKEN = tuple(stacks())
EXAMPLES = (
    ROOT / "Pulumi.dev.yaml",
    *(
        path
        for path in sorted((ROOT / "examples").glob("*/Pulumi.*.yaml"))
        # The containers need a workspace with a model and code (test_containers), the gateway its members' stacks
        # (test_gateway).
        if path.parent.name != "containers" and path.name != "Pulumi.gateway.yaml"
    ),
)


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azure]:
    """A sandbox in which nothing takes long."""
    sandbox = Azure(tmp_path_factory.mktemp("verdicts") / "home")
    # The day that the examples were written for, which a shared quota counts from.
    sandbox.start(100_000.0, as_of=AS_OF)
    yield sandbox
    sandbox.cli("stop", check=False)


@pytest.fixture(scope="module")
def raw(azure: Azure, pack: str, tmp_path_factory: pytest.TempPathFactory) -> Ways:
    """The three ways for programs that register what a file says."""
    return Ways(azure, tmp_path_factory.mktemp("raw"), pack, PROJECT)


@pytest.fixture(scope="module")
def ours(azure: Azure, pack: str, tmp_path_factory: pytest.TempPathFactory) -> Ways:
    """The three ways for this project's own program."""
    return Ways(azure, tmp_path_factory.mktemp("ours"), pack, ROOT)


def agree_on_what_is_known(deployed: Said, checked: Checked) -> None:
    """What was unknown before the deployment may be found out after it; nothing else may differ."""
    blind = checked.said.blind
    assert deployed.places - blind == checked.said.places - blind
    assert deployed.blind <= blind


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_a_broken_stack(raw: Ways, broken: Broken) -> None:
    raw.prepare(raw.spec(broken), broken.config)
    checked = raw.check()
    for rule, resources in broken.rule.items():
        assert {(rule, resource) for resource in resources} <= checked.said.places
    with ThreadPoolExecutor(1) as beside:
        # Two stacks, two engines: the one need not wait for the other.
        preview = beside.submit(raw.preview)
        deployed = not checked.refused and raw.up()
        judged = raw.analyze(None if deployed else raw.state_file(checked.program))
        previewed, whole = preview.result()
    if whole:
        assert previewed == checked.said
    else:
        # The provider refused an input, so the engine looked at no rule over the stack as a whole.
        assert previewed.violated <= checked.said.violated
        assert broken.rule.keys() == {"serverless-name"}
    agree_on_what_is_known(judged, checked)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_an_example(ours: Ways, example: Path) -> None:
    config = yaml.safe_load(example.read_text())["config"]
    for endpoint in config.get("azure-llama:serverless", {}).values():
        # Into a workspace of another example, which is not deployed beside this one.
        endpoint.pop("connections", None)
    ours.prepare(config, days(AS_OF))
    checked = ours.check()
    previewed, whole = ours.preview()
    assert whole
    # The names of some resources hold a hash of the subscription, which only a sign-in tells.
    assert previewed.places == checked.said.places
    assert previewed.blind == checked.said.blind
    assert not checked.refused
    assert ours.up()
    agree_on_what_is_known(ours.analyze(), checked)


def test_the_sound_stack_breaks_no_mandatory_rule(raw: Ways) -> None:
    (sound,) = [each for each in BROKEN if not each.rule]
    raw.prepare(raw.spec(sound), sound.config)
    assert not raw.check().refused
