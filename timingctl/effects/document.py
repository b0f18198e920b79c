"""The JSON document of `timingctl effects`: its keys, and numbers as they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What is beyond these digits is the machine's arithmetic, not the data's.
_DIGITS = 10

Filters = TypedDict(
    "Filters",
    {
        "clients": list[str],
        "channels": list[str],
        "from": str | None,
        "to": str | None,
        "timeZone": str,
        "outcome": str,
        "replyDays": int | None,
    },
)


class Leads(TypedDict):
    """Leads by what is made of them: each counts once, as the first that fits."""

    noWindow: int
    bookedBefore: int
    tooRecent: int
    unproven: int
    alone: int
    analysed: int


class Jobs(TypedDict):
    """Eligible inbounds, those with a job, and those whose job was due as chosen."""

    inbounds: int
    withJob: int
    match: int


class Check(TypedDict):
    """A test of the experiment; null: too few, or nothing that varies, which passes."""

    check: str
    n: int
    statistic: float | None
    df: int | None
    p: float | None
    passed: bool


class Ratio(TypedDict):
    """An estimate with its 95 % interval; null: none can be given."""

    estimate: float | None
    se: float | None
    low: float | None
    high: float | None


class PerMinute(TypedDict):
    """The change of the probability with a minute more of chosen delay; null: none is given."""

    leads: int
    booked: int
    strata: int
    estimate: float | None
    se: float | None
    low: float | None
    high: float | None
    p: float | None
    mde: float | None


class Half(TypedDict):
    """Leads whose delay lies in one half of its window."""

    leads: int
    booked: int
    rate: float | None


class LongVersusShort(PerMinute):
    """The upper half of the windows against the lower; how many leads would show one point."""

    short: Half
    long: Half
    leadsForOnePoint: int | None


class Fifth(TypedDict):
    """Leads whose delay lies in one fifth of its window."""

    fifth: int
    leads: int
    booked: int
    rate: float | None
    rateLow: float | None
    rateHigh: float | None
    meanDelaySeconds: float | None


class OfWindow(PerMinute):
    """The leads of one window."""

    minSeconds: int
    maxSeconds: int


class Delay(TypedDict):
    """The delay's effect on booking."""

    leads: Leads
    jobs: Jobs
    status: str
    checks: list[Check]
    untimed: int
    perMinute: PerMinute
    firstStage: Ratio
    perMinuteWaited: Ratio
    longVersusShort: LongVersusShort
    fifths: list[Fifth]
    byWindow: list[OfWindow]


class Within(TypedDict):
    """The shares of waits that were answered within a time; null: no wait lasted so long yet."""

    ms: int
    share: float | None
    shareLow: float | None
    shareHigh: float | None
    byAi: float | None
    byAiLow: float | None
    byAiHigh: float | None
    bySetter: float | None
    bySetterLow: float | None
    bySetterHigh: float | None


class Waited(TypedDict):
    """The waits of a group, open ones counted."""

    group: str
    key: str | None
    waits: int
    leads: int
    answered: int
    byAi: int
    bySetter: int
    open: int
    medianMs: int | None
    medianLowMs: int | None
    medianHighMs: int | None
    answeredOnlyMedianMs: float | None
    within: list[Within]


class Booking(TypedDict):
    """Leads by how fast the first response was, followed from then on."""

    bucket: str
    leads: int
    bookedBefore: int
    untimed: int
    followed: int
    booked: int
    censored: int
    rate: float | None
    rateLow: float | None
    rateHigh: float | None


class Head(TypedDict):
    """What the figures are about."""

    asOf: str | None
    attributionDays: int
    filters: Filters


class Document(Head, total=False):
    """All of it. A section that was not asked for is absent; null: without lead data."""

    delay: Delay | None
    waits: list[Waited]
    bookings: list[Booking] | None


def printed(value: Any) -> Any:
    """The document with its numbers as they are printed, to ten significant digits."""
    if isinstance(value, float):
        return float(f"{value:.{_DIGITS}g}") + 0.0  # no −0
    if isinstance(value, dict):
        told: Mapping[str, Any] = value
        return {name: printed(one) for name, one in told.items()}
    return [printed(one) for one in value] if isinstance(value, list) else value
