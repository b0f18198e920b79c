"""Seals: the SHA-256 of every file that we write, kept in a manifest, and asked before reading.

A single file X has a manifest of its own, ``X.manifest.json``, with its digest under
``fileDigest``. A folder of files has FOLDER_MANIFEST, with theirs under ``fileDigests`` by their
paths in it. A file of which no manifest speaks is read unchecked.
"""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING, TypedDict

from timingctl import __version__
from timingctl.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

#: The manifest of a folder's files; its name means no table.
FOLDER_MANIFEST = "timingctl.manifest.json"


class Written(TypedDict):
    """How every manifest begins: who wrote it."""

    tool: str
    version: str


class FileManifest(Written):
    """The manifest of a file of which there is nothing else to tell."""

    fileDigest: str


class FolderManifest(Written):
    """The manifest of a folder's files, by their paths in it."""

    fileDigests: dict[str, str]


WRITTEN_BY: Written = {"tool": "timingctl", "version": __version__}


def manifest_path(output: Path) -> Path:
    """Where the manifest of an output stands."""
    return output.with_name(output.name + ".manifest.json")


def file_digest(path: Path) -> str:
    """``sha256:`` and 64 hexadecimal digits, of the file's bytes. Raises OSError."""
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


def file_manifest(path: Path) -> FileManifest:
    """The manifest of a file of which there is nothing else to tell. Raises OSError."""
    return {**WRITTEN_BY, "fileDigest": file_digest(path)}


def folder_manifest(names: Sequence[str], files: Sequence[Path]) -> FolderManifest:
    """The manifest of a folder's files, which are to have these names in it. Raises OSError."""
    digests = {name: file_digest(file) for name, file in zip(names, files, strict=True)}
    return {**WRITTEN_BY, "fileDigests": dict(sorted(digests.items()))}


def sealed_in(folder: Path) -> set[str]:
    """The files that the manifest of a folder speaks of, by their paths in it."""
    digests = _read(folder / FOLDER_MANIFEST).get("fileDigests")
    return set(digests) if isinstance(digests, dict) else set()


def check_seal(path: Path, label: str) -> None:
    """Read a file to its end, if a manifest speaks of it.

    Of several manifests one has to describe it: a file that was written anew into a folder has a
    manifest of its own beside the folder's. Raises InputError, with the way out, when none does, or
    one cannot be read.
    """
    seals = list(_seals(path))
    if seals and file_digest(path) not in {digest for _, digest in seals}:
        raise InputError(
            f"{label} is not the file that {seals[0][0]} describes: it was damaged or replaced. "
            "Write it again, or delete that manifest to read it unchecked."
        )


def is_sealed(path: Path) -> bool:
    """Whether a manifest speaks of a file. Raises InputError for one that cannot be read."""
    return any(_seals(path))


def may_be_sealed_by(path: Path) -> Iterator[Path]:
    """Where the manifests of a file may stand."""
    for place in _places(path):
        yield manifest_path(place)
        yield from (folder / FOLDER_MANIFEST for folder in _folders(place))


def _places(path: Path) -> Iterator[Path]:
    """Where a file was named, and where a link leads."""
    return iter(dict.fromkeys((path.absolute(), path.resolve())))


def _folders(place: Path) -> tuple[Path, Path]:
    """The folders whose manifest may speak of a file: a table's parts have a folder."""
    return place.parent, place.parent.parent


def _seals(path: Path) -> Iterator[tuple[Path, object]]:
    """The manifests that speak of a file, where it was named and where a link leads; digests."""
    for place in _places(path):
        if digest := _read(manifest_path(place)).get("fileDigest"):
            yield manifest_path(place), digest
        for folder in _folders(place):
            digests = _read(folder / FOLDER_MANIFEST).get("fileDigests")
            name = place.relative_to(folder).as_posix()
            if isinstance(digests, dict) and (digest := digests.get(name)):
                yield folder / FOLDER_MANIFEST, digest


def _read(manifest: Path) -> dict[str, object]:
    """A manifest of ours; empty where there is none, or a file of another tool."""
    if not os.path.isfile(manifest):  # noqa: PTH113 - a name may be too long for Path.is_file
        return {}
    try:
        document = json.loads(manifest.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(
            f"{manifest} cannot be read; delete it to read what it describes unchecked."
        ) from error
    if not (isinstance(document, dict) and document.get("tool") == WRITTEN_BY["tool"]):
        return {}
    return document
