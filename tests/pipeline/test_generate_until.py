"""A made-up inbox as it stood at an instant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from timingctl.made_up import CAUSES, GenerateOptions, generate
from timingctl.schemas import TABLES


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "inbox"
    generate(GenerateOptions(folder, 300))
    return folder


def until(instant: datetime, folder: Path) -> dict[str, pl.DataFrame]:
    generate(GenerateOptions(folder, 300, until=instant.replace(tzinfo=UTC)))
    assert not (folder / CAUSES).exists()  # they are of the whole
    return tables(folder)


def tables(folder: Path) -> dict[str, pl.DataFrame]:
    return {table.name: pl.read_parquet(folder / table.name / "*.parquet") for table in TABLES}


def test_long_after_the_end_it_is_the_whole(whole: Path, tmp_path: Path) -> None:
    late, all_ = until(datetime(2027, 1, 1), tmp_path / "late"), tables(whole)
    assert all(late[name].equals(all_[name]) for name in all_)


def test_nothing_is_told_that_had_not_happened(whole: Path, tmp_path: Path) -> None:
    all_ = tables(whole)
    ran = all_["BackgroundJob"].drop_nulls("startedAt").sort("startedAt")
    at = ran["startedAt"][len(ran) // 2] - timedelta(seconds=1)  # a job waits
    then = until(at, tmp_path / "then")
    past = ("createdAt", "sentAt", "startedAt", "finishedAt", "appointmentBookedAt",
            "appointmentCanceledAt")  # fmt: skip
    for name, frame in then.items():
        assert frame["id"].is_in(all_[name]["id"].implode()).all()
        for column in set(past) & set(frame.columns):
            assert frame.filter(pl.col(column) >= at).is_empty(), (name, column)
    jobs = then["BackgroundJob"].filter(pl.col("startedAt").is_null(), pl.col("runAt") >= at)
    assert jobs["status"].unique().to_list() == ["PENDING"]
    assert len(jobs) > 0
    assert set(jobs["attempts"]) == {0}
    drafts = then["AIDraft"].filter(pl.col("status") == "approved")
    assert drafts["id"].is_in(then["Message"]["aiDraftId"].implode()).all()
    leads = then["Lead"]
    booked_later = all_["Lead"].filter(pl.col("appointmentBookedAt") >= at)["id"].implode()
    undone = leads.filter(pl.col("id").is_in(booked_later))
    assert len(undone) > 0
    assert undone["appointmentStatus"].null_count() == len(undone)
