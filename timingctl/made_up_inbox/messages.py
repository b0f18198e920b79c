"""The messages: who says what, when, in each exchange."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from timingctl.made_up_inbox.draws import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    chance,
    counted,
    heavy,
    instants,
    known,
    uuids,
)
from timingctl.made_up_inbox.exchanges import BOTH, NOBODY, SETTER, SYSTEM

if TYPE_CHECKING:
    from timingctl.made_up_inbox.draws import Rng
    from timingctl.made_up_inbox.exchanges import Exchanges
    from timingctl.made_up_inbox.sending import Sending
    from timingctl.made_up_inbox.world import World

#: Who says a message: its `who`. By the AI is from the draft of the exchange, or of none.
BY_LEAD, BY_SETTER, BY_UNKNOWN, BY_AI, BY_AI_ELSE, BY_CAMPAIGN, BY_OTHER, BOUNCE = range(8)
#: As exports have each of those.
_DIRECTION = pl.Series(["inbound", *["outbound"] * 6, "inbound"])
_SENT_BY = pl.Series([None, "setter", "setter", "ai", "ai", None, None, None])
_SOURCE = pl.Series([None, "ui", "slack", "auto_send", "booking", "campaign", None, "bounce"])
#: Of a hundred: openings of a thread by email that come back; exchanges that nobody answers where
#: the AI confirms a booking; automatic answers that are a campaign's.
_BOUNCES, _CONFIRMED, _FROM_CAMPAIGN = 5, 10, 70


def inbounds(exchanges: Exchanges) -> pl.DataFrame:
    """The messages of all streaks; the last of each is its anchor."""
    of, place = counted(exchanges.streak)
    at = exchanges.first_at[of] + place * exchanges.pause[of]
    return _said(pl.DataFrame({"exchange": of, "at": at}), BY_LEAD)


def answers(rng: Rng, world: World, exchanges: Exchanges, sending: Sending) -> pl.DataFrame:
    """All other messages, also such as would come after the export."""
    return pl.concat(
        [
            _by_ai(exchanges, sending),
            _confirmations(rng, exchanges),
            _by_setters(rng, world, exchanges, sending),
            _by_campaigns(rng, exchanges),
        ],
        how="diagonal",
    )


def as_exported(
    rng: Rng, world: World, exchanges: Exchanges, said: pl.DataFrame, lead_id: pl.Series
) -> pl.DataFrame:
    """Message, in the order of time."""
    of, who, at = said["exchange"], said["who"], said["at"].to_numpy()
    written_at = np.minimum(at + rng.integers(0, 2 * SECOND, len(said)), world.end - 1)
    return said.select(
        "id",
        lead_id.gather(exchanges.lead[of]).alias("leadId"),
        exchanges.channel.gather(of).alias("channel"),
        _DIRECTION.gather(who).alias("direction"),
        instants(at).alias("sentAt"),
        _SENT_BY.gather(who).alias("sentBy"),
        *("sentByUserId", "aiDraftId", "aiDraftPartIndex"),
        _SOURCE.gather(who).alias("source"),
        instants(written_at).alias("createdAt"),
    ).sort("sentAt", maintain_order=True)


def _said(frame: pl.DataFrame, who: int) -> pl.DataFrame:
    return frame.with_columns(who=pl.lit(who, pl.Int8))


def _by_ai(exchanges: Exchanges, sending: Sending) -> pl.DataFrame:
    """What the AI sent of its drafts, in parts."""
    of, part = counted(np.where(exchanges.by_ai, sending.parts[: len(exchanges)], 0))
    return _said(
        pl.DataFrame(
            {
                "exchange": of,
                "at": sending.sent_at[of] + part * sending.part_pause[of],
                "aiDraftId": sending.draft_id.gather(of),
                "aiDraftPartIndex": pl.Series(part, dtype=pl.Int32),
            }
        ),
        BY_AI,
    )


def _confirmations(rng: Rng, exchanges: Exchanges) -> pl.DataFrame:
    """What the AI sent without a draft."""
    nobody = exchanges.answer == NOBODY
    of = np.flatnonzero(nobody & chance(rng, _CONFIRMED, len(exchanges)))
    at = exchanges.anchor_at[of] + rng.integers(10 * SECOND, 3 * MINUTE, len(of))
    return _said(pl.DataFrame({"exchange": of, "at": at}), BY_AI_ELSE)


def _by_setters(rng: Rng, world: World, exchanges: Exchanges, sending: Sending) -> pl.DataFrame:
    """What setters sent: answers, some of them the AI's draft, and at times a second message."""
    of = np.flatnonzero(np.isin(exchanges.answer, [BOTH, SETTER]))
    count = len(of)
    alone = exchanges.answer[of] == SETTER
    after = heavy(rng, 20 * SECOND, [3, 4, 6, 8, 8, 7, 6, 5, 4, 3, 2, 1], count)
    late = alone & exchanges.closes[of] & chance(rng, 8, count)
    after = np.where(late, rng.integers(31 * DAY, 90 * DAY, count), after)
    setter = rng.integers(0, len(world.setters), (2, count)).min(axis=0)  # some are busier
    is_known = ~chance(rng, 2, count)
    answer = pl.DataFrame(
        {
            "exchange": of,
            "at": exchanges.anchor_at[of] + after,
            "who": pl.Series(np.where(is_known, BY_SETTER, BY_UNKNOWN), dtype=pl.Int8),
            "sentByUserId": known(world.setters.gather(setter), is_known),
            "aiDraftId": known(sending.draft_id.gather(of), alone & chance(rng, 30, count)),
        }
    )
    more = answer.filter(pl.Series(chance(rng, 15, count)))
    more = more.with_columns(pl.col("at") + MINUTE).drop("aiDraftId")
    return pl.concat([answer, more], how="diagonal")


def _by_campaigns(rng: Rng, exchanges: Exchanges) -> pl.DataFrame:
    """What nobody sent: the message that opens a thread, and automatic answers; and bounces."""
    opening = np.flatnonzero(exchanges.opens)
    before = heavy(rng, HOUR, [1, 1, 1, 1, 1, 1], len(opening))
    opened = pl.DataFrame({"exchange": opening, "at": exchanges.first_at[opening] - before})
    by_email = (exchanges.channel.gather(opening) == "email").to_numpy()
    bounced = pl.Series(by_email & chance(rng, _BOUNCES, len(opening)))
    automatic = np.flatnonzero(exchanges.answer == SYSTEM)
    of_campaign = chance(rng, _FROM_CAMPAIGN, len(automatic))
    who = pl.Series(np.where(of_campaign, BY_CAMPAIGN, BY_OTHER), dtype=pl.Int8)
    at = exchanges.anchor_at[automatic] + 10 * MINUTE
    return pl.concat(
        [
            _said(opened, BY_CAMPAIGN),
            _said(opened.filter(bounced).with_columns(pl.col("at") + MINUTE), BOUNCE),
            pl.DataFrame({"exchange": automatic, "at": at, "who": who}),
        ]
    )


def with_ids(rng: Rng, said: pl.DataFrame) -> pl.DataFrame:
    """The messages, each with an id of its own."""
    return said.with_columns(uuids(rng, len(said)).alias("id"))
