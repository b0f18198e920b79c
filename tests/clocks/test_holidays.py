"""Reading holidays: as people write them down, and what is said of what is none."""

from __future__ import annotations

import gzip
import re
from datetime import date
from pathlib import Path

import pytest

from timingctl.clocks.holidays import read_holidays
from timingctl.errors import InputError

CHRISTMAS = (date(2026, 12, 25), date(2026, 12, 26))


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-25\n2026-12-26\n",
        "2026-12-26\n2026-12-25",
        "# Christmas\n\n2026-12-25   # first\n  2026-12-26\n2026-12-25\n",
        "\ufeff2026-12-25\r\n2026-12-26\r\n",
        '"2026-12-25"\n"2026-12-26"\n',
        "date\n2026-12-25\n2026-12-26\n",
        "name,Date\nChristmas,2026-12-25\n\n# and\nBoxing Day,2026-12-26\n",
        'date;name\n2026-12-25;"Christmas; the first"\n2026-12-26;\n',
        'name,date\n"No. #1, the first",2026-12-25\n#,\nBoxing Day,2026-12-26 # too\n',
        "date\tname\n2026-12-25\tChristmas\n2026-12-26\tBoxing Day\n",
        "20261225\n2026-12-26 00:00:00\n",
    ],
)
def test_dates_as_people_write_them(tmp_path: Path, text: str) -> None:
    path = tmp_path / "holidays.csv"
    path.write_bytes(text.encode())
    assert read_holidays(path) == CHRISTMAS


def test_any_name_will_do_and_a_file_may_be_packed(tmp_path: Path) -> None:
    for name in ("holidays", "holidays.txt", "holidays.list"):
        (tmp_path / name).write_text("2026-12-25\n2026-12-26\n")
        assert read_holidays(tmp_path / name) == CHRISTMAS
    with gzip.open(tmp_path / "holidays.csv.gz", "wt") as file:
        file.write("date\n2026-12-25\n2026-12-26\n")
    assert read_holidays(tmp_path / "holidays.csv.gz") == CHRISTMAS


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-12-25\n25.12.2026\n", "row 2, column date: '25.12.2026' is no date; write a date a"),
        ("# Christmas\n\n12/25/2026", "row 3, column date: '12/25/2026' is no date"),
        ("2026-02-30", "row 1, column date: '2026-02-30' is no date"),
        ("2026-12-25T10:00", "row 1, column date: '2026-12-25T10:00' is no date"),
        ("2026-12-25T00:00Z", "row 1, column date: '2026-12-25T00:00Z' is no date"),
        ("2026-12-25,2026-12-26", "row 1, column date: '2026-12-25,2026-12-26' is no date"),
        ("2026-12-25 Christmas", "row 1, column date: '2026-12-25 Christmas' is no date"),
        # as in other files, a header is no row
        ("date,name\n2026-12-25,A\nBoxing,B\n", "row 2, column date: 'Boxing' is no date"),
        ("name,date\nA,2026-12-25\nB\n", "row 2, column date: '' is no date"),
        ("day,name\n2026-12-25,A\n", "row 1, column date: 'day,name' is no date"),
        ("x" * 100, f"row 1, column date: '{'x' * 40}…' is no date"),
        ("", "has no dates; write a date a line, such as 2026-12-25"),
        ("# none\n\n", "has no dates"),
        ("date,name\n", "has no dates"),
    ],
)
def test_what_is_no_date_is_said_with_its_row(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "holidays.txt"
    path.write_text(text)
    with pytest.raises(InputError, match=re.escape(said)) as raised:
        read_holidays(path)
    assert str(raised.value).startswith(str(path))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("holidays.txt", b"2026-12-25 # No\xebl\n", "is not UTF-8 text; save it as UTF-8"),
        ("holidays.txt", "2026-12-25".encode("utf-16"), "is UTF-16 text; save it as UTF-8"),
        ("holidays.csv", b"PK\x03\x04...", "is a ZIP archive or an Excel workbook"),
        ("holidays.txt", b"\x00\x00\x00", "row 1, column date: '\\x00\\x00\\x00' is no date"),
        ("holidays.parquet", b"PAR1", "is no list of dates; write a date a line"),
        ("holidays.json", b'["2026-12-25"]', "is no list of dates"),
        ("holidays.csv.gz", b"2026-12-25", "cannot be read: it is no gzip file, or damaged"),
        ("holidays.txt", b"2026-12-25\n" * 100_000, "is too long for a list of holidays"),
    ],
)
def test_a_file_that_is_no_list(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=re.escape(said)):
        read_holidays(tmp_path / name)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"days\.txt does not exist"):
        read_holidays(tmp_path / "days.txt")
    with pytest.raises(InputError, match="is a folder; give a file"):
        read_holidays(tmp_path)
