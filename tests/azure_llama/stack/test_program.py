"""Programs without an engine: what they ask for, and what they may not do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from azure_llama.documents.errors import InputError
from azure_llama.stack import program
from azure_llama_policies.rule import UNKNOWN, Resource
from tests.azure_llama.conftest import Make

RAW = """
import pulumi
class Raw(pulumi.CustomResource):
    def __init__(self, type_, name, props=None, **opts):
        super().__init__(type_, name, props or {}, pulumi.ResourceOptions(**opts))
class Box(pulumi.ComponentResource):
    def __init__(self, name, **opts):
        super().__init__("sample:index:Box", name, {}, pulumi.ResourceOptions(**opts))
"""


def ran(make: Make, text: str, config: str = "config: {}\n") -> program.Program:
    """What a program asks for."""
    return program.run(make(RAW + text, config))


def named(found: program.Program, name: str) -> Resource:
    """The resource of a name."""
    (resource,) = [each for each in found.resources if each.name == name]
    return resource


def failure(make: Make, text: str, config: str = "config: {}\n") -> str:
    """The one line of a program that fails."""
    with pytest.raises(InputError) as caught:
        ran(make, text, config)
    assert len(caught.value.problems) == 1
    return str(caught.value)


def test_inputs_are_plain_data_by_their_wire_names(make: Make) -> None:
    found = ran(make, "Raw('azure-native:a:B', 'b', {'list': [1, 2.5, {'x': True}], 'text': 't', 'none': None})")
    assert named(found, "b").props == {"list": [1, 2.5, {"x": True}], "text": "t"}
    assert named(found, "b").urn == "urn:pulumi:dev::sample::azure-native:a:B::b"


def test_the_id_and_the_outputs_of_others_are_unknown_but_what_was_asked_for_is_known(make: Make) -> None:
    found = ran(
        make,
        """
        class Named(Raw):
            name: pulumi.Output[str]
            size: pulumi.Output[str]
        one = Named('azure-native:a:B', 'one', {'name': 'n', 'size': None})
        Raw('azure-native:a:C', 'two', {'id': one.id, 'name': one.name, 'size': one.size, 'in': [one.id.apply(str)]})
        """.replace("\n        ", "\n"),
    )
    two = named(found, "two")
    assert two.props == {"id": UNKNOWN, "name": "n", "size": UNKNOWN, "in": [UNKNOWN]}
    assert two.dependencies["id"] == (named(found, "one").urn,)
    assert two.depends_on == (named(found, "one").urn,)


def test_components_make_the_urn_and_the_stack_comes_last(make: Make) -> None:
    found = ran(
        make,
        "outer = Box('outer'); inner = Box('inner', parent=outer)\n"
        "Raw('azure-native:a:B', 'b', parent=inner, protect=True)\npulumi.export('x', {'y': 1})",
    )
    assert named(found, "b").urn.split("::")[2] == "sample:index:Box$sample:index:Box$azure-native:a:B"
    assert named(found, "b").protect
    assert found.components == {named(found, "outer").urn, named(found, "inner").urn}
    assert found.resources[-1].type == "pulumi:pulumi:Stack"
    assert found.outputs == {"x": {"y": 1}}


def test_types_have_no_version(make: Make) -> None:
    found = ran(make, "Raw('azure-native:machinelearningservices/v20251001preview:Workspace', 'w')")
    assert named(found, "w").type == "azure-native:machinelearningservices:Workspace"
    assert named(found, "w").api_version == "v20251001preview"


def test_secrets_are_seen_as_secrets_and_known_ones_have_their_value(make: Make) -> None:
    found = ran(
        make,
        "pulumi.export('a', {'b': pulumi.Output.secret('hunter2')}); pulumi.export('c', 'plain')\n"
        "Raw('azure-native:a:B', 'b', {'p': {'q': pulumi.Output.secret({'r': 1})}})",
    )
    assert found.resources[-1].secrets == frozenset({"a.b"})
    assert named(found, "b").secrets == frozenset({"p.q"})
    assert named(found, "b").props == {"p": {"q": {"r": 1}}}


def test_a_secret_of_the_configuration_is_unknown_and_so_is_what_it_is_put_into(make: Make) -> None:
    found = ran(
        make,
        "key = pulumi.Config().require_secret('key')\n"
        "Raw('azure-native:a:B', 'b', {'key': key, 'url': pulumi.Output.concat('https://x/?k=', key)})",
        "config: {sample:key: {secure: v1:abc}}\n",
    )
    assert named(found, "b").props == {"key": UNKNOWN, "url": UNKNOWN}


def test_the_subscription_and_the_location_are_those_of_the_provider(make: Make) -> None:
    found = ran(
        make,
        """
        class Located(Raw):
            def __init__(self, name, **opts):
                super().__init__('azure-native:a:B', name, {'location': None}, **opts)
        class Provider(pulumi.ProviderResource):
            def __init__(self):
                super().__init__('azure-native', 'mine', {'location': 'westus', 'subscriptionId': 'other'})
        mine = Provider()
        Located('default'); Located('explicit', provider=mine); Raw('azure-native:a:C', 'nowhere')
        """.replace("\n        ", "\n"),
        "config: {azure-native:location: eastus2, azure-native:subscriptionId: one}\n",
    )
    assert (named(found, "default").props, named(found, "default").subscription) == ({"location": "eastus2"}, "one")
    assert (named(found, "explicit").props, named(found, "explicit").subscription) == ({"location": "westus"}, "other")
    assert named(found, "nowhere").props == {}


def test_what_is_only_read_is_told_apart(make: Make) -> None:
    found = ran(make, "Raw('azure-native:a:B', 'b', id='/subscriptions/s/x')")
    assert named(found, "b").arm_id == "/subscriptions/s/x"
    assert found.read == {named(found, "b").urn}


def test_who_signs_in_is_a_placeholder_and_what_azure_knows_is_unknown(make: Make) -> None:
    found = ran(
        make,
        """
        from pulumi.runtime import invoke, invoke_output
        client = invoke('azure-native:authorization:getClientConfig', {}).value
        keys = invoke_output('azure-native:a:listKeys', {'name': 'x'})
        Raw('azure-native:a:B', 'b', {'subscription': client['subscriptionId'], 'keys': keys})
        """.replace("\n        ", "\n"),
    )
    assert named(found, "b").props == {"subscription": "0" * 8 + "-0000-0000-0000-" + "0" * 12, "keys": UNKNOWN}
    assert found.calls == ("azure-native:a:listKeys",)


def test_transforms_are_run_the_resources_own_its_parents_and_the_stacks(make: Make) -> None:
    found = ran(
        make,
        """
        def tag(name):
            async def add(args):
                return pulumi.ResourceTransformResult({**args.props, name: args.name}, args.opts)
            return add
        pulumi.runtime.register_resource_transform(tag('stack'))
        box = Box('box', transforms=[tag('parent')])
        Raw('azure-native:a:B', 'b', {'own': 1}, parent=box, transforms=[tag('self')])
        """.replace("\n        ", "\n"),
    )
    assert named(found, "b").props == {"own": 1, "self": "b", "parent": "b", "stack": "b"}


def test_hooks_are_taken_and_not_run(make: Make) -> None:
    found = ran(
        make,
        """
        def refuse(args):
            raise ValueError('never')
        hook = pulumi.ResourceHook('h', refuse, pulumi.ResourceHookOptions(on_dry_run=True))
        Raw('azure-native:a:B', 'b', hooks=pulumi.ResourceHookBinding(before_update=[hook]))
        """.replace("\n        ", "\n"),
    )
    assert named(found, "b").props == {}


def test_it_is_a_preview_of_the_named_project_and_stack(make: Make) -> None:
    found = ran(make, "pulumi.export('x', [pulumi.get_project(), pulumi.get_stack(), pulumi.runtime.is_dry_run()])")
    assert found.outputs == {"x": ["sample", "dev", True]}


def test_warnings_of_the_program_are_kept(make: Make) -> None:
    assert ran(make, "pulumi.log.warn('mind the gap'); pulumi.log.info('x')").warnings == ("mind the gap",)


def test_an_async_program(make: Make) -> None:
    found = ran(make, "async def main():\n    return {'x': 1}\npulumi.run(main)")
    assert found.outputs == {"x": 1}


def test_nothing_is_left_behind(make: Make, tmp_path: Path) -> None:
    before = (Path.cwd(), list(sys.path), list(sys.argv))
    text = (
        "import os, sys; sys.path.append('/x'); sys.argv.append('y')\n"
        "Raw('azure-native:a:B', os.path.basename(os.getcwd()))"
    )
    for _ in range(2):
        assert named(ran(make, text), tmp_path.name)
    assert (Path.cwd(), list(sys.path), list(sys.argv)) == before


def test_what_a_program_prints_goes_to_stderr(make: Make, capfd: pytest.CaptureFixture[str]) -> None:
    ran(make, "import os, subprocess; print('one'); os.write(1, b'two'); subprocess.run(['echo', 'three'])")
    said = capfd.readouterr()
    assert said.out == ""
    assert all(word in said.err for word in ("one", "two", "three"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("raise KeyError('x')", "__main__.py:9: the program failed: KeyError: 'x'"),
        ("1 +", "the program failed: SyntaxError"),
        ("import nowhere_to_be_found", "ModuleNotFoundError: No module named 'nowhere_to_be_found'"),
        ("raise SystemExit(3)", "the program ended itself with 3"),
        ("input()", "the program failed: EOFError"),
        ("import os; os.fork()", "__main__.py:9: the program forks"),
        (
            "import multiprocessing as m; m.get_context('fork').Process(target=print).start()",
            "__main__.py:9: the program forks",
        ),
        (
            "import socket; socket.create_connection(('203.0.113.1', 443))",
            "__main__.py:9: the program calls the network",
        ),
        (
            "import urllib.request as r; r.urlopen('http://example.invalid/')",
            "__main__.py:9: the program calls the network (looks up 'example.invalid')",
        ),
        ("pulumi.Output.from_input(1).apply(lambda _: 1 / 0); Raw('azure-native:a:B', 'b')", "ZeroDivisionError"),
        ("Raw('azure-native:a:B', 'b', {'x': object()})", "the program failed"),
        ("raise pulumi.RunError('all that is wrong')", "all that is wrong"),
        (
            "from pulumi.runtime import invoke\ninvoke('azure-native:a:getB', {}).value['x']",
            "the answer of azure-native:a:getB is not known without Azure: call its _output form",
        ),
    ],
)
def test_a_program_that_fails_is_one_line(make: Make, text: str, said: str) -> None:
    assert said in failure(make, text)


def test_a_line_of_a_module_of_the_program_is_named(make: Make, tmp_path: Path) -> None:
    (tmp_path / "module_of_this_test.py").write_text("def go():\n    raise ValueError('two\\nlines')\n")
    said = failure(make, "import module_of_this_test; module_of_this_test.go()")
    assert said == "module_of_this_test.py:2: the program failed: ValueError: two lines"


def test_a_missing_value_is_told_as_the_sdk_tells_it(make: Make) -> None:
    with pytest.raises(InputError, match="Missing required configuration variable 'sample:none'"):
        ran(make, "pulumi.Config().require('none')")


def test_a_secret_is_not_said(make: Make) -> None:
    said = failure(make, "pulumi.Config().require_secret_int('key')", "config: {key: {secure: v1:abc}}\n")
    assert "04da6b54" not in said


def test_a_report_of_several_lines_stays_whole(make: Make) -> None:
    with pytest.raises(InputError) as caught:
        ran(make, "raise pulumi.RunError('head\\n- one\\n- two')")
    assert caught.value.problems == ("head", "- one", "- two")


def test_a_machine_without_any_network_will_do(make: Make, tmp_path: Path) -> None:
    make(RAW + "pulumi.runtime.register_resource_transform(lambda args: None)\nRaw('azure-native:a:B', 'b')")
    command = ["unshare", "--net", "--map-root-user", "true"]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this kernel gives no network namespace to a plain user")
    code = (
        "import sys; from pathlib import Path; from azure_llama.stack import program, project;"
        "print(len(program.run(project.load(Path(sys.argv[1]))).resources))"
    )
    done = subprocess.run(
        [*command[:-1], sys.executable, "-c", code, str(tmp_path)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONWARNINGS": "error"},
        check=False,
    )
    assert (done.stdout, done.stderr) == ("2\n", "")
