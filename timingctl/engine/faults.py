"""What goes wrong on an engine, as a sentence with an exit code."""

from __future__ import annotations

import re
import socket
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from timingctl.errors import DatabaseError, SettingsError, TimingctlError, visible
from timingctl.stop import left_to_itself

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timingctl.engine.address import Address

#: What is done first.
CONNECTING = "connecting"
#: How long to wait for somebody to listen, in seconds.
_PATIENCE_S = 10
#: How much of what an engine says is shown.
_SHOWN = 300
#: What is wrong, by words that engines use for it.
_FULL = r"no space left|disk quota|quota exceeded|storage full|disk is full"
_DENIED = r"permission denied|accesscontrol|access denied|forbidden|read-only file"
_MEMORY = (
    r"outofmemory|out of memory|resources exhausted|failed to allocate|memory limit|"
    r"cannot allocate memory|java heap space"
)
_GONE = (
    r"session.{0,40}(not found|closed|expired|changed)|session_not_found|operation_not_found|"
    r"invalid_handle|invalid_cursor|table_or_view_not_found"
)
_AWAY = {"UNAVAILABLE", "DEADLINE_EXCEEDED", "ABORTED"}
_REFUSED = {"UNAUTHENTICATED", "PERMISSION_DENIED"}


@dataclass(frozen=True)
class Doing:
    """What an engine is asked to do: `what` in words, for an engine at an address, with scratch."""

    address: Address
    scratch: str
    what: str


def reach(address: Address) -> None:
    """Raise DatabaseError where nobody listens; a client of Spark would try for long."""
    try:
        left_to_itself(
            lambda: socket.create_connection(
                (address.host.strip("[]"), address.port), _PATIENCE_S
            ).close()
        )
    except OSError as error:
        why = "it does not answer" if isinstance(error, TimeoutError) else error.strerror or error
        raise DatabaseError(
            f"No engine at {address.place}: {why}. Start one, or give another by --engine."
        ) from error


@contextmanager
def engine_errors(doing: Doing) -> Iterator[None]:
    """Around what an engine does: its errors become ours.

    Raises SettingsError for what scratch lacks, DatabaseError for anything else.
    """
    try:
        yield
    except TimingctlError:
        raise
    except Exception as error:
        if not _is_of_engine(error):
            raise
        raise said(doing, error) from error


def _is_of_engine(error: Exception) -> bool:
    """Whether the client of Spark, or what it is made of, raised an error."""
    modules = {kind.__module__.partition(".")[0] for kind in type(error).__mro__}
    return bool(modules & {"pyspark", "grpc"})


def said(doing: Doing, error: Exception) -> TimingctlError:
    """The sentence for what the client of Spark raised."""
    code, text = _code(error), doing.address.without_token(_text(error))
    kind, sentence = _sentence(doing, code, text)
    return kind(sentence)


def _sentence(doing: Doing, code: str, text: str) -> tuple[type[TimingctlError], str]:
    the_engine, what = f"The engine at {doing.address.place}", doing.what
    whom = "the token in --engine; give another"
    if not doing.address.has_token:
        whom = "a client without a token; give one in --engine, as docs/scale.md says"
    unwritable = (
        f"The engine may not write to scratch, {doing.scratch}. Give a place by --scratch that its "
        "workers may write to."
    )
    unreadable = (
        f"The engine may not read what it has to while {what}: {text}. Let its workers read the "
        "exports."
    )
    failed = f"{the_engine} failed while {what}: {text}."
    cases: tuple[tuple[bool, type[TimingctlError], str], ...] = (
        (
            code in _REFUSED,
            DatabaseError,
            f"{the_engine} refused {whom}.",
        ),
        (
            code == "UNIMPLEMENTED",
            DatabaseError,
            f"What listens at {doing.address.place} does not know what a Spark Connect engine has "
            "to know; it is something else, or older than Spark 4.0 or Sail 0.7.",
        ),
        (
            _says(_GONE, text),
            DatabaseError,
            f"{the_engine} lost this session while {what}: it was restarted, or ended the session. "
            "Run this again.",
        ),
        (
            code in _AWAY and what == CONNECTING,
            DatabaseError,
            f"What listens at {doing.address.place} does not answer as a Spark Connect engine. "
            "Give the address of one; where it wants TLS, with ;use_ssl=true behind it.",
        ),
        (
            code in _AWAY,
            DatabaseError,
            f"{the_engine} went away while {what}. See whether it runs, and run this again.",
        ),
        (
            _says(_FULL, text),
            SettingsError,
            f"Scratch is full: the engine found no room in {doing.scratch} while {what}. "
            "Give a roomier place by --scratch.",
        ),
        (
            _says(_DENIED, text),
            SettingsError,
            unwritable if doing.scratch in text else unreadable,
        ),
        (
            _says(_MEMORY, text),
            DatabaseError,
            f"{the_engine} has too little memory while {what}: {text}. Give it more, or let it "
            "spill.",
        ),
    )
    return next(((kind, words) for holds, kind, words in cases if holds), (DatabaseError, failed))


def _says(pattern: str, text: str) -> bool:
    return bool(re.search(pattern, text, re.IGNORECASE))


def _code(error: BaseException | None) -> str:
    """The name of the gRPC status behind an error; empty where there is none."""
    while error is not None:
        code = getattr(error, "code", None)
        found = code() if callable(code) else None
        if name := getattr(found, "name", ""):
            return str(name)
        status = getattr(error, "_grpc_status_code", None)
        if (name := getattr(status, "name", "")) and name not in {"UNKNOWN", "INTERNAL"}:
            return str(name)
        error = error.__cause__ or error.__context__
    return ""


def _text(error: Exception) -> str:
    """What an engine says, its first line."""
    details = getattr(error, "details", None)
    text = str((details() if callable(details) else "") or error)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return visible((lines or [type(error).__name__])[0][:_SHOWN]).rstrip(". ")
