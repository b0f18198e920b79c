"""What counts as a file of events, lead data and exports."""

from __future__ import annotations

import re
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.cases import FIXTURES, options_of
from tests.report.cases import reported, write_events, write_leads
from tests.tables import write_exports
from timingctl.errors import InputError
from timingctl.events import existing
from timingctl.options import BuildOptions
from timingctl.pipeline import build
from timingctl.reports.figures import Report, report
from timingctl.reports.formats import json_text
from timingctl.reports.options import ReportOptions
from timingctl.reports.sources import Sources, load_events
from timingctl.warehouse import Resources, Warehouse, open_warehouse

TOUR = FIXTURES / "tour"


def built(folder: Path, name: str) -> Path:
    """The events of the tour."""
    build(options_of(TOUR, output=folder / name))
    return folder / name


def of_file(path: Path, **options: object) -> Report:
    return report(ReportOptions(events=path, **options))  # type: ignore[arg-type]


@pytest.mark.wide
def test_the_format_of_the_events_changes_no_byte(tmp_path: Path) -> None:
    names = ("events.parquet", "events.csv", "events.ndjson")
    texts = {json_text(of_file(built(tmp_path, name), exports=TOUR)) for name in names}
    assert len(texts) == 1


def test_the_app_s_own_table(tmp_path: Path) -> None:
    """Naive instants, 32-bit and saturated milliseconds, its own order and style, no createdAt."""
    events = pl.read_parquet(built(tmp_path, "events.parquet"))
    own = (
        events.drop("createdAt", "updatedAt")
        .with_columns(
            pl.selectors.datetime().dt.replace_time_zone(None),
            pl.col("setterResponseMs", "aiResponseMs").cast(pl.Int32) * 0 + 2147483647,
            note=pl.lit("more"),
        )
        .rename(lambda name: re.sub(r"([A-Z])", r"_\1", name).lower())
        .reverse()
    )
    own.select(reversed(own.columns)).write_parquet(tmp_path / "own.parquet")
    expected, found = of_file(tmp_path / "events.parquet"), of_file(tmp_path / "own.parquet")
    latest = max(
        instant
        for name in ("inboundSentAt", "setterResponseSentAt", "aiResponseSentAt")
        for instant in events[name].drop_nulls()
    )
    as_of = latest.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert found.document["asOf"] == found.document["window"]["to"] == as_of
    dated = {"window": found.document["window"], "asOf": found.document["asOf"]}
    assert found.document == {**expected.document, **dated}


def test_rows_threads_and_batches_change_no_byte(tmp_path: Path) -> None:
    events = pl.read_parquet(built(tmp_path, "events.parquet"))
    events.sample(fraction=1, shuffle=True, seed=7).write_parquet(tmp_path / "other.parquet")
    one = of_file(tmp_path / "events.parquet", resources=Resources(threads=1))
    two = of_file(tmp_path / "other.parquet", resources=Resources(threads=3, memory_limit="200MB"))
    assert json_text(one) == json_text(two)


def test_a_file_that_holds_no_events_is_an_error_that_names_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "things.csv"
    path.write_text("clientId,lead_id,CHANNEL,inbound_message_id,inboundsentat\n")
    with pytest.raises(InputError) as caught:
        of_file(path)
    assert str(caught.value) == (
        "things.csv is no file of events: it has no setterResponseSentAt, setterSentByUserId, "
        "aiResponseSentAt, aiDelayMinSeconds, aiDelayMaxSeconds, aiChosenDelaySeconds, "
        "aiActualDelaySeconds, aiScheduledRunAt. "
        "Give what `timingctl build` wrote, or an export of ResponseTimingEvent."
    )


def test_a_file_that_is_not_there_or_of_no_format(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        of_file(tmp_path / "no.parquet")
    (tmp_path / "no.xlsx").touch()
    with pytest.raises(InputError, match="is none of"):
        of_file(tmp_path / "no.xlsx")


def test_unusable_rows_are_left_out_and_counted(tmp_path: Path) -> None:
    events = """
        id | lead | in       | setter
        m1 | l1   | 10:00:00 | 10:00:01
        m2 |      | 10:00:00 | 10:00:01
        m3 | l3   | today    | 10:00:01
        m4 | l4   |          | 10:00:01
    """
    found = reported(tmp_path, events, sections=["overview"])
    assert found.events == 1
    assert (
        "events.csv: unusable rows left out: no inboundSentAt (1), no leadId (1), "
        "unreadable timestamp (1); the first is row 2, column leadId." in found.notes
    )


def test_a_file_that_is_read_again_gives_what_one_that_is_kept_does(tmp_path: Path) -> None:
    """Parquet is read again, for the rows left out and for ids where responses are of one instant.

    A column may be called as DuckDB calls the numbers of rows.
    """
    events = """
        id | lead | in       | setter
        m1 |      | 10:00:00 | 10:00:01
        m3 | l1   | 10:00:00 | 10:01:00
        m2 | l1   | 10:00:30 | 10:01:00
    """
    leads = write_leads(tmp_path / "Lead.csv", "id | booked\nl1 | 11:00:00")
    kept = of_file(write_events(tmp_path / "events.csv", events), leads=leads)
    counted = [bucket["booked"] for bucket in kept.document["responseTime"]]
    assert counted == [1, 0, 0, 0, 0, 0, 0]
    frame = pl.read_csv(tmp_path / "events.csv", infer_schema=False)
    again = tmp_path / "it's events [1].parquet"
    frame.write_parquet(again)
    named = tmp_path / "named.parquet"
    frame.with_columns(File_Row_Number=pl.lit(0)).write_parquet(named)
    for path in (again, named):
        found = of_file(path, leads=leads)
        assert found.document == kept.document
        assert found.notes == [note.replace("events.csv", path.name) for note in kept.notes]


def test_a_file_that_changes_during_a_report_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = built(tmp_path, "events.parquet")

    def harm(*_: object) -> list[str]:
        events.write_bytes(b"PAR1")
        return []

    monkeypatch.setattr("timingctl.reports.figures.remarks", harm)
    with pytest.raises(InputError, match=r"events\.parquet changed while it was read"):
        of_file(events)


@pytest.mark.parametrize(("other", "says"), [("m1", "has two rows with .* m1; keep"), ("m2", "")])
def test_two_ids_of_one_hash_are_two(tmp_path: Path, other: str, says: str) -> None:
    events = write_events(tmp_path / "x.csv", f"id | in\nm1 | 10:00:00\n{other} | 10:00:00")
    with open_warehouse(Resources()) as warehouse:
        warehouse.execute("create macro hash(text) as 7")
        with pytest.raises(InputError, match=says) if says else nullcontext():
            load_events(warehouse, existing(events), Sources())


def test_no_events_at_all(tmp_path: Path) -> None:
    found = reported(tmp_path, "in | setter", sections=["overview", "trend"])
    assert (found.events, found.document["asOf"], found.document["trend"]) == (0, None, [])
    assert found.document["overview"]["span"] == {"from": None, "to": None}
    assert any("holds no events" in note for note in found.notes)
    (tmp_path / "events.ndjson").touch()
    assert of_file(tmp_path / "events.ndjson").events == 0


def test_leads_must_say_when_they_booked(tmp_path: Path) -> None:
    leads = tmp_path / "Lead.csv"
    leads.write_text("id,clientId\nl1,K\n")
    with pytest.raises(InputError, match=r"Lead\.csv has no column appointmentBookedAt"):
        reported(tmp_path, "in | setter", leads, sections=["overview"])


def test_lead_rows_that_cannot_be_used_are_told(tmp_path: Path) -> None:
    leads = "id | booked\nl001 | soon\nl002 |"
    found = reported(tmp_path, "in | setter\n10:00:00 | 10:01:00", leads, sections=["overview"])
    assert (
        "Lead.csv: unusable rows left out: unreadable timestamp (1); "
        "the first is row 1, column appointmentBookedAt." in found.notes
    )


def test_exports_must_hold_messages(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No Message in"):
        reported(tmp_path, "in | setter", exports=tmp_path, sections=["overview"])
    with pytest.raises(InputError, match="does not exist"):
        reported(tmp_path, "in | setter", exports=tmp_path / "nowhere", sections=["overview"])


@pytest.mark.wide
def test_open_inbounds_and_anchors_are_the_inbounds_of_streaks(tmp_path: Path) -> None:
    """What the build calls answered is not open: of every thread of the fixtures."""
    for case in ("tour", "streak", "ties", "two_channels", "setter_rule_next"):
        build(options_of(FIXTURES / case, output=tmp_path / "e.parquet"))
        found = of_file(tmp_path / "e.parquet", exports=FIXTURES / case)
        messages = pl.read_csv(FIXTURES / case / "Message.csv", infer_schema=False)
        threads = messages.with_columns(
            at=pl.col("sentAt").str.replace(" ", "T").str.head(19),
            inbound=pl.col("direction").str.strip_chars().str.to_lowercase() == "inbound",
        ).group_by("leadId", "channel")
        opened = threads.agg(
            (
                pl.col("inbound")
                & (pl.col("at") >= pl.col("at").filter(~pl.col("inbound")).max().fill_null(""))
            )
            .sum()
            .alias("open")
        )
        assert found.document["overview"]["open"] == {
            "inbounds": opened["open"].sum(),
            "threads": (opened["open"] > 0).sum(),
        }, case


def test_a_folder_is_no_file_of_events() -> None:
    with pytest.raises(InputError, match="tour is a folder; give a file"):
        of_file(TOUR)


def test_write_events_makes_a_file_of_events(tmp_path: Path) -> None:
    assert of_file(write_events(tmp_path / "e.csv", "in | setter\n10:00:00 | 10:01:00")).events == 1


def test_an_inbox_knows_bookings_only_where_its_exports_did(tmp_path: Path) -> None:
    """The inbox always has the column; what the exports did not say is not that nobody booked."""
    said = "No booking outcomes: the exports had no Lead with appointmentBookedAt; "
    for name, leads in [
        ("without", "id,clientId\nL,K\n"),
        ("with", "id,clientId,appointmentBookedAt\nL,K,\n"),
    ]:
        source = write_exports(tmp_path / name, {
            "Message": "id | sentAt | direction\nA | 10:00:00 | in\nB | 10:01:00 | out",
        })  # fmt: skip
        (source / "Lead.csv").write_text(leads)
        inbox = tmp_path / f"{name}.duckdb"
        build(BuildOptions(source, output=inbox))
        found = report(ReportOptions(inbox, sections=["overview"]))
        assert found.has_bookings is (name == "with")
        assert any(note.startswith(said) for note in found.notes) is (name == "without")
        assert found.document["overview"]["open"] == {"inbounds": 0, "threads": 0}


@pytest.mark.wide
def test_of_an_inbox_nothing_is_checked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its ids are distinct and its instants in order; open inbounds are told where asked for."""
    events, inbox = built(tmp_path, "events.parquet"), built(tmp_path, "inbox.duckdb")
    expected = of_file(events, exports=TOUR).document

    def checked(*_: object, **__: object) -> bool:
        raise AssertionError

    for name in ("repeats", "_as_of"):
        monkeypatch.setattr(f"timingctl.reports.sources.{name}", checked)
    found = of_file(inbox).document
    assert {key: found.get(key) for key in expected} == expected
    created: list[str] = []
    create = Warehouse.create

    def noted(self: Warehouse, relation: str, *rest: Any) -> None:
        created.append(relation)
        create(self, relation, *rest)

    monkeypatch.setattr(Warehouse, "create", noted)
    of_file(inbox, sections=["drift"])
    assert "open_inbound" not in created
    of_file(inbox, sections=["overview"])
    assert "open_inbound" in created
    with pytest.raises(AssertionError):
        of_file(events)
