"""The whole build on one screen: exports in, response timing events out. Read this first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from timingctl.arguments import is_inbox
from timingctl.delay_windows import delay_windows_of
from timingctl.errors import InputError, SettingsError
from timingctl.exports.source import opened
from timingctl.inboxes.write import write_inbox
from timingctl.manifest import Intake
from timingctl.output import check_outputs, check_places, check_strict, files_of, inbox_files, write
from timingctl.parts import place_for
from timingctl.phases import check_clients, make_events, make_staging
from timingctl.progress import Progress, Silence
from timingctl.replacing import replacing
from timingctl.staging.account import accounts_of, all_accounts, rejects_queries
from timingctl.staging.losses import WAY_OUT, losses
from timingctl.staging.tables import stage_tables

if TYPE_CHECKING:
    from pathlib import Path

    from timingctl.delay_windows import DelayWindows
    from timingctl.exports.source import Source
    from timingctl.inboxes.digests import RowSum
    from timingctl.manifest import InboxManifest, Manifest
    from timingctl.options import BuildOptions


@dataclass(frozen=True)
class Related:
    """What came of the exports besides tables: the delay windows, and the rows' accounts."""

    windows: DelayWindows
    intake: Intake


def build(options: BuildOptions, progress: Progress | None = None) -> Manifest:
    """Build the events of a source into a file, and return the manifest that stands beside it.

    Writes the events, ``<output>.manifest.json`` and, where rows are unusable,
    ``<output>.rejects.ndjson``: all of them or, on any error, nothing. An output without a suffix
    is a folder: the events in parts, ``timingctl.manifest.json`` and ``rejects.ndjson``.
    Raises InputError for exports that cannot be used, or for any unusable row when strict;
    SettingsError for resources or an output folder that cannot be had.
    """
    progress = progress or Silence()
    if options.engine:
        from timingctl.engine.build import build_on_engine

        return build_on_engine(options, progress)
    if options.scratch is not None:
        raise SettingsError("--scratch is for --engine; give both, or neither.")
    if is_inbox(options.output):
        return _build_inbox(options, progress)
    with opened(options) as source, place_for(options.output):
        check_places(source, files_of(options))
        related = relate(source, progress)
        check_strict(options, related.intake)
        settled = options.settled(source.built_with)
        return write(source, settled, related.windows, related.intake, progress)


def _build_inbox(options: BuildOptions, progress: Progress) -> Manifest:
    """Build into a database; nobody sees it before it is whole."""
    output, *beside = inbox_files(options.output)
    check_outputs([output], [options.source])
    with replacing([output], beside, options.lock_timeout) as [unfinished]:
        document, _ = build_into(unfinished, options, progress)
        return document


def build_into(
    unfinished: Path,
    options: BuildOptions,
    progress: Progress,
    windows: DelayWindows | None = None,
) -> tuple[InboxManifest, dict[str, RowSum]]:
    """Build an inbox where nothing is, for who moves it to the output; returns as `write_inbox`.

    Raises as `build`. Delay windows that are given go before those that the source has.
    """
    options = replace(options, extras=True)
    with opened(options, unfinished) as source:
        check_places(source, inbox_files(options.output))
        related = relate(source, progress, windows)
        check_strict(options, related.intake)
        settled = options.settled(source.built_with)
        return write_inbox(source, settled, related.windows, related.intake, progress)


def relate(source: Source, progress: Progress, windows: DelayWindows | None = None) -> Related:
    """Make everything that events are made from: the staged tables, and relations of them.

    Delay windows that are given go before the source's. Raises InputError for exports that cannot
    be used.
    """
    intake = stage(source, progress)
    progress.step("Relating delay windows")
    windows = windows or delay_windows_of(source)
    intake.notes.extend(windows.notes)
    intake.notes.extend(make_events(source, progress))
    return Related(windows, intake)


def stage(source: Source, progress: Progress) -> Intake:
    """Make the staged tables, and who the leads are; returns what became of the rows.

    Raises InputError for exports that cannot be used, and for a table that loses too much unless
    that is allowed, or `check_strict` will say so.
    """
    notes = source.notes + stage_tables(source, progress) + make_staging(source, progress)
    accounts = accounts_of(source.warehouse, source.exports)
    intake = Intake(all_accounts(source, accounts), notes, rejects_queries(source, accounts))
    lost = losses(source.warehouse, accounts)
    if lost and not (source.options.allow_rejects or source.options.strict):
        raise InputError(" ".join([*lost, WAY_OUT]))
    check_clients(source.warehouse)
    return intake
