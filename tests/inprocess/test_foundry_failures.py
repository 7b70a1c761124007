"""Each refusal of Foundry accounts is reported or prevented before `up`; without that, `up` fails with its code."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml

from azure_llama.arm import versions
from azure_llama.check import judging
from azure_llama.preflight import Status
from azure_llama.stack import project
from azure_llama.stack.program import plan
from azure_llama_sandbox.world import SUBSCRIPTION
from tests.conftest import ROOT
from tests.inprocess.azure import Azure
from tests.inprocess.stack import Stack, Transformation
from tests.inprocess.wire import RefusedError

ROWS: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("foundry_failures.yaml").read_text())
FACTS = ROOT.parent / "shared" / "facts" / "foundry.md"
LISTED_ON = date(2026, 11, 30)
ACCOUNT, CHAT = "contoso-llama", {"model": "Llama-3.3-70B-Instruct", "modelVersion": "5", "capacity": 10}
ID = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-foundry/providers/Microsoft.CognitiveServices/accounts/{ACCOUNT}"
SIBLINGS = re.compile("azure-native:cognitiveservices:(Deployment|Project|RaiPolicy)")


def kind(row: Mapping[str, Any]) -> str:
    """How a refusal is met: `reported`, `prevented` or `unpredictable`."""
    return next((each for each in ("prevented", "unpredictable") if each in row), "reported")


def cases(*kinds: str) -> pytest.MarkDecorator:
    """A test for each row of these kinds."""
    rows = [row for row in ROWS if kind(row) in kinds]
    ids = ["-".join([row["code"], *str(row.get("title", "")).split()]) for row in rows]
    return pytest.mark.parametrize("row", rows, ids=ids)


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azure]:
    """An Azure on the day of the facts."""
    azure = Azure(tmp_path_factory.mktemp("inprocess"), "eastus2", LISTED_ON)
    yield azure
    azure.close()


class Case:
    """A row with its Azure."""

    def __init__(self, azure: Azure, folder: Path, row: Mapping[str, Any]) -> None:
        azure.fresh()
        self.azure, self.folder, self.row = azure, folder, row
        self.state: Mapping[str, Any] = row.get("state", {})

    def stack(self, changes: Mapping[str, Any] | None = None, unguarded: Any = None) -> Stack:
        """The usual stack with changes; those of the row by default."""
        given = deepcopy(dict(self.row.get("stack", {}) if changes is None else changes))
        location = given.pop("location", "eastus2")
        deployments = given.pop("deployments", {"chat": CHAT | given.pop("chat", {})})
        placed = {"id": ID} if given.pop("existing", False) else {}
        group = "rg-apps" if placed else "rg-foundry"
        account = {**placed, "deployments": deployments, **given}
        config = {
            "azure-native:location": location,
            "azure-llama:resourceGroup": group,
            "azure-llama:foundry": {ACCOUNT: account},
        }
        file = self.folder / "Pulumi.foundry.yaml"
        file.write_text(yaml.safe_dump({"config": config}))
        return Stack(project.load(ROOT, "foundry", file), self.azure, unguarded)

    def bring_about(self) -> Stack:
        """The state of the subscription, and the stack that meets it."""
        if (number := self.state.get("deployments")) is not None:
            model = CHAT | {"capacity": 1}
            full = self.stack({"deployments": {f"other-{index}": model for index in range(number)}})
            assert full.up().errors == []
        stack = self.stack()
        if "destroyed" in self.state:
            assert stack.up().errors == []
            stack.destroy()
        if "unregistered" in self.state:
            self.azure.post(f"/subscriptions/{SUBSCRIPTION}/providers/{self.state['unregistered']}/unregister")
        self.azure.conditions(self.state.get("conditions", {}))
        if (fault := self.row.get("fault")) is not None:
            error = {"code": self.row["code"], "message": self.row["message"].replace("*", "something")}
            match = {"method": "PUT", "path": fault["path"]}
            self.azure.faults([{"match": match, "status": fault["status"], "body": {"error": error}}])
        return stack

    def refused(self, text: str) -> None:
        """Whether a text has the row's refusal."""
        assert f'Code="{self.row["code"]}"' in text, text
        message = re.search(r'Message="(.*?)"(?: |$)', text)
        assert message is not None, text
        assert fnmatchcase(message.group(1), self.row["message"]), message.group(1)


@pytest.fixture
def case(azure: Azure, tmp_path: Path, row: Mapping[str, Any]) -> Case:
    """The row of the test."""
    return Case(azure, tmp_path, row)


@cases("reported")
def test_it_is_reported_before_and_fails_in_up_without_that(case: Case) -> None:
    stack = case.bring_about()
    found = judging.judge(plan(stack.project), judging.Terms(LISTED_ON))
    assert set(case.row.get("rules", ())) <= {each.rule.id for each in found.violations}
    report = stack.preflight()
    assert [run.name for run in report.runs if run.status is Status.FAIL] == sorted(
        case.row.get("preflight", ()), key=[run.name for run in report.runs].index
    )
    (refusal,) = stack.up().errors
    case.refused(refusal)


def order_removed(types: Collection[str]) -> Transformation:
    """Resources of these types that no longer wait for what is in the same account."""

    def changed(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        waits = args.opts.depends_on
        if not isinstance(waits, list) or args.type_.rpartition(":")[2] not in types:
            return None
        options = pulumi.ResourceOptions.merge(args.opts, None)
        siblings = [each for each in waits if SIBLINGS.fullmatch(getattr(each, "pulumi_resource_type", ""))]
        options.depends_on = [each for each in waits if each not in siblings]
        return pulumi.ResourceTransformationResult(args.props, options)

    return changed


def unguarded(row: Mapping[str, Any]) -> Transformation:
    """What takes away that prevents a refusal."""
    changes: Mapping[str, Any] = row["unguarded"].get("set", {})
    if types := row["unguarded"].get("unordered"):
        return order_removed(types)

    def changed(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        return pulumi.ResourceTransformationResult({**args.props, **changes.get(args.name, {})}, args.opts)

    return changed


@cases("prevented")
def test_it_is_prevented_and_fails_in_up_without_that(case: Case) -> None:
    guard = case.row["unguarded"]
    guarded = case.stack(unguarded=lambda _: None)
    run = guarded.up()
    if rejected := case.row.get("rejected"):
        assert rejected in str(run.errors)
        case.azure.fresh()
    else:
        assert run.errors == []
    if first := guard.get("destroyedFirst"):
        with pytest.raises(RefusedError) as refusal:
            guarded.destroy(first=first)
        case.refused(refusal.value.details())
    guarded.destroy()
    if not first:
        case.azure.fresh()
        case.azure.clock.overlap.between(*guard.get("overlap", ()))
        stack = case.stack({} if rejected else None, unguarded(case.row))
        (error,) = stack.up().errors
        case.refused(error)


@cases("unpredictable")
def test_what_nothing_predicts_is_reported_as_azure_words_it(case: Case) -> None:
    stack = case.bring_about()
    assert [run.name for run in stack.preflight().runs if run.status is Status.FAIL] == []
    if foreign := case.state.get("foreign"):
        assert stack.up().errors == []
        model = {"format": "Meta", "name": CHAT["model"], "version": CHAT["modelVersion"]}
        body = {"sku": {"name": "GlobalStandard", "capacity": 1}, "properties": {"model": model}}
        case.azure.put(f"{ID}/deployments/{foreign}", versions.COGNITIVE_SERVICES, body)
        with pytest.raises(RefusedError) as refusal:
            stack.destroy()
        case.refused(refusal.value.details())
    else:
        (error,) = stack.up().errors
        case.refused(error)


@pytest.mark.skipif(not FACTS.is_file(), reason="the facts are not beside this checkout (../shared/facts)")
def test_the_table_has_every_refusal_of_the_facts() -> None:
    section = FACTS.read_text().partition("\n## 4. ")[2].partition("\n## 5. ")[0]
    names = re.findall(r"^\| ([A-Z]\w+) ?(?:\(\d+\) )?\|", section, re.MULTILINE)
    assert len(names) >= 12
    assert {name for name in names if name != "Marketplace"} <= {row["code"] for row in ROWS if "unquoted" not in row}


def shown(row: Mapping[str, Any]) -> str:
    """The row of the table in docs/foundry.md."""
    checks = [f"preflight `{check}`" for check in row.get("preflight", ())]
    checks += [f"rule [{rule}](rules/{rule}.md)" for rule in row.get("rules", ())]
    met = row.get("prevented") or ", ".join(checks) or f"not predictable: {row['unpredictable']}"
    code = f"`{row['code']}`{' (assumed)' if 'unquoted' in row else ''}"
    return f"| {code} | {row['message'].rstrip('*').strip().replace('*', '...')} | {met} |"


def test_the_page_shows_the_table() -> None:
    page = (ROOT / "docs" / "foundry.md").read_text()
    table = page.partition("## Refusals of Azure\n")[2].partition("\n## ")[0]
    assert [line for line in table.splitlines() if line.startswith("| `")] == [shown(row) for row in ROWS]
