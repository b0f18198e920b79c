"""What a build writes: the events, the rejects and the manifest; all of them or nothing."""

from __future__ import annotations

import os
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from timingctl import __version__
from timingctl.arguments import is_in_parts
from timingctl.attribution import EVENT_SCHEMA
from timingctl.documents import as_json, iso
from timingctl.errors import InputError, SettingsError
from timingctl.event_stream import EventStream, rows_of
from timingctl.exports.names import check_no_table
from timingctl.manifest import manifest
from timingctl.parts import in_parts, own_parts, part_paths
from timingctl.phases import EVENT_INPUTS
from timingctl.replacing import VERSION_KEY, check_output, replacing
from timingctl.schemas import EVENT
from timingctl.seals import FOLDER_MANIFEST, file_digest, manifest_path
from timingctl.staging.rejects import REJECT_SCHEMA, REJECTS, rejects_path, rejects_place
from timingctl.staging.tables import as_of_instant
from timingctl.writer import Form, write_batches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timingctl.delay_windows import DelayWindows
    from timingctl.exports.source import Source
    from timingctl.manifest import Digests, FileDigests, Intake, Manifest
    from timingctl.options import BuildOptions
    from timingctl.progress import Progress
    from timingctl.warehouse import Warehouse


def files_of(options: BuildOptions) -> list[Path]:
    """The files that a build may write: the events, of parts the first, the manifest, rejects."""
    output = options.output
    first = part_paths(output, 0)[0] if is_in_parts(output) else output
    return [first, manifest_of(output), rejects_path(output)]


def inbox_files(output: Path) -> list[Path]:
    """An inbox, whatever it is called, and what may stand beside it of events before it."""
    return [output, manifest_path(output), output.with_name(f"{output.name}.{REJECTS}")]


def manifest_of(output: Path) -> Path:
    """Where the manifest of events stands; that of a folder of parts in it."""
    return output / FOLDER_MANIFEST if is_in_parts(output) else manifest_path(output)


def check_places(source: Source, outputs: Sequence[Path]) -> None:
    """Refuse, before any work, outputs that cannot be written or would replace an input."""
    check_outputs(outputs, [source.options.source, *source.files])
    root, place = (Path(os.path.realpath(one)) for one in (source.options.source, outputs[0]))
    for file in source.files:
        real = Path(os.path.realpath(file))
        inside = real.relative_to(root).parts[:-1] if real.is_relative_to(root) else ()
        if inside and place.is_relative_to(root / inside[0]):
            raise SettingsError(
                f"{outputs[0]} would stand in {root / inside[0]}, whose files are read as exports; "
                "give another output by -o."
            )
    check_no_table(place, root)


def check_outputs(outputs: Sequence[Path], inputs: Sequence[Path]) -> None:
    """Refuse outputs that cannot be written or would replace one of the inputs."""
    check_output(
        outputs, inputs, make="make it, or give another by -o", give="give another output by -o"
    )


def check_strict(options: BuildOptions, intake: Intake) -> None:
    """Raise InputError for any unusable row, where the build is to be strict."""
    reasons = [
        f"{count} of {table.name}: {reason}"
        for table, account in intake.accounts.items()
        for reason, count in account.rejected.items()
    ]
    if options.strict and reasons:
        raise InputError(
            f"Unusable rows, and --strict was given ({'; '.join(reasons)}). Without --strict they "
            f"are left out and listed in {rejects_place(options.output)}."
        )


def write(
    source: Source,
    options: BuildOptions,
    windows: DelayWindows,
    intake: Intake,
    progress: Progress,
) -> Manifest:
    """Write the rejects, the events and the manifest, and return the manifest."""
    as_of = options.as_of or as_of_instant(source)
    events = EventStream(rows_of(source.warehouse), windows, as_of, progress)
    return write_events(source.warehouse, options, events, intake, progress)


def write_events(
    warehouse: Warehouse,
    options: BuildOptions,
    events: EventStream,
    intake: Intake,
    progress: Progress,
) -> Manifest:
    """Write the rejects that the warehouse knows, the events and the manifest of both.

    The events stream through attribution into their file, or its parts, a batch at a time.
    """
    as_of = events.as_of
    output = options.output
    rejects = intake.rejects
    parts, obsolete = _parts(output, events)
    listed = [rejects_path(output)]
    kept, gone = (listed, []) if rejects else ([], listed)
    # A folder's manifest comes first: of parts that it does not describe nobody reads any.
    ahead, last = (
        ([manifest_of(output), *kept], parts)
        if is_in_parts(output)
        else ([*parts, *kept], [manifest_of(output)])
    )
    targets = [*ahead, *last]
    with replacing(targets, obsolete + gone, options.lock_timeout) as temporary:
        progress.step("Writing events")
        places = dict(zip(targets, temporary, strict=True))
        written = [places[part] for part in parts]
        if rejects:
            batches = chain.from_iterable(map(warehouse.batches, rejects))
            write_batches(batches, REJECT_SCHEMA, places[listed[0]], Form(".ndjson"))
        warehouse.keep_only(EVENT_INPUTS)
        metadata = {
            VERSION_KEY: __version__,
            "timingctl.asOf": iso(as_of) or "",
            "timingctl.since": iso(options.since) or "",
            "timingctl.until": iso(options.until) or "",
        }
        meanings = {column.name: column.says for column in EVENT}
        form = Form(parts[0].suffix, metadata, meanings, options.csv_safe)
        for part, rows in zip(written, in_parts(events.batches(), len(parts)), strict=True):
            write_batches(rows, EVENT_SCHEMA, part, form)
        digests: Digests = {
            "contentDigest": str(events.digest),
            **_file_digests(output, parts, written),
            "rejectsDigest": file_digest(places[listed[0]]) if rejects else None,
        }
        document = manifest(options.document(), intake, events.tally, as_of, digests)
        places[manifest_of(output)].write_text(as_json(document), encoding="utf-8")
    return document


def _parts(output: Path, events: EventStream) -> tuple[list[Path], list[Path]]:
    """The files that the events are written to, and what stands there of more parts."""
    if not is_in_parts(output):
        return [output], []
    parts = part_paths(output, events.total)
    return parts, [path for path in own_parts(output) if path not in parts]


def _file_digests(output: Path, parts: Sequence[Path], written: Sequence[Path]) -> FileDigests:
    digests = [file_digest(path) for path in written]
    if not is_in_parts(output):
        return {"fileDigest": digests[0]}
    names = (path.name for path in parts)
    return {"fileDigest": None, "fileDigests": dict(zip(names, digests, strict=True))}
