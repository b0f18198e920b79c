"""`import timingctl`: each command as a function, its frames, and its errors."""

from __future__ import annotations

import inspect
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import timingctl
from tests.bad_input.tool import timingctl as command
from tests.cases import FIXTURES
from timingctl.api import reported
from timingctl.attribution import EVENT_SCHEMA
from timingctl.cli import cli
from timingctl.cli.command import Option
from timingctl.documents import as_json
from timingctl.reports import figures
from timingctl.reports.frames import columns
from timingctl.reports.sections import SECTIONS
from timingctl.staging.rejects import REJECT_SCHEMA

TOUR = FIXTURES / "tour"
#: What is about what is printed.
OF_PRINTING = {"json", "quiet", "verbose"}
OF_REPORTS = {"format", "fail_empty"}
#: What a command has no option for.
ONLY_PYTHON = {"build": set(), "diff": {"keep_rows"}, "push": {"list_skipped"}}


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("api") / "events.parquet"
    timingctl.build(TOUR, output)
    return output


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("api") / "inbox.duckdb"
    timingctl.build(TOUR, output)
    return output


def test_what_a_notebook_shows_of_a_result_is_short(events: Path, inbox: Path) -> None:
    assert repr(timingctl.diff(events, events)) == "Diff(notes=[])"
    assert repr(timingctl.check(inbox, rule="open.count <= 9")) == "Check(notes=[])"
    found = timingctl.report(events)
    assert repr(found).startswith(f"Report(events={found.events}, first_responses=")
    assert len(repr(replace(found, notes=[]))) < 100


@pytest.mark.parametrize(
    "name",
    ["build", "report", "effects", "explain", "diff", "windows", "pull", "push", "generate"],
)
def test_a_function_takes_what_its_command_takes(name: str) -> None:
    parameters = inspect.signature(getattr(timingctl, name)).parameters
    given = cli.commands[name].params
    options = {p.long.replace("-", "_") for p in given if isinstance(p, Option) and not p.is_switch}
    named = options - OF_PRINTING - (OF_REPORTS if name in {"report", "effects"} else set())
    arguments = {p.name for p in given if not isinstance(p, Option)}
    taken = {parameter.rstrip("_") for parameter in parameters}
    assert taken - {"progress"} - ONLY_PYTHON.get(name, set()) == named | arguments


def test_all_names_are_there_and_no_other() -> None:
    assert dir(timingctl) == timingctl.__all__
    for name in timingctl.__all__:
        assert getattr(timingctl, name) is not None
    with pytest.raises(AttributeError, match="has no attribute 'bulid'"):
        _ = timingctl.bulid  # type: ignore[attr-defined]


def test_what_has_the_name_of_a_room_stays_a_function(inbox: Path) -> None:
    """`timingctl.effects` is a function, also once modules of timingctl/effects/ are there."""
    from timingctl.effects import words

    assert words.__name__ == "timingctl.effects.words"
    for _ in range(2):
        found = timingctl.effects(inbox, section="waits")
        assert list(found.document) == ["asOf", "attributionDays", "filters", "waits"]


def test_a_build_writes_what_the_command_writes(tmp_path: Path) -> None:
    folders = tmp_path / "one", tmp_path / "other"
    for folder in folders:
        folder.mkdir()
    source = FIXTURES / "unusable_rows"
    assert command("build", source, "-o", folders[0] / "events.csv", "-q").code == 0
    built = timingctl.build(str(source), str(folders[1] / "events.csv"))
    one, other = ({p.name: p.read_bytes() for p in folder.iterdir()} for folder in folders)
    assert one == other
    assert len(one) == 3
    assert other["events.csv.manifest.json"].decode() == as_json(built.manifest)


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("fixture", ["tour", "unusable_rows", "odd_ids", "headers_only"])
def test_events_and_rejects_are_the_same_from_any_output_and_from_none(
    tmp_path: Path, fixture: str
) -> None:
    kept = timingctl.build(FIXTURES / fixture)
    assert kept.output is None
    assert kept.events.schema == EVENT_SCHEMA
    assert kept.rejects.schema == REJECT_SCHEMA
    for suffix in (".parquet", ".csv", ".ndjson"):
        built = timingctl.build(FIXTURES / fixture, tmp_path / f"events{suffix}")
        assert built.output == tmp_path / f"events{suffix}"
        for made, same in ((built.events, kept.events), (built.rejects, kept.rejects)):
            assert made.schema == same.schema, suffix
            assert made.equals(same), suffix
    assert len(kept.events) == kept.manifest["events"]["total"]
    rejected = [sum(table["rejected"].values()) for table in kept.manifest["tables"].values()]
    assert len(kept.rejects) == sum(rejected)


def test_a_name_comes_from_the_module_that_defines_it() -> None:
    for name, module in timingctl._ELSEWHERE.items():
        assert getattr(timingctl, name).__module__ == f"timingctl.{module}"


def test_without_an_output_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert len(timingctl.build(TOUR, temp_dir=tmp_path).events) == 11
    assert list(tmp_path.iterdir()) == []


def test_a_temporary_folder_that_is_given_is_the_only_one(
    inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    assert timingctl.report(inbox, temp_dir=tmp_path).events == 11
    for output in (None, tmp_path / "events.parquet", tmp_path / "inbox.duckdb"):
        built = timingctl.build(TOUR, output, temp_dir=tmp_path)
        assert (len(built.events), len(built.rejects)) == (11, 0)
    assert len(timingctl.read_events(tmp_path / "events.parquet", temp_dir=tmp_path)) == 11


@pytest.mark.wide(but=3)
@pytest.mark.parametrize(
    "since",
    [
        "2026-02-10",
        "2026-02-10T00:00:00Z",
        "2026-02-10T02:00:00+02:00",
        datetime(2026, 2, 10),
        datetime(2026, 2, 10, tzinfo=UTC),
        datetime(2026, 2, 9, 19, tzinfo=timezone(timedelta(hours=-5))),
    ],
)
def test_instants_are_text_or_datetimes(since: str | datetime) -> None:
    built = timingctl.build(TOUR, since=since)
    assert built.manifest["options"]["since"] == "2026-02-10T00:00:00.000000Z"
    assert built.events["inboundSentAt"].dt.date().min() == date(2026, 2, 10)
    assert len(built.events) == 7


def test_an_option_that_repeats_takes_one_or_several(events: Path) -> None:
    pattern = str(TOUR / "Message.csv")
    one, *several = (
        timingctl.build(TOUR, table={"Message": p})
        for p in (pattern, [pattern], Path(pattern), [Path(pattern)])
    )
    assert all(one.events.equals(other.events) for other in several)
    reports = [
        timingctl.report(events, channel=given, section="overview")
        for given in ("sms", ["sms"], ("sms",))
    ]
    assert reports[0].document == reports[1].document == reports[2].document
    assert 0 < reports[0].events < 11


def test_a_clock_without_an_offset_is_that_of_the_report(events: Path) -> None:
    found = timingctl.report(events, from_="2026-02-10", tz="Europe/Berlin", section="overview")
    assert found.document["window"]["from"] == "2026-02-09T23:00:00.000000Z"


def test_the_frames_of_a_report_are_its_records_with_fixed_types(inbox: Path) -> None:
    full = timingctl.report(inbox)
    empty = timingctl.report(inbox, client="nobody")
    usual = [section for section in SECTIONS if not section.on_request]
    assert list(full.frames) == [section.name for section in usual]
    for section in usual:
        frame = full.frames[section.name]
        assert frame.schema == empty.frames[section.name].schema
        if section.name != "overview":
            assert frame.columns == section.columns(full.document[section.key], full.about)  # type: ignore[literal-required]
            assert frame.to_dicts() == list(section.records(full.document[section.key]))  # type: ignore[literal-required]
    overview = full.frames["overview"].to_dicts()[0]
    assert overview["responseTime.first.n"] == 10
    assert overview["open.inbounds"] == full.document["overview"]["open"]["inbounds"]


def test_sections_that_are_named_have_frames_too(inbox: Path) -> None:
    found = timingctl.report(inbox, section=["summary", "like-for-like"], by="client")
    assert list(found.frames) == ["summary", "like-for-like", "by-client"]
    assert found.frames["summary"]["events"].item() == 11
    assert found.frames["summary"]["within.1h"].item() == 0.7
    assert found.frames["like-for-like"]["kinds"].sum() == 0
    assert found.frames["by-client"]["n"].to_list() == [7, 3]


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.name)
def test_every_column_of_a_section_has_a_type(section: Any) -> None:
    if section.name not in {"summary", "overview"}:
        assert {pl.String, pl.Int64} <= set(dict(columns(section.record)).values())


@pytest.mark.wide
def test_a_page_is_written_too(events: Path, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    timingctl.report(events, html=page, section="overview")
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.wide
def test_the_page_of_an_inbox_has_the_pictures_of_effects(
    inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not for some responders or in business time: that comes after the delay."""
    page = tmp_path / "report.html"
    for module in (reported, figures):  # of the usual sections two will do
        monkeypatch.setattr(module, "USUAL", ("overview", "waits"))
    shown = {}
    for name, options in {
        "all": {},
        "client": {"client": "acme"},
        "responder": {"responder": "ai"},
        "hours": {"business_hours": "Mon-Fri 09:00-17:00"},
        "section": {"section": "trend"},
    }.items():
        timingctl.report(inbox, html=page, **options)  # type: ignore[arg-type]
        shown[name] = "<h3>How soon is a lead answered?</h3>" in page.read_text(encoding="utf-8")
    assert shown == {
        "all": True, "client": True, "responder": False, "hours": False, "section": False,
    }  # fmt: skip


def test_rows_of_a_diff_are_those_of_its_file(events: Path, tmp_path: Path) -> None:
    other = timingctl.build(TOUR, tmp_path / "next.parquet", setter_rule="next").output
    assert other
    found = timingctl.diff(events, other, rows=tmp_path / "rows.parquet")
    assert not found.equal
    assert found.rows.equals(pl.read_parquet(tmp_path / "rows.parquet"))
    assert len(found.rows) == sum(row["events"] for row in found.document["differences"]) == 12
    unkept = timingctl.diff(events, other, keep_rows=False)
    assert (unkept.document, unkept.rows.schema) == (found.document, found.rows.schema)
    assert unkept.rows.is_empty()
    assert timingctl.diff(events, events).equal


def test_windows_are_written_for_a_build(tmp_path: Path) -> None:
    made = timingctl.generate(tmp_path / "inbox", leads=40, format="csv")
    assert made.document()["rows"] == made.rows
    history = timingctl.windows(tmp_path / "inbox", tmp_path / "history.csv")
    assert len(history.periods) == len(history.document()["windows"]) > 0
    built = timingctl.build(tmp_path / "inbox", delay_windows=tmp_path / "history.csv")
    assert built.manifest["options"]["delayWindows"] == "history.csv"


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: timingctl.build(TOUR, since="soon"), "'soon' is no instant; write 2026-02-10"),
        (lambda: timingctl.build(TOUR, "events.xlsx"), "'events.xlsx' is none of .parquet, .csv"),
        (lambda: timingctl.build(TOUR, setter_rule="last"),
         "setter_rule cannot be 'last'; give one of turn, next."),
        (lambda: timingctl.build(TOUR, threads=0), "threads cannot be 0; give a number from 1 on."),
        (lambda: timingctl.build(TOUR, lock_timeout="1 day"), "'1 day' is no duration"),
        (lambda: timingctl.report("e", section="speed"), "section cannot be 'speed'; give one of"),
        (lambda: timingctl.report("e", by="year"), "by cannot be 'year'; give one of client"),
        (lambda: timingctl.report("e", responder="mia"), "'mia' is neither all nor ai nor user:ID"),
        (lambda: timingctl.report("e", business_hours="9 to 5"), "'9 to 5' is not like Mon-Fri"),
        (lambda: timingctl.report("e", attribution_days=-1),
         "attribution_days cannot be -1; give a number from 0 to 36500."),
        (lambda: timingctl.report("e", top=0), "top cannot be 0; give a number from 1 on."),
        (lambda: timingctl.explain(TOUR, 5), "message_id cannot be 5; give text."),  # type: ignore[arg-type]
        (lambda: timingctl.lead("e", 5), "lead_id cannot be 5; give text."),  # type: ignore[arg-type]
        (lambda: timingctl.build(TOUR, client=5), "client cannot be 5; give text."),  # type: ignore[arg-type]
        (lambda: timingctl.report("e", client=5), "client cannot be 5; give text."),  # type: ignore[arg-type]
        (lambda: timingctl.effects("e", channel=[5]), "channel cannot be 5; give text."),  # type: ignore[list-item]
        (lambda: timingctl.explain(TOUR, "m", context=-1), "context cannot be -1; give a number"),
        (lambda: timingctl.diff("e", "f", ignore="inboundMessageId"), "ignore cannot be"),
        (lambda: timingctl.generate("x", leads=0), "leads cannot be 0; give a number from 1 on."),
        (lambda: timingctl.generate("x", format="xlsx"), "format cannot be 'xlsx'; give one of"),
        (lambda: timingctl.push("e", "postgresql://h/d", batch_size=0), "batch_size cannot be 0"),
    ],
)  # fmt: skip
def test_an_argument_that_cannot_be_is_one_sentence(
    call: Callable[[], object], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(timingctl.UsageError) as raised:
        call()
    assert str(raised.value).startswith(sentence)
    assert isinstance(raised.value, ValueError)
    assert list(tmp_path.iterdir()) == []


def test_what_is_wrong_with_files_is_said_as_by_the_command(tmp_path: Path) -> None:
    with pytest.raises(timingctl.InputError) as raised:
        timingctl.build(tmp_path / "nowhere")
    assert command("build", tmp_path / "nowhere").err == f"Error: {raised.value}\n"
    with pytest.raises(timingctl.InputError, match="no message 'nobody'"):
        timingctl.explain(TOUR, "nobody")
    with pytest.raises(timingctl.SettingsError, match="is no amount of memory"):
        timingctl.build(TOUR, memory_limit="lots")
    with pytest.raises(timingctl.DatabaseError) as refused:
        timingctl.build("postgresql://me:sekret@127.0.0.1:1/app")
    assert "sekret" not in str(refused.value)


def test_the_environment_of_the_command_line_has_no_effect(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TIMINGCTL_BUILD_SETTER_RULE", "next")
    (tmp_path / "timingctl.toml").write_text('[build]\nsetter-rule = "next"\n')
    assert timingctl.build(TOUR).manifest["options"]["setterRule"] == "turn"
