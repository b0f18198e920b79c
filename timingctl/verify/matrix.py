"""The matrix: every way of building a case that must change nothing, and what changed."""

from __future__ import annotations

import filecmp
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypedDict

from timingctl.attribution import EVENT_SCHEMA
from timingctl.differences import Counts, Diff, DiffOptions, diff
from timingctl.digest import ContentDigest
from timingctl.errors import InputError, SettingsError, TimingctlError
from timingctl.events import check_events, existing, import_events
from timingctl.grid import Grid, Heading
from timingctl.pipeline import build
from timingctl.progress import Progress, Silence
from timingctl.replacing import replacing
from timingctl.schemas import event_file
from timingctl.seals import manifest_path
from timingctl.sql_text import quoted
from timingctl.stop import left_to_itself
from timingctl.verify.apart import one_thread
from timingctl.verify.cases import Case, options_of
from timingctl.verify.layouts import lay_out
from timingctl.warehouse import Resources, open_warehouse, temporary_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from concurrent.futures import ProcessPoolExecutor
    from pathlib import Path

    from timingctl.manifest import Manifest
    from timingctl.options import BuildOptions

#: What a build needs of memory, however large: so much, and so much more a row that it reads.
_LEAST_MEGABYTES, _BYTES_A_ROW = 100, 150
#: How many differing events are shown of each run and case.
_EXAMPLES = 5


@dataclass(frozen=True)
class Run:
    """One way of building a case. `layout`: the suffixes in which its exports are written anew."""

    name: str
    says: str
    resources: Resources = field(default_factory=Resources)
    small_memory: bool = False
    apart: bool = False  # in the process where Polars, too, has one thread
    layout: tuple[str, ...] = ()


MATRIX = (
    Run("as given", "a thread a core"),
    Run("one thread", "in a process of its own", Resources(threads=1), apart=True),
    Run("many threads", "eight, whatever the cores", Resources(threads=8)),
    Run("small memory", "100 MB, and 150 bytes a row", Resources(threads=2), small_memory=True),
    Run("small batches", "2,048 rows each", Resources(batch_rows=2_048)),
    Run("CSV", "rows shuffled", layout=(".csv",)),
    Run("Parquet", "rows shuffled", layout=(".parquet",)),
    Run("NDJSON", "rows shuffled", layout=(".ndjson",)),
    Run("shards", "rows shuffled, one shard of each", layout=(".parquet", ".csv", ".ndjson")),
)


class Said(TypedDict):
    """What was found amiss, in a sentence."""

    says: str


class SaidOfEvents(Said, Counts):
    """What was found amiss in the events, with the rows and columns."""


class VerdictDocument(TypedDict):
    """A case: its runs by name, null where they agree with the first, and what was expected."""

    case: str
    passed: bool
    events: int
    contentDigest: str
    runs: dict[str, Said | SaidOfEvents | None]
    expected: str
    expectation: Said | SaidOfEvents | None


class VerifyDocument(TypedDict):
    """The JSON document of all cases."""

    passed: bool
    cases: list[VerdictDocument]


@dataclass(frozen=True)
class Finding:
    """What was found amiss; `diff` has the rows and columns where it is in the events."""

    says: str
    diff: Diff | None = None

    def document(self) -> Said | SaidOfEvents:
        """As JSON has it."""
        if self.diff is None:
            return {"says": self.says}
        document = self.diff.document
        return {
            "says": self.says,
            "differing": document["differing"],
            "onlyHere": document["onlyHere"],
            "onlyThere": document["onlyThere"],
            "differences": document["differences"],
            "reasons": document["reasons"],
            "examples": document["examples"],
        }


@dataclass(frozen=True)
class Verdict:
    """What came of a case. `runs`: by the name of each run what differs from the first, or None."""

    case: Case
    events: int
    digest: str
    runs: Mapping[str, Finding | None]
    expectation: Finding | None
    updated: Path | None = None

    @property
    def alike(self) -> bool:
        """Whether all runs agree."""
        return not any(self.runs.values())

    @property
    def passed(self) -> bool:
        """Whether all runs agree with each other and with what is expected."""
        return self.alike and not self.expectation

    @property
    def expected(self) -> str:
        """How the events stand to what is expected."""
        if self.updated:
            return f"{self.updated.name} updated"
        if self.case.expected is None:
            return "none: determinism only"
        return "different" if self.expectation else "as expected"

    def document(self) -> VerdictDocument:
        """As JSON has it."""
        return {
            "case": self.case.name,
            "passed": self.passed,
            "events": self.events,
            "contentDigest": self.digest,
            "runs": {
                name: finding.document() if finding else None for name, finding in self.runs.items()
            },
            "expected": self.expected,
            "expectation": self.expectation.document() if self.expectation else None,
        }


@dataclass(frozen=True)
class _Built:
    """A finished build."""

    output: Path
    manifest: Manifest


def verify(
    cases: Sequence[Case],
    *,
    update: bool = False,
    temp_dir: Path | None = None,
    progress: Progress | None = None,
) -> Iterator[Verdict]:
    """Build every case in every way of MATRIX and compare; with `update` rewrite expectations.

    An expectation is rewritten, whole, only when all runs of its case agree. Raises InputError,
    naming the case, for one that cannot be built as it is given, and SettingsError for a temporary
    folder that cannot be used.
    """
    progress = progress or Silence()
    with one_thread() as apart:
        for case in cases:
            with temporary_folder(temp_dir) as folder, _folder_errors():
                verdict = _Bench(case, folder, temp_dir, apart, progress).verdict()
                verdict = _updated(verdict, folder, temp_dir) if update else verdict
            yield verdict


@contextmanager
def _folder_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SettingsError(
            f"The temporary folder cannot be used: {error.strerror}. Give another with --temp-dir."
        ) from error


class _Bench:
    """The builds of one case, each in a folder of its own."""

    def __init__(
        self,
        case: Case,
        folder: Path,
        temp_dir: Path | None,
        apart: ProcessPoolExecutor,
        progress: Progress,
    ) -> None:
        self._case, self._folder, self._temp_dir = case, folder, temp_dir
        self._apart, self._progress = apart, progress

    def verdict(self) -> Verdict:
        """Build in every way; compare all with the first, and the first with what is expected."""
        try:
            first = self._build(MATRIX[0], rows=0)
        except InputError as error:
            raise InputError(f"{self._case.name}: {error}") from error
        expectation = _expectation(self._case, first, self._temp_dir)
        rows = sum(table["rowsRead"] for table in first.manifest["tables"].values())
        runs = {MATRIX[0].name: None} | {
            run.name: self._finding(run, rows, first)
            for run in MATRIX[1:]
            if not (run.layout and self._case.is_inbox)
        }
        events = first.manifest["events"]["total"]
        digest = first.manifest["contentDigest"]
        return Verdict(self._case, events, digest, runs, expectation)

    def _finding(self, run: Run, rows: int, first: _Built) -> Finding | None:
        try:
            built = self._build(run, rows)
        except TimingctlError as error:
            return Finding(f"the build fails: {error}")
        found = _compared(first, built, self._temp_dir)
        shutil.rmtree(built.output.parent)
        return found

    def _build(self, run: Run, rows: int) -> _Built:
        self._progress.step(f"Building {self._case.name}: {run.name}")
        self._progress.rows(MATRIX.index(run) + 1, len(MATRIX))
        folder = self._folder / run.name
        folder.mkdir()
        megabytes = _LEAST_MEGABYTES + rows * _BYTES_A_ROW // 1_000_000
        limit = f"{megabytes}MB" if run.small_memory else None
        resources = replace(run.resources, memory_limit=limit, temp_dir=self._temp_dir)
        options = options_of(
            self._case.folder, output=folder / "events.parquet", resources=resources
        )
        if run.layout:
            exports = folder / "exports"
            exports.mkdir()
            lay_out(options, exports, run.layout, seed=MATRIX.index(run))
            options = replace(options, source=exports)
        return _Built(options.output, self._built(run, options))

    def _built(self, run: Run, options: BuildOptions) -> Manifest:
        if not run.apart:
            return build(options)
        return left_to_itself(self._apart.submit(build, options).result)


def _compared(first: _Built, other: _Built, temp_dir: Path | None) -> Finding | None:
    """What differs between two builds of the same rows."""
    if not filecmp.cmp(first.output, other.output, shallow=False):
        found = _diff(first.output, other.output, temp_dir)
        if not found.equal:
            return Finding(_differing(found), found)
        if first.manifest["contentDigest"] != other.manifest["contentDigest"]:
            return Finding("the same events stand in another order")
        return Finding("the same events in the same order give other bytes")
    said, otherwise = _said(first.manifest), _said(other.manifest)
    if said != otherwise:
        keys = [key for key in said if said[key] != otherwise.get(key)]
        return Finding(f"the manifest says something else of {', '.join(keys)}")
    return None


def _diff(here: Path, there: Path, temp_dir: Path | None) -> Diff:
    options = DiffOptions(here, there, examples=_EXAMPLES, every_column=True)
    return diff(replace(options, resources=Resources(temp_dir=temp_dir)))


def _differing(found: Diff) -> str:
    document = found.document
    counts = {
        "differing": document["differing"],
        "missing": document["onlyHere"],
        "too many": document["onlyThere"],
    }
    told = [f"{count:,} {says}" for says, count in counts.items() if count]
    return f"of {document['here']['events']:,} events {', '.join(told)}"


def _said(manifest: Manifest) -> dict[str, object]:
    """What a manifest says of the rows, and not of files."""
    tables = {
        f"{name}.{key}": value
        for name, table in manifest["tables"].items()
        for key, value in table.items()
        if key != "files"
    }
    return {
        **tables,
        "asOf": manifest["asOf"],
        "events": manifest["events"],
        "contentDigest": manifest["contentDigest"],
    }


def _expectation(case: Case, built: _Built, temp_dir: Path | None) -> Finding | None:
    """What differs from the expected events, if any are."""
    digest = built.manifest["contentDigest"]
    if case.expected is None or _digest(case.expected, temp_dir) == digest:
        return None
    found = _diff(case.expected, built.output, temp_dir)
    if found.equal:
        return Finding("the events that are expected stand in another order")
    return Finding(_differing(found), found)


def _digest(events: Path, temp_dir: Path | None) -> str:
    """The content digest of a file of events. Raises InputError unless it is wholly events."""
    digest = ContentDigest(EVENT_SCHEMA)
    with open_warehouse(Resources(temp_dir=temp_dir)) as warehouse:
        export = replace(existing(events), label=str(events))
        warehouse.only_these_files([events])
        table = event_file("expected_event", EVENT_SCHEMA.names())
        import_events(warehouse, table, export)
        check_events(warehouse, table, export)
        columns = ", ".join(map(quoted, EVENT_SCHEMA.names()))
        for rows in warehouse.batches(
            f"select {columns} from import_expected_event order by rowid"
        ):
            digest.update(rows)
    return str(digest)


def _updated(verdict: Verdict, folder: Path, temp_dir: Path | None) -> Verdict:
    """The verdict after its case's expectation was rewritten, where that is due and safe."""
    case = verdict.case
    if not verdict.alike or case.is_inbox or (case.expected and not verdict.expectation):
        return verdict
    target = case.expected or case.folder / "expected.csv"
    output = folder / target.name
    build(options_of(case.folder, output=output, resources=Resources(temp_dir=temp_dir)))
    with replacing([target], [manifest_path(target)]) as [temporary]:  # it describes the old one
        shutil.copyfile(output, temporary)
    return replace(verdict, case=replace(case, expected=target), expectation=None, updated=target)


def verdict_grids(verdicts: Sequence[Verdict]) -> list[Grid]:
    """The runs and how many cases each left alike; the cases, and how each fared."""
    words = [Heading(title, number=False) for title in ("Run", "How", "Case", "Expected")]
    runs = []
    for run in MATRIX:
        found = [verdict.runs[run.name] for verdict in verdicts if run.name in verdict.runs]
        alike = sum(not one for one in found)
        if found:
            runs.append([run.name, run.says, f"{alike:,} of {len(found):,}"])
    cases = []
    for verdict in verdicts:
        alike = sum(not finding for finding in verdict.runs.values())
        counts = f"{verdict.events:,}", f"{alike} of {len(verdict.runs)}"
        cases.append([verdict.case.folder.resolve().name, *counts, verdict.expected])
    return [
        Grid("Runs", (words[0], words[1], Heading("Cases alike")), runs),
        Grid("Cases", (words[2], Heading("Events"), Heading("Runs alike"), words[3]), cases),
    ]
