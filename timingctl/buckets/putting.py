"""Writing a file into a bucket; what is stopped in the middle is not finished afterwards."""

from __future__ import annotations

import threading
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from timingctl.buckets import faults
from timingctl.buckets.store import HURRY_S, LISTING_S
from timingctl.errors import InputError, SettingsError
from timingctl.stop import check

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from timingctl.buckets.places import Place
    from timingctl.buckets.store import Store

#: How much is sent at once.
_PIECE = 16 * 1024 * 1024


def put(store: Store, source: Path, place: Place, sent: Callable[[int], None]) -> None:
    """Write a file, a piece at a time; `sent` is told of each.

    What is left off in the middle may stand there: it is for places that nobody reads. Raises the
    store's error where the service refuses, or has other bytes afterwards.
    """
    out = store.ask(
        faults.WRITE,
        place,
        lambda: store.files.open_output_stream(place.path, compression=None),
    )
    turn = threading.Lock()  # a stop does not wait for a write, but closing has to

    def write(piece: bytes) -> None:
        with turn:
            out.write(piece)

    def close() -> None:
        with turn:
            out.close()

    try:
        with source.open("rb") as file:
            while piece := file.read(_PIECE):
                if not store.is_undoing:
                    check()
                store.ask(faults.WRITE, place, partial(write, piece), LISTING_S)
                sent(len(piece))
        store.ask(faults.WRITE, place, close, LISTING_S)
    except BaseException:
        # Arrow would finish it once it is let go of: after all has been removed.
        with suppress(InputError, SettingsError):
            store.to_the_end(HURRY_S).ask(faults.WRITE, place, close)
        raise
    there = store.file(place)
    if there is None or there.size != source.stat().st_size:
        raise store.failure(
            f"{place} cannot be written: {store.service.called} stores other bytes than it was "
            f"sent{faults.other_bytes(place)}."
        )
