"""A gateway over Foundry accounts, all deployed by the sandbox's ARM, and called in this process."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import httpx
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from azure_llama_sandbox import inference
from azure_llama_sandbox.arm.api_management.policy_language import EXPRESSIONS
from azure_llama_sandbox.dispatch import Dispatch
from azure_llama_sandbox.faults import Faults
from azure_llama_sandbox.hosts import Role
from azure_llama_sandbox.inference import foundry, gateway
from azure_llama_sandbox.request_log import LogRequests
from tests.sandbox.arm.around import foundry_body, model_body
from tests.sandbox.arm.gateway import (
    API,
    DIAGNOSTIC,
    DIAGNOSTIC_BODY,
    LOGGER,
    LOGGER_BODY,
    NAME,
    SERVICE,
    api_body,
    breaker,
    member_body,
    operation_body,
    policy_body,
    pool_body,
    product_body,
    service_body,
    subscription_body,
)
from tests.sandbox.arm.harness import GROUP, INSIGHTS, Azure

HOST = f"https://{NAME}.azure-api.net"
CHAT = f"{HOST}/openai/v1/chat/completions"
MODEL = "llama-33"
ASK: dict[str, Any] = {"model": MODEL, "messages": [{"role": "user", "content": "What is a llama?"}]}
ACCOUNTS = f"{GROUP}/providers/Microsoft.CognitiveServices/accounts"
OPENAI_USER = "a97b65f3-24c7-4388-baec-2e87135dc908"
SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
ASSIGNMENT = "00000000-0000-4000-8000-000000000009"
JSON_ERROR = '{"error": {"message": "The body of the request is not valid JSON."}}'
NO_MODEL = '{"error": {"message": "no such model", "code": "model_not_found"}}'


def answer(status: int, body: str) -> str:
    head = '<set-header name="Content-Type" exists-action="override"><value>application/json</value></set-header>'
    return (
        f'<return-response><set-status code="{status}" reason="x" />{head}<set-body>{body}</set-body></return-response>'
    )


def attribute(name: str, *names: str) -> str:
    text = EXPRESSIONS[name]
    return quoteattr(text % names if names else text)


def api_policy(
    *,
    members: int,
    model: str = MODEL,
    audience: str | None = None,
    deployment: str | None = None,
    timeout: int = 60,
    repeated: str = EXPRESSIONS["retry"],
) -> dict[str, Any]:
    """The API's policy, in the form that the gateway's component writes."""
    chosen = '<set-backend-service backend-id="pool" />'
    if audience:
        chosen += f'<authentication-managed-identity resource="{audience}" />'
    if deployment:
        chosen += (
            f"<set-body>{(EXPRESSIONS['rename'] % deployment).replace('<', '&lt;').replace('>', '&gt;')}</set-body>"
        )
    inbound = (
        f'<set-variable name="model" value={attribute("model")} /><base />'
        '<set-header name="api-key" exists-action="delete" /><set-header name="Authorization" exists-action="delete" />'
        '<set-query-parameter name="api-key" exists-action="delete" />'
        f"<choose><when condition={attribute('is-list')}>{answer(200, '[]')}</when>"
        f"<when condition={attribute('is-model', model)}>{chosen}</when>"
        f"<otherwise>{answer(404, NO_MODEL)}</otherwise></choose>"
        f'<llm-emit-token-metric namespace="azure-llama"><dimension name="Team" value={attribute("team")} />'
        f'<dimension name="Model" value={attribute("metric-model")} /></llm-emit-token-metric>'
    )
    forward = f'<forward-request timeout="{timeout}" buffer-request-body="true" buffer-response="false" />'
    if members > 1:
        forward = (
            f'<retry condition={quoteattr(repeated)} count="{members - 1}" interval="0" first-fast-retry="true">'
            f"{forward}</retry>"
        )
    failed = f"<choose><when condition={attribute('is-no-json')}>{answer(400, JSON_ERROR)}</when></choose>"
    sections = f"<backend>{forward}</backend><outbound><base /></outbound><on-error><base />{failed}</on-error>"
    return policy_body(inbound, sections)


def limit(**attributes: str) -> dict[str, Any]:
    """A product's policy with limits."""
    given = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in attributes.items())
    counter = f'counter-key={attribute("counter")} estimate-prompt-tokens="false"'
    return policy_body(f"<base /><llm-token-limit {counter}{given} />")


class Members:
    """Backends that answer at once: whose turn it was."""

    def __init__(self) -> None:
        self.called: list[str] = []
        self.queries: list[bytes] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.called.append(dict(scope["headers"])[b"host"].decode().partition(".")[0])
        self.queries.append(scope["query_string"])
        head = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": b"{}"})


class Gateway:
    """A service with an API, its members, and teams."""

    def __init__(self, folder: Path) -> None:
        self.azure = Azure(folder / "sandbox.db").with_group()
        self.faults = folder / "faults.yaml"
        self.azure.put(SERVICE, service_body())
        self.azure.put(API, api_body())
        self.azure.put(f"{API}/operations/chat", operation_body())
        self.azure.put(f"{API}/operations/models", operation_body("GET", "/models"))
        world = self.azure.world
        apps: dict[Role, Any] = {Role.INFERENCE: inference.build(world), Role.FOUNDRY: foundry.build(world)}
        faults = Faults(Dispatch(apps), self.faults, self.azure.clock)
        self.app = LogRequests(faults, self.azure.log)
        apps[Role.GATEWAY] = gateway.build(world, self.app)
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(self.app))

    def member(self, name: str, deployment: str = MODEL, capacity: int = 100, **backend: Any) -> str:
        """A Foundry account with a deployment, as a backend; the account's key."""
        account = f"{ACCOUNTS}/{name}"
        self.azure.put(account, foundry_body(customSubDomainName=name))
        self.azure.put(f"{account}/deployments/{deployment}", model_body(capacity=capacity))
        key = str(self.azure.call("POST", f"{account}/listKeys").json()["key1"])
        value = {"displayName": f"{name}-key", "secret": True, "value": key}
        self.azure.put(f"{SERVICE}/namedValues/{name}-key", {"properties": value})
        given = {"credentials": {"header": {"api-key": [f"{{{{{name}-key}}}}"]}}, "circuitBreaker": breaker()} | backend
        url = f"https://{name}.openai.azure.com/openai/v1"
        self.azure.put(f"{SERVICE}/backends/{name}", member_body(url, **given))
        return key

    def pool(self, *members: tuple[str, int, int], **policy: Any) -> None:
        """The pool behind the model, and the API's policy."""
        self.azure.put(f"{SERVICE}/backends/pool", pool_body(*members))
        self.azure.put(f"{API}/policies/policy", api_policy(members=len(members), **policy))

    def team(self, name: str = "team-a", policy: dict[str, Any] | None = None) -> str:
        """A product that opens the API, and a subscription to it; its key."""
        product = f"{SERVICE}/products/{name}"
        self.azure.put(product, product_body(name))
        self.azure.put(f"{product}/apiLinks/openai", {"properties": {"apiId": API}})
        if policy is not None:
            self.azure.put(f"{product}/policies/policy", policy)
        self.azure.put(f"{SERVICE}/subscriptions/{name}", subscription_body(product, displayName=name))
        keys = self.azure.call("POST", f"{SERVICE}/subscriptions/{name}/listSecrets").json()
        return str(keys["primaryKey"])

    def measure(self) -> None:
        """Diagnostics with metrics."""
        self.azure.put(INSIGHTS, {"location": "eastus2", "kind": "web", "properties": {"Application_Type": "web"}})
        self.azure.put(LOGGER, LOGGER_BODY)
        self.azure.put(DIAGNOSTIC, DIAGNOSTIC_BODY)

    def grant(self, role: str, scope: str) -> None:
        """Give the service's identity a role."""
        principal = self.azure.get(SERVICE)["identity"]["principalId"]
        path = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{ASSIGNMENT}"
        definition = f"/providers/Microsoft.Authorization/roleDefinitions/{role}"
        self.azure.put(path, {"properties": {"principalId": principal, "roleDefinitionId": definition}})

    def fail(self, *faults: Mapping[str, Any]) -> None:
        """Faults from now on."""
        self.faults.write_text(json.dumps(list(faults)))

    def call(self, key: str | None, ask: Any = ASK, method: str = "POST", url: str = CHAT) -> httpx.Response:
        """One call of the gateway."""
        headers = {"api-key": key} if key else {}
        content = ask if isinstance(ask, bytes) else json.dumps(ask).encode()
        body = content if method == "POST" else b""
        return self.azure.loop.run_until_complete(self.http.request(method, url, content=body, headers=headers))

    def served(self) -> list[str]:
        """The members that were called, in order; their names."""
        hosts = [line["host"] for line in self.azure.log]
        return [host.partition(".")[0] for host in hosts if host.endswith(".openai.azure.com")]

    async def messages(
        self, key: str, ask: Any, app: ASGIApp | None = None, seen: asyncio.Event | None = None, query: bytes = b""
    ) -> list[Message]:
        """What the gateway, or another application in its place, sends; `seen` is set at the first part of a body."""
        found: list[Message] = []
        body = json.dumps(ask).encode()
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/openai/v1/chat/completions",
            "query_string": query,
            "headers": [(b"host", f"{NAME}.azure-api.net".encode()), (b"api-key", key.encode())],
        }

        async def receive() -> Message:
            return {"type": "http.request", "body": body}

        async def send(message: Message) -> None:
            found.append(message)
            if seen is not None and message["type"] == "http.response.body":
                seen.set()
            await asyncio.sleep(0)

        await (app or self.app)(scope, receive, send)
        return found

    def close(self) -> None:
        """Release everything."""
        self.azure.loop.run_until_complete(self.http.aclose())
        self.azure.close()
