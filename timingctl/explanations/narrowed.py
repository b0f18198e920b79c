"""An inbox of one lead: the rows that the story of a message can need, of all that it holds.

What a build decides about a message follows from its lead's messages, the drafts that were made
for these or that they name, and the jobs about either. Other messages that name such a draft, or
that it was made for, are there, too, with their leads.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from timingctl.explanations.facts import left_out
from timingctl.exports.export import Stored, unchanged
from timingctl.schemas import AI_DRAFT, BACKGROUND_JOB, EMAIL_CAMPAIGN, LEAD, MESSAGE
from timingctl.sql_text import quoted

if TYPE_CHECKING:
    from timingctl.exports.source import Source
    from timingctl.schemas import Table

_SCHEMA = "narrowed"
#: What is found of each table, in order. One condition a statement, which DuckDB looks up as it
#: reads; of most leads the other messages are none.
_FOUND = (
    (MESSAGE, "leadId = $lead"),
    (AI_DRAFT, 'triggerMessageId in (select id from narrowed."Message")'),
    (AI_DRAFT, 'id in (select aiDraftId from narrowed."Message")'),
    (MESSAGE, 'id in (select triggerMessageId from narrowed."AIDraft")'),
    (MESSAGE, 'aiDraftId in (select id from narrowed."AIDraft")'),
    (BACKGROUND_JOB, "leadId = $lead"),
    (BACKGROUND_JOB, 'messageId in (select id from narrowed."Message")'),
    (BACKGROUND_JOB, 'draftId in (select id from narrowed."AIDraft")'),
    (LEAD, 'id in (select leadId from narrowed."Message")'),
)


def can_be_narrowed(source: Source) -> bool:
    """Whether it is an inbox as it was built; windows that are inferred are of all jobs."""
    options = source.options
    return bool(source.inbox and not options.tables and options.delay_windows != "infer")


def message_of(source: Source, message: str) -> tuple[str, str] | None:
    """The id and the lead of the message that is, or alone starts as, what was given; else null.

    What is the id of rows that were left out is not the beginning of another.
    """
    [export] = source.exports[MESSAGE]
    place = export.stored.place if export.stored else ""
    for condition in ("id = $given", "starts_with(id, $given) and $given <> ''"):
        found = source.warehouse.execute(
            f"select id, leadId from {place} where {condition} limit 2", {"given": message}
        )
        if len(found) == 1:
            [(whole, lead)] = found
            return str(whole), str(lead)
        if left_out(source, message):
            break
    return None


def narrowed(source: Source, lead: str) -> Source:
    """The source with the rows alone that the story of a lead's messages needs, of an inbox."""
    warehouse, exports = source.warehouse, dict(source.exports)
    [(database,)] = warehouse.execute("select current_database()")
    places = {table: one.stored.place for table, [one] in exports.items() if one.stored}
    with unchanged([one for files in exports.values() for one in files]):
        warehouse.execute(f"create schema {_SCHEMA}")
        for table in (MESSAGE, AI_DRAFT, BACKGROUND_JOB, LEAD):
            rows = (
                f"{places[table]} limit 0"
                if table in places
                else "(select null::varchar as id) limit 0"
            )
            warehouse.execute(f"create table {_at(table)} as from {rows}")
        for table, condition in _FOUND:
            if table in places:
                known = f"(select id from {_at(table)})"
                warehouse.execute(
                    f"insert into {_at(table)} from {places[table]} "
                    f"where {condition} and id not in {known}",
                    {"lead": lead} if "$lead" in condition else None,
                )
    for table, [one] in source.exports.items():
        if table is not EMAIL_CAMPAIGN:
            stored = Stored(_SCHEMA, table.name, is_view=False, database=str(database))
            exports[table] = [replace(one, stored=stored)]
    return replace(source, exports=exports)


def _at(table: Table) -> str:
    return f"{_SCHEMA}.{quoted(table.name)}"
