"""What is written from what the rules say of themselves: `python -m policies.pages` writes it.

One page for each rule, the table in `docs/rules/README.md`, and the configurations in `policies/configs`. All else
in that README, and the pages of the policies that are no rules, are written by hand.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from textwrap import fill
from typing import Any, Final

from azure_llama_policies.registry import rules
from azure_llama_policies.reports import REPORTS
from azure_llama_policies.rule import Level, ResourceRule, Rule, StackRule

PAGES: Final = Path(__file__).resolve().parents[2] / "docs" / "rules"
CONFIGS: Final = Path(__file__).resolve().parents[1] / "configs"
BEGIN: Final = "<!-- rules: written by python -m policies.pages -->"
END: Final = "<!-- end of rules -->"

_WIDTH = 119
_ADVICE = frozenset(
    {
        "known-model",
        "managed-shared-quota",
        "serverless-auth-mode",
        "serverless-hub-project",
        "serverless-model-legacy",
        "serverless-model-retiring",
    }
)
"""Rules that say what will be, or what nobody knows: advice in a hard stack, too."""

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
        language = "yaml" if rule.example.startswith("azure-") else "python"
        blocks.append(f"```{language}\n{rule.example.rstrip()}\n```")
    blocks += [_fill(" ".join(note.split())) for note in rule.notes.split("\n\n") if note.strip()]
    if rule.config:
        blocks.append("\n".join(["**Settings.**", "", *(_setting(name, each) for name, each in rule.config.items())]))
    if rule.mirrors:
        blocks.append(_fill(f"**Mirrors.** {', '.join(map(_mirror, rule.mirrors))}."))
    for control in rule.frameworks:
        blocks.append(
            _fill(f"**Serves.** {control.name} {control.version}, {control.reference}: {control.specification}.")
        )
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
        rule.id: _configured(rule, rule.level if rule.id in _ADVICE else Level.MANDATORY) for rule in rules()
    }
    # For a first look: what a review would ask for is left out, what Azure would refuse or end is not.
    trial = default | {
        rule.id: {"enforcementLevel": "disabled"}
        for rule in rules()
        if rule.level is Level.ADVISORY and rule.id not in _ADVICE
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


def write() -> None:
    """Write all of it; remove nothing."""
    for name, text in configurations().items():
        (CONFIGS / name).write_text(text, encoding="utf-8")
    for rule in rules():
        (PAGES / f"{rule.id}.md").write_text(page(rule), encoding="utf-8")
    readme = PAGES / "README.md"
    readme.write_text(with_table(readme.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    write()
    sys.stdout.write(f"{PAGES}: {len(rules())} pages\n")
