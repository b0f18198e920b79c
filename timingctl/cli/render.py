"""What a person sees: progress and warnings on stderr, the summary on stdout."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import rich.console
from rich import box
from rich.markup import escape
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from rich.text import Text

from timingctl.errors import SettingsError, visible
from timingctl.progress import of_bytes
from timingctl.scrubbing import scrubbed
from timingctl.staging.rejects import rejects_place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from timingctl.buckets.places import Place
    from timingctl.manifest import Manifest
    from timingctl.postgres.pushed import Lost
    from timingctl.progress import Progress as BuildProgress


class Console(rich.console.Console):
    """A console that leaves a closed pipe to who runs the command, for the exit code."""

    def on_broken_pipe(self) -> None:
        """Raise it again."""
        self.quiet = True
        raise BrokenPipeError


class Bar:
    """Progress as a bar on a terminal."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("Starting", total=None, files=None, said="")

    def step(self, doing: str) -> None:
        """A new step, of which nothing is known yet."""
        self._bar.tasks[0].total = None  # to update, None is no change
        self._bar.update(self._task, description=doing, completed=0, files=None, said="")

    def rows(self, done: int, total: int) -> None:
        """So many of them are done."""
        self._bar.update(self._task, completed=done, total=total)

    def files(self, total: int, done: Callable[[], float]) -> None:
        """Whenever the line is drawn, it is asked how many are done."""
        self._bar.update(self._task, files=(total, done))

    def copied(self, files: int, of: int, bytes_done: int, total: int) -> None:
        """So many files, and so many bytes."""
        said = f"{files:,} of {of:,} files, {of_bytes(bytes_done, total)}"
        self._bar.update(self._task, completed=bytes_done, total=total, said=said)


class _HowFar(ProgressColumn):
    """How much of a step is done, where that is known."""

    def render(self, task: Task) -> Text:
        if task.fields["said"]:
            return Text(task.fields["said"])
        if task.fields["files"]:
            total, done = task.fields["files"]
            return Text(f"{min(int(done()), total):,} of {total:,} files" if total > 1 else "")
        return Text(f"{int(task.completed):,} of {int(task.total):,}" if task.total else "")


class _Lines:
    """Progress as a line a step, for -v and logs."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def step(self, doing: str) -> None:
        self._console.print(doing, markup=False, soft_wrap=True)

    def rows(self, done: int, total: int) -> None:
        pass

    def files(self, total: int, done: Callable[[], float]) -> None:
        pass

    def copied(self, files: int, of: int, bytes_done: int, total: int) -> None:
        if not bytes_done or bytes_done == total:
            self.step(f"  {files:,} of {of:,} files, {of_bytes(bytes_done, total)}")


@contextmanager
def progress(*, quiet: bool, verbose: bool) -> Iterator[BuildProgress | None]:
    """Lines when verbose, a bar on a terminal, otherwise silence."""
    console = Console(stderr=True)
    if quiet or not (verbose or console.is_terminal):
        yield None
    elif verbose:
        yield _Lines(console)
    else:
        with bar(console) as shown:
            yield Bar(shown)


def bar(console: Console) -> Progress:
    """What is being done, how far it is, and since when: on a line that vanishes."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        _HowFar(),
        BarColumn(),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=console, transient=True)


def rejected(document: Manifest, output: Path | Place) -> None:
    """A line on the rows that were left out, if there are any."""
    counted = {name: sum(table["rejected"].values()) for name, table in document["tables"].items()}
    if any(counted.values()):
        counts = ", ".join(f"{count:,} of {name}" for name, count in counted.items() if count)
        where = printable(str(output.parent / rejects_place(output)))
        left_out(counts, where)


def left_out(counts: str, where: str) -> None:
    """The line on rows that were left out: how many, and where they are listed."""
    console = Console(stderr=True, soft_wrap=True)
    console.print(f"Warning: unusable rows left out: {counts}; see {where}")


def notes(sentences: Sequence[str]) -> None:
    """What the user should know of a result, on stderr, a line each; without secrets."""
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    for sentence in sentences:
        console.print(f"Note: {printable(scrubbed(sentence))}")


def written(paths: Sequence[Path]) -> None:
    """What was written, on stderr, a line each."""
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    for path in paths:
        console.print(f"Written: {printable(str(path))}")


def skipped(references: Sequence[Lost]) -> None:
    """One line an event that was skipped, for each row it refers to that is gone."""
    console = Console(stderr=True, soft_wrap=True)
    for lost in references:
        line = "Skipped {inboundMessageId}: its {column} {value} is not in {table}."
        console.print(printable(line.format_map(lost)))


@contextmanager
def printing(*written: Path | Place | str | None) -> Iterator[None]:
    """Print what is said of files, or of a table, that stand by now, also if that fails.

    Raises SettingsError when stdout takes no more.
    """
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        stands = " and ".join(str(one) for one in written if one)
        raise SettingsError(
            f"stdout cannot be written to: {error.strerror}."
            + (f" {stands} was written all the same." if stands else "")
        ) from error


def counts(rows: Mapping[str, object], heading: str) -> None:
    """A small table of counts."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(heading)
    table.add_column("rows", justify="right")
    for name, count in rows.items():
        table.add_row(name, f"{count:,}")
    Console().print(table)


def summary(document: Manifest, output: Path | Place, *, verbose: bool) -> None:
    """The build in two small tables."""
    console = Console()
    events = document["events"]
    rows = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    rows.add_column("Table")
    for name in ("read", "used", "rejected", "duplicates"):
        rows.add_column(name, justify="right")
    for name, table in document["tables"].items():
        rejected = sum(table["rejected"].values())
        counts = table["rowsRead"], table["used"], rejected, table["exactDuplicates"]
        rows.add_row(name, *(f"{count:,}" for count in counts))
        for reason, count in table["rejected"].items():
            rows.add_row(f"  {reason}", "", "", f"{count:,}", "")
        if verbose:
            for file in table["files"]:
                rows.add_row(f"  {printable(file)}", "", "", "", "")
    console.print(rows)
    facts = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 0))
    facts.add_column()
    facts.add_column(overflow="fold")
    shares = (
        f"{events['answeredBySetter']:,} by a setter",
        f"{events['answeredByAi']:,} by the AI",
        f"{events['answeredByBoth']:,} by both",
        f"{events['answeredByNeither']:,} by neither",
    )
    windows = [f"{count:,} {source}" for source, count in events["delayWindows"].items()]
    facts.add_row("Events", f"{events['total']:,}: {', '.join(shares)}")
    facts.add_row("Windows", ", ".join(windows))
    facts.add_row("As of", document["asOf"] or "no message")
    facts.add_row("Digest", document["contentDigest"])
    facts.add_row("Written", printable(str(output)))
    console.print(facts)


def printable(text: str) -> str:
    """Text from outside, safe in a terminal: control characters escaped, markup taken literally."""
    return escape(visible(text))
