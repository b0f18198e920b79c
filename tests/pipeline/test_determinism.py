"""The same data gives the same bytes: in any row order, format and sharding, on any machine."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from tests.cases import CASES, FIXTURES, exports_of, options_of
from timingctl import pipeline, warehouse
from timingctl.generate import GenerateOptions, generate
from timingctl.pipeline import BuildOptions, build
from timingctl.warehouse import Resources

Frames = dict[str, pl.DataFrame]


def frames_of(case: Path) -> Frames:
    """The exports of a case as text."""
    return {path.stem: pl.read_csv(path, infer_schema=False) for path in exports_of(case)}


def shuffled(frames: Frames, seed: int) -> Frames:
    return {
        name: frame.sample(fraction=1, shuffle=True, seed=seed) for name, frame in frames.items()
    }


def as_csv(frames: Frames, folder: Path) -> None:
    for name, frame in frames.items():
        frame.write_csv(folder / f"{name}.csv")


def as_untidy_csv(frames: Frames, folder: Path) -> None:
    """Another column order and style, CRLF, a BOM, extra columns with newlines, explicit nulls."""
    for name, frame in frames.items():
        extra = frame.with_columns(pl.lit('said "so",\n\nand left').alias("Body"))
        columns = random.Random(len(name)).sample(extra.columns, len(extra.columns))
        renamed = extra.select(columns).rename(lambda column: column.upper())
        text = renamed.write_csv(null_value="NULL", line_terminator="\r\n", include_bom=True)
        (folder / f"{name}_rows.csv").write_bytes(text.encode())


def as_gzipped_tsv(frames: Frames, folder: Path) -> None:
    for name, frame in frames.items():
        text = frame.write_csv(separator="\t", null_value=r"\N")
        (folder / f"{name.lower()}s.tsv.gz").write_bytes(gzip.compress(text.encode()))


def as_json(frames: Frames, folder: Path) -> None:
    for name, frame in frames.items():
        frame.write_json(folder / f"{name}.json")


def as_zstd_ndjson(frames: Frames, folder: Path) -> None:
    for name, frame in frames.items():
        frame.lazy().sink_ndjson(folder / f"{name}.ndjson.zst", compression="zstd")


def as_parquet(frames: Frames, folder: Path) -> None:
    for name, frame in frames.items():
        frame.write_parquet(folder / f"{name}.parquet")


def as_typed_parquet(frames: Frames, folder: Path) -> None:
    """Native timestamps in milliseconds with a zone where that is exact, and native integers."""
    for name, frame in frames.items():
        instants = [column for column in frame.columns if column.endswith("At")]
        numbers = [column for column in frame.columns if column.endswith(("Index", "Seconds"))]
        try:
            typed = frame.with_columns(
                pl.col(instants)
                .str.to_datetime(time_unit="us", strict=True)
                .dt.replace_time_zone("UTC")
                .dt.convert_time_zone("Asia/Kolkata"),
                pl.col(numbers).cast(pl.Int16),
            )
        except pl.exceptions.PolarsError:
            typed = frame  # a fixture of unusable values has no native types
        typed.write_parquet(folder / f"{name}.parquet")


def as_shards(frames: Frames, folder: Path) -> None:
    """Three shards of three formats in dated folders."""
    for name, frame in frames.items():
        for number in range(3):
            day = folder / name / f"dt=2026-02-0{number + 1}"
            day.mkdir(parents=True)
            part = frame[number::3]
            if number == 0:
                part.write_parquet(day / "part.parquet")
            elif number == 1:
                part.write_csv(day / "part.csv")
            else:
                part.write_ndjson(day / "part.jsonl")


LAYOUTS: list[Callable[[Frames, Path], None]] = [
    as_csv,
    as_untidy_csv,
    as_gzipped_tsv,
    as_json,
    as_zstd_ndjson,
    as_parquet,
    as_typed_parquet,
    as_shards,
]


@pytest.mark.parametrize("name", CASES)
def test_fixtures_in_every_layout_and_order(name: str, tmp_path: Path) -> None:
    case = FIXTURES / name
    expected = tmp_path / "expected.parquet"
    digest = build(options_of(case, output=expected))["contentDigest"]
    for seed, layout in enumerate(LAYOUTS):
        source = tmp_path / layout.__name__
        source.mkdir()
        layout(shuffled(frames_of(case), seed), source)
        output = tmp_path / f"{layout.__name__}.parquet"
        resources = Resources(threads=1 + seed % 3, memory_limit="200MB" if seed % 2 else None)
        document = build(options_of(case, source=source, output=output, resources=resources))
        assert output.read_bytes() == expected.read_bytes(), layout.__name__
        assert document["contentDigest"] == digest, layout.__name__


@pytest.fixture(scope="module")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """About 20,000 messages."""
    folder = tmp_path_factory.mktemp("synthetic")
    generate(GenerateOptions(folder, leads=1_000, seed=7))
    return folder


def test_threads_memory_and_runs_change_no_byte(synthetic: Path, tmp_path: Path) -> None:
    written = []
    for number, resources in enumerate(
        [Resources(), Resources(threads=1), Resources(threads=4, memory_limit="80MB"), Resources()]
    ):
        output = tmp_path / str(number) / "events.parquet"
        output.parent.mkdir()
        build(BuildOptions(source=synthetic, output=output, resources=resources))
        written.append((output.read_bytes(), pipeline.manifest_path(output).read_bytes()))
    assert written == written[:1] * 4


def test_the_digest_does_not_depend_on_format_or_batches(
    synthetic: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digests = set()
    for suffix in (".parquet", ".csv", ".ndjson"):
        document = build(BuildOptions(source=synthetic, output=tmp_path / f"events{suffix}"))
        digests.add(document["contentDigest"])
    monkeypatch.setattr(warehouse, "BATCH_ROWS", 2048)
    output = tmp_path / "small.parquet"
    document = build(BuildOptions(source=synthetic, output=output))
    assert document["events"]["total"] > 2 * 2048, "too few events to need several batches"
    digests.add(document["contentDigest"])
    assert len(digests) == 1
    formats = [
        pl.read_parquet(output),
        pl.read_csv(tmp_path / "events.csv", infer_schema=False),
        pl.read_ndjson(tmp_path / "events.ndjson", infer_schema_length=None),
    ]
    assert [len(frame) for frame in formats] == [document["events"]["total"]] * 3


def test_the_digest_notices_a_changed_row(tmp_path: Path) -> None:
    case = FIXTURES / "tour"
    source = tmp_path / "exports"
    source.mkdir()
    frames = frames_of(case)
    as_csv(frames, source)
    digest = build(options_of(case, output=tmp_path / "a.parquet"))["contentDigest"]
    same = build(options_of(case, source=source, output=tmp_path / "b.parquet"))["contentDigest"]
    frames["Message"] = frames["Message"].with_columns(
        pl.col("sentByUserId").replace({"user-mia": "user-mib"})
    )
    as_csv(frames, source)
    other = build(options_of(case, source=source, output=tmp_path / "c.parquet"))["contentDigest"]
    assert same == digest != other
