"""What a person sees: progress and warnings on stderr, the summary on stdout."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import rich.console
from rich import box
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from timingctl.errors import visible
from timingctl.pipeline import rejects_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from timingctl import pipeline


class Console(rich.console.Console):
    """A console that leaves a closed pipe to who runs the command, for the exit code."""

    def on_broken_pipe(self) -> None:
        """Raise it again."""
        self.quiet = True
        raise BrokenPipeError


class _Bar:
    """Progress of a build as a bar on a terminal."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("Starting", total=None)

    def step(self, doing: str) -> None:
        self._bar.update(self._task, description=doing, total=None, completed=0)

    def rows(self, done: int, total: int) -> None:
        self._bar.update(self._task, completed=done, total=total)


class _Lines:
    """Progress of a build as a line a step, for -v and logs."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def step(self, doing: str) -> None:
        self._console.print(doing, markup=False, soft_wrap=True)

    def rows(self, done: int, total: int) -> None:
        pass


@contextmanager
def progress(*, quiet: bool, verbose: bool) -> Iterator[pipeline.Progress | None]:
    """Lines when verbose, a bar on a terminal, otherwise silence."""
    console = Console(stderr=True)
    if quiet or not (verbose or console.is_terminal):
        yield None
    elif verbose:
        yield _Lines(console)
    else:
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=console, transient=True) as bar:
            yield _Bar(bar)


def warnings(document: dict[str, Any], output: Path) -> None:
    """One line a thing that the user should know."""
    console = Console(stderr=True, soft_wrap=True)
    notes(document["notes"])
    rejected = {name: sum(table["rejected"].values()) for name, table in document["tables"].items()}
    if any(rejected.values()):
        counts = ", ".join(f"{count:,} of {name}" for name, count in rejected.items() if count)
        where = printable(str(rejects_path(output)))
        console.print(f"Warning: unusable rows left out: {counts}; see {where}")


def notes(sentences: Sequence[str]) -> None:
    """What the user should know of a result, on stderr, a line each."""
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    for sentence in sentences:
        console.print(f"Note: {printable(sentence)}")


def skipped(references: Sequence[Mapping[str, str]]) -> None:
    """One line an event that was skipped, for each row it refers to that is gone."""
    console = Console(stderr=True, soft_wrap=True)
    for lost in references:
        line = "Skipped {inboundMessageId}: its {column} {value} is not in {table}."
        console.print(printable(line.format_map(lost)))


def counts(rows: Mapping[str, int], heading: str) -> None:
    """A small table of counts."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(heading)
    table.add_column("rows", justify="right")
    for name, count in rows.items():
        table.add_row(name, f"{count:,}")
    Console().print(table)


def summary(document: dict[str, Any], output: Path, *, verbose: bool) -> None:
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
    shares = [
        f"{events[key]:,} {by}"
        for key, by in (
            ("answeredBySetter", "by a setter"),
            ("answeredByAi", "by the AI"),
            ("answeredByBoth", "by both"),
            ("answeredByNeither", "by neither"),
        )
    ]
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
