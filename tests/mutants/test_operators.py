"""What the operators make of a piece of SQL or Python: all of the mutants, in order."""

from __future__ import annotations

import re

import pytest

from tests.mutants import python, sql
from tests.mutants.__main__ import EXPLANATIONS, HEART, ROOT, explained


def changes(text: str) -> list[str]:
    return [mutant.change for mutant in sql.mutants(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("select a < b", ["a < b → a <= b", "a < b → a > b"]),
        ("select a where b = 1", ["without where b = 1", "b = 1 → b <> 1", "b = 1: 1 → 2"]),
        ("select a is null", ["a is null → not a is null"]),
        ("select a is not null", ["not a is null → a is null"]),
        ("select min(a)", ["min(a) → max(a)"]),
        ("select coalesce(a, b)", ["coalesce(a, b) → a", "coalesce(a, b) → b"]),
        ("select distinct a", ["without distinct"]),
        ("select case when a then 'ai' end", [
            "when a then 'ai': when true", "when a then 'ai': when false", "'ai' → 'setter'",
        ]),
        ("select case a when 'x' then b when 'y' then c end", [
            "without when 'x' then b", "without when 'y' then c", "'x' → 'not x'", "'y' → 'not y'",
        ]),
        ("select a from t left join u on a and b", [
            "left join u → join u", "without a", "without b", "a and b → (a or b)",
        ]),
        ("select row_number() over (partition by a order by b, c desc nulls last)", [
            "without order by b", "without order by c desc", "without partition by a",
            "b → b desc", "c desc → c asc", "c: nulls last → nulls first",
        ]),
    ],
)  # fmt: skip
def test_what_is_changed_in_sql(text: str, expected: list[str]) -> None:
    assert changes(text) == expected


def test_a_changed_connective_stays_where_it_stood() -> None:
    [*_, swapped] = [m for m in sql.mutants("select a and b and c") if m.change.startswith("a and")]
    assert (swapped.change, swapped.text) == ("a and b → (a or b)", "select (a or b) and c")


def test_what_an_ignored_null_is_to_a_window_is_kept() -> None:
    text = "select last(a ignore nulls) over w from t window w as (order by b)"
    assert sql.unchanged(text) == text
    assert "last(a ignore nulls) → last(a)" in changes(text)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return a >= 1", ["f: a >= 1 → a > 1", "f: a >= 1 → a <= 1", "f: 1 → 2"]),
        ("return x.cast(a, strict=b)", [
            "f: without .cast(a, strict=b)", "f: cast(): without strict=b",
        ]),
        ("return np.diff(a)[b]", ["f: np.diff(a): without [b]", "f: np.diff(a) → a"]),
        ("return a if b or c else d", [
            "f: if b or c → if True", "f: if b or c → if False",
            "f: b or c → b and c", "f: without b", "f: without c",
        ]),
        ("a[b] = c", ["f: without a[b] = c"]),
    ],
)  # fmt: skip
def test_what_is_changed_in_python(body: str, expected: list[str]) -> None:
    mutants = list(python.mutants(f'def f():\n    """Docs are left alone."""\n    {body}\n'))
    assert [mutant.change for mutant in mutants] == expected


def test_every_file_of_the_heart_has_mutants_and_no_two_are_the_same() -> None:
    for file in (file for files, _ in HEART for file in files):
        text = (ROOT / file).read_text(encoding="utf-8")
        mutants = list((python if file.endswith(".py") else sql).mutants(text))
        assert mutants, file
        assert len({mutant.change for mutant in mutants}) == len(mutants)
        assert len({mutant.text for mutant in mutants}) == len(mutants)


def test_every_row_of_the_explanations_is_read() -> None:
    rows = [line for line in EXPLANATIONS.read_text().splitlines() if line.startswith("| `")]
    changed = sum(re.split(r"(?<!\\)\|", row)[2].count("`") // 2 for row in rows)
    assert sum(map(len, explained().values())) == changed > 0
