"""docs/inbox.md: what it shows of SQL runs, and it names every word that a column may have."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from tests.cases import FIXTURES
from timingctl.inboxes.contract import INBOX
from timingctl.options import BuildOptions
from timingctl.pipeline import build

PAGE = (Path(__file__).parents[2] / "docs" / "inbox.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def tour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("tour") / "inbox.duckdb"
    build(BuildOptions(FIXTURES / "tour", output=output))
    return output


@pytest.mark.parametrize("query", QUERIES)
def test_what_is_asked_is_answered(tour: Path, query: str) -> None:
    with duckdb.connect(tour, read_only=True) as inbox:
        found = inbox.execute(query).fetchall()
    assert found
    assert all(None not in row for row in found)


def test_every_table_and_every_word_of_a_column_is_told() -> None:
    for table in INBOX:
        assert f"`{table.name}`" in PAGE or f"## {table.name}\n" in PAGE, table.name
        for word in (word for column in table.columns for word in column.values):
            assert f"`{word}`" in PAGE, word


def test_a_digest_can_be_taken_by_the_page_alone(tour: Path) -> None:
    assert text_of("ab", None, 5, "é") in PAGE
    with duckdb.connect(tour, read_only=True) as inbox:
        [(digests,)] = inbox.execute('select digests from "Build"').fetchall()
        for table in ("Message", "Wait", "DelayWindow"):
            texts = [text_of(*row) for row in inbox.table(f'"{table}"').fetchall()]
            numbers = [number_of(inbox, text) for text in texts]
            upper = sum(number >> 64 for number in numbers)
            lower = sum(number % 2**64 for number in numbers)
            line = f"{table} {len(numbers)} {upper} {lower}\n"
            expected = f"sha256:{hashlib.sha256(line.encode()).hexdigest()}"
            assert json.loads(digests)[table] == expected, table


def text_of(*values: object) -> str:
    return "".join([*map(number_text, values), *(v for v in values if isinstance(v, str))])


def number_text(value: object) -> str:
    match value:
        case None:
            return ","
        case str():
            return f"{len(value.encode())},"
        case datetime():
            return f"{(value - datetime(1970, 1, 1)) // timedelta(microseconds=1)},"
        case int():
            return f"{int(value)},"
        case _:
            raise TypeError(value)


def number_of(inbox: duckdb.DuckDBPyConnection, text: str) -> int:
    [(number,)] = inbox.execute("select md5_number($text)", {"text": text}).fetchall()
    return int(number)
