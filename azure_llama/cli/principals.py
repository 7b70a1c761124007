"""Manages the principals of a sandbox: `azure-llama sandbox principal`."""

from __future__ import annotations

import json

import click

from azure_llama.cli.groups import Commands
from azure_llama.cli.options import format_option, home_of, home_option
from azure_llama.cli.output import echo


@click.group(cls=Commands, no_args_is_help=True)
@home_option
def principal() -> None:
    """Manage the principals that may sign in besides the owner and the guest, and their roles.

    Exit codes: 0 done, 1 refused, 2 wrong usage, 3 no sandbox runs.
    """


@principal.command("create")
@home_option
@click.argument("name")
@click.option(
    "--sign-in",
    type=click.Choice(["client-secret", "github", "azure-devops", "managed-identity"]),
    default="client-secret",
    show_default=True,
    help="How the principal authenticates; `exec --principal NAME` sets the matching variables.",
)
@click.option(
    "--issuer", help="The issuer of its federated tokens, for github and azure-devops.  [default: an example issuer]"
)
@click.option("--subject", help="The required subject of those tokens.  [default: an example subject]")
@click.option("--role", "roles", multiple=True, help="The name of a role to assign to it; repeatable.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    help="ARM id of the role's scope: one for each --role, or one for all.  [default: the subscription]",
)
@click.pass_context
def create_principal(
    context: click.Context,
    name: str,
    sign_in: str,
    issuer: str | None,
    subject: str | None,
    roles: tuple[str, ...],
    scopes: tuple[str, ...],
) -> None:
    """Create the principal NAME in the running sandbox.

    Exit codes: 0 done, 1 the name is taken or breaks the rule for names, or a role cannot be given, 2 wrong usage,
    3 no sandbox runs.
    """
    from azure_llama_sandbox import principals
    from azure_llama_sandbox.identity import DEFAULT_FEDERATIONS, Federation, SignIn

    method = SignIn(sign_in)
    example = DEFAULT_FEDERATIONS.get(method)
    if example is None and (issuer or subject):
        raise click.UsageError("--issuer and --subject go with --sign-in github or azure-devops.")
    if len(scopes) not in (0, 1, len(roles)) or (scopes and not roles):
        raise click.UsageError(f"{len(roles)} --role and {len(scopes)} --scope: give as many, or one --scope.")
    for scope in scopes:
        if not scope.lower().startswith("/subscriptions/"):
            example_scope = f"{principals.SCOPE}/resourceGroups/rg-llama"
            raise click.UsageError(f"--scope {scope!r} is no ARM id; write one such as {example_scope}")
    where = scopes or (principals.SCOPE,)
    given = list(zip(roles, where * len(roles) if len(where) == 1 else where, strict=True))
    federation = example and Federation(issuer or example.issuer, subject or example.subject)
    made = principals.create(name, home_of(context), sign_in=method, federation=federation, roles=given)
    echo(f"{made.name} can sign in: client id {made.client_id}, object id {made.object_id}")


@principal.command("list")
@home_option
@format_option("table", "json")
@click.pass_context
def list_principals(context: click.Context, form: str) -> None:
    """List the principals that may sign in, without secrets.

    Exit codes: 0 done, 1 the home is damaged, 2 wrong usage.
    """
    from azure_llama_sandbox import principals

    found = principals.principals(home_of(context))
    if form == "json":
        rows = [{"name": a.name, "signIn": a.sign_in, "clientId": a.client_id, "objectId": a.object_id} for a in found]
        click.echo(json.dumps(rows, indent=2))
        return
    for each in found:
        echo(f"{each.name:<16} {each.sign_in:<16} {each.client_id} {each.object_id}")
