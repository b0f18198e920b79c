"""What an inbox would say around one message: its relations, made of one lead's rows alone.

The relations of sql/inbox are made as an inbox makes them, in a schema where what they read of the
exports is that of the lead. So a story takes no time for all the others.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from timingctl.explanations.rows import (
    AskedContext,
    AskedMessage,
    AskedSending,
    AskedWait,
    first,
    rows,
)
from timingctl.inboxes.windows import make_few_message_windows
from timingctl.inboxes.write import MADE, RELATIONS
from timingctl.phases import make_relations
from timingctl.progress import Silence
from timingctl.sql_text import literal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from timingctl.delay_windows import DelayWindows
    from timingctl.exports.source import Source
    from timingctl.warehouse import Warehouse

#: The relations of sql/explain that read those of sql/inbox.
CONTEXT_RELATION = "asked_context"
WAIT_RELATION = "asked_wait"
SENDING_RELATION = "asked_sending"
AROUND = (CONTEXT_RELATION, WAIT_RELATION, SENDING_RELATION)
#: What relations of sql/inbox read of the exports, and which of its rows are about the message:
#: those in which a column is what a param says.
_NARROWED = {
    "message": ("leadId", "lead"),
    "thread_message": ("leadNumber", "lead_number"),
    "turn_message": ("leadNumber", "lead_number"),
    "anchor": ("anchorNumber", "message_number"),
    "ai_answer": ("anchorNumber", "message_number"),
    "background_job": ("messageId", "message"),
}
_SCHEMA = "surroundings"


@dataclass(frozen=True)
class Surroundings:
    """The rows of AnchorContext, Wait and SendingJob that are about the message.

    `context` is null for what is no anchor, `wait` for what is no inbound. Instants are UTC.
    """

    context: AskedContext | None
    wait: AskedWait | None
    jobs: list[AskedSending]
    as_of: datetime  # as of when an open wait and what is due are told


def surroundings(
    source: Source, asked: AskedMessage, windows: DelayWindows, as_of: datetime
) -> Surroundings:
    """What an inbox of the source would say around a message that is asked about."""
    warehouse = source.warehouse
    params: dict[str, object] = {
        "message": asked["id"],
        "message_number": asked["messageNumber"],
        "lead": asked["leadId"],
        "lead_number": asked["leadNumber"],
        "as_of": as_of.replace(tzinfo=None),
    }
    with _narrowed(warehouse, params):
        make_few_message_windows(warehouse, windows)
        made = (*MADE, *(("inbox", relation) for relation in RELATIONS.values()))
        make_relations(source, made, params, Silence())
        return Surroundings(
            first(_asked(warehouse, CONTEXT_RELATION, params), AskedContext),
            first(_asked(warehouse, WAIT_RELATION, params), AskedWait),
            rows(_asked(warehouse, SENDING_RELATION, params), AskedSending),
            as_of,
        )


@contextmanager
def _narrowed(warehouse: Warehouse, params: dict[str, object]) -> Iterator[None]:
    """A schema in which relations are made, of the rows that are about the message."""
    warehouse.execute(f"create schema {_SCHEMA}")
    for relation, (column, param) in _NARROWED.items():
        warehouse.execute(
            f"create table {_SCHEMA}.{relation} as "
            f"select * from {relation} where {column} = ${param}",
            {param: params[param]},
        )
    [(path,)] = warehouse.execute("select current_setting('search_path')")
    warehouse.execute(f"set search_path = {literal(f'{_SCHEMA},main')}")
    try:
        yield
    finally:
        warehouse.execute(f"set search_path = {literal(path)}")


def _asked(warehouse: Warehouse, relation: str, params: dict[str, object]) -> pl.DataFrame:
    """The rows of a relation of sql/explain, with instants in UTC."""
    found = warehouse.select(relation, "explain", params)
    return found.with_columns(pl.selectors.datetime().dt.replace_time_zone("UTC"))
