"""Connecting: what stands in the first packet, and one sentence whatever comes back.

A listener of our own sends what a server sends that ends the session at an awkward moment.
"""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.postgres.command import finish, run, start
from timingctl.errors import DatabaseError
from timingctl.postgres.dsn import parse
from timingctl.postgres.session import connect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.postgres.server import App

WELCOME = b"R" + struct.pack("!ii", 8, 0) + b"Z" + struct.pack("!i", 5) + b"I"
_TLS = struct.pack("!i", 80877103)


def fatal(code: str, words: str) -> bytes:
    """The server's last message."""
    fields = b"".join(
        kind + value.encode() + b"\0"
        for kind, value in ((b"S", "FATAL"), (b"V", "FATAL"), (b"C", code), (b"M", words))
    )
    return b"E" + struct.pack("!i", len(fields) + 5) + fields + b"\0"


@contextmanager
def listener(*answers: bytes) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A DSN, and the parameters that clients began their sessions with; each gets one answer."""
    asked: list[dict[str, str]] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            for answer in answers:
                client, _ = server.accept()
                with client, client.makefile("rb") as sent:
                    packet = _packet(sent)
                    if packet == _TLS:
                        client.sendall(b"N")
                        packet = _packet(sent)
                    words = packet[4:].decode().split("\0")
                    asked.append(dict(zip(words[::2], words[1::2], strict=False)))
                    client.sendall(answer)
                    client.shutdown(socket.SHUT_WR)
                    while client.recv(4096):
                        pass

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"postgresql://u@127.0.0.1:{server.getsockname()[1]}/app", asked
        thread.join()


def _packet(sent: object) -> bytes:
    (length,) = struct.unpack("!i", sent.read(4))  # type: ignore[attr-defined]
    packet: bytes = sent.read(length - 4)  # type: ignore[attr-defined]
    return packet


GONE = "gave no session: server closed the connection unexpectedly."
ENDINGS = {
    "ended when idle": (WELCOME + fatal("57P01", "terminating connection"), GONE),
    "ended at once": (fatal("57P03", "the database system is starting up"),
                      "gave no session: the database system is starting up."),
    "no reason": (fatal("XX000", ""), "gave no session: it does not say why."),
    "gone": (b"", GONE),
    "gone when idle": (WELCOME, GONE),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(ENDINGS))
def test_a_session_that_does_not_come_about_is_one_sentence(tmp_path: Path, name: str) -> None:
    answer, sentence = ENDINGS[name]
    with listener(answer) as (dsn, _):
        code, out, err = run("pull", "--dsn", dsn, "-o", tmp_path)
    assert (code, out) == (12, "")
    assert err.startswith("Error: PostgreSQL at 127.0.0.1:")
    assert sentence in err
    assert (err.count("\n"), ": ." in err) == (1, False)


def test_a_pooler_that_refuses_settings_is_asked_without_them(tmp_path: Path) -> None:
    refused = fatal("08P01", "unsupported startup parameter: options")
    full = fatal("53300", "sorry, too many clients already")
    with (
        listener(refused, full) as (dsn, asked),
        pytest.raises(DatabaseError, match="no connection left to give"),
        connect(parse(dsn)),
    ):
        pass
    assert ["search_path" in first.get("options", "") for first in asked] == [True, False]
    assert [first["client_encoding"] for first in asked] == ["UTF8", "UTF8"]
    with (
        listener(full) as (dsn, asked),
        pytest.raises(DatabaseError),
        connect(parse(f"{dsn}?pgbouncer=true")),
    ):
        pass
    assert "options" not in asked[0]


def test_a_short_statement_timeout_of_the_role_holds_nothing_up(app: App, tmp_path: Path) -> None:
    app.run(f"alter database {app.name} set statement_timeout = '1ms';\n")
    assert run("pull", "--dsn", app.dsn, "-o", tmp_path, "-q") == (0, "", "")


def test_what_the_server_notes_as_we_connect_is_not_printed(app: App, tmp_path: Path) -> None:
    app.run(f"set client_min_messages = error;\n"
            f"alter database {app.name} set default_tablespace = 'gone';\n")  # fmt: skip
    pulling = start("pull", "--dsn", app.dsn, "-o", tmp_path, "-q")  # libpq prints, not Python
    assert finish(pulling) == (0, "", "")
