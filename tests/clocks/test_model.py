"""Business time against a slow, obvious model: every minute of some days, by Python's own zones."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.clocks.cases import Pair, business_us
from timingctl.clocks.hours import WEEKDAYS, business_hours

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
#: A zone, and a day (UTC) on which its clocks are set, or nearly.
CHANGES = [
    ("Europe/Berlin", date(2026, 3, 29)), ("Europe/Berlin", date(2026, 10, 25)),
    ("Australia/Lord_Howe", date(2026, 4, 4)), ("Australia/Lord_Howe", date(2026, 10, 3)),
    ("Atlantic/Azores", date(2026, 10, 25)), ("America/Sao_Paulo", date(2018, 2, 18)),
    ("America/Sao_Paulo", date(2018, 11, 4)), ("America/St_Johns", date(2010, 11, 7)),
    ("Asia/Kathmandu", date(2026, 7, 1)), ("Pacific/Apia", date(2011, 12, 30)),
    ("America/New_York", date(2026, 11, 1)), ("UTC", date(2026, 2, 10)),
]  # fmt: skip


class Model:
    """The minutes of the days around one in which a business is open, each looked at."""

    def __init__(self, hours: str, zone: str, around: date, holidays: list[date]) -> None:
        start = datetime(around.year, around.month, around.day, tzinfo=UTC)
        minutes = [start + step * MINUTE for step in range(-5 * 1440, 5 * 1440)]
        local = [at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for at in minutes]
        self.open: set[datetime] = set()

        def first(shown: datetime) -> datetime:
            """The first minute at which the clocks show a time, or a later one."""
            return next(at for at, there in zip(minutes, local, strict=True) if there >= shown)

        for step in range(-3, 4):
            day = datetime(around.year, around.month, around.day) + step * DAY
            for span in business_hours(hours).spans:
                if day.isoweekday() == span.weekday and day.date() not in holidays:
                    at = first(day + timedelta(microseconds=span.start_us))
                    end = first(day + timedelta(microseconds=span.end_us))
                    while at < end:
                        self.open.add(at.replace(tzinfo=None))
                        at += MINUTE

    def passed(self, since: datetime, until: datetime) -> int:
        """The open time between two instants in microseconds."""
        parts = (min(until, at + MINUTE) - max(since, at) for at in self.open)
        return sum(part // timedelta(microseconds=1) for part in parts if part > timedelta())

    def is_open(self, at: datetime) -> bool:
        """Whether the minute of an instant is an open one."""
        return at.replace(second=0, microsecond=0) in self.open


@st.composite
def clocks(draw: st.DrawFn) -> str:
    """One span, as people write it; those of the night change more often."""
    start = draw(st.sampled_from([0, 30, 60, 90, 120, 150, 180, 540, 1260, 1380]))
    end = draw(st.integers(start + 1, 1440) | st.just(start + 30) | st.just(1440))
    days = draw(st.sampled_from(["Mon-Fri", "Sat-Sun", "Mon-Sun", "Sun", *WEEKDAYS]))
    return f"{days} {start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"


@settings(max_examples=max(settings().max_examples // 2, 1))
@given(st.data())
def test_business_time_is_the_model_s(data: st.DataObject) -> None:
    zone, around = data.draw(st.sampled_from(CHANGES))
    hours = "; ".join(data.draw(st.lists(clocks(), min_size=1, max_size=3)))
    days = [around + step * DAY for step in range(-2, 3)]
    holidays = data.draw(st.lists(st.sampled_from(days), max_size=2))
    noon = datetime(around.year, around.month, around.day, 12)
    instants = st.builds(
        lambda minutes, nudge: noon + minutes * MINUTE + timedelta(microseconds=nudge),
        st.integers(-2000, 2000).map(lambda n: n - n % 15) | st.integers(-2000, 2000),
        st.sampled_from([0, 0, -1, 1, 30_000_000]),
    )
    pairs: list[Pair] = [
        (min(one, other), max(one, other))
        for one, other in data.draw(st.lists(st.tuples(instants, instants), min_size=1, max_size=9))
    ]
    model = Model(hours, zone, around, holidays)
    expected = [(model.passed(*pair), model.is_open(pair[0])) for pair in pairs]
    assert business_us(hours, zone, pairs, holidays) == expected
