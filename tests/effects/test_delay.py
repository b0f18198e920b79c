"""The delay's effect on small worlds that are worked out by hand."""

from __future__ import annotations

import random
import uuid
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.effects import model
from tests.effects.cases import effects_of, inbox_of, instant
from tests.effects.model import DAY, Lead, Said, World
from timingctl.effects.figures import effects
from timingctl.effects.options import EffectsOptions

if TYPE_CHECKING:
    from timingctl.effects.document import Delay

WINDOWS = {"c": (60, 180)}


def said(text: str) -> list[Said]:
    """Messages, a line each: id, lead, channel, seconds and by whom."""
    rows = [line.split() for line in text.strip().splitlines()]
    return [Said(name, lead, channel, int(at), by) for name, lead, channel, at, by in rows]


def delay_of(folder: Path, world: World, **options: object) -> Delay:
    document = effects_of(folder, world, sections=["delay"], **options)
    assert document["delay"] is not None
    return document["delay"]


@pytest.mark.wide(but=1)
@pytest.mark.parametrize(("second", "inbounds"), [(30, 1), (59, 1), (60, 2)])
def test_an_inbound_that_another_follows_too_soon_is_not_eligible(
    tmp_path: Path, second: int, inbounds: int
) -> None:
    world = World(
        said(f"A L sms 0 lead\nB L sms {second} lead\nC L email 1 lead"),
        [Lead("L", "c")], WINDOWS, [], DAY,
    )  # fmt: skip
    assert delay_of(tmp_path, world)["jobs"]["inbounds"] == inbounds + 1


def test_of_inbounds_of_one_instant_the_one_with_the_greater_id_is_followed_by_no_other(
    tmp_path: Path,
) -> None:
    """However the rows stand: B, E and H are eligible; G comes 59 seconds before H."""
    world = World(
        said("""
            B L sms 0 lead
            A L sms 0 lead
            D M sms 0 lead
            E M sms 0 lead
            G N sms 0 lead
            F N sms 0 lead
            H N sms 59 lead
        """),
        [Lead("L", "c"), Lead("M", "c"), Lead("N", "c")],
        WINDOWS, [("B", 1), ("E", 1), ("F", 1), ("G", 1)], DAY,
    )  # fmt: skip
    assert delay_of(tmp_path, world)["jobs"] == {"inbounds": 3, "withJob": 2, "match": 0}


def test_each_lead_is_counted_once_as_the_first_that_fits(tmp_path: Path) -> None:
    world = World(
        said(f"""
            n none sms 0 lead
            b before sms 100 lead
            c after sms 100 lead
            d peer sms 100 lead
            r recent sms {20 * DAY} lead
            o other sms 100 lead
            q silent sms 100 ai
        """),
        [
            Lead("none"), Lead("before", "c", 100), Lead("after", "c", 101), Lead("peer", "c"),
            Lead("recent", "c", 20 * DAY + 5), Lead("other", "d"), Lead("silent", "c"),
        ],
        {**WINDOWS, "d": (60, 180)}, [], 31 * DAY,
    )  # fmt: skip
    found = delay_of(tmp_path, world)
    assert found["leads"] == {
        "noWindow": 1, "bookedBefore": 1, "tooRecent": 1, "unproven": 0, "alone": 1, "analysed": 2,
    }  # fmt: skip
    assert found["status"] == "tooFew"
    assert found["perMinute"]["booked"] == 1


def test_under_a_channel_leads_whose_first_eligible_inbound_is_on_another_are_not_counted(
    tmp_path: Path,
) -> None:
    world = World(
        said("""
            A one email 0 lead
            B one sms 500 lead
            C two sms 0 lead
            D three sms 0 lead
            E four email 0 lead
        """),
        [Lead("one", "c"), Lead("two", "c"), Lead("three"), Lead("four")],
        WINDOWS, [], 60 * DAY,
    )  # fmt: skip
    found = delay_of(tmp_path, world, channels=["sms"])
    counted = {name: n for name, n in found["leads"].items() if n}
    assert counted == {"noWindow": 1, "alone": 1}
    assert found["jobs"]["inbounds"] == 3


def many(leads: int, *, as_of: int = 90 * DAY, effect: float = 0.0, seed: int = 1) -> World:
    """Leads of one campaign who write once, with random ids; an effect in booking a minute."""
    rng = random.Random(seed)
    messages, people = [], []
    for number in range(leads):
        at = rng.randrange(0, 30 * DAY)
        name = str(uuid.UUID(int=rng.getrandbits(128), version=4))
        messages.append(Said(name, f"L{number:04}", "sms", at, "lead"))
        waited = model.chosen(name, 60, 180)
        messages.append(Said(f"ai-{number}", f"L{number:04}", "sms", at + waited, "ai"))
        is_booked = rng.random() < 0.5 + effect * (waited / 60 - 2)
        people.append(Lead(f"L{number:04}", "c", at + DAY if is_booked else None))
    return World(messages, people, WINDOWS, [], as_of)


def test_an_effect_that_is_there_is_found(tmp_path: Path) -> None:
    found = delay_of(tmp_path, many(1_500, effect=-0.2))
    assert found["status"] == "estimated"
    estimate = found["perMinute"]
    assert estimate["low"] is not None
    assert estimate["high"] is not None
    assert estimate["low"] < -0.2 < estimate["high"] < 0
    assert (
        found["firstStage"]["estimate"] == 1
    )  # the AI answers after the chosen delay, to the second
    assert found["perMinuteWaited"]["estimate"] == estimate["estimate"]
    short, long = (found["longVersusShort"][half]["rate"] for half in ("short", "long"))
    assert short is not None
    assert long is not None
    assert short > long
    assert sum(row["leads"] for row in found["fifths"]) == 1_500
    assert found["byWindow"][0]["estimate"] == estimate["estimate"]


def test_ids_that_count_up_are_no_experiment(tmp_path: Path) -> None:
    world = many(200)
    numbered = sorted((one for one in world.messages if one.by == "lead"), key=lambda m: m.at)
    names = {one.id: f"msg-{place:06}" for place, one in enumerate(numbered)}
    messages = [replace(one, id=names.get(one.id, one.id)) for one in world.messages]
    found = delay_of(tmp_path, replace(world, messages=messages))
    assert found["status"] == "notRandom"
    assert "order" in [row["check"] for row in found["checks"] if not row["passed"]]
    assert found["perMinute"]["estimate"] is None
    assert {row["rate"] for row in found["fifths"]} == {None}
    assert found["longVersusShort"]["short"]["rate"] is None
    assert found["perMinute"]["booked"] > 0


def test_who_is_left_out_by_what_comes_later_does_not_depend_on_it(tmp_path: Path) -> None:
    """A lead that is too recent is left out whether it booked or not."""
    world = many(100, as_of=40 * DAY)
    nobody = replace(world, leads=[replace(lead, booked=None) for lead in world.leads])
    booked, unbooked = (
        delay_of(tmp_path / name, one) for name, one in (("b", world), ("n", nobody))
    )
    assert booked["leads"]["tooRecent"] == unbooked["leads"]["tooRecent"] > 0
    assert unbooked["status"] == "tooFew"


def test_a_window_that_the_jobs_deny_is_left_out(tmp_path: Path) -> None:
    world = many(60)
    heard = [one for one in world.messages if one.by == "lead"]
    wrong = [(one.id, one.at + 500) for one in heard]
    assert delay_of(tmp_path / "w", replace(world, jobs=wrong))["leads"]["unproven"] == 60
    right = [(one.id, one.at + model.chosen(one.id, 60, 180)) for one in heard[:6]]
    proven = delay_of(tmp_path / "r", replace(world, jobs=[*wrong[6:], *right]))
    assert proven["leads"]["unproven"] == 0
    assert proven["jobs"] == {"inbounds": 60, "withJob": 60, "match": 6}
    few = delay_of(tmp_path / "f", replace(world, jobs=wrong[:9]))
    assert few["leads"]["unproven"] == 0


def test_who_wrote_back_is_an_outcome(tmp_path: Path) -> None:
    """Within 180 s + 300 s it may be the same run; in any thread, up to the last of the days."""
    soon, last = 180 + 300, 2 * DAY
    world = World(
        said(f"""
            A1 a sms 0 lead
            A2 a sms {soon} lead
            B1 b sms 0 lead
            B2 b email {soon + 1} lead
            C1 c sms 0 lead
            C2 c sms {last} lead
            D1 d sms 0 lead
            D2 d sms {last + 1} lead
        """),
        [Lead(name, "c") for name in "abcd"], WINDOWS, [], 10 * DAY,
    )  # fmt: skip
    found = delay_of(tmp_path, world, outcome="replied", reply_days=2)
    assert (found["perMinute"]["leads"], found["perMinute"]["booked"]) == (4, 2)


def test_an_appointment_at_an_unknown_time_is_booked_and_a_cancelled_one_is_not(
    tmp_path: Path,
) -> None:
    world = World(
        said("A a sms 0 lead\nB b sms 0 lead\nC c sms 0 lead\nD d sms 0 lead"),
        [
            Lead("a", "c", appointment=True), Lead("b", "c", 5_000, cancelled=True),
            Lead("c", "c", appointment=True, cancelled=True), Lead("d", "c", 30 * DAY + 1),
        ],
        WINDOWS, [], 60 * DAY,
    )  # fmt: skip
    found = delay_of(tmp_path, world)
    assert (found["perMinute"]["booked"], found["untimed"]) == (1, 1)


def test_bookings_follow_recent_leads_as_far_as_they_are_known(tmp_path: Path) -> None:
    """Of four leads answered within a minute one booked; one was followed for half of the days."""
    world = World(
        said(f"""
            A a sms 0 lead
            a1 a sms 10 setter
            B b sms 0 lead
            b1 b sms 10 setter
            C c sms {15 * DAY} lead
            c1 c sms {15 * DAY + 10} setter
            D d sms 0 lead
            d1 d sms 10 setter
            E e sms 0 lead
            e1 e sms 10 setter
            F f sms {40 * DAY} lead
        """),
        [
            Lead("a", booked=20 * DAY), Lead("b"), Lead("c"), Lead("d", booked=10),
            Lead("e", appointment=True), Lead("f"),
        ],
        {}, [], 31 * DAY,
    )  # fmt: skip
    bookings = effects_of(tmp_path, world)["bookings"]
    assert bookings is not None
    assert bookings[0] | {"rateLow": 0, "rateHigh": 0} == {
        "bucket": "<1min", "leads": 5, "bookedBefore": 1, "untimed": 1, "followed": 3, "booked": 1,
        "censored": 1, "rate": 0.5, "rateLow": 0, "rateHigh": 0,
    }  # fmt: skip


def test_replies_after_the_first_response_are_the_next_inbound(tmp_path: Path) -> None:
    world = World(
        said(f"""
            A a sms 0 lead
            a1 a sms 10 setter
            a2 a sms {3 * DAY} lead
            B b sms 0 lead
            b1 b sms 10 setter
            b2 b sms {9 * DAY} lead
        """),
        [Lead("a", booked=5), Lead("b")], {}, [], 31 * DAY,
    )  # fmt: skip
    bookings = effects_of(tmp_path, world, outcome="replied", reply_days=7)["bookings"]
    assert bookings is not None
    row = bookings[0]
    assert (row["leads"], row["bookedBefore"], row["booked"], row["rate"]) == (2, 0, 1, 0.5)


def test_what_happens_after_the_as_of_is_not_looked_at(tmp_path: Path) -> None:
    """A booking, an answer and an inbound of later change nothing but who is known."""
    messages = said("A a sms 0 lead\nB b sms 0 lead")
    later = said(f"a1 a sms {3 * DAY} setter\nB2 b sms {3 * DAY} lead")
    leads = [Lead("a", "c"), Lead("b", "c")]
    after = [Lead("a", "c", 3 * DAY), Lead("b", "c", 3 * DAY)]
    seen, unseen = (
        effects_of(tmp_path / name, World(told, known, WINDOWS, [], 2 * DAY), attribution_days=1)
        for name, told, known in (("s", messages, leads), ("u", [*messages, *later], after))
    )
    assert seen == unseen


def test_from_and_to_choose_inbounds_and_all_are_followed(tmp_path: Path) -> None:
    world = World(
        said(f"A a sms 0 lead\na1 a sms {3 * DAY} setter\nB b sms {2 * DAY} lead"),
        [Lead("a", "c", 3 * DAY), Lead("b", "c")], WINDOWS, [], 9 * DAY,
    )  # fmt: skip
    options = EffectsOptions(inbox_of(tmp_path, world), attribution_days=5)
    found = effects(replace(options, window_to=instant(DAY))).document
    assert found["delay"] is not None
    assert found["delay"]["leads"]["alone"] == 1
    assert [(row["waits"], row["bySetter"]) for row in found["waits"][:1]] == [(1, 1)]
    late = effects(replace(options, window_from=instant(DAY))).document
    assert [(row["waits"], row["open"]) for row in late["waits"][:1]] == [(1, 1)]
    assert late["filters"]["from"] == "2026-01-06T00:00:00.000000Z"
