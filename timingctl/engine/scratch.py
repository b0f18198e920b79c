"""Scratch: where an engine puts relations while a build runs; a folder or a bucket.

The engine and this machine see it under the same name. Each build has a fresh place in it, which is
gone afterwards.
"""

from __future__ import annotations

import logging
import re
import secrets
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
from pyarrow.fs import FileSystem, FileType, LocalFileSystem

from timingctl.errors import SettingsError
from timingctl.scratch import scratch_folder
from timingctl.scrubbing import is_url, scrubbed

if TYPE_CHECKING:
    from collections.abc import Iterator

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class EngineScratch:
    """A fresh place for the relations of one build; `files` and `root` are it for this machine."""

    uri: str
    files: FileSystem
    root: str

    def place(self, relation: str) -> str:
        """Where a relation stands, as the engine calls it."""
        return f"{self.uri}/{relation}"

    def remove(self, relation: str) -> None:
        """Remove a relation that nothing reads any more."""
        with suppress(OSError):
            self.files.delete_dir(f"{self.root}/{relation}")


@contextmanager
def engine_scratch(given: str | None, temp_dir: Path | None) -> Iterator[EngineScratch]:
    """A fresh place in what --scratch was given, else in the temporary folder; gone afterwards.

    What cannot be removed is named. Raises SettingsError when there can be none.
    """
    made = _in_bucket if given and is_url(given) else _in_folder
    with ExitStack() as stack:
        try:
            stack.callback(_tell_what_is_left, left := [])
            scratch = stack.enter_context(made(given, temp_dir))
        except (OSError, pa.ArrowException) as error:
            where = given or temp_dir or "the system's temporary folder"
            why = getattr(error, "strerror", None) or re.split(r"\n|\. ", str(error))[0].rstrip(".")
            raise SettingsError(
                f"No scratch in {where}: {why}. Give another by --scratch."
            ) from error
        left.append(scratch)
        yield scratch


def _tell_what_is_left(made: list[EngineScratch]) -> None:
    for scratch in made:
        with suppress(OSError):
            if scratch.files.get_file_info(scratch.root).type is not FileType.NotFound:
                where = scrubbed(scratch.uri)
                _log.warning("Scratch could not be removed: %s; remove it by hand.", where)


@contextmanager
def _in_folder(given: str | None, temp_dir: Path | None) -> Iterator[EngineScratch]:
    parent = Path(given).absolute() if given else temp_dir
    with scratch_folder(parent) as folder:
        if given and parent:  # the engine may run as somebody else, whom the folder lets in
            mode = parent.stat().st_mode & 0o7777
            for made in (folder.folder, folder.room):
                made.chmod(mode)
        yield EngineScratch(str(folder.room), LocalFileSystem(), str(folder.room))


@contextmanager
def _in_bucket(given: str | None, _: Path | None) -> Iterator[EngineScratch]:
    uri = f"{(given or '').rstrip('/')}/timingctl-{secrets.token_hex(8)}"
    files, root = FileSystem.from_uri(uri)
    if isinstance(files, LocalFileSystem):
        uri = root
    files.create_dir(root)
    try:
        yield EngineScratch(uri, files, root)
    finally:
        with suppress(OSError):
            files.delete_dir(root)
