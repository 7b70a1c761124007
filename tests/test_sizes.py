"""Functions have at most 40 lines and modules 300, but for the modules that pyproject.toml lists."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator

from tests.conftest import ROOT

FOLDERS = ("azure_llama", "components", "policies", "sandbox", "scripts", "tests", "deploy", "examples")
LIMITS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["azure-llama"]["sizes"]
MOST_LONG_MODULES = 5


def modules() -> Iterator[tuple[str, str]]:
    """Path and text of every module of ours."""
    yield "__main__.py", (ROOT / "__main__.py").read_text()
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path.read_text()


def long_functions(path: str, text: str, limit: int) -> list[str]:
    """Functions with more lines than the limit, from `def` to their end."""
    return [
        f"{path}:{node.lineno}: {node.name} has {lines} lines; split it by meaning, the limit is {limit}"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > limit
    ]


def test_functions_are_short() -> None:
    found = [each for path, text in modules() for each in long_functions(path, text, LIMITS["function-lines"])]
    assert found == []


def test_modules_are_short_but_for_the_list() -> None:
    sizes = {path: len(text.splitlines()) for path, text in modules()}
    long = {path for path, lines in sizes.items() if lines > LIMITS["module-lines"]}
    listed = set(LIMITS["long-modules"])
    assert sorted(long - listed) == [], "split these by topic, or list them in pyproject.toml"
    assert sorted(listed - long) == [], "these are short by now: take them off the list in pyproject.toml"
    assert len(listed) <= MOST_LONG_MODULES


def test_a_function_is_counted_from_its_def_to_its_end() -> None:
    text = "@decorated\ndef f():\n    a = 1\n    return a\n"
    assert long_functions("m.py", text, 3) == []
    assert long_functions("m.py", text, 2) == ["m.py:2: f has 3 lines; split it by meaning, the limit is 2"]
