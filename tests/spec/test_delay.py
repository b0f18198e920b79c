"""The deterministic delay."""

import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.model import chosen as slow_chosen
from tests.tables import says
from timingctl.delay import arithmetic, chosen_seconds, id_hash

#: Made by JavaScript: see delay_vectors.mjs beside it.
VECTORS = Path(__file__).parent / "delay_vectors.json"
INT32 = st.integers(-(2**31), 2**31 - 1)


def chosen(*cases: tuple[str | None, int | None, int | None]) -> list[int | None]:
    frame = pl.DataFrame(
        cases, schema={"id": pl.String, "low": pl.Int64, "high": pl.Int64}, orient="row"
    )
    return chosen_seconds(frame["id"], frame["low"], frame["high"]).to_list()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("a", 97),
        ("ab", 31 * 97 + 98),
        ("Hello", 69609650),  # Java: "Hello".hashCode()
        ("polygenelubricants", -2147483648),  # Java's known string of the least hash
        ("😀", 0xD83D * 31 + 0xDE00),  # two UTF-16 code units
    ],
)
def test_the_hash_is_javas_and_javascripts(text: str, expected: int) -> None:
    assert id_hash(pl.Series([text])).to_list() == [expected]


def test_worked_examples() -> None:
    # |-2147483648| = 2147483648 = 241 · 8910720 + 128, so 180 + 128.
    assert chosen(("polygenelubricants", 180, 420)) == [308]
    assert chosen(("a", 0, 0), ("a", 300, 300), ("a", 400, 200)) == [0, 300, 400]
    assert chosen(("a", 0, 1), ("a", -5, 5)) == [1, -5 + 97 % 11]


def test_null_where_anything_is_null() -> None:
    assert chosen((None, 1, 2), ("a", None, 2), ("a", 1, None), ("a", 7, 7)) == [None] * 3 + [7]


def test_the_widest_window_of_32_bits() -> None:
    low, high = -(2**31), 2**31 - 1
    ends = [pl.Series([end], dtype=pl.Int32) for end in (low, high)]
    assert chosen_seconds(pl.Series(["a"]), *ends).to_list() == [low + 97]


def test_the_steps_to_a_chosen_delay() -> None:
    ids = pl.Series(["polygenelubricants", "a", "a"])
    steps = arithmetic(ids, pl.Series([180, 300, 400]), pl.Series([420, 300, 200]))
    names = ("id", "minSeconds", "maxSeconds", "chosenSeconds")
    made_of = ("hash", "absoluteHash", "rangeSeconds", "remainderSeconds")
    assert steps.columns == [*names, *made_of]
    says(steps, """
        chosenSeconds | hash        | absoluteHash | rangeSeconds | remainderSeconds
        308           | -2147483648 | 2147483648   | 240          | 128
        300           | 97          | 97           | 0            |
        400           | 97          | 97           | -200         |
    """)  # fmt: skip


def test_no_rows() -> None:
    assert chosen() == []


def test_every_vector_that_javascript_computed() -> None:
    vectors = json.loads(VECTORS.read_text(encoding="utf-8"))
    cases = [(case["id"], case["min"], case["max"]) for case in vectors]
    assert len(cases) == 460
    assert chosen(*cases) == [case["chosen"] for case in vectors]


@given(st.lists(st.tuples(st.text(st.characters(exclude_categories=["Cs"])), INT32, INT32)))
def test_any_ids_together_as_one_by_one(cases: list[tuple[str, int, int]]) -> None:
    assert chosen(*cases) == [slow_chosen(*case) for case in cases]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1))
def test_a_slice_of_a_column(texts: list[str]) -> None:
    ids = pl.Series(["before", *texts, "after"])
    assert id_hash(ids.slice(1, len(texts))).to_list() == id_hash(pl.Series(texts)).to_list()
