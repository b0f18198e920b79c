"""The report against the slow model, on small worlds full of edges and ties."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.report import model
from timingctl.clocks.hours import business_hours
from timingctl.reports.figures import report
from timingctl.reports.options import ONLY, ReportOptions
from timingctl.reports.sections import NAMES
from timingctl.schemas import EVENT

#: A report of everything takes as long as four examples of others.
PER_REPORT = 4 if settings.get_current_profile_name() == "usual" else 1

START = datetime(2026, 2, 10)
DAY = timedelta(days=1)
US = timedelta(microseconds=1)

#: Seconds at which something changes, and what lies just beside them.
EDGES = [0, 10, 60, 180, 300, 420, 900, 3_600, 14_400, 86_400]
nudges = st.sampled_from([-US, 0 * US, US])
instants = st.builds(
    lambda days, seconds, nudge: START + days * DAY + timedelta(seconds=seconds) + nudge,
    st.integers(0, 5),
    st.sampled_from(EDGES),
    nudges,
)
passed = st.builds(
    lambda seconds, nudge: max(timedelta(seconds=seconds) + nudge, US),
    st.sampled_from(EDGES) | st.integers(1, 4 * 86_400),
    nudges,
)
drifts = st.builds(
    lambda seconds, nudge: timedelta(seconds=seconds) + nudge,
    st.sampled_from([-10, 0, 10, 60, 300]),
    nudges,
)

#: Around where an instant becomes one that no clock gives, and far away.
implausible = st.builds(
    lambda days, nudge: days * DAY + nudge, st.sampled_from([-20_000, -1, 365, 20_000]), nudges
)


#: START is a Tuesday, so some answers fall outside each.
HOURS = [
    model.Hours("Mon-Fri 09:00-17:00", (0, 1, 2, 3, 4), 9, 17),
    model.Hours("Tue-Wed 00:00-01:00", (1, 2), 0, 1),
    model.Hours("Wed-Mon 00:00-24:00", (2, 3, 4, 5, 6, 0), 0, 24),
]


@st.composite
def events(draw: st.DrawFn) -> list[model.Event]:
    """A few events of fewer leads."""
    made = []
    for number in range(draw(st.integers(0, 12))):
        inbound = draw(instants)
        setter = draw(st.none() | passed)
        ai = draw(st.none() | passed | st.just(setter))
        due = draw(st.none() | drifts)
        odd = draw(st.none() | st.none() | st.just(inbound + draw(implausible)))
        window = draw(st.none() | st.sampled_from([(180, 420), (0, 86_400)]))
        chosen = draw(st.sampled_from([0, 179, 180, 209, 210, 390, 420, 421]))
        made.append(
            model.Event(
                id=f"m{draw(st.permutations(range(3)))[0]}{number:02}",
                lead=draw(st.sampled_from(["l1", "l2", "l3", "l4"])),
                client=draw(st.sampled_from(["K1", "K2"])),
                channel=draw(st.sampled_from(["email", "sms"])),
                inbound=inbound,
                setter=inbound + setter if setter else None,
                user=draw(st.sampled_from(["u1", "u2"])) if setter else None,
                ai=inbound + ai if ai else None,
                window=window,
                chosen=chosen if window else None,
                due=odd or (inbound + (ai or DAY) - due if due is not None else None),
            )
        )
    return made


@st.composite
def leads(draw: st.DrawFn, among: list[model.Event]) -> list[model.Lead]:
    """Lead data of most leads; bookings lie at edges after responses."""
    responses = [event.first[0] for event in among if event.first] or [START]
    bookings = st.builds(
        lambda at, days, nudge: at + days * DAY + nudge,
        st.sampled_from(responses),
        st.integers(0, 3),
        nudges,
    )
    return [
        model.Lead(
            id=name,
            booked=draw(st.none() | bookings),
            cancelled=draw(st.none() | st.just(START) if draw(st.booleans()) else st.none()),
            status=draw(st.sampled_from([None, "booked", "canceled"])),
            appointment=draw(st.sampled_from([None, "uri"])),
        )
        for name in ("l1", "l2", "l3")
    ]


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[model.Event], list[model.Lead], model.Question]:
    """Events, leads and a question."""
    made = draw(events())
    question = model.Question(
        since=draw(st.just(START - 9 * DAY) | instants),
        until=draw(st.just(START + 9 * DAY) | instants),
        attribution=draw(st.integers(0, 3)),
        maturity=draw(st.integers(0, 6)),
        clients=draw(st.sampled_from([(), ("K1",)])),
        channels=draw(st.sampled_from([(), ("sms",)])),
        responders=draw(st.sampled_from([(), ("ai",), ("user:u1",), ("ai", "user:u2")])),
        period=draw(st.sampled_from(["day", "week", "month"])),
        hours=(hours := draw(st.none() | st.sampled_from(HOURS))),
        only=draw(st.sampled_from([None, *ONLY])) if hours else None,
    )
    return made, draw(leads(made)), question


def written(folder: Path, made: list[model.Event], known: list[model.Lead]) -> tuple[Path, Path]:
    """Events and leads as Parquet, as the app's own table has them: naive instants."""
    text, instant, number = pl.String(), pl.Datetime("us"), pl.Int32()
    types = {"TEXT": text, "INSTANT": instant, "INTEGER": number}
    schema = {column.name: types[column.type.name] for column in EVENT}
    rows = [
        {
            "id": event.id, "inboundMessageId": event.id, "leadId": event.lead,
            "clientId": event.client, "channel": event.channel, "inboundSentAt": event.inbound,
            "setterResponseSentAt": event.setter, "setterSentByUserId": event.user,
            "aiResponseSentAt": event.ai, "aiChosenDelaySeconds": event.chosen,
            "aiDelayMinSeconds": event.window and event.window[0],
            "aiDelayMaxSeconds": event.window and event.window[1],
            "aiScheduledRunAt": event.due,
        }
        for event in made
    ]  # fmt: skip
    paths = folder / "events.parquet", folder / "leads.parquet"
    pl.DataFrame(rows, schema=schema).write_parquet(paths[0])
    pl.DataFrame(
        {
            "id": pl.Series([lead.id for lead in known], dtype=text),
            "appointmentBookedAt": pl.Series([lead.booked for lead in known], dtype=instant),
            "appointmentCanceledAt": pl.Series([lead.cancelled for lead in known], dtype=instant),
            "appointmentStatus": pl.Series([lead.status for lead in known], dtype=text),
            "ghlAppointmentId": pl.Series([lead.appointment for lead in known], dtype=text),
        }
    ).write_parquet(paths[1])
    return paths


def alike(got: Any, expected: Any) -> bool:
    """Equal; intervals, which take a root, to twelve digits."""
    if isinstance(expected, list):
        return len(got) == len(expected) and all(map(alike, got, expected))
    if isinstance(expected, dict):
        return got.keys() == expected.keys() and all(
            abs(got[name] - value) < 1e-12
            if name in {"rateLow", "rateHigh"} and value is not None
            else alike(got[name], value)
            for name, value in expected.items()
        )
    return bool(got == expected)


@settings(max_examples=settings().max_examples // PER_REPORT)
@given(worlds())
def test_the_report_is_the_model_s(
    world: tuple[list[model.Event], list[model.Lead], model.Question],
) -> None:
    made, known, question = world
    with tempfile.TemporaryDirectory() as folder:
        paths = written(Path(folder), made, known)
        document: Mapping[str, Any] = report(
            ReportOptions(
                events=paths[0], leads=paths[1],
                window_from=question.since, window_to=question.until,
                attribution_days=question.attribution, maturity_days=question.maturity,
                clients=question.clients, channels=question.channels,
                responders=question.responders, by=[(question.period,)], sections=NAMES,
                hours=business_hours(question.hours.text) if question.hours else None,
                only=question.only,
            )
        ).document  # fmt: skip
    for section, expected in model.figures(made, known, question).items():
        assert alike(document[section], expected), (section, document[section], expected)


@settings(max_examples=max(settings().max_examples // 4, 1))
@given(st.lists(st.integers(0, 10**11), min_size=1, max_size=300))
def test_percentiles_are_exact(milliseconds: list[int]) -> None:
    """Up to a hundredth of a millisecond, which is how fine they can be."""
    with tempfile.TemporaryDirectory() as folder:
        made = [
            model.Event(
                f"m{number}",
                "l",
                "K",
                "email",
                START,
                START + ms * model.MS,
                "u",
                ai=None,
                window=None,
                chosen=None,
                due=None,
            )
            for number, ms in enumerate(milliseconds)
        ]
        path, _ = written(Path(folder), made, [])
        overview = report(ReportOptions(events=path, sections=("overview",))).document["overview"]
    found: Mapping[str, Any] = overview["responseTime"]["first"]
    assert found["meanMs"] == sum(milliseconds) / len(milliseconds)
    for name, share in (("p50Ms", 50), ("p90Ms", 90), ("p95Ms", 95), ("p99Ms", 99)):
        expected = model.percentile(milliseconds, Fraction(share, 100))
        assert found[name] == round(expected, 2), name
