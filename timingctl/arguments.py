"""What options and arguments may be: one reading of them, for the command line and for Python.

Each function takes what was given, returns what is meant, and raises UsageError with a sentence.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from timingctl.buckets.places import Place, as_written, is_bucket, place_of
from timingctl.errors import InputError, UsageError
from timingctl.scrubbing import has_secret, is_url

if TYPE_CHECKING:
    from collections.abc import Collection

    from _typeshed import StrPath

_Target = TypeVar("_Target", bound=Path | Place)

#: The formats in which rows are written, by the suffix of the file.
OUTPUT_SUFFIXES = (".parquet", ".csv", ".ndjson")
#: That of an inbox, which is a DuckDB database.
INBOX_SUFFIX = ".duckdb"
SETTER_RULES = ("turn", "next")
#: Where delay windows come from, but for a file of them.
WINDOW_WORDS = ("infer", "current")
EXPORT_FORMATS = ("parquet", "csv", "ndjson")
MOST_DAYS = 36_500
MOST_CONTEXT = 10_000
#: What a number of 64 bits can be.
_MOST = 2**63 - 1
#: The strongest effect that can be planted: every chance stays one, in the widest made-up window.
MOST_POINTS = 5


def local_instant(given: datetime | str) -> datetime:
    """An instant in ISO 8601; naive, for a clock yet to be named, where no offset is given."""
    try:
        instant = given if isinstance(given, datetime) else datetime.fromisoformat(given)
        instant.replace(tzinfo=instant.tzinfo or UTC).astimezone(UTC)  # may leave the years
    except (ValueError, OverflowError):
        raise UsageError(
            f"{given!r} is no instant; write 2026-02-10 or 2026-02-10T12:34:56Z."
        ) from None
    return instant


def instant(given: datetime | str) -> datetime:
    """An instant as UTC; without an offset it is UTC, a bare date is its midnight."""
    found = local_instant(given)
    return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)


def duration(given: str) -> str:
    """A duration as PostgreSQL's settings take it; 0 is none."""
    if not re.fullmatch(r"0|\d{1,7}(ms|s|min|h)", given):
        raise UsageError(
            f"{given!r} is no duration; write 500ms, 30s, 15min, 1h, or 0 for no limit."
        )
    return given


def local_file(given: StrPath) -> Path:
    """A file to read that cannot be in a bucket."""
    if is_bucket(given):
        raise UsageError(f"{as_written(given)} is in a bucket; copy it to this machine first.")
    return Path(given)


def place(given: StrPath | bytes) -> Path:
    """A file or folder to write to. Nobody means to make folders of the name of a URL."""
    text = os.fsdecode(given)
    if is_bucket(text):
        raise UsageError(
            f"{as_written(Path(text))} is in a bucket, where only `timingctl build -o` writes; "
            "give a path on this machine."
        )
    if (is_url(text) or has_secret(text)) and not os.path.lexists(text):
        raise UsageError(f"{text!r} is a URL or a connection string; give a path.")
    return Path(text)


def output_file(given: StrPath | bytes, suffixes: Collection[str] = OUTPUT_SUFFIXES) -> Path:
    """A file to write, whose suffix says in which format."""
    return _with_suffix(place(given), suffixes)


def workbook_file(given: StrPath | bytes) -> Path:
    """A workbook to write, of rows that --format csv prints."""
    path = place(given)
    if path.suffix.lower() != ".xlsx":
        raise UsageError(f"{str(path)!r} does not end in .xlsx; for CSV write --format csv > FILE.")
    return path


def _with_suffix(path: _Target, suffixes: Collection[str]) -> _Target:
    if path.suffix.lower() not in suffixes:
        what = "is none of" if len(suffixes) > 1 else "does not end in"
        raise UsageError(f"{str(path)!r} {what} {', '.join(suffixes)}.")
    return path


def build_output(given: StrPath | bytes | Place) -> Path | Place:
    """A file of events to write, an inbox, or a folder of parts, here or in a bucket.

    A text that names a folder ends in a slash, which paths have not.
    """
    suffixes = (*OUTPUT_SUFFIXES, INBOX_SUFFIX)
    if isinstance(given, Place):
        return given if is_in_parts(given) else _with_suffix(given, suffixes)
    text = os.fsdecode(given)
    try:
        bucket = place_of(text if isinstance(given, bytes) else given) if is_bucket(text) else None
    except InputError as error:
        raise UsageError(str(error)) from None
    path = bucket or place(text)
    if is_folder_name(text) and not is_in_parts(path):
        what = f"ends in {path.suffix}, as files do"
        raise UsageError(f"{text!r} is a folder that {what}; give one such as events/.")
    if not is_in_parts(path):
        return _with_suffix(path, suffixes)
    if path.name in {"", ".."}:
        raise UsageError(f"{text!r} is a folder that has no name; give one such as events/.")
    if not (is_folder_name(text) or isinstance(given, Path)):
        raise UsageError(
            f"{text!r} is none of {', '.join(suffixes)}; for a folder of parts write "
            f"{f'{text}/'!r}."
        )
    return path


def is_folder_name(text: str) -> bool:
    """Whether a text names a folder: it ends in a slash."""
    return text.endswith(tuple(filter(None, ("/", os.sep, os.altsep))))


def is_inbox(path: Path | Place) -> bool:
    """Whether a path to write is named as an inbox."""
    return path.suffix.lower() == INBOX_SUFFIX


def is_in_parts(path: Path | Place) -> bool:
    """Whether a path to write is named as a folder, of parts in order."""
    return not path.suffix


def page_file(given: StrPath | bytes) -> Path:
    """A page to write."""
    path = place(given)
    if path.suffix.lower() not in {".html", ".htm"}:
        raise UsageError(f"{str(path)!r} is no page; give a name that ends in .html.")
    return path


def report_output(given: StrPath | bytes) -> Path:
    """A folder for a CSV a section, or a workbook."""
    path = place(given)
    if path.suffix and path.suffix.lower() != ".xlsx" and not path.is_dir():
        raise UsageError(
            f"{str(path)!r} is neither a folder nor a workbook; give a folder for a CSV file a "
            "section, or a name that ends in .xlsx."
        )
    return path


def responder(given: str) -> str:
    """``all``, ``ai`` or ``user:ID``."""
    if given not in {"all", "ai"} and not given.startswith("user:"):
        raise UsageError(
            f"{given!r} is neither all nor ai nor user:ID; did you mean {f'user:{given}'!r}?"
        )
    return given


def one_of(name: str, given: str, words: Collection[str]) -> str:
    """One of the words that an argument may be."""
    if given not in words:
        raise UsageError(f"{name} cannot be {given!r}; give one of {', '.join(words)}.")
    return given


def text_of(name: str, given: object) -> str:
    """An id as exports have it: a number would be compared with text."""
    if not isinstance(given, str):
        raise UsageError(f"{name} cannot be {given!r}; give text.")
    return given


def number(name: str, given: int | None, least: int, most: int | None = None) -> int | None:
    """A whole number from the least to the most; null: not given."""
    if given is not None and not least <= given <= (_MOST if most is None else most):
        is_endless = most is None and given < least
        upto = f"from {least} on" if is_endless else f"from {least} to {most or _MOST}"
        raise UsageError(f"{name} cannot be {given}; give a number {upto}.")
    return given


def points(name: str, given: float | None) -> float | None:
    """An effect in points of booking a minute; null: none."""
    if given is not None and not abs(given) <= MOST_POINTS:
        raise UsageError(
            f"{name} cannot be {given}; give points a minute from -{MOST_POINTS} to {MOST_POINTS}."
        )
    return given
