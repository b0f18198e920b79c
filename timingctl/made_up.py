"""Made-up exports of any size, with the truth of their delay windows and causes.

What is in them is in made_up_inbox/.

The leads are drawn in chunks of CHUNK_LEADS, each from a generator of its own that depends on the
seed and the chunk's number alone: memory stays bounded, and a full chunk is the same whatever the
number of leads.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypedDict

import numpy as np
import polars as pl

from timingctl.arrow import as_rows
from timingctl.documents import as_json, iso
from timingctl.errors import SettingsError
from timingctl.made_up_inbox.causes import Causes
from timingctl.made_up_inbox.leads import Effect, draw_leads
from timingctl.made_up_inbox.until import as_of
from timingctl.made_up_inbox.world import draw_world
from timingctl.progress import Progress, Silence
from timingctl.schemas import EMAIL_CAMPAIGN, TABLES
from timingctl.scratch import scratch_folder
from timingctl.seals import FOLDER_MANIFEST, folder_manifest
from timingctl.stop import check
from timingctl.writer import Form, write_batches

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

#: Leads that are drawn together: about 500,000 messages.
CHUNK_LEADS = 25_000
#: The file, beside the exports, of the windows that were in force: what --delay-windows takes.
TRUTH = "delay_windows.csv"
#: The file, beside the exports, of how many rows of an inbox have which cause.
CAUSES = "causes.csv"
#: The file, beside the exports, of the effect that was planted, where one was.
EFFECT = "effect.csv"
#: Where a start may lie: everything that follows is an instant that build can read.
_YEARS = 1900, 9900


@dataclass(frozen=True)
class GenerateOptions:
    """What is to be made up. `start` is UTC: the first day of the year in which leads appear.

    `effect` is in points of booking a minute of chosen delay; null: bookings ignore the delay.
    `until`, UTC: the inbox as it stood then; null: as it is after a year.
    """

    folder: Path
    leads: int
    seed: int = 1
    start: datetime = datetime(2025, 1, 1, tzinfo=UTC)
    format: str = "parquet"
    effect: float | None = None
    until: datetime | None = None


class GenerateDocument(TypedDict):
    """The JSON document: what the exports follow from, and how many rows of each table."""

    leads: int
    seed: int
    start: str | None
    until: str | None
    format: str
    effect: float | None
    rows: dict[str, int]


@dataclass(frozen=True)
class Generated:
    """What was made up of what, and how many rows each table, TRUTH, CAUSES and EFFECT have."""

    options: GenerateOptions
    rows: dict[str, int]

    def document(self) -> GenerateDocument:
        """As JSON has it."""
        return {
            "leads": self.options.leads,
            "seed": self.options.seed,
            "start": iso(self.options.start),
            "until": iso(self.options.until),
            "format": self.options.format,
            "effect": self.options.effect,
            "rows": self.rows,
        }


def generate(options: GenerateOptions, progress: Progress | None = None) -> dict[str, int]:
    """Write the five exports, TRUTH, CAUSES and FOLDER_MANIFEST into the folder.

    Beside them EFFECT, where one is planted. An inbox `until` an instant has no CAUSES: they are
    of the whole. Returns rows by name.

    All of it or, on any error, nothing. Raises SettingsError for a folder that is not empty or
    cannot be written to, and for a start that leaves the calendar.
    """
    if not _YEARS[0] <= options.start.year <= _YEARS[1]:
        raise SettingsError(f"--start must lie between the years {_YEARS[0]} and {_YEARS[1]}.")
    progress = progress or Silence()
    world = draw_world(_rng(options.seed, 0), options.start)
    causes = Causes()
    effect = None if options.effect is None else Effect(options.effect)
    rows = dict.fromkeys((table.name for table in TABLES), 0)
    told = [TRUTH, *([] if options.until else [CAUSES]), *([EFFECT] if effect else [])]
    with _whole(options.folder, [*told, FOLDER_MANIFEST, *reversed(rows)]) as folder:
        _write_csv(world.truth, folder / TRUTH)
        progress.step("Generating leads")
        for number, first in enumerate(range(0, options.leads, CHUNK_LEADS)):
            count = min(CHUNK_LEADS, options.leads - first)
            tables = draw_leads(_rng(options.seed, 1, number), world, count, causes, effect)
            if options.until:
                tables = as_of(tables, options.until)
            if number == 0:
                tables[EMAIL_CAMPAIGN.name] = world.campaign
            for name, frame in tables.items():
                rows[name] += len(frame)
                _write(frame, folder / name / f"part-{number:05}.{options.format}")
            progress.rows(first + count, options.leads)
        known = causes.frame()
        if not options.until:
            _write_csv(known, folder / CAUSES)
        if effect:
            _write_csv(_planted(effect), folder / EFFECT)
        _seal(folder)
    beside = {TRUTH: len(world.truth), CAUSES: len(known), EFFECT: 1}
    return rows | {name: count for name, count in beside.items() if name in told}


def _planted(effect: Effect) -> pl.DataFrame:
    """The file of the effect: what acts on what, how strongly, and for how many leads."""
    return pl.DataFrame(
        {
            "cause": ["chosenDelay"],
            "outcome": ["booked"],
            "pointsPerMinute": [effect.points],
            "leads": [effect.leads],
        }
    )


def _rng(seed: int, *key: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=key)))


@contextmanager
def _whole(folder: Path, names: Sequence[str]) -> Iterator[Path]:
    """A folder inside `folder`, whose entries `names` move up if all goes well.

    Message, without which no build starts, is to be the last of them.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with scratch_folder(folder) as scratch:
            _check_empty(folder, scratch.folder)
            yield scratch.room
            check()
            _check_empty(folder, scratch.folder)  # a rename would replace what has come meanwhile
            moved = []
            try:
                for name in names:
                    (scratch.room / name).rename(folder / name)
                    moved.append(name)
            except BaseException:
                for name in reversed(moved):
                    (folder / name).rename(scratch.room / name)
                raise
    except OSError as error:
        raise SettingsError(f"{folder} cannot be written to: {error.strerror or error}.") from error


def _check_empty(folder: Path, scratch: Path) -> None:
    """Raise SettingsError when a folder has anything but the private one."""
    taken = min((path for path in folder.iterdir() if path != scratch), default=None)
    if taken is not None:
        raise SettingsError(
            f"{folder} is not empty: it has {taken.name!r}; give a new or an empty folder."
        )


def _seal(folder: Path) -> None:
    """Write the manifest of all files in the folder."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    names = [path.relative_to(folder).as_posix() for path in files]
    manifest = folder / FOLDER_MANIFEST
    manifest.write_text(as_json(folder_manifest(names, files)), encoding="utf-8")


def _write(frame: pl.DataFrame, path: Path) -> None:
    """One part of a table; text formats have instants as psql prints them."""
    path.parent.mkdir(exist_ok=True)
    if path.suffix != ".parquet":
        instants = pl.selectors.datetime()
        frame = frame.with_columns(instants.dt.to_string("%Y-%m-%d %H:%M:%S%.3f"))
    write_batches(iter([as_rows(frame)]), frame.schema, path, Form(path.suffix))


def _write_csv(frame: pl.DataFrame, path: Path) -> None:
    with path.open("wb") as file:  # Polars takes some paths for URLs
        frame.write_csv(file, datetime_format="%Y-%m-%d %H:%M:%S")
