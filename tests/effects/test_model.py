"""Effects held to a slow model on small worlds that love trouble."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.effects import model
from tests.effects.cases import effects_of
from tests.effects.model import DAY, Lead, Said, World

#: A build takes long, whatever it holds.
PER_BUILD = 8
VERDICTS = ("noWindow", "bookedBefore", "tooRecent", "unproven", "alone", "analysed")
_GAP = st.sampled_from([0, 1, 59, 60, 61, 120, 300, 3_600, DAY, 3 * DAY])
_BY = st.sampled_from(["lead", "lead", "lead", "setter", "ai", "campaign"])
_CHANNEL = st.sampled_from(["sms", "sms", "email"])
_CAMPAIGN = st.sampled_from(["c1", "c1", "c1", "c2", "c3", None])
_LETTER = st.sampled_from("abxyz")


@st.composite
def worlds(draw: Any) -> World:
    """Leads of few campaigns, each with some messages, jobs and maybe a booking."""
    messages: list[Said] = []
    leads: list[Lead] = []
    jobs: list[tuple[str, int]] = []
    windows = {"c1": (60, draw(st.sampled_from([60, 61, 180]))), "c2": (0, 9), "c3": (300, 300)}
    as_of = draw(st.sampled_from([2 * DAY, 4 * DAY, 20 * DAY]))
    due_as_chosen = draw(st.booleans())
    for number in range(draw(st.integers(1, 12))):
        name, campaign = f"L{number}", draw(_CAMPAIGN)
        at = draw(st.integers(0, 2 * DAY))
        for _ in range(draw(st.integers(1, 5))):
            one = Said(f"{draw(_LETTER)}{len(messages)}", name, draw(_CHANNEL), at, draw(_BY))
            messages.append(one)
            low, high = windows.get(campaign or "", (0, 0))
            if one.by == "lead" and draw(st.booleans()):
                after = model.chosen(one.id, low, high) if due_as_chosen else high + 7
                jobs.append((one.id, at + after))
            at += draw(_GAP)
        booked = draw(st.one_of(st.none(), st.integers(-DAY, 5 * DAY)))
        cancelled, appointment = draw(st.booleans()), draw(st.booleans())
        leads.append(Lead(name, campaign, booked, cancelled and draw(st.booleans()), appointment))
    return World(messages, leads, windows, jobs, as_of)


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@settings(max_examples=max(settings().max_examples // PER_BUILD, 1))
@given(worlds(), st.sampled_from([0, 1, 3]), st.sampled_from([None, "sms", "email"]))
def test_leads_and_waits_are_the_models(world: World, days: int, channel: str | None) -> None:
    options = {"channels": [channel] if channel else []}
    with tempfile.TemporaryDirectory() as name:
        document = effects_of(Path(name), world, attribution_days=days, **options)
    delay = document["delay"]
    assert delay is not None
    counts = Counter(model.verdicts(world, days, channel).values())
    assert delay["leads"] == {verdict: counts[verdict] for verdict in VERDICTS}
    assert delay["perMinute"]["leads"] == counts["analysed"]
    every = model.eligible(world)
    assert delay["jobs"]["inbounds"] == len(every)
    with_job = {message for message, _ in world.jobs}
    assert delay["jobs"]["withJob"] == sum(one.id in with_job for one in every)
    if channel is None:
        booked = model.booked(world, days)
        assert (delay["perMinute"]["booked"], delay["untimed"]) == (len(booked), sum(booked))
        lasted = model.waits(world)
        row = document["waits"][0]
        ends = Counter(end for _, end in lasted)
        assert (row["waits"], row["byAi"], row["bySetter"], row["open"]) == (
            len(lasted), ends["ai"], ends["setter"], ends["open"],
        )  # fmt: skip
        for told in row["within"]:
            expected = model.shares(lasted, told["ms"] // 1000)
            if expected is None:
                assert told["share"] is None
            else:
                assert told["byAi"] == pytest.approx(expected["ai"], abs=1e-9)
                assert told["bySetter"] == pytest.approx(expected["setter"], abs=1e-9)
                assert told["share"] == pytest.approx(sum(expected.values()), abs=1e-9)
