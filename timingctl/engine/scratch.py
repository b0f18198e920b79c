"""Scratch: where an engine puts relations while a build runs; a folder or a bucket.

The engine and this machine see it under the same name. Each build has a fresh place in it, which is
gone afterwards.
"""

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from timingctl.errors import SettingsError
from timingctl.scratch import scratch_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyarrow.fs import FileSystem

#: The buckets that pyarrow reads.
_BUCKETS = ("s3://", "gs://", "abfs://", "abfss://")


@dataclass(frozen=True)
class EngineScratch:
    """A fresh place for the relations of one build; `files` and `root` are it for this machine."""

    uri: str
    files: FileSystem
    root: str

    def place(self, relation: str) -> str:
        """Where a relation stands, as the engine calls it."""
        return f"{self.uri}/{relation}"

    def has(self, relation: str) -> bool:
        """Whether this machine sees files of a relation."""
        from pyarrow.fs import FileSelector

        selector = FileSelector(f"{self.root}/{relation}", allow_not_found=True, recursive=True)
        return any(info.is_file for info in self.files.get_file_info(selector))

    def remove(self, relation: str) -> None:
        """Remove a relation that nothing reads any more."""
        with suppress(OSError):
            self.files.delete_dir(f"{self.root}/{relation}")


@contextmanager
def engine_scratch(given: str | None, temp_dir: Path | None) -> Iterator[EngineScratch]:
    """A fresh place in what --scratch was given, else in the temporary folder.

    Raises SettingsError when there can be none.
    """
    if given and given.startswith(_BUCKETS):
        with _in_bucket(given) as scratch:
            yield scratch
        return
    from pyarrow.fs import LocalFileSystem

    parent = Path(os.path.abspath(given.removeprefix("file://"))) if given else temp_dir  # noqa: PTH100
    try:
        with scratch_folder(parent) as folder:
            if given and parent:  # the engine may run as somebody else
                mode = parent.stat().st_mode & 0o7777
                for made in (folder.folder, folder.room):
                    made.chmod(mode)
            yield EngineScratch(str(folder.room), LocalFileSystem(), str(folder.room))
    except OSError as error:
        where = given or temp_dir or "the system's temporary folder"
        raise SettingsError(
            f"No scratch in {where}: {error.strerror or error}. Give another by --scratch."
        ) from error


@contextmanager
def _in_bucket(given: str) -> Iterator[EngineScratch]:
    import pyarrow as pa
    from pyarrow.fs import FileSystem

    name = f"timingctl-{secrets.token_hex(8)}"
    uri = f"{given.rstrip('/')}/{name}"
    try:
        files, root = FileSystem.from_uri(uri)
        files.create_dir(root)
    except (OSError, pa.ArrowException) as error:
        raise SettingsError(
            f"No scratch in {given}: {_first_line(error)}. Give another by --scratch."
        ) from error
    try:
        yield EngineScratch(uri, files, root)
    finally:
        with suppress(OSError):
            files.delete_dir(root)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(".")
