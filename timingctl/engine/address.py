"""Where an engine listens: sc://host:port/;token=…, of which a token is shown to nobody."""

from __future__ import annotations

import re
from dataclasses import dataclass

from timingctl.errors import UsageError

_FORM = re.compile(
    r"sc://(?P<host>\[[0-9A-Fa-f:.%]+\]|[^\s:/;@?#\[\]]+)(?::(?P<port>\d{1,5}))?/?"
    r"(?P<params>(?:;[^=;\s]+=[^;\s]*)*);?"
)
#: The port that Spark Connect listens on by default.
_PORT = 15_002
_MOST_PORT = 65_535
_HERE = {"localhost", "127.0.0.1", "[::1]"}
_TOKEN = re.compile(r";token=([^;]*)", re.IGNORECASE)


@dataclass(frozen=True)
class Address:
    """An engine's URL, and of it the host and the port."""

    url: str
    host: str
    port: int

    @property
    def is_here(self) -> bool:
        """Whether it says by itself that the engine runs on this machine."""
        return self.host.lower() in _HERE

    @property
    def place(self) -> str:
        """The host and port, to be shown."""
        return f"{self.host}:{self.port}"

    @property
    def has_token(self) -> bool:
        """Whether the engine is shown a token."""
        return bool(_TOKEN.search(self.url))

    def without_token(self, text: str) -> str:
        """A text from outside, which may quote the token, without it."""
        found = _TOKEN.search(self.url)
        return text.replace(found[1], "***") if found and found[1] else text


def address(given: str) -> Address:
    """Read what --engine was given. Raises UsageError for what is no such URL."""
    found = _FORM.fullmatch(given)
    port = int(found["port"] or _PORT) if found else 0
    if not found or not 0 < port <= _MOST_PORT:
        raise UsageError(
            "that is no address of a Spark Connect engine; write it like sc://spark.example:15002. "
            "How a token goes with it stands in docs/scale.md."
        )
    return Address(given, found["host"], port)
