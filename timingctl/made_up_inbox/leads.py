"""The leads, with their bookings; and all that is made up of them, table by table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from timingctl.made_up_inbox.draws import DAY, HOUR, chance, either, instants, known, uuids
from timingctl.made_up_inbox.effect import bookings, picks
from timingctl.made_up_inbox.exchanges import draw_exchanges
from timingctl.made_up_inbox.history import history
from timingctl.made_up_inbox.jobs import background_jobs, draft_rows, draw_jobs
from timingctl.made_up_inbox.messages import answers, as_exported, inbounds, with_ids
from timingctl.made_up_inbox.sending import draw_sending
from timingctl.schemas import AI_DRAFT, BACKGROUND_JOB, LEAD, MESSAGE

if TYPE_CHECKING:
    from timingctl.made_up_inbox.causes import Causes
    from timingctl.made_up_inbox.draws import Integers, Rng
    from timingctl.made_up_inbox.effect import Picks
    from timingctl.made_up_inbox.exchanges import Exchanges
    from timingctl.made_up_inbox.world import World


@dataclass
class Effect:
    """A planted effect, in points of booking a minute of chosen delay, and its leads so far."""

    points: float
    leads: int = 0


def draw_leads(
    rng: Rng, world: World, count: int, causes: Causes, effect: Effect | None = None
) -> dict[str, pl.DataFrame]:
    """Lead, Message, AIDraft and BackgroundJob of `count` leads, by name; messages in time.

    What they have of each cause is added to `causes`, and whom the effect acts on to `effect`.
    """
    campaign = rng.integers(0, len(world.campaign), count)
    client = world.campaign["clientId"].gather(campaign)
    campaign = np.where(chance(rng, 10, count), -1, campaign)
    lead = pl.DataFrame({"id": uuids(rng, count), "clientId": client})
    exchanges = draw_exchanges(rng, world, campaign)
    inbound = with_ids(rng, inbounds(exchanges))
    sending = draw_sending(rng, world, exchanges, inbound["id"])
    outbound = with_ids(rng, answers(rng, world, exchanges, sending))
    said = pl.concat([inbound, outbound], how="diagonal").filter(pl.col("at") < world.end)
    told = history(world, exchanges, said)
    jobs = draw_jobs(rng, world, exchanges, sending, told)
    causes.add(said, told, jobs)
    known_lead = _created(rng, exchanges, said, _in_campaigns(lead, world, campaign))
    booked = _booked(rng, world, exchanges, known_lead)
    exported = {
        MESSAGE.name: as_exported(rng, world, exchanges, said, lead["id"]),
        AI_DRAFT.name: draft_rows(rng, exchanges, jobs),
        BACKGROUND_JOB.name: background_jobs(rng, exchanges, jobs, lead),
    }
    if effect is not None:  # drawn last: all else is the same without one
        booked = _affected(rng, world, picks(world, exchanges, said), booked, effect)
    return {LEAD.name: booked, **exported}


def _created(
    rng: Rng, exchanges: Exchanges, said: pl.DataFrame, lead: pl.DataFrame
) -> pl.DataFrame:
    """The leads with the instant at which each came into the app: before its first message."""
    first = said.group_by(pl.Series("lead", exchanges.lead[said["exchange"]])).agg(
        pl.col("at").min()
    )
    at = first.sort("lead")["at"].to_numpy() - rng.integers(HOUR, 10 * DAY, len(lead))
    return lead.with_columns(createdAt=instants(at))


def _in_campaigns(lead: pl.DataFrame, world: World, campaign: Integers) -> pl.DataFrame:
    ids = world.campaign["id"].gather(np.maximum(campaign, 0))
    return lead.with_columns(emailCampaignId=known(ids, campaign >= 0))


def _booked(rng: Rng, world: World, exchanges: Exchanges, lead: pl.DataFrame) -> pl.DataFrame:
    """The leads with their bookings: likelier where the AI answered first."""
    count = len(lead)
    first = np.flatnonzero(np.diff(exchanges.lead, prepend=-1))
    after = rng.integers(HOUR, 25 * DAY, count)
    before = -rng.integers(DAY, 6 * DAY, count)
    booked_at = exchanges.anchor_at[first] + np.where(chance(rng, 8, count), before, after)
    canceled_at = booked_at + rng.integers(HOUR, 3 * DAY, count)
    books = chance(rng, np.where(exchanges.by_ai[first], 30, 18), count) & (booked_at < world.end)
    cancels = books & chance(rng, 12, count) & (canceled_at < world.end)
    timed = chance(rng, 88, count)
    by_calendly = books & chance(rng, 50, count)
    event = known("https://api.calendly.com/scheduled_events/" + uuids(rng, count), by_calendly)
    return lead.with_columns(
        appointmentBookedAt=known(instants(booked_at), books & timed),
        appointmentCanceledAt=known(instants(canceled_at), cancels & timed),
        appointmentStatus=known(either(cancels, "canceled", "confirmed"), books),
        ghlAppointmentId=known(uuids(rng, count), books & ~by_calendly),
        calendlyInviteeUri=event + "/invitees/" + uuids(rng, count),
        calendlyScheduledEventUri=event,
    )


def _affected(
    rng: Rng, world: World, found: Picks, lead: pl.DataFrame, effect: Effect
) -> pl.DataFrame:
    """The leads, with bookings that the chosen delay acts on for those that it can act on."""
    effect.leads += len(found)
    drawn = bookings(rng, found, effect.points)
    canceled_at = drawn.at + rng.integers(HOUR, 3 * DAY, len(found))
    books = drawn.books & (drawn.at < world.end)
    cancels = books & drawn.cancels & (canceled_at < world.end)
    timed = drawn.before | chance(rng, 88, len(found))
    event = "https://api.calendly.com/scheduled_events/" + uuids(rng, len(found))
    planted = {
        "appointmentBookedAt": known(instants(drawn.at), books & timed),
        "appointmentCanceledAt": known(instants(canceled_at), cancels & timed),
        "appointmentStatus": known(either(cancels, "canceled", "confirmed"), books),
        "ghlAppointmentId": pl.Series([None], dtype=pl.String).new_from_index(0, len(found)),
        "calendlyInviteeUri": known(event + "/invitees/" + uuids(rng, len(found)), books),
        "calendlyScheduledEventUri": known(event, books),
    }
    return lead.with_columns(
        lead[name].scatter(found.lead, column).alias(name) for name, column in planted.items()
    )
