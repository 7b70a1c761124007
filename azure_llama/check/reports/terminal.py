"""The report for a terminal: errors first, findings grouped by rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from textwrap import wrap

from azure_llama.check.report import Item, Report
from azure_llama.check.reports.lines import as_lines, leveled, summary, text_of
from azure_llama.documents.text import line

_STYLES = {"error": "red", "warning": "yellow"}
_INDENT = "  "
_SUMMARY_LINES = 5
"""Lines around the findings: what is shortened, the costs, the summary, the prompt."""


def show(report: Report) -> None:
    """Print it to the terminal."""
    from rich.console import Console
    from rich.text import Text

    console = Console()
    for text, style in rows(report, console.width, console.height):
        console.print(Text(text, style), soft_wrap=True)


def rows(report: Report, width: int, height: int) -> Iterator[tuple[str, str]]:
    """Each line with its style. No information depends on the style.

    Args:
        report: Required. The report.
        width: Required. Columns of the terminal.
        height: Required. Lines of the terminal: findings that do not fit with two lines each have one, with the remedy.
    """
    short = False
    groups = _groups(report)
    tight = 2 * len(groups) + _SUMMARY_LINES > height
    levels = max((len(level) for level, _, _ in groups), default=0)
    rules = max((len(rule) for _, rule, _ in groups), default=0)
    for (level, rule, rest), items in groups.items():
        places = ", ".join(dict.fromkeys(str(item.place) for item in items))
        head, style = f"{level:<{levels}}  {rule:<{rules}}  {places}", _STYLES.get(level, "")
        if tight and level != "error":
            short = True
            yield _cut(f"{head}  {rest.partition('; ')[2] or rest.removeprefix(': ')}", width), style
            continue
        yield _cut(head, width), style
        subjects = ", ".join(dict.fromkeys(_split(item)[0] for item in items))
        message = wrap(f"{subjects}{rest}", width - len(_INDENT), break_on_hyphens=False)
        if level != "error" and len(message) > 1:
            short, message = True, [_shortened(f"{subjects}{rest}", width - len(_INDENT))]
        yield from ((f"{_INDENT}{text}", "") for text in message)
    if short:
        yield "Shortened to the size of the terminal; `azure-llama check | cat` shows each finding in full.", ""
    # The rest is what a pipe would get.
    bare = Report(**{**vars(report), "violations": (), "unseen": (), "exempted": ()})
    yield from ((text, "") for text in as_lines(bare).splitlines()[:-1])
    yield summary(report), "green" if report.ok else "bold red"


def _shortened(message: str, width: int) -> str:
    """A message in one line: the remedy after its semicolon stays whole where it leaves room for the rest."""
    rule, separator, remedy = message.partition("; ")
    if separator and len(remedy) < width * 2 // 3:
        return f"{_cut(rule, width - len(remedy) - len(separator))}; {remedy}"
    return _cut(message, width)


def _cut(text: str, width: int) -> str:
    """A text cut where it is too wide. Spaces stay, for columns."""
    return text if len(text) <= width else f"{text[: width - 4].rstrip()} ..."


def _groups(report: Report) -> dict[tuple[str, str, str], list[Item]]:
    """The findings by level, rule and message without its subject."""
    groups: dict[tuple[str, str, str], list[Item]] = defaultdict(list)
    for level, item in leveled(report):
        groups[level, item.finding.rule.id, _split(item)[1]].append(item)
    return groups


def _split(item: Item) -> tuple[str, str]:
    """The subject of a message, such as `endpoint 'llama-8b'`, and the rest of it."""
    subject, separator, rest = line(text_of(item)).partition("': ")
    return (f"{subject}'", f": {rest}") if separator else (subject, "")
