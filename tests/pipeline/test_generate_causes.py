"""Made-up exports: every cause is in them as often as they tell, and a planted effect is."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import polars as pl
import pytest

from tests.pipeline.test_generate import generated
from timingctl import made_up as module
from timingctl.made_up import CAUSES, EFFECT, TRUTH
from timingctl.made_up_inbox.effect import Picks, bookings
from timingctl.options import BuildOptions
from timingctl.pipeline import build
from timingctl.seals import FOLDER_MANIFEST

if TYPE_CHECKING:
    from collections.abc import Iterable


def known(folder: Path) -> dict[tuple[str, str, str], int]:
    """The rows of each cause, as the exports' own file tells them."""
    causes = pl.read_csv(folder / CAUSES)
    assert causes.columns == ["table", "column", "value", "rows"]
    return {(table, column, value): rows for table, column, value, rows in causes.iter_rows()}


def found(inbox_file: Path, columns: Iterable[tuple[str, str]]) -> dict[tuple[str, str, str], int]:
    """The rows of each value of these columns of an inbox; null is `open`."""
    counts = {}
    with duckdb.connect(inbox_file, read_only=True) as db:
        for table, column in columns:
            rows = db.execute(
                f"select coalesce({column}, 'open'), count(*) from {table} group by all"
            ).fetchall()
            counts.update({(table, column, value): count for value, count in rows})
    return counts


@pytest.mark.wide(but=1)
@pytest.mark.parametrize(
    ("chunk", "options"),
    [
        (1_000, {"seed": 1, "leads": 400}),
        (100, {"seed": 2, "leads": 300, "format": "csv"}),  # one is due, or not, for all chunks
        (499, {"seed": 3, "leads": 500, "start": datetime(2024, 2, 29, 13, 37, 11, tzinfo=UTC)}),
        (1_000, {"seed": 4, "leads": 1, "format": "ndjson"}),
    ],
)
def test_an_inbox_says_every_cause_as_often_as_it_is_known(
    chunk: int, options: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK_LEADS", chunk)
    folder, output = tmp_path / "exports", tmp_path / "inbox.duckdb"
    generated(folder, **options)
    document = build(BuildOptions(folder, output=output, delay_windows=folder / TRUTH))
    assert not [note for note in document["notes"] if CAUSES in note]
    causes = known(folder)
    columns = dict.fromkeys((table, column) for table, column, _ in causes)
    assert found(output, columns) == {cause: rows for cause, rows in causes.items() if rows}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_thousand_leads_have_every_cause_and_few_jobs_have_none(
    seed: int, tmp_path: Path
) -> None:
    folder = tmp_path / "exports"
    generated(folder, 1_000, seed=seed)
    causes = known(folder)
    assert all(causes.values())
    by_column: dict[tuple[str, str], set[str]] = {}
    for table, column, value in causes:
        by_column.setdefault((table, column), set()).add(value)
    assert by_column == {
        ("AnchorContext", "firstOutboundBy"): {
            "setter", "setterUnknown", "ai", "aiOther", "campaign", "other"
        },
        ("Wait", "endedBy"): {"setter", "ai", "open"},
        ("SendingJob", "schedule"): {
            "match", "clamped", "opening", "retried", "later", "earlier", "outsideWindow",
            "noWindow", "implausible",
        },
        ("SendingJob", "outcome"): {
            "sent", "setterFirst", "newInbound", "otherOutbound", "failed", "due", "unexplained"
        },
        ("Reject", "reason"): {"bounce"},
    }  # fmt: skip
    outcomes = {value: rows for (_, column, value), rows in causes.items() if column == "outcome"}
    assert outcomes["unexplained"] < 0.01 * sum(outcomes.values())


def test_an_effect_changes_only_the_bookings_of_the_leads_that_it_acts_on(tmp_path: Path) -> None:
    without = generated(tmp_path / "without", seed=5)
    planted = generated(tmp_path / "planted", seed=5, effect=-5.0)
    changed = {name for name, content in planted.items() if content != without.get(name)}
    assert changed == {"Lead/part-00000.parquet", EFFECT, FOLDER_MANIFEST}
    [told] = pl.read_csv(tmp_path / "planted" / EFFECT).to_dicts()
    assert (told["cause"], told["outcome"], told["pointsPerMinute"]) == (
        "chosenDelay",
        "booked",
        -5,
    )
    ids, bookings = ["id", "clientId", "emailCampaignId", "createdAt"], pl.col("^(app|ghl|cal).*$")
    before, after = (
        pl.read_parquet(tmp_path / name / "Lead" / "*.parquet") for name in ("without", "planted")
    )
    assert before.select(ids).equals(after.select(ids))
    moved = (
        before.select(pl.struct(bookings)).to_series()
        != after.select(pl.struct(bookings)).to_series()
    )
    assert 0 < moved.sum() <= told["leads"] < len(after)


@pytest.mark.parametrize("points", [-5.0, 0.0, 5.0])
def test_a_planted_effect_is_in_the_bookings(points: float) -> None:
    """Also at the ends of the widest window no chance leaves 0 to 100 %."""
    rng = np.random.Generator(np.random.PCG64(7))
    count = 200_000
    off = rng.integers(-390, 391, count) / 60
    nobody = np.zeros(count, np.int64)
    drawn = bookings(rng, Picks(nobody, nobody, rng.integers(0, 60, count), off), points)
    kept = ~drawn.before
    booked = (drawn.books & ~drawn.cancels)[kept]
    found = 100 * np.cov(off[kept], booked)[0, 1] / np.var(off[kept])
    assert found == pytest.approx(points, abs=0.1)  # the error is 0.03
    assert 0.34 < booked.mean() < 0.51
    assert (drawn.at[drawn.before] < 0).all()
    assert (drawn.at[~drawn.before] > 0).all()
