"""The sessions that the docs show: every ```console block is run, and shows what was printed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md"))]
_BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
#: A line that stands for any number of lines.
_LEFT_OUT = "…"


def recorded(text: str, folder: Path) -> str:
    """The page with what its sessions print now, in an empty folder beside the fixtures.

    What a page leaves out by a line of `…` stays left out as long as the rest is printed.
    """
    (folder / "fixtures").symlink_to(ROOT / "fixtures")
    return _BLOCK.sub(lambda block: "".join(_run(block[0], folder)), text)


def _run(block: str, folder: Path) -> Iterator[str]:
    """The lines of one block; a command begins with `$` and goes on after a backslash."""
    for command, shown in re.findall(r"^\$ ((?:.*\\\n)*.*\n)((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=folder,
            env={
                **{name: text for name, text in os.environ.items() if "TIMINGCTL" not in name},
                "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
                "COLUMNS": "80",
            },
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        lines = [line.rstrip() for line in done.stdout.strip("\n").splitlines()]
        while lines and not lines[0]:
            del lines[0]
        printed = "".join(f"{line}\n" for line in lines)
        pattern = re.escape(shown).replace(re.escape(f"{_LEFT_OUT}\n"), "(?:.*\n)*")
        yield f"$ {command}{shown if re.fullmatch(pattern, printed) else printed}"
