"""SOURCE as commands take it: a path, or a database that is pulled from first."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from timingctl.postgres import dsn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timingctl.progress import Progress
    from timingctl.warehouse import Resources


@contextmanager
def local(
    source: str, resources: Resources, progress: Progress | None
) -> Iterator[tuple[Path, list[str]]]:
    """Where the exports of the source stand, and what the user should know of pulling them.

    What was pulled is gone afterwards. Raises DatabaseError for a database that cannot be read.
    """
    if not dsn.is_dsn(source):
        yield Path(source), []
        return
    from timingctl.postgres.pull import pulled

    with pulled(dsn.parse(source), resources.temp_dir, progress) as (folder, notes):
        yield folder, notes
