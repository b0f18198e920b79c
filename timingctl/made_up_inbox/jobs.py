"""What became of drafts: the jobs that send them, and AIDraft and BackgroundJob as exported."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from timingctl.made_up_inbox.draws import (
    DAY,
    SECOND,
    chance,
    drawn,
    instants,
    known,
    rare,
    uuids,
)
from timingctl.made_up_inbox.exchanges import NOBODY
from timingctl.made_up_inbox.history import NEVER
from timingctl.made_up_inbox.sending import next_opening

if TYPE_CHECKING:
    from timingctl.made_up_inbox.draws import Booleans, Integers, Rng
    from timingctl.made_up_inbox.exchanges import Exchanges
    from timingctl.made_up_inbox.history import History
    from timingctl.made_up_inbox.sending import Sending
    from timingctl.made_up_inbox.world import World

#: Of a hundred drafts that nothing overtakes and the AI does not send: jobs that failed. Of a
#: thousand: jobs that ran and sent nothing, nobody knows why. A person is to look at the rest.
_FAILED, _LOST = 30, 40
#: Of a hundred drafts without a window: those that have a job all the same.
_WITHOUT_WINDOW = 3
#: Of a hundred of the latest exchanges that nobody answers: jobs that wait for a later opening.
_PUT_OFF, _LATEST = 80, 90 * DAY
_STATUS = pl.Series(["CANCELLED", "PENDING", "RUNNING", "FAILED", "COMPLETED"])
_CANCELLED, _PENDING, _RUNNING, _FAILURE, _COMPLETED = range(5)
_ERRORS = pl.Series(
    [
        "Provider answered 503: service unavailable",
        "Timed out after 30000 ms",
        "Mailbox is not connected",
        "Phone number is not reachable",
    ]
)
_DISPOSITIONS = pl.Series(["interested", "question", "objection", "not_now", "unsubscribe", None])


@dataclass(frozen=True)
class Jobs:
    """Grain: one inbound of `sending`: whether a job sends its draft, and what that has done."""

    sending: Sending
    lead: Integers
    thread: Integers
    scheduled: Booleans
    started: Booleans
    finished: Booleans
    sent: Booleans
    failed: Booleans
    status: Integers
    attempts: Integers

    @property
    def heard_until(self) -> Integers:
        """When a job's story ends: when it started, or else was to start."""
        return np.where(self.started, self.sending.started_at, self.sending.run_at)


def draw_jobs(
    rng: Rng, world: World, exchanges: Exchanges, sending: Sending, told: History
) -> Jobs:
    """The jobs: of drafts that are sent, are overtaken, fail, or wait; others are held back."""
    of, count = sending.exchange, len(sending)
    lead, thread = exchanges.lead[of], exchanges.thread[of]
    by_ai = exchanges.by_ai[of] & (np.arange(count) < len(exchanges))
    sent = by_ai & (sending.sent_at < world.end)
    next_at = np.full(count, NEVER)
    idle = np.flatnonzero(sending.drafted & ~sent)
    next_at[idle] = np.minimum.reduce(
        [
            told.setter_after(lead[idle], sending.trigger_at[idle]),
            told.inbound_after(lead[idle], sending.trigger_at[idle]),
            told.outbound_after(thread[idle], sending.trigger_at[idle]),
        ]
    )
    last = sending.drafted & sending.windowed & (exchanges.answer[of] == NOBODY)
    last &= (next_at == NEVER) & (sending.trigger_at > world.end - _LATEST)
    put_off = last & chance(rng, _PUT_OFF, count)
    opening = next_opening(world.end + rng.integers(0, 3, count) * DAY)
    sending = replace(sending, run_at=np.where(put_off, opening, sending.run_at))
    overtaken = next_at <= sending.run_at
    waits = (sending.run_at >= world.end) | (by_ai & ~sent)
    left = sending.drafted & ~sent & ~overtaken & ~waits & (sending.finished_at < world.end)
    failed = left & chance(rng, _FAILED, count)
    lost = rare(rng, _LOST, left & ~failed)
    started = (by_ai & (sending.started_at < world.end)) | failed | lost
    finished = started & (sending.finished_at < world.end)
    allowed = sending.windowed | chance(rng, _WITHOUT_WINDOW, count)
    return Jobs(
        sending=sending,
        lead=lead,
        thread=thread,
        scheduled=sending.drafted & allowed & (sent | overtaken | waits | failed | lost),
        started=started,
        finished=finished,
        sent=sent,
        failed=failed,
        status=np.select(
            [failed, finished, started, overtaken],
            [_FAILURE, _COMPLETED, _RUNNING, _CANCELLED],
            _PENDING,
        ),
        attempts=np.where(failed, 3, np.where(started, sending.attempts, sending.attempts - 1)),
    )


def draft_rows(rng: Rng, exchanges: Exchanges, jobs: Jobs) -> pl.DataFrame:
    """AIDraft: the drafts, and for some an earlier one of the same inbound that was given up."""
    sending = jobs.sending
    last = np.flatnonzero(sending.drafted)
    given_up = last[chance(rng, 3, len(last))]
    row = np.concatenate([last, given_up])
    is_last = np.arange(len(row)) < len(last)
    at = sending.written_at[last], sending.trigger_at[given_up] + SECOND
    action = np.where(sending.windowed, np.where(jobs.scheduled, 0, 1), 2)[row]
    judged = drawn(rng, [5, 5, 2, 2, 1, 1], len(sending))[row]
    state = np.where(is_last, np.where(jobs.sent[row], 0, 1), 2)
    return pl.DataFrame(
        {
            "id": pl.concat([sending.draft_id.gather(last), uuids(rng, len(given_up))]),
            "triggerMessageId": sending.trigger_id.gather(row),
            "channel": exchanges.channel.gather(sending.exchange[row]),
            "createdAt": instants(np.concatenate(at)),
            "status": pl.Series(["approved", "pending", "rejected"]).gather(state),
            "autoSendAction": pl.Series(["send_delayed", "needs_review", None]).gather(action),
            "responseDisposition": _DISPOSITIONS.gather(judged),
        }
    )


def background_jobs(rng: Rng, exchanges: Exchanges, jobs: Jobs, lead: pl.DataFrame) -> pl.DataFrame:
    """BackgroundJob: the jobs that send drafts, and jobs of another type."""
    sending = jobs.sending
    errors = _ERRORS.gather(drawn(rng, [4, 3, 2, 1], len(sending)))
    job = lead[jobs.lead].select(
        clientId="clientId",
        leadId="id",
        messageId=sending.trigger_id,
        draftId=sending.draft_id,
        runAt=instants(sending.run_at),
        startedAt=known(instants(sending.started_at), jobs.started),
        finishedAt=known(instants(sending.finished_at), jobs.finished),
        createdAt=instants(sending.written_at),
        status=_STATUS.gather(jobs.status),
        attempts=pl.Series(jobs.attempts, dtype=pl.Int32),
        lastError=known(errors, jobs.failed),
    )
    due = job.filter(pl.Series(jobs.scheduled)).with_columns(type=pl.lit("AI_AUTO_SEND_DELAYED"))
    reminded = np.flatnonzero(chance(rng, 4, len(exchanges)))
    at = sending.trigger_at[reminded]
    other = job[reminded].select(
        *("clientId", "leadId", "messageId"),
        type=pl.lit("FOLLOW_UP_REMINDER"),
        runAt=instants(at + 3 * DAY),
        createdAt=instants(at),
        status=pl.lit("PENDING"),
        attempts=pl.lit(0, pl.Int32),
    )
    rows = pl.concat([due, other], how="diagonal")
    return rows.select(
        uuids(rng, len(rows)).alias("id"),
        *("type", "clientId", "leadId", "messageId", "draftId"),
        *("runAt", "startedAt", "finishedAt", "createdAt", "status", "attempts", "lastError"),
    )
