"""Files generated from the rules: their pages, the table in `docs/rules/README.md`, and `policies/configs`.

`make generate` writes them. The rest of that README, and the pages of the policies that are not rules, are written by
hand.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from textwrap import fill
from typing import Any, Final

from azure_llama_policies.example import Example
from azure_llama_policies.registry import rules
from azure_llama_policies.reports import REPORTS
from azure_llama_policies.rule import Level, ResourceRule, Rule, StackRule

PAGES: Final = Path("docs/rules")
CONFIGS: Final = Path("policies/configs")
BEGIN: Final = "<!-- rules: written by make generate -->"
WRITTEN_BY_HAND: Final = frozenset({PAGES / "README.md", *(PAGES / f"{report}.md" for report in REPORTS)})
"""What else is in the folders of the generated files."""
END: Final = "<!-- end of rules -->"

_WIDTH = 119
_MIRRORS = {"AZR-": "PSRule", "CKV": "checkov", "AZU-": "Trivy"}


def page(rule: Rule) -> str:
    """The page of a rule, in Markdown."""
    parts = [
        f"# {rule.id}",
        rule.title,
        f"**What.** {rule.what}",
        f"**Why.** {rule.why}",
        f"**Fix.** {rule.fix}",
    ]
    blocks = [_fill(part) for part in parts]
    if rule.example:
        blocks += _example(rule.example)
    blocks += [_fill(" ".join(note.split())) for note in rule.notes.split("\n\n") if note.strip()]
    if rule.config:
        blocks.append("\n".join(["**Settings.**", "", *(_setting(name, each) for name, each in rule.config.items())]))
    if rule.mirrors:
        blocks.append(_fill(f"**Mirrors.** {', '.join(map(_mirror, rule.mirrors))}."))
    for control in rule.frameworks:
        blocks.append(
            _fill(f"**Serves.** {control.name} {control.version}, {control.reference}: {control.specification}.")
        )
    if rule.azure:
        blocks.append(_fill(f"**On Azure.** {rule.azure}"))
    kind = (
        "once all resources are known"
        if isinstance(rule, StackRule)
        else "resource by resource, before each is touched"
    )
    sources = ", ".join(f"`{key}`" for key in rule.sources)
    blocks.append(
        _fill(f"**Severity** {rule.severity}, {rule.level}. Judged {kind}. **Sources** {sources} of the catalogue.")
    )
    return "\n\n".join(blocks) + "\n"


def _example(example: Example) -> Iterator[str]:
    yield "**Non-compliant.**"
    yield _code(example.language, example.noncompliant)
    if example.rejected_at:
        yield _fill(
            f"This project's program rejects it at `{example.rejected_at}` before any rule is evaluated. The rule "
            "finds it in the resources of other programs."
        )
    yield "**Compliant.**"
    yield _code(example.language, example.compliant)
    if example.settings:
        yield f"The rule's settings for both: `{json.dumps(example.settings)}`."
    for name, text in example.files.items():
        yield f"The file `{name}` for both:"
        yield _code("json", text)


def _code(language: str, text: str) -> str:
    return f"```{language}\n{text.rstrip()}\n```"


def table(all_rules: Iterable[ResourceRule | StackRule]) -> str:
    """The table of the rules, in Markdown."""
    rows = [f"| [{each.id}]({each.id}.md) | {each.severity} | {each.level} | {each.title} |" for each in all_rules]
    return "\n".join(["| rule | severity | level | what must hold |", "|---|---|---|---|", *rows])


def with_table(text: str) -> str:
    """The text of the README with the table as it is now.

    Raises:
        ValueError: the lines between which the table stands are not there.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"docs/rules/README.md must have the lines {BEGIN} and {END}")
    return f"{before}{begin}\n{table(rules())}\n{end}{after}"


def configurations() -> dict[str, str]:
    """The ready-made configurations by the name of their file."""
    default = {rule.id: _configured(rule, rule.level) for rule in rules()} | {
        report: {"enforcementLevel": level.value} for report, level in REPORTS.items()
    }
    hardened = default | {
        rule.id: _configured(rule, rule.level if rule.advice else Level.MANDATORY) for rule in rules()
    }
    # For a first look: what a review would ask for is left out, what Azure would refuse or end is not.
    trial = default | {
        rule.id: {"enforcementLevel": "disabled"}
        for rule in rules()
        if rule.level is Level.ADVISORY and not rule.advice
    }
    return {
        f"{name}.json": json.dumps(found, indent=2) + "\n"
        for name, found in (("default", default), ("hardened", hardened), ("trial", trial))
    }


def _configured(rule: Rule, level: Level) -> dict[str, Any]:
    settings = {key: schema["default"] for key, schema in rule.config.items() if "default" in schema}
    return {"enforcementLevel": level.value, **settings}


def _fill(text: str) -> str:
    return fill(text, _WIDTH, break_long_words=False, break_on_hyphens=False)


def _setting(name: str, schema: Mapping[str, Any]) -> str:
    limits = [f"{word} {schema[key]}" for key, word in (("minimum", "from"), ("maximum", "to")) if key in schema]
    default = f", `{_shown(schema['default'])}` when left out" if "default" in schema else ""
    kind = " ".join([str(schema["type"]), *limits])
    return f"- `{name}` ({kind}{default}): {schema['description']}"


def _shown(value: Any) -> str:
    return f"[{', '.join(map(str, value))}]" if isinstance(value, list) else str(value)


def _mirror(id_: str) -> str:
    return next(
        (f"{whose} `{id_}`" for prefix, whose in _MIRRORS.items() if id_.startswith(prefix)), f"Azure Policy `{id_}`"
    )


def generated(root: Path) -> dict[Path, str]:
    """The text of each generated file, by its path in the repository.

    Args:
        root: Required. The repository, whose `docs/rules/README.md` has the table.
    """
    readme = PAGES / "README.md"
    return {
        **{CONFIGS / name: text for name, text in configurations().items()},
        **{PAGES / f"{rule.id}.md": page(rule) for rule in rules()},
        readme: with_table((root / readme).read_text(encoding="utf-8")),
    }
