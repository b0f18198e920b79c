"""`timingctl build`: from exports to response timing events."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from timingctl.cli.command import command, option
from timingctl.cli.kinds import BuildOutput, EngineUrl, Instant
from timingctl.cli.params import (
    RejectArguments,
    RuleArguments,
    SourceArguments,
    WritingArguments,
    csv_safe_option,
    json_option,
    quiet_option,
    verbose_option,
)
from timingctl.scrubbing import has_secret

if TYPE_CHECKING:
    from datetime import datetime

    from timingctl.buckets.places import Place


@dataclass(frozen=True, kw_only=True)
class BuildArguments(SourceArguments, RuleArguments, RejectArguments, WritingArguments):
    """What `timingctl build` is given."""

    since: datetime | None = option(
        "--since", group="Filters", type=Instant(), help="Only anchors from this instant on."
    )
    until: datetime | None = option(
        "--until", group="Filters", type=Instant(), help="Only anchors before this instant."
    )
    strict: bool = option(
        "--strict", group="Rules", is_flag=True, help="Fail when any row is unusable."
    )
    output: Path | Place = option(
        "--output", "-o", group="Output", type=BuildOutput(), default="events.parquet",
        show_default=True,
        help="Where the events go, here or in a bucket: .parquet, .csv or .ndjson; .duckdb for an "
        "inbox; DIR/ for Parquet in parts.",
    )  # fmt: skip
    as_of: datetime | None = option(
        "--as-of", group="Output", type=Instant(),
        help="What createdAt and updatedAt are. Default: the latest message.",
    )  # fmt: skip
    csv_safe: bool = csv_safe_option()
    engine: str | None = option(
        "--engine", group="Resources", type=EngineUrl(), metavar="URL", secret=has_secret,
        help="Build on Spark Connect, which is Apache Spark or Sail: sc://HOST:PORT.",
    )  # fmt: skip
    scratch: str | None = option(
        "--scratch", group="Resources", metavar="PLACE", secret=has_secret,
        help="A folder or bucket for what the engine makes meanwhile, which it and this machine "
        "see. Default: of an engine on this machine, the folder for temporary files.",
    )  # fmt: skip
    json: bool = json_option("the manifest")
    quiet: bool = quiet_option("No summary, no progress; only notes, warnings and errors.")
    verbose: bool = verbose_option("Say what is being done, and every file read.")


@command(
    "build",
    BuildArguments,
    examples=(
        "timingctl build exports/",
        "timingctl build exports/ -o inbox.duckdb",
        "timingctl build exports/ -o march.csv --since 2026-03-01 --until 2026-04-01",
        "timingctl build exports/ --delay-windows history.csv --strict --json",
        "timingctl build exports/ --table Message='archive/messages-*.csv.gz'",
        "timingctl build inbox.duckdb --client acme -q",
        "timingctl build s3://bucket/exports -o s3://bucket/events.parquet",
        "timingctl build postgresql://reader@db.example/app",
        "timingctl build /data/in --engine sc://spark:15002 --scratch /data/tmp",
    ),
    exit_codes=(0, 2, 10, 11, 12),
)
def build(given: BuildArguments) -> None:
    """Build the response timing events of SOURCE.

    SOURCE is a folder of exports, a DuckDB database file that has the tables, or the DSN of the
    app's PostgreSQL, which is pulled from first (see `timingctl pull`). A folder or a file may be
    in a bucket: s3://bucket/exports, gs:// or az:// (docs/buckets.md). Each table is
    found by its name in any case and style (Message.parquet, messages.csv.gz,
    AIDraft/part-*.parquet, background_jobs/dt=2026-02-01/...). Beside the events stand
    OUTPUT.manifest.json and, when rows are unusable, OUTPUT.rejects.ndjson; in a folder of parts
    timingctl.manifest.json and rejects.ndjson. An inbox has both in its tables.
    """
    if given.threads is not None:
        os.environ.setdefault("POLARS_MAX_THREADS", str(given.threads))
    from timingctl import api, documents
    from timingctl.cli import render

    with render.progress(quiet=given.quiet, verbose=given.verbose) as progress:
        built = api.build(
            given.source,
            Path(str(given.output)),
            table=given.tables,
            client=given.client,
            since=given.since,
            until=given.until,
            setter_rule=given.setter_rule,
            delay_windows=given.delay_windows,
            strict=given.strict,
            allow_rejects=given.allow_rejects,
            keep_bounces=given.keep_bounces,
            as_of=given.as_of,
            csv_safe=given.csv_safe,
            lock_timeout=given.lock_timeout,
            engine=given.engine,
            scratch=given.scratch,
            threads=given.threads,
            memory_limit=given.memory_limit,
            temp_dir=given.temp_dir,
            progress=progress,
        )
    render.notes(built.notes)
    render.rejected(built.manifest, given.output)
    with render.printing(given.output):
        if given.json:
            click.echo(documents.as_json(built.manifest), nl=False)
        elif not given.quiet:
            render.summary(built.manifest, given.output, verbose=given.verbose)
