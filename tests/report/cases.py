"""Small readable events and leads, and the report on them.

Tables as in tests/tables.py. Of an event a case may give ``id``, ``lead``, ``client``,
``channel``, ``in`` (the inbound), ``setter`` and ``ai`` (the responses), ``by`` (the setter's user
id), ``min``, ``max``, ``chosen`` (seconds) and ``due`` (the job's runAt); of a lead ``id``,
``booked``, ``cancelled``, ``status``, ``appointment``. An instant without a date is on 2026-02-10.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.tables import Row, header, on_the_day, rows
from timingctl.reports.figures import Report, report
from timingctl.reports.options import ReportOptions
from timingctl.schemas import EVENT, LEAD_BOOKING

_EVENT = {
    "id": "inboundMessageId", "lead": "leadId", "client": "clientId", "channel": "channel",
    "in": "inboundSentAt", "setter": "setterResponseSentAt", "by": "setterSentByUserId",
    "ai": "aiResponseSentAt", "min": "aiDelayMinSeconds", "max": "aiDelayMaxSeconds",
    "chosen": "aiChosenDelaySeconds", "actual": "aiActualDelaySeconds", "due": "aiScheduledRunAt",
    "created": "createdAt",
}  # fmt: skip
_LEAD = {
    "id": "id", "booked": "appointmentBookedAt", "cancelled": "appointmentCanceledAt",
    "status": "appointmentStatus", "appointment": "calendlyInviteeUri",
}  # fmt: skip
#: When the events of a case were built, unless it says so.
AS_OF = "2026-12-31 00:00:00"


def write_events(path: Path, text: str) -> Path:
    """Write events as a CSV file with the event's columns."""
    records = []
    for number, row in enumerate(rows(text), 1):
        given = {_EVENT[name]: on_the_day(value) for name, value in row.items()}
        ordinary = {
            "inboundMessageId": f"m{number:03}", "leadId": f"l{number:03}", "clientId": "K",
            "channel": "email", "createdAt": AS_OF,
            "setterSentByUserId": "u1" if given.get("setterResponseSentAt") else "",
        }  # fmt: skip
        records.append(ordinary | given)
    return _write(path, [column.name for column in EVENT], records)


def write_leads(path: Path, text: str) -> Path:
    """Write leads as a CSV file with the columns of the app."""
    records = [{_LEAD[name]: on_the_day(cell) for name, cell in row.items()} for row in rows(text)]
    return _write(path, [column.name for column in LEAD_BOOKING.columns], records)


def _write(path: Path, names: list[str], records: list[Row]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows(records)
    return path


def reported(folder: Path, events: str, leads: str | Path | None = None, **options: Any) -> Report:
    """The report on the events of a table, with the leads of another, or of a file."""
    if isinstance(leads, str):
        leads = write_leads(folder / "Lead.csv", leads)
    options["leads"] = leads
    return report(ReportOptions(events=write_events(folder / "events.csv", events), **options))


def says(found: Sequence[Mapping[str, object]], expected: str) -> None:
    """Fail unless rows are the expected table's, in order, in the table's columns."""
    names = header(expected)
    got = [{n: "" if row[n] is None else str(row[n]) for n in names} for row in found]
    assert got == rows(expected)
