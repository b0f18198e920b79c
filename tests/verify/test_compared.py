"""What is found between two builds of the same rows that should be one, and are not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import polars as pl
import pytest

from tests.cases import FIXTURES, options_of
from timingctl.pipeline import build
from timingctl.seals import manifest_path
from timingctl.verify.matrix import _Built, _compared

if TYPE_CHECKING:
    from collections.abc import Callable

    from timingctl.manifest import Manifest


def reversed_rows(path: Path) -> None:
    pl.read_parquet(path).reverse().write_parquet(path)


def other_bytes(path: Path) -> None:
    pl.read_parquet(path).write_parquet(path, compression="uncompressed")


@pytest.mark.wide(but=1)
@pytest.mark.parametrize(
    ("change", "said", "found"),
    [
        (None, {}, None),
        (reversed_rows, {"contentDigest": "sha256:0"},
         "the same events stand in another order"),
        (other_bytes, {}, "the same events in the same order give other bytes"),
        (None, {"asOf": "then", "events": {}},
         "the manifest says something else of asOf, events"),
    ],
)  # fmt: skip
def test_what_is_found_between_two_builds(
    tmp_path: Path, change: Callable[[Path], None] | None, said: dict[str, Any], found: str | None
) -> None:
    outputs = tmp_path / "one.parquet", tmp_path / "other.parquet"
    one, other = (
        _Built(output, build(options_of(FIXTURES / "tour", output=output))) for output in outputs
    )
    if change:
        change(other.output)
        manifest_path(other.output).unlink()
    finding = _compared(one, _Built(other.output, cast("Manifest", other.manifest | said)), None)
    assert (finding and finding.says) == found
