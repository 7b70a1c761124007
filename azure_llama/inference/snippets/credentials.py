"""How a printed program gets its credential: by reference, at run time. The program never contains a key."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass

from azure_llama.catalog.kinds import MANAGED

_SIGN_IN = """\
# Entra ID: as a service principal where AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_CLIENT_SECRET are set, otherwise as
# the user of `az login`.
entra_token() {{
  if [ -n "${{AZURE_CLIENT_SECRET:-}}" ]; then
    printf '%s' "$AZURE_CLIENT_SECRET" |
      curl -sS --fail-with-body "https://login.microsoftonline.com/$AZURE_TENANT_ID/oauth2/v2.0/token" \\
        -d grant_type=client_credentials --data-urlencode "client_id=$AZURE_CLIENT_ID" \\
        --data-urlencode scope={scope} --data-urlencode client_secret@- |
      python3 -c 'import json, sys; print(json.load(sys.stdin)["access_token"])'
  else
    {az}
  fi
}}
"""
"""A function of a POSIX shell that prints an Entra token. The secret is never an argument of a process."""


@dataclass(frozen=True)
class Credential:
    """The location of an endpoint's credential.

    Attributes:
        endpoint: Required. Its name.
        auth: Required. `Key`, `AADToken` or `AMLToken`.
        workspace_id: Required. ARM id of the workspace.
        stack_flags: Required. Options that name the stack to `pulumi stack output`; None when the outputs came from
            elsewhere, so that the environment is the only place.
        scope: Optional. What Entra tokens for it are asked for.
        role: Optional. The built-in role of callers.
        output: Optional. The output of the stack with the keys.
        entry: Optional. The key's entry there; the endpoint's name when None.
    """

    endpoint: str
    auth: str
    workspace_id: str
    stack_flags: tuple[str, ...] | None
    scope: str = MANAGED.scope
    role: str = MANAGED.caller_role
    output: str = "keys"
    entry: str | None = None

    @property
    def place(self) -> str:
        """The key's entry in its output."""
        return self.entry or self.endpoint

    @property
    def variable(self) -> str:
        """The environment variable that comes first, where there is one."""
        return re.sub(r"\W", "_", self.endpoint).upper() + ("_KEY" if self.auth == "Key" else "_TOKEN")

    @property
    def command(self) -> tuple[str, ...] | None:
        """The command that prints the credential (within JSON, for keys); None when there is none."""
        if self.auth == "Key":
            if self.stack_flags is None:
                return None
            return ("pulumi", "stack", "output", self.output, *self.stack_flags, "--show-secrets", "--json")
        if self.auth == "AADToken":
            resource = self.scope.removesuffix("/.default")
            return ("az", "account", "get-access-token", "--resource", resource, "--query", "accessToken", "-o", "tsv")
        # /subscriptions/S/resourceGroups/G/providers/P/workspaces/W
        parts = self.workspace_id.split("/")
        if len(parts) != 9:
            return None
        return (
            *("az", "ml", "online-endpoint", "get-credentials", "--name", self.endpoint),
            *("--resource-group", parts[4], "--workspace-name", parts[8], "--query", "accessToken", "-o", "tsv"),
        )


def python(credential: Credential) -> tuple[list[str], list[str], str]:
    """For Python: imports, lines, and the expression that is the credential at the moment.

    Returns:
        With Entra ID the lines define `token`, a function; else they define `key`, a text.
    """
    if credential.auth == "AADToken":
        lines = [
            "# Entra ID: who is signed in (az login, a managed identity, AZURE_CLIENT_ID ...) needs a role",
            f"# that may score, such as {credential.role}.",
            f'token = get_bearer_token_provider(DefaultAzureCredential(), "{credential.scope}")',
        ]
        return ["from azure.identity import DefaultAzureCredential, get_bearer_token_provider"], lines, "token()"
    variable, command = credential.variable, credential.command
    if command is None:
        return ["import os"], [f"# Put it into {variable} first.", f'key = os.environ["{variable}"]'], "key"
    lines = [
        f"# Read when this runs, from {variable}, or else by the command; never written down here.",
        f"command = {_list(command)}",
    ]
    shown = f'os.environ.get("{variable}") or '
    if credential.auth == "Key":
        lines += [f'key = {shown}json.loads(subprocess.check_output(command))[{_text(credential.place)}]["primary"]']
        return ["import json", "import os", "import subprocess"], lines, "key"
    lines += [f"key = {shown}subprocess.check_output(command, text=True).strip()"]
    return ["import os", "import subprocess"], lines, "key"


def shell(credential: Credential) -> list[str]:
    """For a POSIX shell: lines that set `key`."""
    variable, command = credential.variable, credential.command
    if command is None:
        return [f"# Put it into {variable} first.", f'key="${{{variable}:?is not set}}"']
    shown = shlex.join(command)
    if credential.auth == "AADToken":
        return [
            *_SIGN_IN.format(scope=credential.scope, az=shown).splitlines(),
            f'key="${{{variable}:-$(entra_token)}}"',
        ]
    if credential.auth == "Key":
        path = f'[{_text(credential.place)}]["primary"]'
        shown += " |\n  " + shlex.join(["python3", "-c", f"import json, sys; print(json.load(sys.stdin){path})"])
    return [
        f"# Read when this runs, from {variable}, or else by the command; never written down here.",
        f'key="${{{variable}:-$({shown})}}"',
    ]


def _text(text: str) -> str:
    return json.dumps(text)


def _list(words: tuple[str, ...]) -> str:
    return "[" + ", ".join(_text(word) for word in words) + "]"
