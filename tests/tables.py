"""Small readable tables: written as text, turned into exports, compared with events.

A table is a header line and a line a row, cells parted by ``|``; an empty cell is null. In an
instant column ``10:05:12`` is that time on 2026-02-10. Columns that a case does not speak of get
the value that makes the row ordinary.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from timingctl import sql_text
from timingctl.arguments import WINDOW_WORDS
from timingctl.options import BuildOptions
from timingctl.pipeline import build

Row = dict[str, Any]

DAY = "2026-02-10"
ORDINARY: dict[str, Row] = {
    "Message": {"leadId": "L", "channel": "email"},
    "AIDraft": {"channel": "email", "createdAt": "09:00:00"},
    "BackgroundJob": {"type": "AI_AUTO_SEND_DELAYED"},
    "Lead": {"clientId": "K"},
    "EmailCampaign": {"responseMode": "AI_AUTO_SEND"},
}
#: The tables that a case has when it does not give them.
GIVEN = {
    "AIDraft": "id | triggerMessageId | channel | createdAt",
    "BackgroundJob": "id | type | messageId | draftId | runAt | startedAt | finishedAt",
    "Lead": "id | clientId | emailCampaignId\nL | K | ",
}
_TIME = re.compile(r"\d\d:\d\d:\d\d(\.\d+)?")
_OPTIONAL = {
    "Message": ("sentBy", "sentByUserId", "aiDraftId", "aiDraftPartIndex"),
    "BackgroundJob": ("draftId", "startedAt", "finishedAt"),
}
_DIRECTIONS = {"in": "inbound", "out": "outbound"}


def rows(text: str) -> list[Row]:
    """The rows of a table."""
    header, *lines = [
        [cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()
    ]
    return [dict(zip(header, line, strict=True)) for line in lines]


def header(text: str) -> list[str]:
    """The columns of a table."""
    return [cell.strip() for cell in text.strip().splitlines()[0].split("|")]


#: The columns in which a case names its own rows.
_IDS = ("id", "leadId", "messageId", "draftId", "aiDraftId", "triggerMessageId", "emailCampaignId")


def in_one(cases: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """The tables of many cases as those of one, for one build; the id A of case 3 is A.3."""
    together: dict[str, list[str]] = {}
    for number, tables in enumerate(cases):
        for name, text in tables.items():
            lines = together.setdefault(name, [" | ".join(header(text))])
            lines += (
                " | ".join(
                    f"{cell}.{number}" if column in _IDS and cell else cell
                    for column, cell in row.items()
                )
                for row in rows(text)
            )
    return {name: "\n".join(lines) for name, lines in together.items()}


def on_the_day(value: str) -> str:
    """A bare time as an instant of the day; anything else as it is."""
    return f"{DAY} {value}" if _TIME.fullmatch(value) else value


def write_exports(folder: Path, tables: Mapping[str, str | None]) -> Path:
    """Write tables as CSV exports; None leaves one out that a case would have."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in {**GIVEN, **tables}.items():
        if text is None:
            continue
        ordinary = ORDINARY.get(name, {})
        names = [*header(text), *(key for key in ordinary if key not in header(text))]
        names += [key for key in _OPTIONAL.get(name, ()) if key not in names]
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, names, restval="")
            writer.writeheader()
            for row in rows(text):
                full = {**ordinary, **row}
                if "direction" in full:
                    full["direction"] = _DIRECTIONS.get(full["direction"], full["direction"])
                writer.writerow({key: on_the_day(value) for key, value in full.items()})
    return folder


def with_history(folder: Path, options: dict[str, Any]) -> dict[str, Any]:
    """The options with a history of delay windows as a file, where it is a table."""
    history = options.get("delay_windows")
    if not isinstance(history, str) or history in WINDOW_WORDS:
        return options
    path = folder / "history.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, header(history))
        writer.writeheader()
        writer.writerows({k: on_the_day(v) for k, v in row.items()} for row in rows(history))
    return {**options, "delay_windows": path}


def built(folder: Path, tables: Mapping[str, str | None], **options: Any) -> pl.DataFrame:
    """The events of tables, by way of exports and the real build."""
    return pl.read_parquet(build_once(folder, tables, "events.parquet", **options))


def inbox(
    folder: Path, tables: Mapping[str, str | None], **options: Any
) -> dict[str, pl.DataFrame]:
    """The tables of the inbox of tables, by name, by way of exports and the real build."""
    return inbox_tables(build_once(folder, tables, "inbox.duckdb", **options))


#: What the latest builds left, by all that they were given: the next test may ask the same.
_BUILDS: dict[object, dict[str, bytes]] = {}
_MOST = 16
_SQL = sql_text.SQL_FOLDER


def build_once(folder: Path, tables: Mapping[str, str | None], name: str, **options: Any) -> Path:
    """The file that a build of tables writes, in the folder, where the exports stand, too.

    What was built a moment ago is built once, unless the tool was changed: its SQL is a copy then.
    """
    source = write_exports(folder / "exports", tables)
    given = sorted((option, repr(value)) for option, value in options.items())
    key = (name, tuple(sorted(tables.items())), tuple(given))
    left = [f"{name}{suffix}" for suffix in ("", ".manifest.json", ".rejects.ndjson")]
    if sql_text.SQL_FOLDER == _SQL and key in _BUILDS:
        for one in left:
            (folder / one).unlink(missing_ok=True)
        for one, content in _BUILDS[key].items():
            (folder / one).write_bytes(content)
        return folder / name
    options = {"allow_rejects": True, **with_history(folder, options)}
    build(BuildOptions(source=source, output=folder / name, **options))
    if sql_text.SQL_FOLDER == _SQL:
        paths = [folder / one for one in (*left, "history.csv")]
        _BUILDS[key] = {path.name: path.read_bytes() for path in paths if path.exists()}
        if len(_BUILDS) > _MOST:
            del _BUILDS[next(iter(_BUILDS))]
    return folder / name


def inbox_tables(path: Path) -> dict[str, pl.DataFrame]:
    """All tables of an inbox, by name."""
    with duckdb.connect(path, read_only=True) as connection:
        names = connection.execute("select table_name from duckdb_tables()").fetchall()
        return {
            name: pl.DataFrame(connection.sql(f'from "{name}"').to_arrow_table())
            for (name,) in names
        }


def as_text(value: Any) -> str:
    """A value as a table has it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        text = value.replace(tzinfo=None).isoformat(sep=" ")
        return text.removeprefix(f"{DAY} ")
    return str(value)


def says(frame: pl.DataFrame, expected: str) -> None:
    """Fail unless the frame's rows are the expected table's, in order, in the table's columns."""
    names = header(expected)
    got = [{name: as_text(row[name]) for name in names} for row in frame.to_dicts()]
    assert got == rows(expected)


def windows_of_events_are_told(tables: Mapping[str, pl.DataFrame]) -> None:
    """Fail unless DelayWindow gives each event its window: the campaign's, else the client's.

    Of a campaign that leads of several clients have, no row can tell all.
    """
    leads = {lead["id"]: lead for lead in tables["Lead"].to_dicts()}
    clients = tables["Lead"].group_by("emailCampaignId").agg(pl.col("clientId").n_unique())
    odd = set(clients.filter(pl.col("clientId") > 1)["emailCampaignId"]) - {None}
    sources = dict(tables["AnchorContext"].select("inboundMessageId", "windowSource").iter_rows())
    for event in tables["ResponseTimingEvent"].to_dicts():
        lead, sent_at = leads[event["leadId"]], event["inboundSentAt"]
        if lead["emailCampaignId"] in odd:
            continue
        covering = [
            row
            for row in tables["DelayWindow"].to_dicts()
            if (row["effectiveFrom"] or sent_at) <= sent_at
            and (row["effectiveTo"] is None or sent_at < row["effectiveTo"])
        ]
        campaign, client = lead["emailCampaignId"], lead["clientId"]
        of_campaign = [row for row in covering if campaign and row["campaignId"] == campaign]
        told = of_campaign or [row for row in covering if row["clientId"] == client]
        expected = (
            event["aiDelayMinSeconds"], event["aiDelayMaxSeconds"], sources[event["id"]]
        )  # fmt: skip
        assert [(row["minSeconds"], row["maxSeconds"], row["source"]) for row in told] == (
            [] if not told and expected == (None, None, "none") else [expected]
        )


def as_rows(frame: pl.DataFrame, names: Iterable[str]) -> list[Row]:
    """The frame's rows with only these columns."""
    return frame.select(list(names)).to_dicts()
