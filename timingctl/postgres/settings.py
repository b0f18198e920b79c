"""Every setting of a session that changes what is read, written or compared: ours, with the reason.

A server, a database, a role, the environment or a service file may set each of them otherwise.
docs/postgres.md shows the same list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

#: How long one statement may take, unless told otherwise.
STATEMENT_TIMEOUT = "15min"


@dataclass(frozen=True)
class Setting:
    """A setting, its value in every transaction, and why. A server that lacks it goes without.

    With `at_connect` the session begins with it too: the driver asks for the server's types then,
    and an index is built outside of transactions.
    """

    name: str
    value: str
    why: str
    at_connect: bool = False


_OURS = (
    ("client_encoding", "UTF8", "text is UTF-8 on the way, however the database stores it"),
    ("TimeZone", "UTC", "an instant with a zone is read and written as UTC"),
    ("DateStyle", "ISO, YMD", "a date has one text, ISO 8601"),
    ("IntervalStyle", "postgres", "an interval has one text"),
    ("extra_float_digits", "1", "a float comes out with all its digits"),
    ("bytea_output", "hex", "bytes have one text"),
    ("lc_monetary", "C", "money has one text"),
    ("row_security", "off", "hidden rows are an error, not left out"),
    ("session_replication_role", "origin", "triggers and foreign keys hold"),
    ("transaction_timeout", "0", "a long transaction is not ended"),
    ("client_connection_check_interval", "2s", "a killed tool is noticed, and its locks go"),
)
_OURS_AT_CONNECT = (
    ("search_path", "pg_catalog,pg_temp", "no function, operator or type of others is found"),
    ("standard_conforming_strings", "on", "a backslash in a literal is a backslash"),
    ("quote_all_identifiers", "off", "a type has the name that the code and the driver know"),
    ("default_transaction_read_only", "off", "Message's index is made outside of transactions"),
    ("statement_timeout", STATEMENT_TIMEOUT, "--statement-timeout decides"),
    ("lock_timeout", "0", "--lock-timeout decides, or when reading --statement-timeout"),
    ("idle_in_transaction_session_timeout", "0", "a slow disk of ours ends no transaction"),
    ("client_min_messages", "error", "no notice of the server mixes with our messages"),
)
SETTINGS = (
    *(Setting(*ours, at_connect=True) for ours in _OURS_AT_CONNECT),
    *(Setting(*ours) for ours in _OURS),
)


def options(given: str) -> str:
    """What libpq's `options` asks for at connect: what was given, then ours, which so prevail."""
    ours = " ".join(f"-c {s.name}={s.value}" for s in SETTINGS if s.at_connect)
    return f"{given} {ours}".strip()


def in_transaction() -> Mapping[str, str]:
    """The value of every setting, by its name."""
    return {setting.name: setting.value for setting in SETTINGS}
