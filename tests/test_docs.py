"""The docs say what the tool does: the columns, the commands, the options, the examples.

Run as a program it writes docs/columns.md anew.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from timingctl.cli import cli
from timingctl.schemas import DELAY_WINDOW, EVENT, TABLES, Table

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COLUMNS = ROOT / "docs" / "columns.md"


def columns_page() -> str:
    """docs/columns.md, from the contracts."""
    parts = [
        "# Columns",
        "Made from `timingctl/schemas.py` by `python -m tests.test_docs`; edit it there.",
        "## ResponseTimingEvent",
        "One row an anchor. Instants are microseconds, UTC; numbers are 64-bit.",
        "| column | type | meaning | null means |\n|---|---|---|---|",
    ]
    parts[-1] += "".join(
        f"\n| {c.name} | {c.type.name.lower()} | {c.meaning} | {c.null} |" for c in EVENT
    )
    for table in (*TABLES, DELAY_WINDOW):
        parts += [f"## {table.name}", _table_says(table)]
    return "\n\n".join(parts) + "\n"


def _table_says(table: Table) -> str:
    need = "Needed." if table.required else "Optional."
    if table is DELAY_WINDOW:
        need = "The file of `--delay-windows`."
    lines = "".join(
        f"\n| {c.name}{' *' if c.key else ''} | {c.kind.name.lower()} | {c.meaning} |"
        for c in table.columns
    )
    head = "| column (* must have a value) | read as | meaning |\n|---|---|---|"
    return f"{table.meaning} {need}\n\n{head}{lines}"


def test_the_columns_page_is_the_contracts() -> None:
    assert COLUMNS.read_text(encoding="utf-8") == columns_page()


@pytest.mark.parametrize("name", sorted(cli.commands.keys() - {"help"}))
def test_every_command_and_option_stands_in_the_readme_and_has_help(name: str) -> None:
    command = cli.commands[name]
    assert f"### `timingctl {name} " in README
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name
            assert f"`{max(parameter.opts, key=len)}" in README, parameter.opts


def test_what_the_readme_shows_is_what_is_printed(tmp_path: Path) -> None:
    session = re.search(r"```\n\$ (timingctl build fixtures/tour .*)\n\n((.|\n)*?)```", README)
    assert session
    (tmp_path / "fixtures").symlink_to(ROOT / "fixtures")
    done = subprocess.run(
        [sys.executable, "-m", *session[1].split()],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    printed = [line.rstrip() for line in done.stdout.strip("\n").splitlines()]
    shown = [line.rstrip() for line in session[2].strip("\n").splitlines()]
    assert [line for line in printed if line] == [line for line in shown if line]


@pytest.mark.parametrize("command", ["delay", "explain"])
def test_what_the_readme_shows_of_a_message_is_what_is_printed(command: str) -> None:
    session = re.search(rf"```\n\$ (timingctl {command} .*)\n((.|\n)*?)(…\n)?```", README)
    assert session
    done = subprocess.run(
        [sys.executable, "-m", *session[1].split()],
        cwd=ROOT, env={**os.environ, "COLUMNS": "80"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    printed = "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())
    assert printed.startswith(session[2])


@pytest.mark.parametrize("page", [ROOT / "README.md", *(ROOT / "docs").glob("*.md")], ids=str)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


if __name__ == "__main__":
    COLUMNS.write_text(columns_page(), encoding="utf-8")
