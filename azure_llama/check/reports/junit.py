"""The report as JUnit XML: a suite for each rule, a case for each resource that it evaluates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from azure_llama.check.configuration import ConfigurationRule
from azure_llama.check.judging import RuleFinding
from azure_llama.check.report import Item, Report
from azure_llama.documents.text import printable
from azure_llama_policies.rule import Level, Outcome

if TYPE_CHECKING:
    from azure_llama_policies.exemptions import Exemption

_EXPIRED = "exemptions"


def as_junit(report: Report) -> str:
    """Mandatory violations are failures; warnings, exemptions and rules that were not evaluated are skipped."""
    root = ElementTree.Element("testsuites")
    exempted = {id(item.finding): item.waiver for item in report.exempted}
    places = {id(item.finding): item for item in (*report.violations, *report.unseen, *report.exempted)}
    suites: dict[str, list[RuleFinding]] = defaultdict(list)
    for finding in report.judgement.verdicts:
        suites[finding.rule.id].append(finding)
    for rule, findings in sorted(suites.items()):
        suite = ElementTree.SubElement(root, "testsuite", name=rule)
        for finding in findings:
            _case(suite, finding, places.get(id(finding)), exempted, report.strict)
        _count(suite)
    if not report.evaluated:
        suite = ElementTree.SubElement(root, "testsuite", name="rules")
        case = ElementTree.SubElement(suite, "testcase", classname="rules", name="all rules", time="0")
        ElementTree.SubElement(case, "skipped", message=printable("; ".join(report.notes)))
        _count(suite)
    if report.expired and not report.lenient:
        suite = ElementTree.SubElement(root, "testsuite", name=_EXPIRED)
        for waiver in report.expired:
            case = ElementTree.SubElement(
                suite, "testcase", classname=_EXPIRED, name=printable(f"{waiver.rule}: {waiver.target}"), time="0"
            )
            said = printable(f"expired on {waiver.expires} ({waiver.owner}): {waiver.reason}")
            ElementTree.SubElement(case, "failure", message=said, type=_EXPIRED)
        _count(suite)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)


def _case(
    suite: ElementTree.Element,
    finding: RuleFinding,
    item: Item | None,
    exempted: Mapping[int, Exemption | None],
    strict: bool,
) -> None:
    verdict = finding.verdict
    name = printable(verdict.resource.urn.split("::", 2)[-1])
    if isinstance(finding.rule, ConfigurationRule):
        name = printable(f"{name}: {verdict.path or verdict.message}")
    case = ElementTree.SubElement(suite, "testcase", classname=finding.rule.id, name=name, time="0")
    if item is None:
        return
    said = printable(f"{item.place}: {verdict.message}")
    waiver = exempted.get(id(finding))
    if waiver is not None:
        ElementTree.SubElement(case, "skipped", message=printable(f"exempted ({waiver.reason}): {said}"))
    elif verdict.outcome is Outcome.VIOLATED and finding.level is Level.MANDATORY:
        _failure(case, said, finding)
    elif verdict.outcome is Outcome.NOT_SEEN and strict:
        _failure(case, f"not seen: {said}", finding)
    else:
        word = "warning" if verdict.outcome is Outcome.VIOLATED else "not seen"
        ElementTree.SubElement(case, "skipped", message=f"{word}: {said}")


def _failure(case: ElementTree.Element, said: str, finding: RuleFinding) -> None:
    failure = ElementTree.SubElement(case, "failure", message=said, type=str(finding.rule.severity))
    failure.text = printable(f"{said}\n{finding.rule.fix}\n{finding.rule.docs}")


def _count(suite: ElementTree.Element) -> None:
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("errors", "0")
    suite.set("skipped", str(len(suite.findall("testcase/skipped"))))
    suite.set("time", "0")
