"""Files of holidays: what is read, and what is said of one that is none."""

from __future__ import annotations

import gzip
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
        "\n# Germany\n2026-12-26  # second day\n\n2026-12-25\r\n2026-12-25",
        "date\n2026-12-25\n2026-12-26\n",
        "name,Date\nChristmas,2026-12-25\n\nBoxing day,2026-12-26\n",
        '"date";"name"\n"2026-12-25";"a;b"\n"2026-12-26";""\n',
        "\ufeffdate\tname\n2026-12-25 00:00:00\tx\n2026-12-26\ty\n",
    ],
)
def test_what_is_read(tmp_path: Path, text: str) -> None:
    path = tmp_path / "days.txt"
    path.write_bytes(text.encode())
    assert read_holidays(path) == CHRISTMAS


def test_a_compressed_file(tmp_path: Path) -> None:
    path = tmp_path / "days.csv.gz"
    path.write_bytes(gzip.compress(b"date\n2026-12-25\n2026-12-26\n"))
    assert read_holidays(path) == CHRISTMAS


def test_a_compressed_file_that_is_too_long(tmp_path: Path) -> None:
    path = tmp_path / "days.csv.gz"
    path.write_bytes(gzip.compress(b"2026-12-25\n" * 100_000))
    with pytest.raises(InputError, match="is too long for a list of holidays"):
        read_holidays(path)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"2026-12-25\n25.12.2026\n", "row 2, column date: '25.12.2026' is no date; write a date"),
        (b"date\n2026-12-25\n2026-02-30\n", "row 2, column date: '2026-02-30' is no date"),
        (b"name,date\nx,2026-12-25\ny\n", "row 2, column date: '' is no date"),
        (b"day\n2026-12-25\n", "row 1, column date: 'day' is no date"),
        (b"2026-12-25 09:00\n", "row 1, column date: '2026-12-25 09:00' is no date"),
        (b"x" * 900, f"'{'x' * 40}…' is no date"),
        (b"", "has no dates"),
        (b"# none\n\n", "has no dates"),
        (b"date\n", "has no dates"),
        (b"\xff\xfe2\x000\x00", "UTF-"),
        (b"2026-12-25\n\xe4\n", "UTF-8"),
        (b"1" * 200_000, f"row 1, column date: '{'1' * 40}…' is no date"),
        (b"date\n" + b"1" * 200_000, "row 1, column date: '' is no date"),
        (b"1" * (1 << 20) + b"11", "is too long for a list of holidays"),
    ],
)
def test_what_is_no_list(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "days.txt"
    path.write_bytes(content)
    with pytest.raises(InputError) as error:
        read_holidays(path)
    assert str(path) in str(error.value)
    assert why in str(error.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        read_holidays(tmp_path / "days.txt")
    with pytest.raises(InputError, match="folder"):
        read_holidays(tmp_path)
