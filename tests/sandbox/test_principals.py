"""Additional principals, in a running sandbox: they sign in unmodified, and have the roles that they were given."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from azure_llama_sandbox import control, principals
from azure_llama_sandbox.control import NotRunningError, SandboxError, Status
from azure_llama_sandbox.identity import SignIn
from azure_llama_sandbox.world import SUBSCRIPTION
from tests.sandbox.harness import ROOT, azure_llama, command, connect

WHO = """
import base64, json, sys
from azure.identity import *
token = eval(sys.argv[1]).get_token("https://management.azure.com/.default").token.split(".")[1]
print(json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))["appid"])
"""
PIPELINE = (
    "AzurePipelinesCredential(client_id=os.environ['AZURE_CLIENT_ID'], tenant_id=os.environ['AZURE_TENANT_ID'],"
    " service_connection_id=os.environ['AZURESUBSCRIPTION_SERVICE_CONNECTION_ID'],"
    " system_access_token=os.environ['SYSTEM_ACCESSTOKEN'])"
)


def who(started: Status, name: str, credential: str, **variables: str) -> str:
    """The client id of the token that a credential of azure-identity gets under `exec`."""
    program = f"import os\n{WHO}"
    line = command("sandbox", "--home", started["home"], "exec", "--principal", name, "--", "env")
    line += [f"{key}={value}" for key, value in variables.items()]
    done = subprocess.run(
        [*line, sys.executable, "-c", program, credential],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("sign_in", "credential"),
    [
        (SignIn.APPLICATION, "DefaultAzureCredential()"),
        (SignIn.GITHUB, "DefaultAzureCredential()"),
        (SignIn.GITHUB, "WorkloadIdentityCredential()"),
        (SignIn.AZURE_DEVOPS, PIPELINE),
        (SignIn.MANAGED_IDENTITY, "DefaultAzureCredential()"),
        (SignIn.MANAGED_IDENTITY, "ManagedIdentityCredential()"),
    ],
)
def test_the_official_client_signs_in_unmodified(started: Status, sign_in: SignIn, credential: str) -> None:
    name = f"{sign_in}-{'d' if 'Default' in credential else 'p'}"
    made = principals.create(name, Path(started["home"]), sign_in=sign_in)
    assert who(started, name, credential) == made.client_id


def test_the_azure_cli_signs_in(started: Status, tmp_path: Path) -> None:
    made = principals.create("cli", Path(started["home"]))
    az = tmp_path / "az"
    az.write_text(
        f"#!{sys.executable}\n"
        "import json, time, os\nfrom azure.identity import ClientSecretCredential\n"
        "e = os.environ\n"
        "c = ClientSecretCredential(e['AZURE_TENANT_ID'], e['AZURE_CLIENT_ID'], e['AZURE_CLIENT_SECRET'])\n"
        "t = c.get_token('https://management.azure.com/.default')\n"
        "print(json.dumps({'accessToken': t.token, 'expires_on': t.expires_on}))\n"
    )
    az.chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    assert who(started, "cli", "AzureCliCredential()", PATH=path) == made.client_id


def test_it_has_the_roles_that_it_was_given(started: Status) -> None:
    home = Path(started["home"])
    principals.create("reader", home, roles=[("Reader", principals.SCOPE)])
    principals.create("nothing", home)
    url = f"https://management.azure.com/subscriptions/{SUBSCRIPTION}"
    for name, status in (("reader", 200), ("nothing", 403)):
        environment = control.status(home, principal=name)["environment"]
        with connect(started) as client:
            token = _token(client, environment)
            answer = client.get(url, params={"api-version": "2022-12-01"}, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == status, name


def _token(client: httpx.Client, environment: dict[str, str]) -> str:
    form = {
        "grant_type": "client_credentials",
        "client_id": environment["AZURE_CLIENT_ID"],
        "client_secret": environment["AZURE_CLIENT_SECRET"],
        "scope": "https://management.azure.com/.default",
    }
    url = f"https://login.microsoftonline.com/{environment['AZURE_TENANT_ID']}/oauth2/v2.0/token"
    return str(client.post(url, data=form).raise_for_status().json()["access_token"])


def test_a_pipeline_s_engine_starts_the_provider_itself(started: Status) -> None:
    home = Path(started["home"])
    principals.create("starts", home, sign_in=SignIn.AZURE_DEVOPS)
    environment = control.status(home, principal="starts")["environment"]
    assert "PULUMI_DEBUG_PROVIDERS" not in environment
    assert not [name for name in environment if name.startswith(("ACTIONS_", "ARM_OIDC_"))]


def test_pulumis_provider_is_the_principals_own(started: Status) -> None:
    home = Path(started["home"])
    principals.create("deployer", home)
    ports = {
        name: control.status(home, principal=name)["environment"]["PULUMI_DEBUG_PROVIDERS"]
        for name in ("owner", "guest", "deployer")
    }
    assert len(set(ports.values())) == 3
    assert ports["owner"] == started["environment"]["PULUMI_DEBUG_PROVIDERS"]


def test_it_outlives_the_sandbox(tmp_path: Path) -> None:
    home = tmp_path / "home"
    control.start(home)
    try:
        made = principals.create("app", home)
        before = control.status(home, principal="app")["environment"]
        control.stop(home)
        control.start(home)
        after = control.status(home, principal="app")["environment"]
    finally:
        control.stop(home)
    assert principals.principals(home)[-1] == made
    assert before["PULUMI_DEBUG_PROVIDERS"] == after["PULUMI_DEBUG_PROVIDERS"]


def test_a_pipelines_token_is_for_the_users_eyes_alone(started: Status) -> None:
    home = Path(started["home"])
    made = principals.create("eyes", home, sign_in=SignIn.GITHUB)
    environment = control.status(home, principal="eyes")["environment"]
    file = Path(environment["AZURE_FEDERATED_TOKEN_FILE"])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert environment["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] == made.secret


def test_no_secret_is_in_the_log(started: Status) -> None:
    home = Path(started["home"])
    made = principals.create("masked", home)
    with connect(started) as client:
        _token(client, control.status(home, principal="masked")["environment"])
        client.get(f"https://management.azure.com/subscriptions/{made.secret}", params={"api-version": "2022-12-01"})
    text = Path(started["requestLog"]).read_text()
    assert made.client_id in text
    assert made.secret not in text


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("owner",), 1, "there is a principal 'owner' already"),
        (("Upper",), 1, "no name for a principal"),
        (("x1", "--role", "Emperor"), 1, "there is no role 'Emperor'"),
        (("x1", "--role", "O'Neil"), 1, 'there is no role "O\'Neil"'),
        (("x2", "--subject", "s"), 2, "--subject"),
        (("x3", "--scope", "/subscriptions/s"), 2, "one --scope"),
        (("x4", "--role", "Reader", "--scope", "/subscriptions/other"), 1, "SubscriptionNotFound"),
    ],
)
def test_mistakes_are_one_line(started: Status, arguments: tuple[str, ...], code: int, words: str) -> None:
    done = azure_llama("sandbox", "--home", started["home"], "principal", "create", *arguments)
    assert done.returncode == code
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_role_where_nothing_is(started: Status) -> None:
    home = Path(started["home"])
    with pytest.raises(SandboxError, match=r"ResourceGroupNotFound.* 'lost' can sign in, without it"):
        principals.create("lost", home, roles=[("Reader", f"{principals.SCOPE}/resourceGroups/none")])
    assert principals.principals(home)[-1].name == "lost"


def test_without_a_sandbox(tmp_path: Path) -> None:
    with pytest.raises(NotRunningError):
        principals.create("app", tmp_path / "home")
    assert principals.principals(tmp_path / "home") == ()


def test_a_principal_that_is_not_there(started: Status) -> None:
    with pytest.raises(SandboxError, match="principal create"):
        control.status(Path(started["home"]), principal="nobody")


def test_the_command_makes_and_lists_them(started: Status) -> None:
    line = ("sandbox", "--home", started["home"], "principal")
    made = azure_llama(*line, "create", "team", "--sign-in", "github", "--role", "Reader", "--role", "Contributor")
    assert made.returncode == 0, made.stderr
    rows = json.loads(azure_llama(*line, "list", "--format", "json").stdout)
    row = next(each for each in rows if each["name"] == "team")
    assert row["signIn"] == "github"
    assert row["clientId"] in made.stdout
    table = azure_llama(*line, "list").stdout
    assert row["objectId"] in table
    secrets = {each.secret for each in principals.principals(Path(started["home"]))}
    assert not [each for each in secrets if each in made.stdout + table + json.dumps(rows)]
