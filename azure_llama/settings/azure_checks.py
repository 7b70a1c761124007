"""The rules for single values that Azure has one form for: ids, addresses, dates."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from ipaddress import IPv4Network

from azure_llama.catalog.arm_ids import is_guid, parse_arm_id
from azure_llama.settings.checks import Finding, iso_day, refusal

LONGEST_PREFIX = 27
"""The smallest own network: /27 has room for the endpoint's addresses beside the 5 that Azure keeps in a subnet."""
LONGEST_ROLE_NAME = 128

_FQDN = re.compile(r"(\*\.)?([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@([A-Za-z0-9-]+\.)+[A-Za-z]{2,63}", re.ASCII)
_KEY = re.compile(r"https://[a-zA-Z0-9-]+\.[a-z0-9.-]+/keys/[A-Za-z0-9-]{1,127}/[0-9a-f]{32}", re.ASCII)
_SERVICE_TAG = re.compile(r"[A-Za-z][A-Za-z0-9]*(\.[A-Za-z0-9]+)?", re.ASCII)
_PORT = r"[0-9]{1,5}(-[0-9]{1,5})?"
_PORTS = re.compile(rf"\*|{_PORT}(,{_PORT})*", re.ASCII)
_LAST_PORT = 65535


def arm_id(type_: str, what: str) -> Callable[[str], str]:
    """A check that a text is the ARM id of a resource of a type.

    Args:
        type_: Required. `Microsoft.Network/virtualNetworks/subnets`.
        what: Required. The resource, as a sentence calls it: `a subnet`.
    """
    space, *kinds = type_.split("/")
    steps = "/".join(f"{kind}/<name>" for kind in kinds)
    form = f"/subscriptions/<guid>/resourceGroups/<name>/providers/{space}/{steps}"

    def check(text: str) -> str:
        found = parse_arm_id(text)
        if found is not None and found.is_a(type_):
            return text
        rule = f"is not the ARM id of {what}" if found is None else f"is the ARM id of a {found.type}, not of {what}"
        raise refusal(Finding(rule, f"write it as {form}"))

    return check


def any_arm_id(text: str) -> str:
    """An ARM id of any resource."""
    if parse_arm_id(text) is None:
        form = "/subscriptions/<guid>/resourceGroups/<name>/providers/<namespace>/<type>/<name>"
        raise refusal(Finding("is not the ARM id of a resource", f"write it as {form}"))
    return text


def guid(text: str) -> str:
    """A GUID."""
    if is_guid(text):
        return text
    raise refusal(Finding("is not a GUID", "write the object's id of Entra ID, 8-4-4-4-12 hexadecimal digits"))


def address_space(text: str) -> str:
    """Addresses for a virtual network of the stack's own."""
    example = "write one such as '10.40.0.0/16'"
    try:
        network = IPv4Network(text, strict=False)
    except ValueError:
        raise refusal(Finding("is not a range of IPv4 addresses", example)) from None
    if str(network) != text:
        raise refusal(Finding("does not begin where its range does", f"write {str(network)!r}", str(network)))
    if not network.is_private:
        raise refusal(Finding("is not a range of private addresses (RFC 1918)", example))
    if network.prefixlen > LONGEST_PREFIX:
        raise refusal(Finding("is too small for a subnet of private endpoints", f"write /{LONGEST_PREFIX} or larger"))
    return text


def fqdn(text: str) -> str:
    """A host name, `*.` in front for all below it."""
    if _FQDN.fullmatch(text):
        return text
    raise refusal(Finding("is not a host name", "write one such as 'example.com' or '*.example.com', without https://"))


def service_tag(text: str) -> str:
    """A name of one of Azure's groups of addresses."""
    if _SERVICE_TAG.fullmatch(text):
        return text
    raise refusal(Finding("is not the name of a service tag", "write one such as 'AzureMonitor'"))


def ports(text: str) -> str:
    """Ports of an outbound rule, as ARM writes them."""
    numbers = [int(number) for number in re.findall(r"[0-9]+", text)] if _PORTS.fullmatch(text) else [_LAST_PORT + 1]
    if all(0 < number <= _LAST_PORT for number in numbers):
        return text
    raise refusal(Finding("is not a list of ports", "write them as '443', '80,443', '8080-8090' or '*'"))


def key_identifier(text: str) -> str:
    """The URL of one version of a key in a vault."""
    if _KEY.fullmatch(text):
        return text
    form = "https://<vault>.vault.azure.net/keys/<name>/<version>"
    raise refusal(Finding("is not the identifier of a key's version", f"write it as {form}"))


def first_of_month(text: str) -> str:
    """A date that a monthly budget can begin with."""
    try:
        day = date.fromisoformat(iso_day(text))
    except ValueError:
        raise refusal(Finding("is not a date", "write it as '2026-11-01'")) from None
    if day.day != 1:
        first = day.replace(day=1).isoformat()
        raise refusal(Finding("is not the first of a month, where a monthly budget begins", f"write {first!r}", first))
    return day.isoformat()


def email(text: str) -> str:
    """An address that alerts go to."""
    if _EMAIL.fullmatch(text):
        return text
    raise refusal(Finding("is not an e-mail address", "write one such as 'someone@example.com'"))


def virtual_machine_size(text: str) -> str:
    """A name of a size of virtual machines, GPU or not: the catalogue does not list those without."""
    if re.fullmatch(r"Standard_[A-Za-z0-9_-]+", text, re.ASCII):
        return text
    raise refusal(Finding("is not the name of a size of virtual machines", "write one such as 'Standard_DS3_v2'"))


def role_name(text: str) -> str:
    """What a role definition is called; the scope and the workspace's name come behind it."""
    if text.strip() and len(text) <= LONGEST_ROLE_NAME:
        return text
    rule = f"has {len(text)} characters, and a role's name has 1 to {LONGEST_ROLE_NAME} here"
    raise refusal(Finding(rule, "write one such as 'Azure Llama deployer'"))
