"""Inputs that change while they are read: what was found is read, or nothing is made of it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl
import pytest

from tests.bad_input.tool import HEADER, INBOUND, MESSAGES, ORDINARY, OUTBOUND, cases, write
from tests.faults.tool import Work, files_in, finish
from timingctl.errors import InputError
from timingctl.options import BuildOptions
from timingctl.pipeline import build
from timingctl.progress import Silence

CHANGED = "{} changed while it was read; run this again when nothing writes to it."


def replace(path: Path) -> None:
    """Put a file of the same size and time in its place."""
    before = path.stat()
    copy = path.with_suffix(".new")
    shutil.copy(path, copy)
    os.utime(copy, ns=(before.st_atime_ns, before.st_mtime_ns))
    copy.replace(path)


def rewrite(path: Path) -> None:
    """Write other bytes of the same number in place."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def truncate(path: Path) -> None:
    """Cut it in half."""
    os.truncate(path, path.stat().st_size // 2)


def grow(path: Path) -> None:
    """Add its last line once more."""
    content = path.read_bytes()
    path.write_bytes(content + content.splitlines(keepends=True)[-1])


HARMS = [replace, rewrite, truncate, grow, Path.unlink]


@dataclass
class Harm(Silence):
    """Does harm when a step begins."""

    when: str
    does: Callable[[], object]

    def step(self, doing: str) -> None:
        """Do it, if it is the step."""
        if doing == self.when:
            self.does()


def _parquet(path: Path) -> None:
    pl.read_csv(MESSAGES.encode()).write_parquet(path)


def _database(path: Path) -> None:
    with duckdb.connect(path) as connection:
        for name, text in ORDINARY.items():
            frame = pl.read_csv(text.encode())
            connection.sql(f'create table "{name[:-4]}" as from frame')
            del frame


@pytest.mark.wide(but=3)
@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize(
    ("name", "content"),
    cases(
        ("CSV", "Message.csv", MESSAGES),
        ("NDJSON", "Message.ndjson", "".join(
            f'{{"id":"{n}","leadId":"ann","channel":"email","direction":"inbound",'
            f'"sentAt":"2026-02-10 10:00:00"}}\n' for n in range(9))),
        ("Parquet", "Message.parquet", _parquet),
    ),
)  # fmt: skip
def test_a_file_that_changes_before_it_is_read_stops_the_build(
    tmp_path: Path, out: Path, name: str, content: str, harm: Callable[[Path], object]
) -> None:
    source = write(tmp_path / "exports", {name: content})
    options = BuildOptions(source, output=out / "e.parquet")
    build(options)
    before = files_in(out)
    with pytest.raises(InputError) as error:
        build(options, Harm("Reading Message", lambda: harm(source / name)))
    assert str(error.value) == CHANGED.format(name)
    assert files_in(out) == before


@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize("name", ["Lead.csv", "AIDraft.csv"])
def test_so_does_one_that_changes_while_others_are_read(
    tmp_path: Path, out: Path, name: str, harm: Callable[[Path], object]
) -> None:
    source = write(tmp_path / "exports", {})
    with pytest.raises(InputError) as error:
        build(
            BuildOptions(source, output=out / "e.parquet"),
            Harm("Reading Message", lambda: harm(source / name)),
        )
    assert str(error.value) == CHANGED.format(name)
    assert not list(out.iterdir())


@pytest.mark.parametrize("harm", HARMS)
def test_so_does_a_database(tmp_path: Path, out: Path, harm: Callable[[Path], object]) -> None:
    _database(source := tmp_path / "inbox.duckdb")
    with pytest.raises(InputError) as error:
        build(
            BuildOptions(source, output=out / "e.parquet"),
            Harm("Reading Message", lambda: harm(source)),
        )
    assert str(error.value) == CHANGED.format("main.Message")
    assert not list(out.iterdir())


def test_what_happens_to_a_file_that_was_read_is_no_matter(tmp_path: Path, out: Path) -> None:
    source = write(tmp_path / "exports", {})
    options = BuildOptions(source, output=out / "e.parquet")
    build(options)
    before = files_in(out)
    build(options, Harm("Reading Lead", (source / "Message.csv").unlink))
    assert files_in(out) == before


def test_a_shard_that_comes_meanwhile_is_not_read(tmp_path: Path, out: Path) -> None:
    source = write(tmp_path / "exports", {"Message": Path.mkdir})
    (source / "Message" / "part-0.csv").write_text(MESSAGES)
    late = source / "Message" / "part-1.csv"
    options = BuildOptions(source, output=out / "e.parquet")
    document = build(
        options, Harm("Reading Message", lambda: late.write_text(HEADER + INBOUND + OUTBOUND))
    )
    assert document["tables"]["Message"]["files"] == ["Message/part-0.csv"]
    assert document["tables"]["Message"]["rowsRead"] == 2
    assert build(options)["tables"]["Message"]["rowsRead"] == 4


@pytest.mark.wide(but=1)
@pytest.mark.races
@pytest.mark.parametrize("harm", [replace, truncate])
def test_a_file_that_changes_between_two_looks_stops_the_build(
    build_work: Work, exports: tuple[Path, Path], harm: Callable[[Path], object]
) -> None:
    [path] = exports[1].glob("Message/*")
    content = path.read_bytes()
    try:
        with build_work.paused("insert into import_message", 1) as process:
            harm(path)
            done = finish(process)
    finally:
        path.write_bytes(content)
    label = path.relative_to(exports[1])
    assert (done.code, done.out, done.err) == (11, "", f"Error: {CHANGED.format(label)}\n")
    build_work.stands(0)
    build_work.completes(1)


@pytest.mark.races
def test_a_file_of_events_that_changes_stops_a_push(
    push_work: Work, event_files: tuple[Path, Path]
) -> None:
    path = event_files[1]
    content = path.read_bytes()
    try:
        with push_work.paused("insert into import_pushed_event", 1) as process:
            rewrite(path)
            done = finish(process)
    finally:
        path.write_bytes(content)
    assert (done.code, done.err) == (11, f"Error: {CHANGED.format(path.name)}\n")
    push_work.stands(0)
    push_work.completes(1)
