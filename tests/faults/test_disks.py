"""Disks that are full, read-only or gone: a sentence, and what was there stands."""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.bad_input.tool import MESSAGES, timingctl, write
from tests.faults.conftest import EVENTS, MANIFEST, REJECTS
from tests.faults.tool import Work, files_in, finish

if TYPE_CHECKING:
    from tests.bad_input.tool import Done
    from tests.postgres.server import App, Server

#: The step at which a command has its temporary files beside what it will replace.
WRITING = {"build": "Writing events", "pull": "Pulling Message"}


class SmallDisk:
    """A file system of some pages of memory, mounted on a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._mount("-t", "tmpfs", "-o", "size=64k", "tmpfs")

    def resize(self, size: int) -> None:
        """Let it hold so many bytes."""
        self._mount("-o", f"remount,size={size}")

    def fill(self, pages: int = 0) -> None:
        """Let it hold no more than so many pages besides what it does."""
        used = os.statvfs(self.folder)
        self.resize((used.f_blocks - used.f_bfree + pages) * used.f_frsize)

    def let_write(self, *, may: bool) -> None:
        """Make it read-only, or not."""
        self._mount("-o", f"remount,{'rw' if may else 'ro'}")

    def remove(self) -> None:
        """Unmount it."""
        subprocess.run(["umount", "--lazy", self.folder], check=True)

    def _mount(self, *arguments: str) -> None:
        subprocess.run(["mount", *arguments, self.folder], check=True, capture_output=True)


@contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk]:
    """A small disk, mounted meanwhile. Skips the test where none can be."""
    try:
        found = SmallDisk(folder)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no tmpfs can be mounted here: {error}")
    try:
        yield found
    finally:
        found.remove()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A small disk."""
    folder = tmp_path / "disk"
    folder.mkdir()
    with small_disk(folder) as found:
        yield found


def on(disk: SmallDisk, work: Work) -> Work:
    """The same work with its results on the disk, which has the first of them and is full."""
    disk.resize(4 << 20)
    for name, content in work.results[0].items():
        (disk.folder / name).write_bytes(content)
    disk.fill()
    place = disk.folder / EVENTS if work.command == "build" else disk.folder
    arguments = [(*given, "-o", place) for given in work.arguments]
    return replace(work, arguments=arguments, look=lambda: files_in(disk.folder))


def refused(done: Done, says: str) -> None:
    """Hold that a command could not have what it needs, and said so in a sentence."""
    assert (done.code, done.out) == (10, "")
    assert done.err.startswith("Error: ")
    assert says in done.err
    assert done.err.count("\n") == 1


@pytest.mark.wide(but=1)
def test_a_full_disk(filing: Work, disk: SmallDisk) -> None:
    work = on(disk, filing)
    refused(work.run(1), "cannot be written to: No space left on device.")
    work.stands(0)
    disk.resize(4 << 20)
    work.completes(1)


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("command", ["build", "sync"])
def test_a_disk_that_is_full_for_an_inbox(command: str, disk: SmallDisk, tmp_path: Path) -> None:
    """Where a database is written, and not only copied or renamed."""
    inbox = disk.folder / "inbox.duckdb"
    disk.resize(32 << 20)
    assert timingctl("build", write(tmp_path / "first", {}), "-o", inbox, "-q").code == 0
    before = files_in(disk.folder)
    newer = write(tmp_path / "newer", {"Message.csv": MESSAGES.replace("10:01:00", "10:05:00")})
    given = ("build", newer, "-o", inbox) if command == "build" else ("sync", inbox, newer)
    disk.fill(pages=len(before[inbox.name]) // 4096 * (command == "sync") + 20)
    refused(
        timingctl(*given, "-q"), f"{disk.folder} cannot be written to: No space left on device."
    )
    assert files_in(disk.folder) == before
    disk.resize(32 << 20)
    assert timingctl(*given, "-q").code == 0


@pytest.mark.races
def test_a_disk_that_is_full_but_for_the_manifest(build_work: Work, disk: SmallDisk) -> None:
    work = on(disk, build_work)
    disk.resize(4 << 20)
    with work.paused("Writing events", 0) as process:
        ahead = sum(-(-len(work.results[0][name]) // 4096) for name in (EVENTS, REJECTS))
        disk.fill(pages=ahead)
        refused(finish(process), "cannot be written to: No space left on device.")
    work.stands(0)
    disk.resize(4 << 20)
    work.completes(1)


@pytest.mark.wide(but=1)
@pytest.mark.races
def test_a_limit_on_the_size_of_files(filing: Work) -> None:
    with filing.paused(WRITING[filing.command], 1) as process:
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (4096, 4096))
        refused(finish(process), "cannot be written to: File too large.")
    filing.stands(0)
    filing.completes(1)


def test_a_read_only_folder(build_work: Work, disk: SmallDisk) -> None:
    work = on(disk, build_work)
    disk.let_write(may=False)
    refused(work.run(1), "is no folder that can be written to")
    work.stands(0)
    disk.let_write(may=True)
    disk.resize(4 << 20)
    work.completes(1)


@pytest.mark.wide(but=1)
@pytest.mark.races
def test_a_folder_that_becomes_read_only(filing: Work, disk: SmallDisk) -> None:
    work = on(disk, filing)
    disk.resize(4 << 20)
    with work.paused(WRITING[work.command], 1) as process:
        disk.let_write(may=False)
        refused(finish(process), "cannot be written to: Read-only file system.")
    assert work.seen() == work.results[0]
    disk.let_write(may=True)
    work.completes(1)


@pytest.mark.wide(but=1)
@pytest.mark.races
@pytest.mark.parametrize("point", ["", "rename"])
def test_a_folder_that_vanishes(filing: Work, out: Path, point: str) -> None:
    with filing.paused(point or WRITING[filing.command], 1) as process:
        shutil.rmtree(out)
        refused(finish(process), "cannot be written to: No such file or directory.")
    assert not out.exists()
    out.mkdir()
    filing.completes(1)


@pytest.mark.wide(but=1)
@pytest.mark.races
@pytest.mark.parametrize("point", ["", "rename"])
def test_a_folder_that_is_moved_away(filing: Work, out: Path, point: str) -> None:
    away = out.with_name("away")
    with filing.paused(point or WRITING[filing.command], 1) as process:
        out.rename(away)
        refused(finish(process), "cannot be written to: No such file or directory.")
    away.rename(out)
    assert filing.seen() == filing.results[0]
    filing.completes(1)


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("name", [MANIFEST, REJECTS])
def test_a_folder_in_the_place_of_a_file(build_work: Work, out: Path, name: str) -> None:
    (out / name).unlink()
    (out / name).mkdir()
    refused(build_work.run(1), f"{name} is a folder; move it away, or give another")
    assert (out / EVENTS).read_bytes() == build_work.results[0][EVENTS]
    (out / name).rmdir()
    build_work.completes(1)


def test_a_memory_limit_that_is_too_low(build_work: Work) -> None:
    for limit in ("1MB", "20MB"):
        refused(build_work.run(1, "--memory-limit", limit), "Not enough memory: raise")
        build_work.stands(0)
    build_work.completes(1)


def limits() -> Iterator[tuple[str, ...]]:
    """Options of a build that, from the first on, leave it less and less memory."""
    return (
        ("--memory-limit", f"{megabytes}MB", "--threads", "1") for megabytes in range(60, 9, -5)
    )


def test_a_full_temporary_folder(build_work: Work, disk: SmallDisk, tmp_path: Path) -> None:
    work = replace(build_work, spill=disk.folder)
    spare = tmp_path / EVENTS

    limited = next(given for given in limits() if work.run(1, *given, "-o", spare).code)
    refused(
        work.run(1, *limited),
        "The temporary folder cannot be used: No space left on device. Give another",
    )
    work.stands(0)
    disk.resize(64 << 20)
    assert work.run(1, *limited).code == 0
    work.stands(1)


def test_a_temporary_folder_too_small_to_pull_into(
    apps: tuple[App, App], build_work: Work, disk: SmallDisk
) -> None:
    arguments = [("build", app.dsn, *given[2:]) for app, given in
                 zip(apps, build_work.arguments, strict=True)]  # fmt: skip
    work = replace(build_work, spill=disk.folder, arguments=arguments)
    refused(work.run(1), "cannot be written to: No space left on device.")
    work.stands(0)
    disk.resize(64 << 20)
    assert work.run(1).code == 0
    assert list(disk.folder.iterdir()) == []


@pytest.mark.wide
@pytest.mark.races
def test_a_temporary_folder_that_vanishes(build_work: Work, spill: Path) -> None:
    least = next(given for given in [*limits()][::-1] if build_work.run(0, *given).code == 0)
    for point in ("Writing events", "Reading Message"):
        with build_work.paused(point, 1, *least) as process:
            shutil.rmtree(spill)
            done = finish(process)
        spill.mkdir()
        if done.code == 0:  # nothing was there that it still needed
            build_work.completes(0)
            continue
        refused(done, "The temporary folder cannot be used: No such file or directory. Give")
        build_work.stands(0)
    assert done.code
    build_work.completes(1)


@pytest.fixture
def table_on_disk(server: Server, push_app: App) -> Iterator[SmallDisk]:
    """The disk of the table alone, which is full."""
    folder = server.folder / "disk"
    folder.mkdir()
    with small_disk(folder) as disk:
        disk.resize(64 << 20)
        shutil.chown(folder, server.folder.owner())
        push_app.run(
            f"create tablespace disk location '{folder}';\n"
            'alter table "ResponseTimingEvent" set tablespace disk;\n'
            "checkpoint;\n"
        )
        disk.fill()
        yield disk
        disk.resize(64 << 20)
        push_app.run(
            'alter table "ResponseTimingEvent" set tablespace pg_default;\n'
            "checkpoint;\ndrop tablespace disk;\n"
        )


def test_a_full_disk_of_the_server(push_work: Work, table_on_disk: SmallDisk) -> None:
    done = push_work.run(1)
    assert done.code == 12
    assert re.fullmatch(
        r"Error: PostgreSQL at \S+ refused: could not extend file .*: No space left on device.\n",
        done.err,
    )
    push_work.stands(0)
    table_on_disk.resize(64 << 20)
    push_work.completes(1)
