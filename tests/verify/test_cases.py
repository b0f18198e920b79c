"""What a case is, and what its options may say."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from tests.cases import FIXTURES
from timingctl.errors import InputError
from timingctl.verify.cases import cases_in, options_of
from timingctl.verify.layouts import lay_out

TABLES = ("Message", "AIDraft", "BackgroundJob")


def case(folder: Path, options: str = "") -> Path:
    folder.mkdir()
    for table in TABLES:
        (folder / f"{table}.csv").touch()
    if options:
        (folder / "options.toml").write_text(options)
    return folder


def test_a_folder_of_cases_in_the_order_of_their_names() -> None:
    found = cases_in([FIXTURES / "ties", FIXTURES])
    assert found[0].name == str(FIXTURES / "ties")
    assert found[0].expected == FIXTURES / "ties" / "expected.csv"
    names = [each.folder.name for each in found[1:]]
    assert names == sorted(names)


def test_a_case_needs_no_expectation_and_a_folder_may_hold_other_things(tmp_path: Path) -> None:
    case(tmp_path / "a")
    (tmp_path / "notes").mkdir()
    (tmp_path / ".git").mkdir()
    [found] = cases_in([tmp_path])
    assert (found.folder, found.expected) == (tmp_path / "a", None)


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda folder: folder.rmdir(), "is no folder; give a case, a folder of cases"),
        (lambda folder: None, "is no case and holds none"),
        (
            lambda folder: [(folder / f"expected.{kind}").touch() for kind in ("csv", "parquet")],
            "has expected.parquet and expected.csv; keep one.",
        ),
    ],
    ids=["absent", "empty", "two expectations"],
)
def test_no_case(tmp_path: Path, make: object, why: str) -> None:
    folder = tmp_path / "case"
    folder.mkdir()
    make(folder)  # type: ignore[operator]
    with pytest.raises(InputError) as caught:
        cases_in([folder])
    assert str(caught.value).startswith(str(folder))
    assert why in str(caught.value)


def test_every_option(tmp_path: Path) -> None:
    folder = case(
        tmp_path / "case",
        """
        as-of = 2026-03-01T02:00:00+02:00
        since = 2026-02-01
        until = "2026-02-20"
        client = "K"
        setter-rule = "next"
        delay-windows = "history.csv"
        strict = true
        """,
    )
    (folder / "history.csv").touch()
    options = options_of(folder)
    assert options.as_of == datetime(2026, 3, 1, tzinfo=UTC)
    assert (options.since, options.until) == (
        datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 2, 20, tzinfo=UTC),
    )  # fmt: skip
    assert (options.client, options.setter_rule, options.strict) == ("K", "next", True)
    assert options.delay_windows == folder / "history.csv"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("threads = 1", "threads is no option here; use as-of, since, until, client"),
        ("setter-rule = 'last'", "setter-rule cannot be 'last'."),
        ("as-of = 'soon'", "as-of cannot be 'soon'."),
        ("as-of = 5", "as-of cannot be 5."),
        ("client = 5", "client cannot be 5."),
        ("strict = 'yes'", "strict cannot be 'yes'."),
        ("delay-windows = 'nowhere.csv'", "delay-windows cannot be 'nowhere.csv'."),
        ("as-of", "cannot be read: "),
    ],
)
def test_an_option_that_cannot_be(tmp_path: Path, text: str, why: str) -> None:
    folder = case(tmp_path / "case", text)
    with pytest.raises(InputError) as caught:
        options_of(folder)
    assert str(caught.value).startswith(f"{folder / 'options.toml'}")
    assert why in str(caught.value)


def ids(file: Path) -> list[str]:
    readers = {".csv": pl.read_csv, ".parquet": pl.read_parquet, ".ndjson": pl.read_ndjson}
    return list(readers[file.suffix](file)["id"])  # type: ignore[operator]


def test_a_layout_has_the_same_rows_in_an_order_that_the_seed_gives(tmp_path: Path) -> None:
    orders = []
    for number, seed in enumerate((1, 2, 1)):
        target = tmp_path / str(number)
        target.mkdir()
        lay_out(options_of(FIXTURES / "tour"), target, [".csv"], seed)
        orders.append(ids(target / "Message.csv"))
    assert orders[0] == orders[2] != orders[1]
    given = pl.read_csv(FIXTURES / "tour" / "Message.csv", infer_schema=False)
    written = pl.read_csv(tmp_path / "0" / "Message.csv", infer_schema=False)
    assert written.sort("id").equals(given.select(written.columns).sort("id"))


def test_shards_hold_every_row_once(tmp_path: Path) -> None:
    lay_out(options_of(FIXTURES / "tour"), tmp_path, [".parquet", ".csv", ".ndjson"], 1)
    files = sorted((tmp_path / "Message").rglob("Message.*"))
    assert [file.suffix for file in files] == [".parquet", ".csv", ".ndjson"]
    assert [len(ids(file)) for file in files] == [11, 11, 10]
    given = ids(FIXTURES / "tour" / "Message.csv")
    assert sorted(each for file in files for each in ids(file)) == sorted(given)
