"""Under `exec` nothing reaches the real Azure, and nothing of the caller's reaches the sandbox."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.e2e.harness import Azure

SECRETS = {
    "AZURE_CLIENT_SECRET": "real-client-secret-7c1f",
    "ARM_CLIENT_SECRET": "real-arm-secret-52ab",
    "ARM_OIDC_TOKEN": "real-oidc-token-90de",
    "AZURE_PASSWORD": "real-password-11aa",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "real-actions-token-33bb",
    "SYSTEM_ACCESSTOKEN": "real-devops-token-44cc",
    "PULUMI_ACCESS_TOKEN": "pul-real-token-55dd",
    "AZURE_OPENAI_API_KEY": "real-openai-key-66ee",
}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azure]:
    """A running sandbox without a stack."""
    azure = Azure(tmp_path_factory.mktemp("isolation") / "home")
    azure.start()
    yield azure
    azure.cli("stop", check=False)


@pytest.mark.parametrize("host", ["api.pulumi.com", "example.com", "management.usgovcloudapi.net"])
def test_a_host_that_the_sandbox_does_not_play_is_refused_at_once(sandbox: Azure, host: str) -> None:
    program = (
        "import sys, requests\n"
        f"try: requests.get('https://{host}/', timeout=5)\n"
        "except requests.exceptions.ProxyError as error: sys.exit(f'REFUSED {error}')\n"
    )
    run = sandbox.exec("python", "-c", program, check=False)
    assert run.code == 1
    assert "REFUSED" in run.text
    assert "403" in run.text
    assert any(line.get("host", "").startswith(host) and line["status"] == 403 for line in sandbox.requests())


@pytest.mark.parametrize("led", [True, False])
def test_aiohttp_comes_to_the_proxy_only_when_it_honours_the_environment(sandbox: Azure, led: bool) -> None:
    host = f"aiohttp-{led}.invalid".lower()
    program = (
        "import aiohttp, asyncio\n"
        "async def main():\n"
        f"    async with aiohttp.ClientSession(trust_env={led}) as session:\n"
        "        try:\n"
        f"            await session.get('https://{host}/', timeout=aiohttp.ClientTimeout(total=20))\n"
        "        except aiohttp.ClientError as error:\n"
        "            print(type(error).__name__)\n"
        "asyncio.run(main())\n"
    )
    run = sandbox.exec("python", "-c", program)
    assert ("ClientHttpProxyError" in run.text) == led, run.text
    assert any(line.get("host", "").startswith(host) for line in sandbox.requests()) == led


def test_start_names_the_programs_that_are_not_led(sandbox: Azure) -> None:
    text = sandbox.cli("start").text
    assert "fetch in Node.js before 22.21" in text
    assert "aiohttp without trust_env=True" in text


def test_plain_http_is_refused_with_a_line_that_says_so(sandbox: Azure) -> None:
    program = "import requests; answer = requests.get('http://example.com/'); print(answer.status_code, answer.text)"
    text = sandbox.exec("python", "-c", program).text
    assert text.startswith("403")
    assert "example.com" in text
    assert "sandbox" in text


def test_the_callers_credentials_reach_neither_children_nor_log(sandbox: Azure) -> None:
    program = "import json, os; print(json.dumps(dict(os.environ)))"
    run = sandbox.cli("exec", "--", "python", "-c", program, env=SECRETS)
    environment = json.loads(run.text)
    assert [value for value in SECRETS.values() if value in environment.values()] == []
    assert environment["AZURE_CLIENT_SECRET"] == sandbox.status["environment"]["AZURE_CLIENT_SECRET"]
    for path in sandbox.home.rglob("*"):
        if path.is_file() and path.suffix in {".log", ".jsonl", ".json"}:
            text = path.read_bytes().decode("utf-8", "replace")
            assert [value for value in SECRETS.values() if value in text] == [], path


def test_the_exit_code_is_the_commands_own(sandbox: Azure) -> None:
    assert sandbox.exec("python", "-c", "raise SystemExit(41)", check=False).code == 41
