"""Which texts stand for null where an id should be (docs/exports.md)."""

from __future__ import annotations

import duckdb
import pytest

from timingctl.staging.casts import NULL_WORDS, is_null_word


def _is_one(text: str | None) -> bool:
    with duckdb.connect() as connection:
        found = connection.execute(f"select {is_null_word('$text')}", {"text": text}).fetchone()
    assert found is not None
    return bool(found[0])


@pytest.mark.parametrize(
    "word", [*NULL_WORDS, "NaN", "NULL", "Undefined", " nil\t", "\v\rnone\n\f"]
)
def test_a_word_for_null_in_any_case_and_between_blanks(word: str) -> None:
    assert _is_one(word)


@pytest.mark.parametrize(
    "text", [None, "", " ", "email", "nanx", "a nan", "n/a", "\n", "xn", "null\x85", "none, none"]
)
def test_no_word_for_null(text: str | None) -> None:
    assert not _is_one(text)
