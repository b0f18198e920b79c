"""The sessions that the docs show: every ```console block is run, and shows what was printed."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from contextlib import chdir
from pathlib import Path
from typing import TYPE_CHECKING

from click.testing import CliRunner

from timingctl.cli import cli

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
_BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
#: A command begins with `$` and goes on after a backslash; then comes what is shown of its output.
_COMMAND = re.compile(r"^\$ ((?:.*\\\n)*.*\n)((?:(?!\$ ).*\n)*)", re.MULTILINE)
#: A line that stands for any number of lines.
_LEFT_OUT = "…"


def recorded(text: str, folder: Path) -> str:
    """The page with what its sessions print now, in an empty folder beside the fixtures.

    What a page leaves out by a line of `…` stays left out as long as the rest is printed.
    """
    (folder / "fixtures").symlink_to(ROOT / "fixtures")
    with chdir(folder):
        return _BLOCK.sub(lambda block: "".join(_run(block[0])), text)


def _run(block: str) -> Iterator[str]:
    for command, shown in _COMMAND.findall(block):
        lines = [line.rstrip() for line in printed(command).strip("\n").splitlines()]
        while lines and not lines[0]:
            del lines[0]
        now = "".join(f"{line}\n" for line in lines)
        pattern = re.escape(shown).replace(re.escape(f"{_LEFT_OUT}\n"), "(?:.*\n)*")
        yield f"$ {command}{shown if re.fullmatch(pattern, now) else now}"


def printed(command: str) -> str:
    """What is printed to a screen of 80 columns: of the tool in this process, else of a shell."""
    words = shlex.split(command.replace("\\\n", " "))
    if words[0] == "timingctl":
        width: dict[str, str | None] = {"COLUMNS": "80"}
        given = dict.fromkeys(name for name in os.environ if name.startswith("TIMINGCTL_"))
        return CliRunner().invoke(cli, words[1:], env=given | width, catch_exceptions=False).output
    return subprocess.run(
        ["bash", "-c", command],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    ).stdout  # fmt: skip
