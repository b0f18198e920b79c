"""Files appear whole or not at all, and private until they do."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest

from timingctl.arguments import OUTPUT_SUFFIXES
from timingctl.arrow import as_rows
from timingctl.errors import SettingsError
from timingctl.replacing import replacing
from timingctl.writer import FORMATS, Form, write_batches

ROWS = pl.DataFrame({"id": ["A", None], "n": [1, 2]})


@pytest.mark.parametrize("suffix", FORMATS)
def test_an_error_of_the_frames_comes_out_as_it_is(tmp_path: Path, suffix: str) -> None:
    def batches() -> Iterator[pa.Table]:
        yield as_rows(ROWS)
        raise LookupError("in the middle")

    target = tmp_path / f"events{suffix}"
    target.write_text("before")
    with pytest.raises(LookupError, match="in the middle"), replacing([target], []) as [temporary]:
        write_batches(batches(), ROWS.schema, temporary, Form(suffix))
    assert [path.name for path in tmp_path.iterdir()] == [target.name]
    assert target.read_text() == "before"


@pytest.mark.parametrize("suffix", FORMATS)
def test_private_while_written_then_as_the_umask_says(tmp_path: Path, suffix: str) -> None:
    target, obsolete = tmp_path / f"events{suffix}", tmp_path / "obsolete"
    obsolete.write_text("")
    mask = os.umask(0o027)
    try:
        with replacing([target], [obsolete]) as [temporary]:
            write_batches(iter([as_rows(ROWS)]), ROWS.schema, temporary, Form(suffix))
            assert stat.S_IMODE(temporary.parents[1].stat().st_mode) == 0o700
            assert not target.exists()
            assert obsolete.exists()
    finally:
        os.umask(mask)
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize("suffix", FORMATS)
def test_a_full_disk_is_a_sentence(suffix: str) -> None:
    rows = pl.DataFrame({"id": ["A" * 100] * 10_000, "n": range(10_000)})
    with pytest.raises(SettingsError, match="/dev cannot be written to: No space left on device"):
        write_batches(iter([as_rows(rows)]), rows.schema, Path("/dev/full"), Form(suffix))


def test_the_command_line_offers_exactly_the_formats_that_can_be_written() -> None:
    assert OUTPUT_SUFFIXES == FORMATS  # typed twice, to keep Polars out of --help
