"""Violations that somebody has accepted."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from azure_llama_policies.exemptions import Exemption, ExemptionsError, load, parse
from azure_llama_policies.ledger import FILE, Ledger
from azure_llama_policies.rule import Outcome, Resource, Verdict

TODAY = date(2026, 11, 25)
RESOURCE = Resource(
    urn="urn:pulumi:dev::azure-llama::azure-native:keyvault:Vault::llama-dev-vault",
    type="azure-native:keyvault:Vault",
    name="llama-dev-vault",
    props={},
)
ENTRY = """\
exemptions:
  - rule: vault-rbac
    target: llama-dev-vault
    reason: the old client knows access policies alone
    expires: 2027-02-28
    owner: platform team
"""


def exemption(target: str = "*", rule: str = "vault-rbac", expires: date = TODAY, reason: str = "why") -> Exemption:
    """An exemption."""
    return Exemption(rule=rule, target=target, reason=reason, expires=expires, owner="somebody")


def violated(message: str = "wrong") -> Verdict:
    """A violation."""
    return Verdict(RESOURCE, Outcome.VIOLATED, message)


def errors(text: str) -> list[str]:
    """What is wrong with a file."""
    with pytest.raises(ExemptionsError) as raised:
        parse(text)
    assert str(raised.value) == "\n".join(raised.value.lines)
    return list(raised.value.lines)


def test_a_file_is_read() -> None:
    (found,) = parse(ENTRY)
    assert found.rule == "vault-rbac"
    assert found.target == "llama-dev-vault"
    assert found.expires == date(2027, 2, 28)
    assert found.line == 2
    assert str(found) == (
        "vault-rbac for llama-dev-vault, until 2027-02-28, platform team: the old client knows access policies alone"
    )


@pytest.mark.parametrize("text", ["", "exemptions:", "exemptions: []", "# nothing yet\n"])
def test_a_file_may_have_none(text: str) -> None:
    assert parse(text) == ()


def test_a_day_may_stand_in_quotes() -> None:
    (found,) = parse(ENTRY.replace("2027-02-28", '"2027-02-28"'))
    assert found.expires == date(2027, 2, 28)


def test_every_mistake_is_said_in_one_report() -> None:
    text = """\
exemptions:
  - rule: vault-rbca
    target: ""
    reason: why
    expires: soon
    owner: 5
  - target: x
    reason: why
    expires: 2027-01-01T00:00:00
    owner: o
    until: 2027
  - all of them
more: 1
"""
    assert errors(text) == [
        "policy-exemptions.yaml:13: more: is not a key here; write exemptions:",
        "policy-exemptions.yaml:3: exemptions.0.target: '' is not valid; "
        "write a glob over the resource's name, URN or type",
        "policy-exemptions.yaml:5: exemptions.0.expires: 'soon' is not valid; "
        "write the last day that it holds, such as 2027-02-28",
        "policy-exemptions.yaml:6: exemptions.0.owner: 5 is not valid; write who answers for it",
        "policy-exemptions.yaml:7: exemptions.1: 'rule' is missing; write the rule's id",
        "policy-exemptions.yaml:9: exemptions.1.expires: '2027-01-01T00:00:00' is not valid; "
        "write the last day that it holds, such as 2027-02-28",
        "policy-exemptions.yaml:11: exemptions.1.until: is not a key of an exemption; "
        "write rule, target, reason, expires, owner",
        "policy-exemptions.yaml:12: exemptions.2: it is not a map; write rule, target, reason, expires, owner",
    ]


def test_a_rule_that_does_not_exist_is_refused_with_the_nearest() -> None:
    assert errors(ENTRY.replace("vault-rbac", "vault-rbca")) == [
        "policy-exemptions.yaml:2: exemptions.0.rule: 'vault-rbca' is not a rule; did you mean 'vault-rbac'?"
    ]
    assert errors(ENTRY.replace("vault-rbac", "zzz"))[0].endswith(
        "'zzz' is not a rule; docs/rules/README.md lists them"
    )


def test_a_misspelt_key_is_refused_with_the_nearest() -> None:
    assert errors(ENTRY.replace("owner", "ownr")) == [
        "policy-exemptions.yaml:2: exemptions.0: 'owner' is missing; write who answers for it",
        "policy-exemptions.yaml:6: exemptions.0.ownr: is not a key of an exemption; did you mean 'owner'?",
    ]


def test_the_same_twice_is_refused() -> None:
    twice = ENTRY + ENTRY.partition("\n")[2] + ENTRY.partition("\n")[2]
    assert errors(twice) == [
        "policy-exemptions.yaml:2: vault-rbac is exempted for llama-dev-vault more than once; keep one entry"
    ]


def test_a_key_twice_is_refused() -> None:
    (said,) = errors(ENTRY + "    owner: somebody else\n")
    assert said.startswith("policy-exemptions.yaml:7: exemptions.0.owner: is here twice")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- rule: x", "policy-exemptions.yaml: it is not a map; write exemptions: and a list below it"),
        ("exemptions: {a: b}", "policy-exemptions.yaml:1: exemptions: it is not a list; write one entry a dash"),
    ],
)
def test_another_shape_is_refused(text: str, said: str) -> None:
    assert errors(text) == [said]


def test_what_is_no_yaml_is_refused_with_its_line() -> None:
    (said,) = errors("exemptions:\n  - {rule: x")
    assert said.startswith("policy-exemptions.yaml:")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExemptionsError, match=r"^policy-exemptions\.yaml: cannot be read: No such file"):
        load(tmp_path / FILE)
    (tmp_path / FILE).write_bytes(b"\xff")
    with pytest.raises(ExemptionsError, match=r"^policy-exemptions\.yaml: is not UTF-8"):
        load(tmp_path / FILE)
    (tmp_path / FILE).write_text(ENTRY)
    assert len(load(tmp_path / FILE)) == 1
    with pytest.raises(ExemptionsError, match="is not a rule"):
        load(tmp_path / FILE, known=["other"])


@pytest.mark.parametrize("target", ["llama-dev-vault", "llama-*", "azure-native:keyvault:*", "*::llama-dev-vault", "*"])
def test_a_target_is_a_glob_over_name_urn_and_type(target: str) -> None:
    assert exemption(target).covers("vault-rbac", RESOURCE)


@pytest.mark.parametrize("target", ["LLAMA-dev-vault", "llama-dev", "vault", "azure-native:storage:*"])
def test_another_target_is_not_covered(target: str) -> None:
    assert not exemption(target).covers("vault-rbac", RESOURCE)


def test_another_rule_is_not_covered() -> None:
    assert not exemption().covers("vault-soft-delete", RESOURCE)


def test_what_is_exempted_is_kept_apart_with_its_reason() -> None:
    ledger = Ledger([exemption(reason="because")], TODAY)
    passed, unseen = Verdict(RESOURCE, Outcome.PASSED), Verdict(RESOURCE, Outcome.NOT_SEEN, "dark")
    assert ledger.keep("vault-rbac", [violated(), passed, unseen]) == [passed, unseen]
    assert ledger.keep("storage-tls", [violated()]) == [violated()]
    ((rule, verdict, found),) = ledger.exempted
    assert (rule, verdict, found.reason) == ("vault-rbac", violated(), "because")
    assert (ledger.unused, ledger.expired) == ([], [])


def test_the_last_day_counts_and_the_next_does_not() -> None:
    last, over = exemption(expires=TODAY), exemption("llama-*", expires=date(2026, 11, 24))
    ledger = Ledger([over], TODAY)
    assert ledger.keep("vault-rbac", [violated()]) == [violated()]
    assert (ledger.expired, ledger.unused, ledger.exempted) == ([over], [], [])
    ledger = Ledger([over, last], TODAY)
    assert ledger.keep("vault-rbac", [violated()]) == []
    assert ledger.exempted[0][2] is last


def test_what_covers_nothing_is_unused() -> None:
    used, unused = exemption(), exemption("other")
    ledger = Ledger([unused, used], TODAY)
    ledger.keep("vault-rbac", [violated()])
    assert ledger.unused == [unused]


@given(
    entries=st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                key: st.one_of(
                    st.text(max_size=5), st.integers(), st.none(), st.dates(), st.lists(st.text(), max_size=1)
                )
                for key in ("rule", "target", "reason", "expires", "owner", "other")
            },
        ),
        max_size=3,
    )
)
def test_whatever_stands_there_is_read_or_refused_line_by_line(entries: list[dict[str, object]]) -> None:
    text = yaml.safe_dump({"exemptions": entries}, allow_unicode=True)
    found: tuple[Exemption, ...] | None = None
    said: tuple[str, ...] = ()
    try:
        found = parse(text, known=["a"])
    except ExemptionsError as error:
        said = error.lines
    assert said if found is None else len(found) == len(entries)
    assert all(each.startswith("policy-exemptions.yaml") for each in said)
