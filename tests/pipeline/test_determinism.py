"""The same data gives the same bytes: in any row order, format and sharding, on any machine."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from tests.cases import CASES, FIXTURES, exports_of, options_of
from timingctl.made_up import GenerateOptions, generate
from timingctl.options import BuildOptions
from timingctl.pipeline import build
from timingctl.seals import manifest_path
from timingctl.verify import matrix
from timingctl.verify.cases import cases_in

Frames = dict[str, pl.DataFrame]


def frames_of(case: Path) -> Frames:
    """The exports of a case as text."""
    return {path.stem: pl.read_csv(path, infer_schema=False) for path in exports_of(case)}


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


LAYOUTS: list[Callable[[Frames, Path], None]] = [
    as_untidy_csv,
    as_gzipped_tsv,
    as_json,
    as_zstd_ndjson,
    as_typed_parquet,
]


#: Fixtures of what is most easily read otherwise, which are tried in every way.
HARD = ("odd_ids", "unusable_rows")
#: The others, in a group for each way but the first, in which it is tried: together in all.
GROUPS = [[name for name in CASES if name not in HARD][nth::8] for nth in range(8)]


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("group", range(8))
def test_the_fixtures_in_some_ways_of_the_matrix(
    group: int, thorough: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each in two, unless there are hours; `test_all_is_well` has the tour in all."""
    as_given, *others = matrix.MATRIX
    assert len(others) == len(GROUPS)
    if not thorough:
        monkeypatch.setattr(matrix, "MATRIX", [as_given, others[group]])
    passed(GROUPS[group])


@pytest.mark.wide
@pytest.mark.parametrize("name", HARD)
def test_the_hard_fixtures_in_every_way_of_the_matrix(name: str) -> None:
    passed([name])


def passed(names: list[str]) -> None:
    """Hold that nothing is amiss with fixtures, however they are built."""
    for verdict in matrix.verify(cases_in([FIXTURES / name for name in names])):
        assert verdict.passed, verdict.document()


@pytest.mark.wide(but=2)
@pytest.mark.parametrize("name", CASES)
def test_a_fixture_in_untidy_layouts(name: str, thorough: bool, tmp_path: Path) -> None:
    case = FIXTURES / name
    expected = tmp_path / "expected.parquet"
    digest = build(options_of(case, output=expected))["contentDigest"]
    some = [LAYOUTS[CASES.index(name) % len(LAYOUTS)]]
    for layout in LAYOUTS if thorough or name in {*HARD, "tour"} else some:
        source = tmp_path / layout.__name__
        source.mkdir()
        layout(frames_of(case), source)
        output = tmp_path / f"{layout.__name__}.parquet"
        document = build(options_of(case, source=source, output=output))
        assert output.read_bytes() == expected.read_bytes(), layout.__name__
        assert document["contentDigest"] == digest, layout.__name__


@pytest.fixture(scope="module")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """About 20,000 messages."""
    folder = tmp_path_factory.mktemp("synthetic")
    generate(GenerateOptions(folder, leads=1_000, seed=7))
    return folder


@pytest.mark.wide
def test_many_messages_in_every_way_of_the_matrix(synthetic: Path) -> None:
    [verdict] = matrix.verify(cases_in([synthetic]))
    assert verdict.alike, verdict.document()
    assert verdict.events > 2 * 2048, "too few events to need several batches"


def test_a_second_run_gives_the_same_files(synthetic: Path, tmp_path: Path) -> None:
    written = []
    for number in range(2):
        output = tmp_path / str(number) / "events.parquet"
        output.parent.mkdir()
        build(BuildOptions(source=synthetic, output=output))
        written.append((output.read_bytes(), manifest_path(output).read_bytes()))
    assert written[0] == written[1]


def test_the_digest_does_not_depend_on_the_format(synthetic: Path, tmp_path: Path) -> None:
    digests = set()
    for suffix in (".parquet", ".csv", ".ndjson"):
        document = build(BuildOptions(source=synthetic, output=tmp_path / f"events{suffix}"))
        digests.add(document["contentDigest"])
    assert len(digests) == 1
    formats = [
        pl.read_parquet(tmp_path / "events.parquet"),
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
