"""The command line, run inside the test's own process, and ordinary exports to spoil."""

from __future__ import annotations

import faulthandler
import io
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from timingctl.__main__ import _run

#: A name beside the exports, and what it holds: text, bytes, or what makes it at a path.
Files = Mapping[str, str | bytes | Callable[[Path], object] | None]

HEADER = "id,leadId,channel,direction,sentAt,sentBy,sentByUserId,aiDraftId,aiDraftPartIndex\n"
INBOUND = "A,ann,email,inbound,2026-02-10 10:00:00,,,,\n"
OUTBOUND = "B,ann,email,outbound,2026-02-10 10:01:00,setter,u1,,\n"
MESSAGES = HEADER + INBOUND + OUTBOUND
ORDINARY = {
    "Message.csv": MESSAGES,
    "AIDraft.csv": "id,triggerMessageId,channel,createdAt\n",
    "BackgroundJob.csv": "id,type,messageId,draftId,runAt,startedAt,finishedAt\n",
    "Lead.csv": "id,clientId,emailCampaignId\nann,K,spring\n",
}
#: Longer than any case takes on a machine that is busy with something else.
PATIENCE = 120
_EXIT_CODES = {0, 1, 2, 10, 11, 12}  # 1: diff or verify has found something


@dataclass(frozen=True)
class Done:
    """What a command left: its exit code, its stdout and its stderr."""

    code: int
    out: str
    err: str


def timingctl(*arguments: object, **environment: str) -> Done:
    """Run the command line; end the process, showing where it stands, when it hangs."""
    out, err = io.StringIO(), io.StringIO()
    given = {name: text for name, text in os.environ.items() if not name.startswith("TIMINGCTL_")}
    faulthandler.dump_traceback_later(PATIENCE, exit=True, file=2)
    try:
        with (
            mock.patch.dict(os.environ, given | {"COLUMNS": "80"} | environment, clear=True),
            mock.patch.object(sys, "argv", ["timingctl", *map(str, arguments)]),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            code = _run()
    finally:
        faulthandler.cancel_dump_traceback_later()
    assert code in _EXIT_CODES, err.getvalue()
    return Done(code, out.getvalue(), err.getvalue())


def write(folder: Path, files: Files) -> Path:
    """A folder of ordinary exports with these files in place of, or beside, its own.

    A table that is given in another form goes without its ordinary file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    replaced = {name.split(".")[0] for name in files}
    ordinary = {name: text for name, text in ORDINARY.items() if name[:-4] not in replaced}
    for name, content in {**ordinary, **files}.items():
        path = folder / name
        match content:
            case None:
                continue
            case str():
                path.write_text(content, encoding="utf-8", newline="")
            case bytes():
                path.write_bytes(content)
            case _:
                content(path)
    return folder


@dataclass(frozen=True)
class Built(Done):
    """What a build left besides: the events and the rejects."""

    events: list[dict[str, Any]]
    rejects: list[dict[str, Any]]


def build(folder: Path, files: Files, *arguments: object) -> Built:
    """Build from `write(folder / "exports", files)`; `{}` in arguments is the folder's path.

    Holds what is promised of every build: nothing is left of one that fails, and every row of one
    that works is used, rejected with a reason, or a duplicate.
    """
    source = write(folder / "exports", files)
    output = folder / "out" / "events.ndjson"
    output.parent.mkdir()
    given = [str(argument).replace("{}", str(source)) for argument in arguments]
    done = timingctl("build", source, "-o", output, "-q", "--allow-rejects", *given)
    assert done.out == ""
    if done.code:
        assert not list(output.parent.iterdir())
        return Built(done.code, "", done.err.replace(f"{folder}/", ""), [], [])
    document = json.loads(Path(f"{output}.manifest.json").read_text(encoding="utf-8"))
    rejects = _records(Path(f"{output}.rejects.ndjson"))
    for name, table in document["tables"].items():
        rejected = sum(table["rejected"].values())
        assert table["rowsRead"] == table["used"] + rejected + table["exactDuplicates"]
        assert rejected == sum(row["table"] == name for row in rejects)
    events = _records(output)
    assert len(events) == document["events"]["total"]
    return Built(0, "", done.err.replace(f"{folder}/", ""), events, rejects)


def _records(path: Path) -> list[dict[str, Any]]:
    lines = path.read_text(encoding="utf-8").split("\n")[:-1] if path.exists() else []
    return [json.loads(line) for line in lines]


def cases(*rows: tuple[Any, ...]) -> list[Any]:
    """The rows of a table of cases; the first cell says what the case is."""
    return [pytest.param(*cells, id=what) for what, *cells in rows]


def refused(says: str, code: int = 11) -> Built:
    """What is left of a build that stops with this sentence."""
    return Built(code, "", f"Error: {says}\n", [], [])


def rejected(built: Built, *notes: str) -> list[str]:
    """The rejects as `row column: reason: value`, the table before those of others than Message.

    The warning that goes with them counts them, and is all that is said besides the notes.
    """
    rows = [
        f"{'' if row['table'] == 'Message' else row['table'] + ' '}{row['row']} {row['column']}: "
        f"{row['reason']}: {row['value']}"
        for row in built.rejects
    ]
    counts = Counter(row["table"] for row in built.rejects)
    of_tables = ", ".join(f"{count} of {name}" for name, count in counts.items())
    said = (
        f"Warning: unusable rows left out: {of_tables}; see out/events.ndjson.rejects.ndjson\n"
        if rows
        else ""
    )
    told = "".join(f"Note: {note}\n" for note in notes)
    assert (built.code, built.err) == (0, told + said)
    return rows
