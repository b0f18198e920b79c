"""Completion, in bash and zsh themselves: what stands on the line after Tab."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.bad_input.tool import timingctl
from tests.programs import program

BIN = Path(sys.executable).parent
PATIENCE = 60
#: What is typed before Tab, and what then stands there; a blank ends a word that is whole.
LINES = {
    "rep": "report ",
    "build fix": "build fixtures/",
    "build --delay-w": "build --delay-windows ",
    "build --table Mess": "build --table Message=",
    "build --table Message=fix": "build --table Message=fixtures/",
    "build --delay-windows inf": "build --delay-windows infer ",
    "build --delay-windows fix": "build --delay-windows fixtures/",
    "report --tz Europe/Berl": "report --tz Europe/Berlin ",
    "report --section tre": "report --section trend ",
    "report --format mar": "report --format markdown ",
    "report --format=mar": "report --format=markdown ",
    "report --html=fix": "report --html=fixtures/",
    "report --responder us": "report --responder user:",
    "--config opt": "--config options.toml ",
    "help exp": "help explain ",
}  # fmt: skip
#: Make Ctrl-O write the line, as it stands, to a pipe.
SET_UP = {
    "bash": r"""
        PS1= ; bind 'set enable-bracketed-paste off'
        write_line() { printf '%s\n' "$READLINE_LINE" > "$TOLD"; READLINE_LINE= ; }
        bind -x '"\C-o": write_line'
    """,
    "zsh": r"""
        PS1= ; unsetopt zle_bracketed_paste 2>/dev/null ; unset zle_bracketed_paste
        autoload -Uz compinit && compinit -u -D
        write_line() { print -r -- "$BUFFER" > "$TOLD"; BUFFER= ; }
        zle -N write_line ; bindkey '^O' write_line
    """,
}
START = {"bash": ["bash", "--norc", "--noprofile", "-i"], "zsh": ["zsh", "-f", "-i"]}

Complete = Callable[[str], str]


@pytest.fixture(scope="module", params=sorted(START))
def complete(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Complete]:
    """What a shell makes of a line at whose end Tab is pressed."""
    name = request.param
    program(name)
    folder = tmp_path_factory.mktemp(name)
    (folder / "fixtures" / "tour").mkdir(parents=True)
    (folder / "options.toml").touch()
    told = folder.parent / f"told-{folder.name}"
    os.mkfifo(told)
    (folder.parent / f"{folder.name}.rc").write_text(
        f'{SET_UP[name]}\neval "$(_TIMINGCTL_COMPLETE={name}_source timingctl)"\n'
    )
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        START[name], cwd=folder, stdin=theirs, stdout=subprocess.DEVNULL,
        stderr=theirs, start_new_session=True,
        env={**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "TOLD": str(told),
             "TERM": "dumb", "HOME": str(folder)},
    )  # fmt: skip
    os.close(theirs)

    def completed(line: str) -> str:
        os.write(ours, f"timingctl {line}\t\x0f".encode())
        return _read(told).removeprefix("timingctl ")

    # Nothing is typed before the shell listens: it says so itself.
    os.write(ours, f". '{folder.parent}/{folder.name}.rc' ; echo ready > '{told}'\n".encode())
    assert _read(told) == "ready"
    yield completed
    process.kill()
    process.wait()
    os.close(ours)


def _read(pipe: Path) -> str:
    done = subprocess.run(
        ["cat", str(pipe)], capture_output=True, text=True, timeout=PATIENCE, check=True
    )
    return done.stdout.removesuffix("\n")


@pytest.mark.wide(but=13)
@pytest.mark.parametrize("line", LINES)
def test_a_line_after_tab(complete: Complete, line: str) -> None:
    assert complete(line) == LINES[line]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_line_that_shells_run_says_nothing_else(shell: str) -> None:
    done = subprocess.run(
        [BIN / "timingctl"], env={**os.environ, "_TIMINGCTL_COMPLETE": f"{shell}_source"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{shell}_complete" in done.stdout


@pytest.mark.wide
def test_a_shell_that_nobody_knows() -> None:
    done = timingctl(_TIMINGCTL_COMPLETE="tcsh_source")
    assert (done.code, done.out) == (2, "")
    assert done.err == "Error: There is no completion for tcsh; see docs/completion.md.\n"
