"""Records what each rule says in its cases, in full: `python -m tests.policies.said [rule ...]`.

Cases say which outcome is right. The record has the words too, so that a message or a path that changes shows in the
diff, where somebody reads it.
"""

from __future__ import annotations

import sys
from importlib import import_module

import yaml

from azure_llama_policies.registry import rules
from tests.policies.cases import SAID, Case, judge, lines


def record(wanted: list[str]) -> None:
    """Write the record of some rules, or of all."""
    SAID.mkdir(exist_ok=True)
    for rule in rules():
        if wanted and rule.id not in wanted:
            continue
        cases: list[Case] = import_module(f"tests.policies.rules.test_{rule.id.replace('-', '_')}").CASES
        said = {case.name: lines(judge(rule, case.given, case.config, case.project)) for case in cases}
        (SAID / f"{rule.id}.yaml").write_text(yaml.safe_dump(said, sort_keys=False, width=1000, allow_unicode=True))


if __name__ == "__main__":
    record(sys.argv[1:])
