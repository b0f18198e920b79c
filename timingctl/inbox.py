"""A made-up inbox: leads, and what was written to and by them. Numbers in, frames out.

Only integers and the four rules of arithmetic are drawn upon, because the last bit of an
exponential or a logarithm differs between machines. Instants are milliseconds since 1970 until
they become columns. What happens in it is described in docs/generate.md; how often, by the
weights and percentages here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa

from timingctl.delay import chosen_seconds
from timingctl.schemas import AI_DRAFT, BACKGROUND_JOB, LEAD, MESSAGE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import numpy.typing as npt

    Integers = npt.NDArray[np.int64]
    Booleans = npt.NDArray[np.bool_]
    Rng = np.random.Generator

_SECOND = 1000
_MINUTE = 60 * _SECOND
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
#: From the start to the moment of the export.
_DAYS = 365

_CLIENTS, _CAMPAIGNS, _SETTERS = 12, 60, 40
_CHANNELS = pl.Series(["email", "linkedin", "sms"])
_WINDOWS = np.array([(180, 420), (60, 120), (300, 300), (120, 900), (30, 90)])
#: Delay windows that a campaign has one after the other, at most.
_PERIODS = 3
#: Inbounds an hour of the day, UTC.
_HOURS = [2, 1, 1, 1, 1, 2, 6, 10, 14, 16, 16, 14, 12, 14, 16, 16, 14, 12, 10, 10, 10, 8, 5, 3]
#: When the app sends: from this hour on, before that one.
_SENDING_HOURS = 6, 22
#: What answers an exchange: the AI, the AI and a setter, a setter, a campaign, nobody.
_ANSWERS_AUTO = [45, 20, 12, 5, 18]
_ANSWERS_MANAGED = [0, 0, 65, 10, 25]
_AI, _BOTH, _SETTER, _SYSTEM = range(4)


def draw_leads(rng: Rng, world: World, count: int) -> dict[str, pl.DataFrame]:
    """Lead, Message, AIDraft and BackgroundJob of `count` leads, by name; messages in time."""
    campaign = rng.integers(0, _CAMPAIGNS, count)
    client = world.campaign["clientId"].gather(campaign)
    campaign = np.where(_chance(rng, 10, count), -1, campaign)
    lead = pl.DataFrame({"id": _uuids(rng, count), "clientId": client})
    exchanges = _exchanges(rng, world, campaign)
    inbound = _inbounds(rng, exchanges, lead["id"])
    anchor_id = inbound["id"].gather(np.cumsum(exchanges.streak) - 1)
    sending = _sending(rng, world, exchanges, anchor_id)
    outbound = pl.concat(
        [
            _by_ai(exchanges, sending),
            _by_setters(rng, world, exchanges, sending),
            _by_campaigns(rng, exchanges),
        ],
        how="diagonal",
    )
    sent = exchanges.messages(rng, lead["id"], outbound, "outbound")
    message = pl.concat([inbound, sent], how="diagonal")
    return {
        LEAD.name: _booked(rng, world, exchanges, _in_campaigns(lead, world, campaign)),
        MESSAGE.name: message.filter(pl.col("sentAt") < world.export_at)
        .sort("sentAt", maintain_order=True)
        .select(
            *("id", "leadId", "channel", "direction", "sentAt"),
            *("sentBy", "sentByUserId", "aiDraftId", "aiDraftPartIndex"),
        ),
        AI_DRAFT.name: _drafts(rng, exchanges, sending),
        BACKGROUND_JOB.name: _background_jobs(rng, world, exchanges, sending, lead),
    }


@dataclass(frozen=True)
class World:
    """What all leads share: an inbox from `start` to `end`, the moment of the export.

    `campaign` is EmailCampaign with the settings of today; `truth` is the delay windows that were
    in force, as --delay-windows takes them. A campaign's windows are its row of `low` and `high`,
    in seconds; the next one begins at its instant in `change`.
    """

    start: int
    end: int
    setters: pl.Series
    campaign: pl.DataFrame
    is_auto: Booleans
    change: Integers
    low: Integers
    high: Integers
    truth: pl.DataFrame

    @property
    def export_at(self) -> datetime:
        """`end` as a naive timestamp."""
        at: datetime = _instants(np.array([self.end]))[0]
        return at

    def windows(self, campaign: Integers, at: Integers) -> tuple[pl.Series, pl.Series]:
        """The delay window in force; null without a campaign (−1) or one that is managed."""
        period = (at[:, None] >= self.change[campaign]).sum(axis=1)
        some = (campaign >= 0) & self.is_auto[campaign]
        low, high = (pl.Series(ends[campaign, period]) for ends in (self.low, self.high))
        return _known(low, some), _known(high, some)


def draw_world(rng: Rng, start: datetime) -> World:
    """An inbox from `start` on."""
    begin = int(start.timestamp()) * _SECOND
    end = begin + _DAYS * _DAY
    ids = _uuids(rng, _CAMPAIGNS)
    client = _uuids(rng, _CLIENTS).gather(rng.integers(0, _CLIENTS, _CAMPAIGNS))
    is_auto = _drawn(rng, [1, 2], _CAMPAIGNS) == 1
    periods = 1 + _drawn(rng, [5, 3, 2], _CAMPAIGNS)
    days = np.sort(rng.integers(1, _DAYS - _PERIODS, (_CAMPAIGNS, _PERIODS - 1)))
    days += np.arange(_PERIODS - 1)  # no two changes on one day
    comes = np.arange(1, _PERIODS) < periods[:, None]
    change = np.where(comes, begin + days * _DAY + 9 * _HOUR, end)
    first = rng.integers(0, len(_WINDOWS), _CAMPAIGNS)[:, None]
    step = rng.integers(1, len(_WINDOWS), _CAMPAIGNS)[:, None]
    window = _WINDOWS[(first + step * np.arange(_PERIODS)) % len(_WINDOWS)]
    low, high = window[..., 0], window[..., 1]
    today = np.arange(_CAMPAIGNS), periods - 1
    campaign = pl.DataFrame(
        {
            "id": ids,
            "clientId": client,
            "name": [f"Campaign {number}" for number in range(1, _CAMPAIGNS + 1)],
            "responseMode": _either(is_auto, "AI_AUTO_SEND", "SETTER_MANAGED"),
            "autoSendDelayMinSeconds": pl.Series(low[today], dtype=pl.Int32),
            "autoSendDelayMaxSeconds": pl.Series(high[today], dtype=pl.Int32),
        }
    )
    owner, period = _counted(np.where(is_auto, periods, 0))
    bounds = np.pad(change, ((0, 0), (1, 1)), constant_values=end)
    truth = pl.DataFrame(
        {
            "campaignId": ids.gather(owner),
            "clientId": client.gather(owner),
            "minSeconds": low[owner, period],
            "maxSeconds": high[owner, period],
            "effectiveFrom": _known(_instants(bounds[owner, period]), period > 0),
            "effectiveTo": _known(
                _instants(bounds[owner, period + 1]), period + 1 < periods[owner]
            ),
        }
    )
    setters = _uuids(rng, _SETTERS)
    return World(begin, end, setters, campaign, is_auto, change, low, high, truth)


@dataclass(frozen=True)
class _Exchanges:
    """Grain: one exchange: a streak of inbounds, of which the last is the anchor, and an answer.

    In the order of leads, threads and time; those of a thread are days apart, so that an answer
    within a day stands in its own turn. `lead` and `campaign` (−1: none) are places.
    """

    lead: Integers
    campaign: Integers
    channel: pl.Series
    opens: Booleans  # the first of its thread
    closes: Booleans  # the last of its thread
    first_at: Integers
    streak: Integers
    pause: Integers  # between the inbounds of the streak
    answer: Integers

    def __len__(self) -> int:
        return len(self.lead)

    @property
    def anchor_at(self) -> Integers:
        return self.first_at + (self.streak - 1) * self.pause

    @property
    def by_ai(self) -> Booleans:
        return np.isin(self.answer, [_AI, _BOTH])

    def messages(
        self, rng: Rng, lead_id: pl.Series, sent: pl.DataFrame, direction: str
    ) -> pl.DataFrame:
        """The messages `sent`, given by their place in `exchange`, `at` and further columns."""
        of = sent["exchange"]
        return sent.select(
            _uuids(rng, len(sent)).alias("id"),
            lead_id.gather(self.lead[of]).alias("leadId"),
            self.channel.gather(of).alias("channel"),
            pl.lit(direction).alias("direction"),
            _instants(sent["at"].to_numpy()).alias("sentAt"),
            pl.exclude("exchange", "at"),
        )


def _exchanges(rng: Rng, world: World, campaign: Integers) -> _Exchanges:
    """The exchanges of leads with these campaigns; every lead has at least one."""
    lead_of_thread, place = _counted(1 + _drawn(rng, [1, 1], len(campaign)))
    threads = len(lead_of_thread)
    channel = (rng.integers(0, 3, len(campaign))[lead_of_thread] + place) % len(_CHANNELS)
    counts = 1 + _drawn(rng, [20, 18, 15, 12, 10, 8, 6, 5, 4, 3, 2, 2, 1, 1, 1], threads)
    thread, place = _counted(counts)
    begin = rng.integers(0, _DAYS - 1, threads)[thread]
    gap = np.where(place > 0, _heavy(rng, 3, [4, 3, 2, 1], len(thread)), begin)
    through = np.cumsum(gap)
    day = through - np.repeat((through - gap)[place == 0], counts)
    time = _drawn(rng, _HOURS, len(thread)) * _HOUR + rng.integers(0, _HOUR, len(thread))
    first_at = world.start + day * _DAY + time
    happened = first_at < world.end - _HOUR
    thread, opens, first_at = thread[happened], (place == 0)[happened], first_at[happened]
    count = len(thread)
    lead = lead_of_thread[thread]
    auto = (campaign[lead] >= 0) & world.is_auto[campaign[lead]]
    answers = _drawn(rng, _ANSWERS_AUTO, count), _drawn(rng, _ANSWERS_MANAGED, count)
    return _Exchanges(
        lead=lead,
        campaign=campaign[lead],
        channel=_CHANNELS.gather(channel[thread]),
        opens=opens,
        closes=np.append(opens[1:], True),
        first_at=first_at,
        streak=1 + _drawn(rng, [45, 30, 25], count),
        pause=_heavy(rng, 5 * _SECOND, [1, 2, 3, 2, 1], count),
        answer=np.where(auto, *answers),
    )


@dataclass(frozen=True)
class _Sending:
    """Grain: one exchange: its draft, and when the app was to send it and did.

    `draft_id` is null where no draft was written before the export.
    """

    anchor_id: pl.Series
    draft_id: pl.Series
    written_at: Integers
    scheduled: Booleans  # whether there is a job that sends it
    run_at: Integers
    started_at: Integers
    sent_at: Integers
    parts: Integers
    part_pause: Integers

    @property
    def finished_at(self) -> Integers:
        return self.sent_at + (self.parts - 1) * self.part_pause + 200


def _sending(rng: Rng, world: World, exchanges: _Exchanges, anchor_id: pl.Series) -> _Sending:
    """How the app would send its drafts: those of exchanges that the AI answers, and others."""
    count = len(exchanges)
    chosen = chosen_seconds(anchor_id, *world.windows(exchanges.campaign, exchanges.anchor_at))
    due = exchanges.anchor_at + chosen.fill_null(0).to_numpy() * _SECOND
    too_late = _chance(rng, 3, count)  # the computed time has passed: now + 30 s
    written_at = np.where(
        too_late,
        due + rng.integers(_SECOND, 10 * _MINUTE, count),
        exchanges.anchor_at + rng.integers(2 * _SECOND, 20 * _SECOND, count),
    )
    run_at = _in_sending_hours(rng, np.where(too_late, written_at + 30 * _SECOND, due))
    run_at += _chance(rng, 2, count) * _heavy(rng, _MINUTE, [2, 1, 1], count)  # retried
    woken_at = -(-run_at // _MINUTE) * _MINUTE  # the worker wakes every minute
    started_at = woken_at + _chance(rng, 10, count) * _MINUTE + rng.integers(0, 2000, count)
    drafted = (exchanges.by_ai | _chance(rng, 35, count)) & (written_at < world.end)
    return _Sending(
        anchor_id=anchor_id,
        draft_id=_known(_uuids(rng, count), drafted),
        written_at=written_at,
        scheduled=drafted & chosen.is_not_null().to_numpy(),
        run_at=run_at,
        started_at=started_at,
        sent_at=started_at + rng.integers(300, 3 * _SECOND, count),
        parts=1 + _drawn(rng, [55, 35, 10], count),
        part_pause=_drawn(rng, [1, 9], count) * 2 * _SECOND,
    )


def _in_sending_hours(rng: Rng, run_at: Integers) -> Integers:
    """What is due at night is moved to the next morning."""
    opening, closing = (hour * _HOUR for hour in _SENDING_HOURS)
    time = run_at % _DAY
    morning = run_at - time + np.where(time < opening, 0, _DAY) + opening
    moved = morning + rng.integers(0, 10 * _MINUTE, len(run_at))
    return np.where((time < opening) | (time >= closing), moved, run_at)


def _inbounds(rng: Rng, exchanges: _Exchanges, lead_id: pl.Series) -> pl.DataFrame:
    """The messages of all streaks; the last of each is its anchor."""
    of, place = _counted(exchanges.streak)
    at = exchanges.first_at[of] + place * exchanges.pause[of]
    return exchanges.messages(rng, lead_id, pl.DataFrame({"exchange": of, "at": at}), "inbound")


def _by_ai(exchanges: _Exchanges, sending: _Sending) -> pl.DataFrame:
    """What the AI sent, in parts."""
    of, part = _counted(np.where(exchanges.by_ai, sending.parts, 0))
    return pl.DataFrame(
        {
            "exchange": of,
            "at": sending.sent_at[of] + part * sending.part_pause[of],
            "aiDraftId": sending.draft_id.gather(of),
            "aiDraftPartIndex": pl.Series(part, dtype=pl.Int32),
        }
    ).with_columns(sentBy=pl.lit("ai"))


def _by_setters(rng: Rng, world: World, exchanges: _Exchanges, sending: _Sending) -> pl.DataFrame:
    """What setters sent: answers, some of them the AI's draft, and at times a second message."""
    of = np.flatnonzero(np.isin(exchanges.answer, [_BOTH, _SETTER]))
    count = len(of)
    alone = exchanges.answer[of] == _SETTER
    after = _heavy(rng, 20 * _SECOND, [3, 4, 6, 8, 8, 7, 6, 5, 4, 3, 2, 1], count)
    late = alone & exchanges.closes[of] & _chance(rng, 8, count)
    after = np.where(late, rng.integers(31 * _DAY, 90 * _DAY, count), after)
    setter = rng.integers(0, _SETTERS, (2, count)).min(axis=0)  # some are busier than others
    answer = pl.DataFrame(
        {
            "exchange": of,
            "at": exchanges.anchor_at[of] + after,
            "sentByUserId": _known(world.setters.gather(setter), ~_chance(rng, 2, count)),
            "aiDraftId": _known(sending.draft_id.gather(of), alone & _chance(rng, 30, count)),
        }
    )
    more = answer.filter(pl.Series(_chance(rng, 15, count)))
    more = more.with_columns(pl.col("at") + _MINUTE).drop("aiDraftId")
    return pl.concat([answer, more], how="diagonal").with_columns(sentBy=pl.lit("setter"))


def _by_campaigns(rng: Rng, exchanges: _Exchanges) -> pl.DataFrame:
    """What nobody sent: the message that opens a thread, and automatic answers."""
    opening = np.flatnonzero(exchanges.opens)
    automatic = np.flatnonzero(exchanges.answer == _SYSTEM)
    before = _heavy(rng, _HOUR, [1, 1, 1, 1, 1, 1], len(opening))
    at = exchanges.first_at[opening] - before, exchanges.anchor_at[automatic] + 10 * _MINUTE
    return pl.DataFrame(
        {"exchange": np.concatenate([opening, automatic]), "at": np.concatenate(at)}
    )


def _drafts(rng: Rng, exchanges: _Exchanges, sending: _Sending) -> pl.DataFrame:
    """The drafts, and for some an earlier one of the same anchor that was given up."""
    last = sending.draft_id.is_not_null().arg_true().to_numpy()
    given_up = last[_chance(rng, 3, len(last))]
    of = np.concatenate([last, given_up])
    at = sending.written_at[last], exchanges.anchor_at[given_up] + _SECOND
    return pl.DataFrame(
        {
            "id": pl.concat([sending.draft_id.gather(last), _uuids(rng, len(given_up))]),
            "triggerMessageId": sending.anchor_id.gather(of),
            "channel": exchanges.channel.gather(of),
            "createdAt": _instants(np.concatenate(at)),
        }
    )


def _background_jobs(
    rng: Rng, world: World, exchanges: _Exchanges, sending: _Sending, lead: pl.DataFrame
) -> pl.DataFrame:
    """The jobs that send drafts, run where the AI answers; and jobs of another type."""
    ran = exchanges.by_ai & (sending.finished_at < world.end)
    job = lead[exchanges.lead].select(
        clientId="clientId",
        leadId="id",
        messageId=sending.anchor_id,
        draftId=sending.draft_id,
        runAt=_instants(sending.run_at),
        startedAt=_known(_instants(sending.started_at), ran),
        finishedAt=_known(_instants(sending.finished_at), ran),
    )
    due = job.filter(pl.Series(sending.scheduled)).with_columns(type=pl.lit("AI_AUTO_SEND_DELAYED"))
    other = job.filter(pl.Series(_chance(rng, 4, len(job)))).select(
        *("clientId", "leadId", "messageId"),
        type=pl.lit("FOLLOW_UP_REMINDER"),
        runAt=pl.col("runAt") + pl.duration(days=3),
    )
    jobs = pl.concat([due, other], how="diagonal")
    return jobs.select(
        _uuids(rng, len(jobs)).alias("id"),
        *("type", "clientId", "leadId", "messageId", "draftId"),
        *("runAt", "startedAt", "finishedAt"),
    )


def _in_campaigns(lead: pl.DataFrame, world: World, campaign: Integers) -> pl.DataFrame:
    ids = world.campaign["id"].gather(np.maximum(campaign, 0))
    return lead.with_columns(emailCampaignId=_known(ids, campaign >= 0))


def _booked(rng: Rng, world: World, exchanges: _Exchanges, lead: pl.DataFrame) -> pl.DataFrame:
    """The leads with their bookings: likelier where the AI answered first."""
    count = len(lead)
    first = np.flatnonzero(np.diff(exchanges.lead, prepend=-1))
    after = rng.integers(_HOUR, 25 * _DAY, count)
    before = -rng.integers(_DAY, 6 * _DAY, count)
    booked_at = exchanges.anchor_at[first] + np.where(_chance(rng, 8, count), before, after)
    canceled_at = booked_at + rng.integers(_HOUR, 3 * _DAY, count)
    books = _chance(rng, np.where(exchanges.by_ai[first], 30, 18), count) & (booked_at < world.end)
    cancels = books & _chance(rng, 12, count) & (canceled_at < world.end)
    timed = _chance(rng, 88, count)
    by_calendly = books & _chance(rng, 50, count)
    event = _known("https://api.calendly.com/scheduled_events/" + _uuids(rng, count), by_calendly)
    return lead.with_columns(
        appointmentBookedAt=_known(_instants(booked_at), books & timed),
        appointmentCanceledAt=_known(_instants(canceled_at), cancels & timed),
        appointmentStatus=_known(_either(cancels, "canceled", "confirmed"), books),
        ghlAppointmentId=_known(_uuids(rng, count), books & ~by_calendly),
        calendlyInviteeUri=event + "/invitees/" + _uuids(rng, count),
        calendlyScheduledEventUri=event,
    )


def _drawn(rng: Rng, weights: Sequence[int], count: int) -> Integers:
    """Places in `weights`, each as often as its weight says."""
    ends = np.cumsum(weights)
    return np.searchsorted(ends, rng.integers(0, ends[-1], count), side="right")


def _chance(rng: Rng, percent: int | Integers, count: int) -> Booleans:
    return rng.integers(0, 100, count) < percent


def _heavy(rng: Rng, lowest: int, weights: Sequence[int], count: int) -> Integers:
    """Numbers from `lowest` on, over octaves with these weights, even within an octave."""
    octave = lowest << _drawn(rng, weights, count)
    return octave + (rng.random(count) * octave).astype(np.int64)


_BYTE_DIGITS = np.frombuffer(bytes(range(256)).hex().encode(), np.uint8).reshape(256, 2)
_DIGIT_PLACES = [place for place in range(36) if place not in {8, 13, 18, 23}]


def _uuids(rng: Rng, count: int) -> pl.Series:
    """Random canonical lower-case UUIDs of version 4."""
    raw = np.frombuffer(rng.bytes(16 * count), np.uint8).reshape(count, 16).copy()
    raw[:, 6] = raw[:, 6] & 0x0F | 0x40
    raw[:, 8] = raw[:, 8] & 0x3F | 0x80
    text = np.full((count, 36), ord("-"), np.uint8)
    text[:, _DIGIT_PLACES] = _BYTE_DIGITS[raw].reshape(count, 32)
    ends = np.arange(0, 36 * count + 1, 36, dtype=np.int32)
    return pl.Series(pa.StringArray.from_buffers(count, pa.py_buffer(ends), pa.py_buffer(text)))


def _instants(milliseconds: Integers) -> pl.Series:
    """Naive timestamps, as the app stores them."""
    return pl.Series(milliseconds).cast(pl.Datetime("ms")).cast(pl.Datetime("us"))


def _known(column: pl.Series, known: Booleans) -> pl.Series:
    """The column, null where not known."""
    return column.set(pl.Series(~known), None)


def _either(which: Booleans, one: str, other: str) -> pl.Series:
    return pl.Series([other, one]).gather(which.astype(np.int64))


def _counted(counts: Integers) -> tuple[Integers, Integers]:
    """For each thing that there are `counts` of: whose it is, and its place among those."""
    owner = np.repeat(np.arange(len(counts)), counts)
    return owner, np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
