"""Each program does what it says, run as it is printed; no key is in any of them."""

from __future__ import annotations

import ast
import json
import shutil
import sys
from importlib.util import find_spec
from typing import Any

import pytest

from azure_llama.inference.smoke.targets import NoEndpointsError, UnknownEndpointError
from azure_llama.inference.snippets import CLIENTS, SnippetError, render
from azure_llama_sandbox.store import Store
from tests.azure_llama.inference.snippets.harness import KEY, Stage, deploy

PACKAGES = {"python": "requests", "openai": "openai", "langchain": "langchain_openai", "litellm": "litellm"}
STACK = ("--stack", "dev")
ASKED = [("chat", None), ("entra", None), ("split", "green"), ("base", None), ("guard", None)]
"""A key, Entra ID, a deployment by name, a base model's text, and a prompt with its frame: endpoint, deployment."""


@pytest.fixture
def outputs(tmp_path: Any) -> Any:
    store = Store(tmp_path / "sandbox.db")
    yield deploy(store)
    store.close()


@pytest.mark.parametrize("client", PACKAGES)
def test_every_python_program_prints_the_answer(stage: Stage, client: str) -> None:
    if find_spec(PACKAGES[client]) is None:
        pytest.skip(f"the client library {PACKAGES[client]} is not installed")
    programs = [
        render(stage.outputs, name, client, stream=stream, deployment=deployment, stack_flags=STACK)
        for stream in (False, True)
        for name, deployment in ASKED
    ]
    keys = {f"{name.upper()}_KEY": KEY for name, _ in ASKED if name in stage.outputs["keys"]}
    said = [answer.strip() for answer in stage.run_programs(programs, **keys)]
    plain, streamed = said[: len(ASKED)], said[len(ASKED) :]
    assert streamed == plain
    chat, entra, green, base, guard = plain
    assert "serverless endpoint chat, model Llama-3.3-70B-Instruct" in chat
    assert "endpoint entra, deployment blue, model Meta-Llama-3.1-8B-Instruct" in entra
    assert "endpoint split, deployment green, model Llama-3.2-11B-Vision-Instruct" in green
    assert "endpoint base, deployment blue, model Meta-Llama-3.1-8B." in base
    assert guard == "safe"


@pytest.mark.parametrize("name", ["chat", "base"])
@pytest.mark.parametrize("stream", [False, True], ids=["plain", "streamed"])
def test_the_shell_script_prints_what_the_endpoint_says(stage: Stage, name: str, stream: bool) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    script = stage.folder / "ask.sh"
    script.write_text(render(stage.outputs, name, "curl", stream=stream, stack_flags=STACK))
    said = stage.run(["sh", str(script)], **{f"{name.upper()}_KEY": KEY})
    if stream:
        assert said.rstrip().endswith("data: [DONE]")
    else:
        assert json.loads(said)["choices"][0]["finish_reason"] == "stop"


def test_the_shell_script_signs_in_to_entra_id_without_the_azure_cli(stage: Stage) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    (stage.folder / "bin" / "az").write_text("#!/bin/sh\necho 'the Azure CLI was called' >&2\nexit 1\n")
    (stage.folder / "bin" / "az").chmod(0o755)
    script = stage.folder / "entra.sh"
    script.write_text(render(stage.outputs, "entra", "curl", stack_flags=STACK))
    said = stage.run(["sh", str(script)])
    assert "endpoint entra, deployment blue" in json.loads(said)["choices"][0]["message"]["content"]


def test_older_images_are_asked_on_score(stage: Stage) -> None:
    programs = [render(stage.outputs, name, "python", stack_flags=STACK) for name in ("old", "prompt-guard")]
    old, judge = stage.run_programs(programs, OLD_KEY=KEY, PROMPT_GUARD_KEY=KEY)
    assert "model Llama-2-7b-chat" in ast.literal_eval(old)["output"]
    assert ast.literal_eval(judge) == [{"0": "safe"}]


def test_a_token_of_the_endpoint_is_taken_from_the_environment_or_from_resource_manager(stage: Stage) -> None:
    path = stage.folder / "outputs.json"
    path.write_text(json.dumps(stage.outputs))
    program = "import sys; from azure_llama.cli.app import main; main()"
    options = ["--outputs", str(path), "-e", "aml", "--format", "json"]
    report = json.loads(stage.run([sys.executable, "-c", program, "smoke", *options]))
    assert report["endpoints"][0]["auth"] == "AMLToken"
    assert report["ok"] is True
    text = render(stage.outputs, "aml", "python")
    assert "deployment blue" in stage.run_programs([text], AML_TOKEN=stage.token("aml"))[0]


def test_without_the_variable_the_key_comes_from_the_stack(stage: Stage) -> None:
    shown: dict[str, Any] = {"endpoints": {"shown-key": stage.outputs["endpoints"]["chat"]}}
    program = render(shown, "shown-key", "python", stack_flags=STACK)
    assert "model Llama-3.3-70B-Instruct" in stage.run_programs([program], STAGE_KEY=KEY)[0]
    script = stage.folder / "shown.sh"
    script.write_text(render(shown, "shown-key", "curl", stack_flags=STACK))
    assert json.loads(stage.run(["sh", str(script)], STAGE_KEY=KEY))["object"] == "chat.completion"


@pytest.mark.parametrize("client", CLIENTS)
def test_no_program_holds_a_key_and_each_is_valid(outputs: Any, client: str) -> None:
    for name in ("chat", "entra", "aml", "base", "split"):
        for stream in (False, True):
            for flags in (None, (), STACK):
                text = render(outputs, name, client, stream=stream, stack_flags=flags)
                assert KEY not in text
                assert not any(len(line) > 200 for line in text.splitlines())
                if client != "curl":
                    ast.parse(text)


def test_where_the_key_comes_from(outputs: Any) -> None:
    assert '"pulumi", "stack", "output", "keys", "--show-secrets"' in render(outputs, "chat", "openai", stack_flags=())
    alone = render(outputs, "chat", "openai")
    assert 'os.environ["CHAT_KEY"]' in alone
    assert "pulumi" not in alone
    assert "${CHAT_KEY:?is not set}" in render(outputs, "chat", "curl")
    aml = render(outputs, "aml", "curl")
    assert "az ml online-endpoint get-credentials --name aml --resource-group rg-llama" in aml
    assert "--workspace-name llama-dev" in aml


@pytest.mark.parametrize("client", ["openai", "langchain", "litellm"])
def test_a_client_that_cannot_reach_score_is_refused_with_those_that_can(outputs: Any, client: str) -> None:
    with pytest.raises(SnippetError, match=r"/score alone.*curl or python"):
        render(outputs, "old", client)


def test_score_does_not_stream(outputs: Any) -> None:
    with pytest.raises(SnippetError, match="leave out --stream"):
        render(outputs, "old", "curl", stream=True)


def test_the_deployment_with_the_most_traffic_lends_its_model(outputs: Any) -> None:
    assert 'model="Meta-Llama-3.1-8B-Instruct"' in render(outputs, "split", "openai")
    assert 'model="Llama-3.2-11B-Vision-Instruct"' in render(outputs, "split", "openai", deployment="green")


@pytest.mark.parametrize(
    ("name", "deployment", "text"),
    [
        ("split", "grene", "no deployment 'grene'; did you mean 'green'\\? it has: blue, green"),
        ("chat", "blue", "serverless endpoints have none"),
    ],
)
def test_a_deployment_that_is_not_there_is_refused(outputs: Any, name: str, deployment: str, text: str) -> None:
    with pytest.raises(SnippetError, match=text):
        render(outputs, name, "curl", deployment=deployment)


def test_an_endpoint_that_is_not_there_is_refused_with_the_nearest(outputs: Any) -> None:
    with pytest.raises(UnknownEndpointError, match="no endpoint 'chatt'; did you mean 'chat'\\?"):
        render(outputs, "chatt", "curl")


def test_outputs_without_endpoints_or_urls_are_refused() -> None:
    with pytest.raises(NoEndpointsError, match="pulumi up"):
        render({"workspace": {}}, "chat", "curl")
    endpoint = {"kind": "serverless", "model": "Llama-3.3-70B-Instruct", "uri": None, "chatUrl": None, "auth": "Key"}
    with pytest.raises(SnippetError, match="no URL"):
        render({"endpoints": {"chat": endpoint}}, "chat", "curl")
