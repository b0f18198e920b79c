"""The pages of docs/ that are made from the code.

As a program it writes them anew, and what the sessions of README.md and docs/ print.
"""

from __future__ import annotations

import re
from html import escape
from inspect import cleandoc
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from tests import examples, json_schema, sessions
from timingctl.cli import cli
from timingctl.cli.command import GROUPS
from timingctl.inboxes.contract import INBOX, InboxColumn
from timingctl.schemas import DELAY_WINDOW, EVENT, MARKS, TABLES, Table
from timingctl.sql_text import SQL_FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = Path(__file__).parents[1] / "docs"
_MADE = "This page is made from `{}` by `python -m tests.pages`. Edit it there."


def columns() -> str:
    """docs/columns.md, from the contracts."""
    parts = [
        "# Columns",
        "What stands in an event, and what `build` reads of each table of your exports.",
        _MADE.format("timingctl/schemas.py"),
        "## ResponseTimingEvent",
        "One row an [anchor](glossary.md#anchor). Instants are microseconds, UTC; "
        "numbers are 64-bit.",
        "| column | type | meaning | null means |\n|---|---|---|---|",
    ]
    parts[-1] += "".join(
        f"\n| {c.name} | {c.type.name.lower()} | {c.meaning} | {c.null} |" for c in EVENT
    )
    for table in (*TABLES, DELAY_WINDOW):
        parts += [f"## {table.name}", _table_says(table)]
    head = "Any table may have columns that say that a row is no more. Such a row is "
    head += "[left out](exports.md#rows-that-are-marked-as-deleted); `pull` brings these columns."
    marks = "".join(f"\n| {c.name} | {c.kind.name.lower()} | {c.meaning} |" for c in MARKS)
    parts += ["## Marks", head, f"| column | read as | meaning |\n|---|---|---|{marks}"]
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
    said = f"{table.meaning} {need}\n\n{head}{lines}"
    if table.extras:
        extras = "".join(
            f"\n| {c.name} | {c.kind.name.lower()} | {c.meaning} |" for c in table.extras
        )
        said += "\n\nNot needed for events; an inbox keeps them, and `pull` brings those that the "
        said += f"table has:\n\n{head}{extras}"
    return said


def inbox() -> str:
    """docs/reference/inbox.md, from the contract of the inbox file."""
    parts = [
        "# Columns of the inbox",
        _MADE.format("timingctl/inboxes/contract.py"),
        "The tables of `timingctl build SOURCE -o inbox.duckdb`. [The inbox file](../inbox.md) "
        "says what the words mean, with examples. Instants are microseconds, UTC, without a zone; "
        "numbers are 64-bit. Without a word on null a column is never null.",
    ]
    for table in INBOX:
        rows = "".join(map(_inbox_column, table.columns))
        head = "| column | type | meaning | null means |\n|---|---|---|---|"
        parts += [f"## {table.name}", table.grain, f"{head}{rows}"]
    return "\n\n".join(parts) + "\n"


def _inbox_column(column: InboxColumn) -> str:
    values = ", ".join(f"`{value}`" for value in column.values)
    meaning = f"{column.meaning}: {values}" if values else column.meaning
    return f"\n| {column.name} | {column.type} | {meaning} | {column.null} |"


def commands() -> str:
    """docs/reference/cli.md, from the command line."""
    return "\n\n".join(_commands()) + "\n"


def _commands() -> Iterator[str]:
    yield "# Commands"
    yield _MADE.format("timingctl/cli/")
    root = click.Context(cli, info_name="timingctl")
    yield "| command | what it does |\n|---|---|\n" + "\n".join(
        f"| [`{name}`](#timingctl-{name}) | {_text(command.get_short_help_str(limit=200))} |"
        for name, command in cli.commands.items()
    )
    for name, command in cli.commands.items():
        yield f"## `timingctl {name}`"
        yield from _command(command, click.Context(command, root, name))
    yield "## Exit codes"
    help_text = cli.get_help(click.Context(cli, info_name="timingctl", terminal_width=200))
    codes = re.findall(r"^ +(\d+) +(\S.*)$", help_text, re.MULTILINE)
    yield _rows("code", {f"`{code}`": _text(meaning) for code, meaning in codes})


def _command(command: click.Command, context: click.Context) -> Iterator[str]:
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    yield f"```\n{usage}\n```"
    yield _text(cleandoc(command.help or "").replace("\b\n", ""))
    groups: dict[str, dict[str, str]] = {group: {} for group in GROUPS}  # in the order of help
    for parameter in command.params:
        record = parameter.get_help_record(context)
        if isinstance(parameter, click.Option) and record:
            names, meaning = record
            groups[getattr(parameter, "group", GROUPS[-1])][_code(names)] = _text(meaning)
    for group, options in groups.items():
        if options:
            yield _rows(group, options)
    examples = getattr(command, "examples", None) or re.findall(
        r"^  (timingctl .*)$", command.epilog or "", re.MULTILINE
    )
    if examples:
        yield "\n".join(["```", *examples, "```"])


def _rows(what: str, meanings: dict[str, str]) -> str:
    rows = [f"| {name} | {meaning} |" for name, meaning in meanings.items()]
    return "\n".join([f"| {what} | meaning |", "|---|---|", *rows])


def _code(text: str) -> str:
    """Code for a table's cell, where a bar would end the cell."""
    return f"<code>{escape(text).replace('|', '&#124;')}</code>"


def _text(text: str) -> str:
    """Help as Markdown: what is between backticks stays code, and nothing else is markup."""
    parts = text.split("`")
    parts[::2] = [re.sub(r"([\\*_\[\]<>|#])", r"\\\1", part) for part in parts[::2]]
    return "`".join(parts)


#: The folders of sql/ in the order in which a reader meets them, and what they are for.
_FOLDERS = {
    "macros": "Rules over the columns of one row, which relations of any folder call.",
    "staging": "What a build makes of the exports' rows first: leads, clients, channels, windows.",
    "events": "Threads, anchors, turns, answers: what the events are made from.",
    "windows": "What the history of delay windows is inferred from.",
    "inbox": "What an inbox holds beside the events.",
    "checks": "Queries whose rows are violations: none when all is well.",
    "reports": "What `timingctl report` and `timingctl lead` read.",
    "effects": "What `timingctl effects` reads.",
    "lists": "What `timingctl list` reads.",
    "explain": "What `timingctl explain` reads.",
    "diff": "What `timingctl diff` reads.",
    "postgres": "What is asked of PostgreSQL. `{{ … }}` is filled in before it is run.",
}
_HEADER = re.compile(r"\A(?:--.*\n)+")
#: How a line of a header may begin: a word, and what it says up to the next one.
_SAID = re.compile(r"^(Macro|Grain|Inputs|Params|Decision): ", re.MULTILINE)


def relations() -> str:
    """docs/reference/sql.md, from sql/."""
    return "\n\n".join(_relations()) + "\n"


def _relations() -> Iterator[str]:
    yield "# SQL"
    yield _MADE.format("sql/")
    yield (
        "Every relation that timingctl computes, with its grain and what it reads, so that you can "
        "compute the same in a warehouse. One file is one relation, a bare `select` in DuckDB's "
        "dialect. `$name` is a parameter. What no relation here makes is an export as it was read "
        "(`message`, `ai_draft`, `background_job`, `lead`, `email_campaign`: the usable rows of "
        "[columns](../columns.md), with `rowNumber`), or is made in Python. "
        "[Where things live](../development.md#sql) says how they are run."
    )
    made = {path.parent.name for path in SQL_FOLDER.glob("*/*.sql")}
    for folder in (*_FOLDERS, *sorted(made - set(_FOLDERS))):
        yield f"## {folder}"
        yield _FOLDERS.get(folder, "")
        for path in sorted((SQL_FOLDER / folder).glob("*.sql")):
            yield f"### {folder}/{path.stem}"
            yield from _relation(path.read_text(encoding="utf-8"))


def _relation(text: str) -> Iterator[str]:
    """What the header of a file says, a line each, and the query without it."""
    header = _HEADER.match(text)
    said = re.sub(r"^-- ?", "", header[0], flags=re.MULTILINE) if header else ""
    _, *parts = _SAID.split(said)
    pairs = zip(parts[::2], parts[1::2], strict=True)
    lines = [f"* **{word}**: {_text(' '.join(what.split()))}" for word, what in pairs]
    if lines:
        yield "\n".join(lines)
    yield f"```sql\n{text[header.end() if header else 0 :].strip()}\n```"


#: Each page that is made, and what makes it.
PAGES = {
    DOCS / "columns.md": columns,
    DOCS / "reference" / "cli.md": commands,
    DOCS / "reference" / "inbox.md": inbox,
    DOCS / "reference" / "sql.md": relations,
    DOCS / "reference" / "report.schema.json": json_schema.report_schema,
}

if __name__ == "__main__":
    for path, page in PAGES.items():
        path.write_text(page(), encoding="utf-8")
    for path in sessions.PAGES:
        text = path.read_text(encoding="utf-8")
        with TemporaryDirectory() as folder:
            path.write_text(sessions.recorded(text, Path(folder)), encoding="utf-8")
    for path, recorded in examples.RECORDED.items():
        with TemporaryDirectory() as folder:
            text = recorded(path.read_text(encoding="utf-8"), Path(folder))
        path.write_text(text, encoding="utf-8")
