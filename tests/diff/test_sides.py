"""What counts as events on either side, what is compared, and the file of all differences."""

from __future__ import annotations

import functools
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from tests.cases import FIXTURES, options_of
from tests.diff.cases import AS_OF, changed, difference, events
from tests.tables import says
from timingctl.differences import BOOKKEEPING, REASONS, DiffOptions, diff
from timingctl.errors import InputError, SettingsError
from timingctl.pipeline import build
from timingctl.schemas import EVENT
from timingctl.sql_text import SQL_FOLDER
from timingctl.warehouse import Resources

COLUMNS = [column.name for column in EVENT]
READERS: dict[str, Callable[[Path], pl.DataFrame]] = {
    ".csv": pl.read_csv,
    ".ndjson": pl.read_ndjson,
    ".parquet": pl.read_parquet,
}


@functools.cache
def _built(suffix: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / f"tour{suffix}"
        build(options_of(FIXTURES / "tour", output=output))
        return output.read_bytes()


def of_tour(folder: Path, name: str = "tour.parquet") -> Path:
    """The events of a fixture, built once."""
    path = folder / name
    path.write_bytes(_built(path.suffix))
    return path


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".ndjson"])
def test_every_format_says_the_same(tmp_path: Path, suffix: str) -> None:
    here, there = of_tour(tmp_path), of_tour(tmp_path, f"other{suffix}")
    found = diff(DiffOptions(here, there))
    assert found.equal
    assert found.document == {
        "here": {"name": str(here), "events": 11},
        "there": {"name": str(there), "events": 11},
        "equal": True, "notCompared": [], "same": 11, "differing": 0, "onlyHere": 0, "onlyThere": 0,
        "differences": [], "reasons": [], "examples": [],
    }  # fmt: skip


@pytest.mark.wide(but=3)
@pytest.mark.parametrize("column", [name for name in COLUMNS if name != "inboundMessageId"])
def test_a_change_in_any_column_is_seen_unless_it_is_ignored(tmp_path: Path, column: str) -> None:
    """One value at one anchor, which has a value in every column."""
    here = of_tour(tmp_path)
    [anchor] = pl.read_parquet(here).drop_nulls().head(1)["inboundMessageId"]
    kind = pl.read_parquet(here)[column].dtype
    other = {pl.String(): pl.lit("other"), pl.Int64(): pl.lit(7)}.get(kind, AS_OF)
    for value in (other, pl.lit(None)):
        there = changed(here, anchor, **{column: value})
        if column in {"clientId", "leadId", "channel", "inboundSentAt"} and value is not other:
            continue  # without these it is no event
        ignored = [name for name in BOOKKEEPING if name != column]
        found = difference(here, there, ignored=ignored)
        if column == "id" and value is other:
            assert found.is_empty()  # a table that gives rows ids of its own
            continue
        assert found["column"].to_list() == [column]
        assert found["inboundMessageId"].to_list() == [anchor]
        assert (found["leadId"][0], found["channel"][0]) != (None, None)
        assert difference(here, there, ignored=[*BOOKKEEPING, column]).is_empty()


def test_exports_are_to_be_built_first(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"Build exports first: timingctl build .*tour -o"):
        diff(DiffOptions(FIXTURES / "tour", of_tour(tmp_path)))


def test_what_leaves_out_differences_of_bookkeeping_alone_is_said(tmp_path: Path) -> None:
    here = of_tour(tmp_path)
    anchor = pl.read_parquet(here)["inboundMessageId"][0]
    later = changed(here, anchor, updatedAt=AS_OF)
    assert diff(DiffOptions(here, later)).notes == [
        "All differences are in bookkeeping columns; leave these out by --ignore updatedAt."
    ]
    moved = changed(here, anchor, updatedAt=AS_OF, channel=pl.lit("other"))
    assert diff(DiffOptions(here, moved)).notes == []


def test_an_export_of_the_app_s_table(tmp_path: Path) -> None:
    """Own ids, naive instants, 32-bit milliseconds, another style and order, no createdAt."""
    here = of_tour(tmp_path)
    own = (
        pl.read_parquet(here)
        .drop("createdAt")
        .with_columns(
            pl.selectors.datetime().dt.replace_time_zone(None).dt.cast_time_unit("ms"),
            pl.col("setterResponseMs", "aiResponseMs").cast(pl.Int32),
            id=pl.format("row-{}", pl.int_range(pl.len())),
            note=pl.lit("more"),
        )
        .rename(lambda name: re.sub(r"([A-Z])", r"_\1", name).lower())
        .reverse()
    )
    own.write_csv(tmp_path / "response_timing_event_rows.csv")
    found = diff(DiffOptions(here, tmp_path / "response_timing_event_rows.csv"))
    assert found.equal
    assert found.document["notCompared"] == ["id", "createdAt", "updatedAt"]


def test_a_column_that_is_missing_is_an_error_unless_it_is_ignored(tmp_path: Path) -> None:
    here, there = of_tour(tmp_path), tmp_path / "there.csv"
    pl.read_parquet(here).drop("aiResponseMs").write_csv(there)
    with pytest.raises(InputError, match="is no file of events: it has no aiResponseMs"):
        diff(DiffOptions(here, there))
    found = diff(DiffOptions(here, there, ignored=["aiResponseMs"]))
    assert found.equal
    assert found.document["notCompared"] == ["aiResponseMs"]
    pl.read_parquet(here).drop("leadId").write_csv(there)
    with pytest.raises(InputError, match="it has no leadId"):
        diff(DiffOptions(here, there, ignored=["leadId"]))


def test_two_events_of_one_anchor_are_an_error(tmp_path: Path) -> None:
    here = of_tour(tmp_path)
    frame = pl.read_parquet(here)
    twice = tmp_path / "twice.parquet"
    pl.concat([frame, frame.tail(1)]).write_parquet(twice)
    assert diff(DiffOptions(here, twice)).equal  # the same row twice counts once
    other = frame.tail(1).with_columns(channel=pl.lit("fax"))
    pl.concat([frame, other]).write_parquet(twice)
    for options in (DiffOptions(here, twice), DiffOptions(twice, here)):
        with pytest.raises(InputError) as caught:
            diff(options)
        [anchor] = frame.tail(1)["inboundMessageId"]
        assert (
            str(caught.value) == f"{twice} has two rows with inboundMessageId {anchor}; keep one."
        )


def test_a_row_that_is_no_event_is_an_error(tmp_path: Path) -> None:
    here, there = of_tour(tmp_path), tmp_path / "there.csv"
    pl.read_parquet(here).with_columns(aiResponseMs=pl.lit("soon")).write_csv(there)
    with pytest.raises(InputError, match="row 1, is no event: unreadable whole number"):
        diff(DiffOptions(here, there))


def test_files_without_events(tmp_path: Path) -> None:
    here, empty = of_tour(tmp_path), tmp_path / "empty.csv"
    pl.read_parquet(here).clear().write_csv(empty)
    found = difference(here, empty)
    assert found["kind"].to_list() == ["only here"] * 11
    assert set(found["reason"]) == {None}
    assert difference(empty, empty).is_empty()


@pytest.mark.parametrize("suffix", [".csv", ".ndjson", ".parquet"])
def test_the_file_of_rows(tmp_path: Path, suffix: str) -> None:
    here = events(tmp_path)
    there = changed(here, "A", channel=pl.lit("sms"), aiDraftId=pl.lit(None))
    rows = tmp_path / f"rows{suffix}"
    diff(DiffOptions(here, there, rows=rows))
    frame = READERS[suffix](rows)
    assert frame.columns == [
        "kind", "inboundMessageId", "leadId", "channel", "column", "here", "there", "reason"
    ]  # fmt: skip
    says(
        frame,
        """
        kind    | inboundMessageId | leadId | channel | column    | here  | there | reason
        differs | A                | L      | email   | channel   | email | sms   |
        differs | A                | L      | email   | aiDraftId | D     |       |
        """,
    )


def test_a_file_of_rows_may_not_be_an_input_nor_stand_nowhere(tmp_path: Path) -> None:
    here = of_tour(tmp_path)
    with pytest.raises(SettingsError, match="is an input"):
        diff(DiffOptions(here, here, rows=here))
    with pytest.raises(SettingsError, match="is no folder that can be written to"):
        diff(DiffOptions(here, here, rows=tmp_path / "nowhere" / "rows.csv"))


def test_threads_memory_and_order_change_no_byte(tmp_path: Path) -> None:
    here = of_tour(tmp_path)
    there = changed(here, createdAt=AS_OF, aiResponseMs=pl.col("aiResponseMs") + 1)
    written = set()
    for number, resources in enumerate((Resources(threads=1), Resources(4, "200MB"))):
        rows = tmp_path / f"{number}.parquet"
        diff(DiffOptions(here, there, rows=rows, resources=resources))
        written.add(rows.read_bytes())
        pl.read_parquet(there).reverse().write_parquet(there)
    assert len(written) == 1


def test_every_reason_is_described() -> None:
    sql = "".join(path.read_text() for path in (SQL_FOLDER / "diff").glob("*.sql"))
    given = set(re.findall(r"(?:then|else) '([a-z-]+)'", sql)) - {"here", "there", "differs"}
    assert given == set(REASONS)
    page = (FIXTURES.parent / "docs" / "diff.md").read_text(encoding="utf-8")
    for reason, meaning in REASONS.items():
        assert f"### {reason}\n" in page
        assert len(meaning) <= 48, "the table of reasons fits 80 columns"


def test_an_ignored_column_still_says_whose_an_event_is(tmp_path: Path) -> None:
    here = events(tmp_path)
    there = changed(here, "A", leadId=pl.lit("M"), aiDraftId=pl.lit(None))
    found = difference(here, there, ignored=["leadId", "channel", "inboundSentAt"])
    says(
        found,
        """
        leadId | channel | column
        L      | email   | aiDraftId
        """,
    )
