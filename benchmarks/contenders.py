"""What is measured: the commands, the data they get, and what each has to give."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.events import digest_of_csv, digest_of_inbox, digest_of_parquet
from timingctl.attribution import EVENT_SCHEMA
from timingctl.reports.sections import USUAL
from timingctl.warehouse import Resources, open_warehouse
from timingctl.writer import Form, write_batches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import ExitStack

    import pyarrow as pa

HERE = Path(__file__).parent
TOUR = HERE.parent / "fixtures" / "tour"
TIMINGCTL = (sys.executable, "-m", "timingctl")
#: Else a report is its summary alone.
EVERY_SECTION = tuple(part for name in USUAL for part in ("--section", name))
MEMORY_LIMITS = ("2GB", "512MB")
#: What the other ways know: windows of today, and no word on mails that came back.
CURRENT = ("--delay-windows", "current", "--keep-bounces")


@dataclass(frozen=True)
class Contender:
    """A command to be measured, and how many messages it is about (0: none).

    `same` says whether what it wrote is what build wrote; `times` is how often it runs a round;
    `pauses`: it prints the seconds that do not count; `server`: the DSN of who does the work.
    """

    name: str
    command: Sequence[str | Path]
    messages: int = 0
    same: Callable[[], bool] | None = None
    times: int = 1
    pauses: bool = False
    server: str | None = None
    writes: Path | None = None  # of which the size counts


@dataclass(frozen=True)
class Data:
    """Exports of `leads` leads in a folder, with what `timingctl build` makes of them."""

    folder: Path
    leads: int
    file_format: str = "parquet"

    @property
    def exports(self) -> Path:
        """Where they stand."""
        return self.folder / f"{self.file_format}-{self.leads}"

    @property
    def events(self) -> Path:
        """The events that all others are compared with."""
        return self.exports.with_suffix(".events.parquet")

    def make(self) -> None:
        """Generate, and build."""
        self.folder.mkdir(exist_ok=True)
        run(*generate_command(self.exports, self.leads, self.file_format))
        run(*build_command(self.exports, self.events))

    @property
    def inbox(self) -> Path:
        """Where a build of all of it into an inbox goes."""
        return self.folder / "build.duckdb"

    @cached_property
    def megabytes(self) -> float:
        """How large the exports are, without what else stands in their folder."""
        return sum(file.stat().st_size for file in self.exports.glob("*/*")) / 1e6

    @cached_property
    def manifest(self) -> Any:
        """What build says of them."""
        return json.loads(Path(f"{self.events}.manifest.json").read_text(encoding="utf-8"))

    @property
    def messages(self) -> int:
        """How many there are."""
        return int(self.manifest["tables"]["Message"]["rowsRead"])

    @property
    def digest(self) -> str:
        """Of the events' values."""
        return str(self.manifest["contentDigest"])

    @cached_property
    def sha256(self) -> str:
        """Of the events' bytes."""
        return sha256(self.events)

    def same_bytes(self, out: Path) -> bool:
        """Whether a file is the events, to the byte."""
        return sha256(out) == self.sha256


def run(*command: str | Path) -> None:
    """Run a command that is not measured."""
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def generate_command(folder: Path, leads: int, file_format: str) -> Sequence[str | Path]:
    """The command that makes exports."""
    return (*TIMINGCTL, "generate", folder, "--leads", str(leads), "--format", file_format, "-q")


def build_command(exports: Path, out: Path, *options: str | Path) -> Sequence[str | Path]:
    """The command that builds them, with the windows of today: the others know no others."""
    return (*TIMINGCTL, "build", exports, "-o", out, "-q", *options, *CURRENT)


def sha256(path: Path) -> str:
    """The hash of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def build(data: Data) -> Iterator[Contender]:
    """`timingctl build`."""
    out = data.folder / "build.parquet"
    yield Contender(
        "build", build_command(data.exports, out), data.messages, partial(data.same_bytes, out)
    )


def floor(data: Data) -> Iterator[Contender]:
    """What any build must do."""
    out = data.folder / "floor.parquet"
    yield Contender(
        "floor",
        (sys.executable, HERE / "floor.py", data.exports, data.events, out),
        data.messages,
        lambda: digest_of_parquet(out) == data.digest,
        pauses=True,
    )


def polars_only(data: Data) -> Iterator[Contender]:
    """The same events by Polars."""
    out = data.folder / "polars.parquet"
    yield Contender(
        "Polars only",
        (sys.executable, HERE / "polars_only.py", data.exports, out),
        data.messages,
        lambda: digest_of_parquet(out) == data.digest,
    )


def postgres(data: Data, stack: ExitStack) -> Iterator[Contender]:
    """The same events by PostgreSQL; loading, indexes and statistics are not counted."""
    from benchmarks.postgres import PSQL, SQL, digest_of_table, served

    dsn = stack.enter_context(served(data.exports))
    yield Contender(
        "PostgreSQL",
        (PSQL, dsn, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", SQL),
        data.messages,
        lambda: digest_of_table(dsn) == data.digest,
        server=dsn,
    )


def python_loop(data: Data) -> Iterator[Contender]:
    """The same events by a plain loop, from CSV."""
    data.make()
    out = data.folder / "python.csv"
    yield Contender(
        "Python loop",
        (sys.executable, HERE / "python_loop.py", data.exports, out),
        data.messages,
        lambda: digest_of_csv(out) == data.digest,
    )


def text_formats(data: Data) -> Iterator[Contender]:
    """`timingctl build` on the same data as text."""
    for file_format in ("csv", "ndjson"):
        other = Data(data.folder, data.leads, file_format)
        run(*generate_command(other.exports, other.leads, file_format))
        out = data.folder / f"{file_format}.parquet"
        yield Contender(
            f"build from {file_format.upper()}",
            build_command(other.exports, out),
            data.messages,
            partial(data.same_bytes, out),
        )


def memory_limits(data: Data) -> Iterator[Contender]:
    """`timingctl build` with less memory."""
    for limit in MEMORY_LIMITS:
        out = data.folder / f"{limit}.parquet"
        options = ("--memory-limit", limit, "--temp-dir", data.folder)
        yield Contender(
            f"build under {limit}",
            build_command(data.exports, out, *options),
            data.messages,
            partial(data.same_bytes, out),
        )


def inferring(data: Data) -> Iterator[Contender]:
    """`timingctl build` as it is by default: windows are inferred."""
    out = data.folder / "inferred.parquet"
    command = (*TIMINGCTL, "build", data.exports, "-o", out, "-q")
    yield Contender("build, windows inferred", command, data.messages)


def inboxes(data: Data) -> Iterator[Contender]:
    """`timingctl build` into an inbox, a report of that, and DuckDB's scan of what it needs."""
    options = {"": (), f" under {MEMORY_LIMITS[0]}": ("--memory-limit", MEMORY_LIMITS[0])}
    for name, more in options.items():
        yield Contender(
            f"build an inbox{name}",
            build_command(data.exports, data.inbox, *more, "--temp-dir", data.folder),
            data.messages,
            lambda: digest_of_inbox(data.inbox) == data.digest,
            writes=data.inbox,
        )
    yield Contender("report of the inbox", (*TIMINGCTL, "report", data.inbox, "-q"))
    yield Contender("scan of the inbox", (sys.executable, HERE / "scan.py", data.inbox))


def starting(data: Data) -> Iterator[Contender]:
    """What takes no time but that of starting."""
    yield Contender("--help", (*TIMINGCTL, "--help"), times=5)
    yield Contender("import click", (sys.executable, "-c", "import click"), times=5)
    yield Contender(
        "build of a fixture", build_command(TOUR, data.folder / "tour.parquet"), times=3
    )


def reporting(data: Data, events: int) -> Iterator[Contender]:
    """`timingctl report`, and DuckDB's scan of the columns it needs, on copies of the events."""
    copies = data.folder / "copies.parquet"
    write_batches(_copies(data, events), EVENT_SCHEMA, copies, Form(".parquet"))
    yield Contender("report", (*TIMINGCTL, "report", copies))
    yield Contender("scan of its columns", (sys.executable, HERE / "scan.py", copies))


def _copies(data: Data, events: int) -> Iterator[pa.Table]:
    """So many events: those of build again and again, under ids of their own."""
    with open_warehouse(Resources()) as warehouse:
        for done in range(0, events, data.manifest["events"]["total"]):
            yield from warehouse.batches(f"""
                select * replace (
                    md5(inboundMessageId || {done})::uuid::varchar as id,
                    md5(inboundMessageId || {done})::uuid::varchar as inboundMessageId,
                    md5(leadId || {done})::uuid::varchar as leadId)
                from read_parquet('{data.events}')
                limit {events - done}
            """)
