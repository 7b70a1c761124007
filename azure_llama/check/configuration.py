"""Errors of the configuration as findings of a check: they have a rule, a place and a line in every report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from azure_llama.check.judging import RuleFinding
from azure_llama.documents.errors import InputError
from azure_llama.documents.files import text_of
from azure_llama.documents.positions import Place, compose
from azure_llama.documents.problems import FileProblem
from azure_llama_policies.resource_types import STACK
from azure_llama_policies.rule import Level, Outcome, Resource, Rule, Severity, Verdict

NOT_EVALUATED = "rules not evaluated: correct the errors of the configuration first"

_LOCATED = re.compile(
    r"(?:- )?(?P<file>[^:\n]+\.(?:ya?ml|json|py))(?::(?P<line>\d+))?(?::(?P<column>\d+))?: (?P<text>.*)"
)
_KEY = re.compile(r"(?P<key>[\w.:\[\]\"/-]+): ")
_HEADING = re.compile(r"The (stack's configuration|catalogue's overlay) has \d+ \w+:")


@dataclass(frozen=True, kw_only=True)
class ConfigurationRule(Rule):
    """A finding about a configuration file of the check."""

    severity: Severity = Severity.HIGH
    sources: tuple[str, ...] = ()
    types: frozenset[str] = frozenset()

    @property
    def docs(self) -> str:
        """The page about errors of the configuration."""
        return "docs/check.md"


def _rule(id_: str, title: str, what: str) -> ConfigurationRule:
    why = "Nothing can be planned or deployed from it, and no rule can be evaluated."
    return ConfigurationRule(id=id_, title=title, what=what, why=why, fix="Correct the value that the message names.")


FILES = _rule("configuration-syntax", "Project and stack files are valid.", "Pulumi.yaml and the stack's file.")
VALUES = _rule("configuration-value", "The values of the stack are valid.", "The keys of the stack's configuration.")
CATALOG = _rule("configuration-catalog", "llama-catalog.yaml is valid.", "The team's own facts.")
POLICIES = _rule("configuration-policies", "The policy configuration is valid.", "Levels and settings of rules.")
EXEMPTIONS = _rule("configuration-exemptions", "The exemptions are valid.", "Accepted violations.")
PROGRAM = _rule("program-fails", "The program runs to its end.", "The Pulumi program of the project.")
RULES = (FILES, VALUES, CATALOG, POLICIES, EXEMPTIONS, PROGRAM)


@dataclass
class ConfigurationErrors:
    """Collects the errors of all files, so that one run reports them together.

    Attributes:
        root: Required. The project's folder.
        stack: Required. The stack, as a resource that findings are about.
        default: Required. The file that an error without a place is shown in.
        findings: The findings, each with its place.
    """

    root: Path
    stack: Resource
    default: Path
    findings: list[tuple[RuleFinding, Place]] = field(default_factory=list)

    @contextmanager
    def of(self, rule: ConfigurationRule, file: Path | None = None) -> Iterator[None]:
        """Take the errors that the body raises.

        Args:
            rule: Required. The rule that they violate.
            file: Optional. The file that they are in; each error names its own when None.
        """
        try:
            yield
        except InputError as error:
            for problem in error.problems:
                for text in str(problem).splitlines():
                    if not _HEADING.fullmatch(text):
                        self._add(rule, problem if isinstance(problem, FileProblem) else text, file)

    def _add(self, rule: ConfigurationRule, problem: FileProblem | str, file: Path | None) -> None:
        located = _LOCATED.fullmatch(str(problem))
        text = located["text"] if located else str(problem).removeprefix("- ")
        path = file or (self.root / located["file"] if located else self.default)
        key = _KEY.match(text)
        line = int(located["line"]) if located and located["line"] else self._line(path, key)
        column = int(located["column"]) if located and located["column"] else self._column(path, line)
        if path.suffix == ".py":
            rule = PROGRAM
        verdict = Verdict(self.stack, Outcome.VIOLATED, text, key["key"] if key else None)
        place = Place(self._shown(path), line, column, line, column)
        self.findings.append((RuleFinding(rule, Level.MANDATORY, verdict), place))

    @staticmethod
    def _line(path: Path, key: re.Match[str] | None) -> int:
        """The line of a first key of a file whose errors have none: JSON is YAML, too."""
        try:
            document = compose(text_of(path), "", pulumi=False) if key else None
        except InputError:
            return 1
        return (document.line((key["key"],)) if document and key else None) or 1

    @staticmethod
    def _column(path: Path, line: int) -> int:
        """Where the text of a line begins, after the dash of a list's entry."""
        try:
            text = text_of(path).splitlines()[line - 1]
        except (InputError, IndexError):
            return 1
        return len(text) - len(text.lstrip(" -")) + 1 if text.strip(" -") else 1

    def _shown(self, path: Path) -> str:
        try:
            return path.resolve().relative_to(self.root.resolve()).as_posix()
        except ValueError:
            return path.as_posix()


def stack_resource(project: str, stack: str) -> Resource:
    """The stack as a resource, before its program has run."""
    name = f"{project}-{stack}"
    return Resource(urn=f"urn:pulumi:{stack}::{project}::{STACK}::{name}", type=STACK, name=name, props={})
