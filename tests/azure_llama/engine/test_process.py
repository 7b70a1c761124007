"""Tools run with limits, and nothing of them is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from azure_llama.engine.process import AttemptError, one_line, run
from tests.azure_llama.engine.harness import assert_gone, script


def test_gives_standard_output_and_passes_lines_of_standard_error_on(tools: Path) -> None:
    tool = script(tools / "tool", 'echo "$GREETING"; pwd; echo one >&2; echo two >&2')
    lines: list[str] = []
    environment = {"PATH": os.environ["PATH"], "GREETING": "hello"}
    assert run([tool], limit=5, env=environment, cwd=tools, on_line=lines.append) == f"hello\n{tools}\n"
    assert lines == ["one", "two"]


def test_a_failure_is_the_last_line_that_says_something(tools: Path) -> None:
    tool = script(tools / "tool", 'echo "fetching" >&2; echo "no such module" >&2; echo >&2; exit 3')
    with pytest.raises(AttemptError, match=r"^no such module$"):
        run([tool], limit=5)


def test_a_silent_failure_has_at_least_its_exit_code(tools: Path) -> None:
    with pytest.raises(AttemptError, match=r"^tool exited with code 3$"):
        run([script(tools / "tool", "exit 3")], limit=5)


def test_what_cannot_be_started_is_a_failed_attempt(tools: Path) -> None:
    with pytest.raises(AttemptError, match=r"^nothing cannot be started: No such file"):
        run([tools / "nothing"], limit=5)


def test_overstepping_the_limit_ends_the_tool_and_its_children(tools: Path) -> None:
    tool = script(tools / "tool", f"echo waiting >&2; sleep 60 & echo $! > {tools}/child; wait")
    with pytest.raises(AttemptError, match=r"^tool: no end within 0\.3 s; its last line: waiting$"):
        run([tool], limit=0.3)
    assert_gone(int((tools / "child").read_text()))


def test_a_tool_without_progress_is_ended_before_its_limit(tools: Path) -> None:
    tool = script(tools / "tool", "for n in 1 2 3 4; do echo $n >&2; sleep 0.1; done; sleep 60")
    with pytest.raises(AttemptError, match=r"^tool: no progress for 0\.3 s; its last line: 4$"):
        run([tool], limit=60, idle=0.3)


def test_an_interrupt_ends_the_tool_and_its_children(tools: Path) -> None:
    tool = script(tools / "tool", f"sleep 60 & echo $! > {tools}/child; echo ready >&2; wait")

    def interrupt(_: str) -> None:
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        run([tool], limit=60, on_line=interrupt)
    assert_gone(int((tools / "child").read_text()))


def test_reasons_are_one_short_line_without_credentials() -> None:
    text = one_line("dial https://user:pass@proxy.example:3128/x:\n  refused " + "y" * 500)
    assert text.startswith("dial https://***@proxy.example:3128/x: refused yyy")
    assert len(text) == 300


SLOW_TO_END = """
import pathlib, signal, sys, time
def end(*_):
    time.sleep(0.6)
    pathlib.Path(sys.argv[1]).write_text("ended in order")
    sys.exit(1)
signal.signal(signal.SIGINT, end)
print("ready", flush=True)
time.sleep(60)
"""
FOLLOWING = """
import os, sys
from azure_llama.engine.process import follow
follow([sys.executable, "-c", sys.argv[1], sys.argv[2]], env=os.environ)
"""


def test_ctrl_c_leaves_the_command_the_time_to_end(tmp_path: Path) -> None:
    ended = tmp_path / "ended"
    command = [sys.executable, "-c", FOLLOWING, SLOW_TO_END, str(ended)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "ready\n"
        os.killpg(running.pid, signal.SIGINT)
        _, errors = running.communicate(timeout=60)
    assert "KeyboardInterrupt" in errors
    assert ended.read_text() == "ended in order"
