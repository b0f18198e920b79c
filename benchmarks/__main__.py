"""`python -m benchmarks`: everything in one run on the same data, interleaved and repeated.

Every command is a cold process; the disk's caches are warm, because each has run once before,
when what it wrote was compared with what build writes.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from benchmarks import contenders
from benchmarks.contenders import HERE, Contender, Data
from benchmarks.postgres import Watch
from benchmarks.results import RESULTS, Measured, document, goals, growth, save, show

if TYPE_CHECKING:
    from collections.abc import Sequence

PARTS = (
    "floor",
    "postgres",
    "polars",
    "python",
    "formats",
    "memory",
    "start",
    "report",
    "infer",
    "inbox",
)
#: Bytes of disk that a lead needs, generously: its exports and events, and what a part adds.
DISK = 4_000
DISK_OF = {"postgres": 60_000, "inbox": 6_000, "formats": 16_000, "memory": 8_000}
DISK_OF_EVENT = 300
#: Leads of the slice that the plain loop gets.
SLICE_LEADS = 3_000


@click.command()
@click.option("--leads", default=130_000, show_default=True, help="About 20 messages each.")
@click.option(
    "--repeats", default=5, show_default=True, help="Rounds that count; 0: the one before does."
)
@click.option("--only", multiple=True, type=click.Choice(PARTS), help="Only these, beside build.")
@click.option("--events", default=10_000_000, show_default=True, help="Events to report on.")
@click.option("--temp-dir", type=click.Path(path_type=Path), help="Where all of it stands.")
@click.option(
    "--results", type=click.Path(path_type=Path), default=RESULTS, help="Where figures are kept."
)
def main(
    leads: int, repeats: int, only: tuple[str, ...], events: int, temp_dir: Path | None,
    results: Path,
) -> None:  # fmt: skip
    """Measure `timingctl build` beside the floor and other ways to the same events."""
    parts = only or PARTS
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=temp_dir)))
        _check_disk(folder, leads, parts, events)
        _say(f"Generating {leads:,} leads")
        data = Data(folder, leads)
        data.make()
        part = Data(folder / "slice", min(leads, SLICE_LEADS), "csv")
        makers = {
            "floor": partial(contenders.floor, data),
            "postgres": partial(contenders.postgres, data, stack),
            "polars": partial(contenders.polars_only, data),
            "python": partial(contenders.python_loop, part),
            "formats": partial(contenders.text_formats, data),
            "memory": partial(contenders.memory_limits, data),
            "start": partial(contenders.starting, data),
            "report": partial(contenders.reporting, data, events),
            "infer": partial(contenders.inferring, data),
            "inbox": partial(contenders.inboxes, data),
        }
        entered = list(contenders.build(data))
        for name in parts:
            _say(f"Preparing {name}")
            entered += makers[name]()
        measured = {one.name: Measured(one.messages) for one in entered}
        for number in range(repeats + 1):
            for one in entered:
                for _ in range(one.times if number else 1):
                    seconds, peak_mb = _measured(one)
                    _say(f"Round {number} of {repeats}: {one.name} {seconds:.2f} s")
                    if number or not repeats:
                        measured[one.name].add(seconds, peak_mb)
                if not number and one.same and not one.same():
                    raise click.ClickException(f"{one.name} gives other events than build.")
                if one.writes:
                    size = one.writes.stat().st_size / 1e6
                    measured[one.name].wrote = size / data.megabytes
        run = document(measured, data.messages, data.manifest["events"]["total"])
    runs = save(results, leads, run)
    show(measured, [*goals(measured, data.messages), *growth(runs)])


def _measured(one: Contender) -> tuple[float, float]:
    """The seconds and the peak memory, in MB, of a run; of a server's work, the server's memory."""
    with Watch(one.server) if one.server else nullcontext() as watch:
        done = subprocess.run(
            [sys.executable, "-IS", HERE / "measured.py", *one.command],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    if done.returncode:
        raise click.ClickException(f"{one.name} failed:\n{done.stderr}")
    found = json.loads(done.stdout)
    pause = float(done.stderr) if one.pauses else 0
    return found["seconds"] - pause, watch.peak_mb if watch else found["peakMB"]


def _check_disk(folder: Path, leads: int, parts: Sequence[str], events: int) -> None:
    need = leads * (DISK + sum(DISK_OF.get(part, 0) for part in parts))
    need += events * DISK_OF_EVENT * ("report" in parts)
    free = shutil.disk_usage(folder).free
    if free < need:
        raise click.ClickException(
            f"{folder} has {free / 1e9:.1f} GB free and may need {need / 1e9:.1f}; give a roomier "
            "one by --temp-dir, or fewer --leads."
        )


def _say(sentence: str) -> None:
    click.echo(sentence, err=True)


if __name__ == "__main__":
    main(prog_name="python -m benchmarks")
