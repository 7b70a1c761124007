"""The picture of what a stack makes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from azure_llama.stack.graph import draw
from azure_llama.stack.program import Program, plan
from azure_llama.stack.project import load
from azure_llama_policies.rule import Resource
from tests.sandbox.harness import ROOT

URN = "urn:pulumi:dev::p::"
COMPONENT = f"{URN}azure-llama:index:Workspace::w"
STACK = f"{URN}pulumi:pulumi:Stack::p-dev"


def _resource(type_: str, name: str, needs: Iterable[str] = (), **props: Any) -> Resource:
    return Resource(urn=f"{URN}{type_}::{name}", type=type_, name=name, props=props, depends_on=tuple(needs))


GROUP = _resource("azure-native:resources:ResourceGroup", "group")
VAULT = _resource("azure-native:keyvault:Vault", "vault", [GROUP.urn])
HUB = _resource("azure-native:machinelearningservices:Workspace", "hub", [GROUP.urn, VAULT.urn])
LOGS = [_resource("azure-native:monitor:DiagnosticSetting", f"logs-{number}", [HUB.urn]) for number in (1, 2)]


def _program(*resources: Resource) -> Program:
    component = Resource(urn=COMPONENT, type="azure-llama:index:Workspace", name="w", props={})
    stack = Resource(urn=STACK, type="pulumi:pulumi:Stack", name="p-dev", props={})
    parents = {COMPONENT: STACK, **{each.urn: COMPONENT for each in resources}}
    return Program((component, *resources, stack), frozenset(), (), components=frozenset({COMPONENT}), parents=parents)


def test_a_component_is_a_frame_and_arrows_are_reduced() -> None:
    lines = draw(_program(GROUP, VAULT, HUB, *LOGS)).text.splitlines()
    assert lines[:7] == [
        "flowchart LR",
        '  subgraph g0["Workspace w"]',
        '    n0["ResourceGroup<br/>group"]:::same',
        '    n1["Vault<br/>vault"]:::same',
        '    n2["Workspace<br/>hub"]:::same',
        '    n3["2 x DiagnosticSetting"]:::same',
        "  end",
    ]
    assert [line for line in lines if "-->" in line] == ["  n0 --> n1", "  n1 --> n2", "  n2 --> n3"]


def test_what_differs_is_marked_by_sign_and_by_class() -> None:
    changed = replace(VAULT, props={"tags": {"a": "b"}})
    graph = draw(_program(GROUP, changed, LOGS[0]), _program(GROUP, VAULT, HUB))
    assert '["~ Vault<br/>vault"]:::changed' in graph.text
    assert '["+ DiagnosticSetting<br/>logs-1"]:::added' in graph.text
    assert '["- Workspace<br/>hub"]:::removed' in graph.text
    assert dict(graph.counts) == {"same": 1, "changed": 1, "added": 1, "removed": 1}


def test_the_model_and_the_machine_of_a_deployment_are_shown() -> None:
    model = "azureml://registries/azureml-meta/models/Meta-Llama-3.1-8B-Instruct/versions/4"
    properties = {"instanceType": "Standard_NC24ads_A100_v4", "model": model}
    text = draw(_program(_resource("a:b:OnlineDeployment", "blue", properties=properties))).text
    assert '"OnlineDeployment<br/>blue<br/>Standard_NC24ads_A100_v4<br/>Meta-Llama-3.1-8B-Instruct"' in text


def test_a_name_cannot_leave_its_box() -> None:
    text = draw(_program(_resource("a:b:C", 'x"]:::same\n  n1["<script>`&'))).text
    assert '"C<br/>x#quot;]:::same n1[#quot;#lt;script#gt;#96;#amp;"' in text


def test_what_needs_nearly_everything_has_no_arrows() -> None:
    many = [_resource("a:b:C", f"c{number}", properties={"model": f"m{number}"}) for number in range(7)]
    lock = _resource("a:b:Lock", "lock", [each.urn for each in many])
    assert "-->" not in draw(_program(*many, lock)).text


def test_nothing_is_a_picture_too() -> None:
    assert draw(_program()).text == 'flowchart LR\n  empty["nothing"]'


_PAGE = """<html><body><pre class="mermaid">{text}</pre><p id="result">none</p><script>{mermaid}</script><script>
mermaid.initialize({{startOnLoad: false, theme: "{theme}"}});
mermaid.run().then(() => {{
  const boxes = [...document.querySelectorAll(".node")].map(node => node.getBoundingClientRect());
  const over = boxes.filter((a, i) => boxes.some((b, j) =>
    i !== j && a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)).length;
  document.getElementById("result").textContent = JSON.stringify({{boxes: boxes.length, over}});
}});
</script></body></html>"""


@pytest.mark.parametrize("theme", ["default", "dark"])
def test_a_browser_shows_it_without_overlap(tmp_path: Path, theme: str) -> None:
    browser, bundle = shutil.which("chromium"), os.environ.get("MERMAID_JS")
    if browser is None or bundle is None:
        pytest.skip(
            "there is no chromium, or MERMAID_JS does not name the file mermaid.min.js of the npm package mermaid"
        )
    text = draw(plan(load(ROOT, "dev"))).text
    page = tmp_path / "page.html"
    page.write_text(_PAGE.format(text=text.replace("<", "&lt;"), mermaid=Path(bundle).read_text(), theme=theme))
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
    command = [browser, *flags, f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=20000", "--dump-dom"]
    shown = subprocess.run([*command, page.as_uri()], capture_output=True, text=True, timeout=120, check=True).stdout
    result = json.loads(shown.partition('<p id="result">')[2].partition("</p>")[0])
    assert result == {"boxes": text.count("]:::"), "over": 0}
