"""What can go wrong for a user: one class a kind, one exit code a class.

Each message is one sentence, or a few, that names the file, row or column and the way out.
"""

from __future__ import annotations

from timingctl.scrubbing import scrubbed


def visible(text: str) -> str:
    """Text from outside, safe in a terminal: whatever is not printable is escaped."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


class TimingctlError(Exception):
    """An error whose message is meant for the user; `exit_code` ends the process."""

    exit_code = 70

    def __init__(self, message: str = "") -> None:
        super().__init__(scrubbed(message))  # whatever was given may hold a password


class UsageError(TimingctlError, ValueError):
    """An argument has a value that it cannot have; the command line says so by itself."""

    exit_code = 2


class SettingsError(TimingctlError):
    """An option or the environment asks for something that cannot be done here."""

    exit_code = 10


class InputError(TimingctlError):
    """The exports, or another file that was given, cannot be used as they are."""

    exit_code = 11


class DatabaseError(TimingctlError):
    """A database server, or an engine, could not be reached or refused."""

    exit_code = 12
