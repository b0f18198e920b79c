"""`timingctl effects`: what it prints, where, and what it says of input it cannot use."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from tests.bad_input.tool import timingctl
from tests.effects.cases import inbox_of, write_world
from tests.effects.model import DAY, Lead, Said, World
from tests.effects.test_delay import WINDOWS, many, said
from timingctl.arguments import MOST_DAYS

SMALL = World(
    said(f"""
        A a sms 0 lead
        a1 a sms 90 ai
        B b sms 100 lead
        b1 b sms 4000 setter
        C c email {DAY} lead
    """),
    [Lead("a", "c", 5 * DAY), Lead("b", "c"), Lead("c")],
    WINDOWS, [], 40 * DAY,
)  # fmt: skip


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return inbox_of(tmp_path_factory.mktemp("small"), SMALL)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return inbox_of(tmp_path_factory.mktemp("large"), many(400, effect=-0.3))


def test_a_table_fits_eighty_columns_and_says_what_it_is(small: Path) -> None:
    done = timingctl("effects", small)
    assert (done.code, done.err) == (0, "")
    assert max(map(len, done.out.splitlines())) <= 80
    assert "Too few to tell: of 2 leads that can be compared 1 booked." in done.out
    assert "of all waits, open ones counted." in " ".join(done.out.split())
    assert "This is no effect of speed" in " ".join(done.out.split())


def test_an_effect_is_told_in_a_sentence(large: Path) -> None:
    told = " ".join(timingctl("effects", large, "--section", "delay").out.split())
    assert "A minute more of chosen delay: −" in told
    assert "points of booking (95% −" in told
    assert "Of the delays chosen inside these windows" in told
    assert "For one look, not for looking daily." in told


def test_no_effect_seen_says_what_would_have_been_missed(tmp_path: Path) -> None:
    told = timingctl("effects", inbox_of(tmp_path, many(100)), "--section", "delay").out
    assert "No effect seen, which is not no effect: one of ±" in told
    assert "would have been missed 1 time in 5." in " ".join(told.split())


@pytest.mark.parametrize(("outcome", "did"), [("booked", "booked"), ("replied", "wrote back")])
def test_where_all_leads_of_a_campaign_did_or_none_nothing_is_told(
    tmp_path: Path, outcome: str, did: str
) -> None:
    """The estimate and its error are 0, which excludes no effect."""
    world = many(100)
    heard = [one for one in world.messages if one.by == "lead"]
    back = [Said(f"b-{one.id}", one.lead, "sms", one.at + 3_600, "lead") for one in heard[1::2]]
    people = [
        replace(lead, campaign="cd"[place % 2], booked=40 * DAY if place % 2 else None)
        for place, lead in enumerate(world.leads)
    ]
    windows = {"c": (60, 180), "d": (60, 180)}
    world = replace(world, messages=[*world.messages, *back], leads=people, windows=windows)
    inbox = inbox_of(tmp_path, world)
    asked = ("--section", "delay", "--outcome", outcome, "--attribution-days", 60)
    out = timingctl("effects", inbox, *asked).out
    told = " ".join(out.split())
    assert f"In each campaign and window all leads {did} or none did: nothing can be" in told
    assert "missed 1 time in 5" not in told
    assert "with 0 leads" not in told
    assert re.search(r"60–180s +100 +50 +– +– +–\n", out)


def test_windows_that_are_too_narrow_for_fifths_have_none(tmp_path: Path) -> None:
    world = replace(many(100), windows={"c": (60, 90)})
    page = tmp_path / "effects.html"
    done = timingctl("effects", inbox_of(tmp_path, world), "--section", "delay", "--html", page)
    assert "By window" in done.out
    assert "By fifth" not in done.out
    assert "<svg" not in page.read_text()


def test_json_is_the_document_and_sections_are_those_asked_for(small: Path) -> None:
    document = json.loads(timingctl("effects", small, "--json").out)
    assert list(document) == [
        "asOf", "attributionDays", "filters", "delay", "waits", "bookings",
    ]  # fmt: skip
    assert document["asOf"] == "2026-02-14T00:00:00.000000Z"
    assert document["filters"] == {
        "clients": [], "channels": [], "from": None, "to": None, "timeZone": "UTC",
        "outcome": "booked", "replyDays": None,
    }  # fmt: skip
    only = json.loads(timingctl("effects", small, "--json", "--section", "waits").out)
    assert list(only) == ["asOf", "attributionDays", "filters", "waits"]
    keys = [(row["group"], row["key"]) for row in only["waits"]]
    assert keys == [
        ("all", None), ("window", "no"), ("window", "yes"), ("channel", "email"),
        ("channel", "sms"), ("client", "K"),
    ]  # fmt: skip


def test_numbers_have_ten_digits(large: Path) -> None:
    document = json.loads(timingctl("effects", large, "--json").out, parse_float=str)
    numbers = [row[key] for row in document["waits"][0]["within"] for key in row]
    numbers += [row["p"] for row in document["delay"]["checks"]]
    told = [number for number in numbers if isinstance(number, str)]
    assert told
    assert all(len(n.split("e")[0].replace(".", "").lstrip("-0")) <= 10 for n in told)


def test_a_csv_holds_one_section(small: Path, tmp_path: Path) -> None:
    done = timingctl("effects", small, "--format", "csv")
    assert done.code == 2
    assert "name it by --section, or give -o DIR" in done.err
    out = timingctl("effects", small, "--format", "csv", "--section", "bookings").out
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["bucket"] for row in rows][:2] == ["<1min", "1-5min"]
    assert {row["section"] for row in rows} == {"bookings"}
    folder = tmp_path / "tables"
    assert timingctl("effects", small, "-o", folder, "-q").out == ""
    assert sorted(path.name for path in folder.iterdir()) == [
        "bookings.csv", "delay.csv", "waits.csv",
    ]  # fmt: skip
    told = csv.DictReader(io.StringIO((folder / "delay.csv").read_text()))
    figures = {row["figure"]: row["value"] for row in told}
    assert figures["leads.analysed"] == "2"
    assert figures["checks.uniform.p"] == ""
    assert figures["byWindow.60-180.leads"] == "2"
    [every, *_] = csv.DictReader(io.StringIO((folder / "waits.csv").read_text()))
    assert (every["group"], every["waits"], every["byAi.300000"]) == ("all", "3", "0.3333333333")


def test_a_folder_is_not_written_over_what_is_not_ours(small: Path, tmp_path: Path) -> None:
    (tmp_path / "waits.csv").write_text("mine\n")
    done = timingctl("effects", small, "-o", tmp_path)
    assert done.code == 10
    assert "was not written by timingctl" in done.err
    assert (tmp_path / "waits.csv").read_text() == "mine\n"
    assert timingctl("effects", small, "-o", tmp_path / "out.csv").code == 2


def test_a_workbook_has_a_sheet_a_section(small: Path, tmp_path: Path) -> None:
    book = tmp_path / "effects.xlsx"
    assert timingctl("effects", small, "-o", book, "-q").out == ""
    with zipfile.ZipFile(book) as parts:
        sheets = parts.read("xl/workbook.xml").decode()
        bookings = parts.read("xl/worksheets/sheet4.xml").decode()
    names = re.findall(r'<sheet name="(\w+)"', sheets)
    assert names == ["about", "delay", "waits", "bookings"]
    assert 'state="frozen"' in bookings
    once = book.read_bytes()
    timingctl("effects", small, "-o", book, "-q")
    assert book.read_bytes() == once


def test_markdown_has_the_same_words(large: Path) -> None:
    out = timingctl("effects", large, "--format", "markdown").out
    assert out.startswith("# Effects\n")
    assert "\n## The delay's effect\n" in out
    assert "| Check | n | Chi² | df | p |  |" in out


def test_a_page_has_the_pictures(large: Path, tmp_path: Path) -> None:
    page = tmp_path / "effects.html"
    assert timingctl("effects", large, "--html", page, "-q").code == 0
    text = page.read_text()
    for title in ("Does a longer delay matter?", "How soon is a lead answered?"):
        assert f"<h3>{title}</h3>" in text
    assert "<h3>Response time and what came of it</h3>" in text
    assert "400 at first" in text
    assert text.count("<svg") == 3
    again = tmp_path / "again.html"
    timingctl("effects", large, "--html", again, "-q")
    assert again.read_text() == text


def test_exports_are_built_first(tmp_path: Path) -> None:
    folder = write_world(tmp_path / "exports", SMALL)
    done = timingctl("effects", folder, "--json", "--section", "waits")
    assert done.code == 0
    assert json.loads(done.out)["waits"][0]["waits"] == 3


def test_what_is_no_inbox_is_refused(tmp_path: Path) -> None:
    folder = write_world(tmp_path / "exports", SMALL)
    events = tmp_path / "events.parquet"
    timingctl("build", folder, "-o", events, "-q")
    done = timingctl("effects", events)
    assert (done.code, done.out) == (11, "")
    assert "is a file of events, and effects need an inbox" in done.err
    assert timingctl("effects", tmp_path / "nothing.duckdb").code == 11


def test_without_lead_data_waits_remain_and_replies(tmp_path: Path) -> None:
    folder = write_world(tmp_path / "exports", SMALL)
    (folder / "Lead.csv").unlink()
    inbox = tmp_path / "inbox.duckdb"
    timingctl("build", folder, "-o", inbox, "-q", "--client", "K")
    done = timingctl("effects", inbox, "--json")
    document = json.loads(done.out)
    assert (document["delay"], document["bookings"]) == (None, None)
    assert document["waits"][0]["waits"] == 3
    assert done.err.startswith("Note: No booking outcomes: the exports had no Lead with")
    replied = timingctl("effects", inbox, "--json", "--outcome", "replied")
    assert replied.err == ""
    assert json.loads(replied.out)["bookings"][1]["leads"] == 1


@pytest.mark.wide(but=1)
@pytest.mark.parametrize(
    ("world", "status", "waits"),
    [
        (World(said("A a sms 0 lead"), [Lead("a")], {}, [], DAY), "noWindow", 1),
        (World(said("A a sms 0 lead"), [Lead("a", "c")], WINDOWS, [], 60 * DAY), "tooFew", 1),
        (World(said("a1 a sms 0 setter"), [Lead("a", "c")], WINDOWS, [], DAY), "noWindow", 0),
        (
            World(
                said("A a sms 0 lead\nB b sms 0 lead"),
                [Lead("a", "c", -DAY), Lead("b", "c", -DAY)], WINDOWS, [], 60 * DAY,
            ),
            "tooFew", 2,
        ),
        (World((), [], WINDOWS, [], DAY), "noWindow", 0),
    ],
    ids=["no window", "one lead", "nothing inbound", "booked before everything", "no message"],
)  # fmt: skip
def test_little_is_told_and_nothing_breaks(
    tmp_path: Path, world: World, status: str, waits: int
) -> None:
    inbox = inbox_of(tmp_path, world)
    for form in ("table", "markdown"):
        assert timingctl("effects", inbox, "--format", form).code == 0
    done = timingctl("effects", inbox, "--json", "--html", tmp_path / "page.html")
    assert done.code == 0
    document = json.loads(done.out)
    assert document["delay"]["status"] == status
    assert document["waits"][0]["waits"] == waits
    if waits == 0:
        assert document["waits"] == document["waits"][:1]


def test_waits_that_are_all_open_have_no_median(tmp_path: Path) -> None:
    world = World(said("A a sms 0 lead\nB b sms 9 lead"), [Lead("a"), Lead("b")], {}, [], DAY)
    document = json.loads(timingctl("effects", inbox_of(tmp_path, world), "--json").out)
    row = document["waits"][0]
    assert (row["medianMs"], row["answeredOnlyMedianMs"], row["open"]) == (None, None, 2)
    assert [one["share"] for one in row["within"]] == [0.0, 0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        (["--client", "Q"], 0, "Unknown client Q; there are K."),
        (["--channel", "fax"], 0, "Unknown channel fax; there are email, sms."),
        (["--from", "2026-02-01", "--to", "2026-01-01"], 0, "No inbounds match: --from"),
        (["--from", "2126-01-01"], 0, "No inbounds match: --from (2126-01-01T00:00:00.000000Z) is"),
        (["--tz", "Mars/Olympus"], 10, "'Mars/Olympus' is no time zone"),
        (["--attribution-days", MOST_DAYS + 1], 2, "--attribution-days"),
        (["--reply-days", 0], 2, "--reply-days"),
        (["--outcome", "won"], 2, "--outcome"),
        (["--html", "page.txt"], 2, "is no page"),
    ],
)
def test_options_that_fit_nothing(small: Path, options: list[object], code: int, says: str) -> None:
    done = timingctl("effects", small, *options)
    assert done.code == code
    assert says in " ".join(done.err.split())


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    """Whatever their order, and the number of threads."""
    world = many(300)
    rng = random.Random(3)
    shuffled = replace(
        world,
        messages=rng.sample(list(world.messages), len(world.messages)),
        leads=rng.sample(list(world.leads), len(world.leads)),
    )
    first, second = inbox_of(tmp_path / "1", world), inbox_of(tmp_path / "2", shuffled)
    expected = timingctl("effects", first, "--json", "--threads", 1).out
    assert json.loads(expected)["delay"]["status"] == "estimated"
    assert timingctl("effects", second, "--json", "--threads", 4).out == expected
    assert timingctl("effects", first, "--json", "--memory-limit", "300MB").out == expected


def test_local_hours_are_those_of_the_zone(tmp_path: Path) -> None:
    """At 3:00 and 9:00 UTC it is two quarters of the day; in Tokyo it is noon and evening."""
    people = [Lead(f"L{n}", "c") for n in range(8)]
    heard = [Said(f"m{n}", f"L{n}", "sms", (4 if n % 2 else 5) * 3600, "lead") for n in range(8)]
    inbox = inbox_of(tmp_path, World(heard, people, WINDOWS, [], 60 * DAY))
    by_zone = {}
    for zone in ("UTC", "Asia/Kathmandu", "America/New_York"):
        out = timingctl("effects", inbox, "--json", "--section", "delay", "--tz", zone).out
        checks = {row["check"]: row for row in json.loads(out)["delay"]["checks"]}
        by_zone[zone] = checks["hour"]["df"]
    # 4 and 5 o'clock; 9:45 and 10:45; 23:00 and 0:00 of the next day.
    assert by_zone == {"UTC": None, "Asia/Kathmandu": None, "America/New_York": 1}
