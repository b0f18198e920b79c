"""Every cause in known numbers: what an inbox must say of the exports, from how they were made.

Nothing here asks the tool. What is counted, and why, follows docs/generate.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from timingctl.made_up_inbox.draws import DAY, HOUR, MINUTE, SECOND
from timingctl.made_up_inbox.messages import BOUNCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timingctl.made_up_inbox.draws import Booleans, Integers
    from timingctl.made_up_inbox.history import History
    from timingctl.made_up_inbox.jobs import Jobs

#: Of who says a message, in the order of messages.py.
_FIRST_OUTBOUND = ("", "setter", "setterUnknown", "ai", "aiOther", "campaign", "other")
_ENDED_BY = ("open", "setter", "setter", "ai", "ai")
_SCHEDULES = (
    *("match", "clamped", "opening", "retried", "later"),
    *("earlier", "outsideWindow", "noWindow", "implausible"),
)
_OUTCOMES = ("sent", "setterFirst", "newInbound", "otherOutbound", "failed", "due", "unexplained")
#: What is counted, in the order of the file: a table, a column, and all values of it.
_COUNTED: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("AnchorContext", "firstOutboundBy", _FIRST_OUTBOUND[1:]),
    ("Wait", "endedBy", ("setter", "ai", "open")),
    ("SendingJob", "schedule", _SCHEDULES),
    ("SendingJob", "outcome", _OUTCOMES),
    ("Reject", "reason", ("bounce",)),
)


@dataclass
class Causes:
    """The rows of each cause so far. Jobs that wait are due, or are not, at the latest message."""

    rows: dict[tuple[str, str, str], int] = field(default_factory=dict)
    _waiting: list[Integers] = field(default_factory=list)
    _latest: int | None = None

    def add(self, said: pl.DataFrame, told: History, jobs: Jobs) -> None:
        """Count what one chunk of leads has."""
        self._count("AnchorContext", "firstOutboundBy", _FIRST_OUTBOUND, told.first_outbound())
        self._count("Wait", "endedBy", _ENDED_BY, told.waits_ended_by())
        self._count("SendingJob", "schedule", _SCHEDULES, _schedules(jobs))
        outcomes = _outcomes(jobs, told)
        is_open = outcomes == _OUTCOMES.index("due")
        self._count("SendingJob", "outcome", _OUTCOMES, outcomes[~is_open])
        self._waiting.append(jobs.sending.run_at[jobs.scheduled][is_open])
        bounces = said.filter(pl.col("who") == BOUNCE)
        self._count("Reject", "reason", ("bounce",), np.zeros(len(bounces), np.int64))
        self._latest = max(told.latest, self._latest or told.latest)

    def frame(self) -> pl.DataFrame:
        """The file: one row a value, also of those that no row has."""
        run_at = np.concatenate([*self._waiting, np.zeros(0, np.int64)])
        is_due = run_at > (self._latest or 0)
        self._count("SendingJob", "outcome", ("unexplained", "due"), is_due.astype(np.int64))
        self._waiting = []
        found = [
            (table, column, value, self.rows.get((table, column, value), 0))
            for table, column, values in _COUNTED
            for value in values
        ]
        return pl.DataFrame(found, ["table", "column", "value", "rows"], orient="row")

    def _count(self, table: str, column: str, words: Sequence[str], codes: Integers) -> None:
        counts = np.bincount(codes, minlength=len(words))
        for word, count in zip(words, counts, strict=True):
            key = table, column, word
            self.rows[key] = self.rows.get(key, 0) + int(count)


def _schedules(jobs: Jobs) -> Integers:
    """How each job lies to the chosen delay, as a place in _SCHEDULES."""
    sending = jobs.sending
    waited = sending.run_at - sending.trigger_at
    late = waited - sending.chosen
    soon = sending.run_at - sending.written_at
    cases: dict[str, Booleans] = {
        "implausible": (waited < -DAY) | (waited >= 365 * DAY),
        "noWindow": ~sending.windowed,
        "match": late == 0,
        "outsideWindow": (late < 0) & (waited < sending.low),
        "earlier": late < 0,
        "clamped": (soon >= 29 * SECOND) & (soon <= 31 * SECOND),
        "opening": (sending.run_at % MINUTE == 0) & (late >= HOUR),
        "retried": jobs.attempts > 1,
    }
    places = [_SCHEDULES.index(name) for name in cases]
    found = np.select(list(cases.values()), places, _SCHEDULES.index("later"))
    return found[jobs.scheduled]


def _outcomes(jobs: Jobs, told: History) -> Integers:
    """What became of each job, as a place in _OUTCOMES; `due` is all that nothing explains."""
    row = np.flatnonzero(jobs.scheduled)
    at, until = jobs.sending.trigger_at[row], jobs.heard_until[row]
    lead, thread = jobs.lead[row], jobs.thread[row]
    cases: dict[str, Booleans] = {
        "sent": jobs.sent[row],
        "setterFirst": told.setter_after(lead, at) <= until,
        "newInbound": told.inbound_after(lead, at) <= until,
        "otherOutbound": told.outbound_after(thread, at) <= until,
        "failed": jobs.failed[row],
    }
    places = [_OUTCOMES.index(name) for name in cases]
    return np.select(list(cases.values()), places, _OUTCOMES.index("due"))
