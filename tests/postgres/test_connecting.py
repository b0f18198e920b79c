"""Connecting: what stands in the first packet, and one sentence whatever comes back.

A listener of our own sends what a server sends that ends the session at an awkward moment.
"""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.postgres.command import finish, run, start
from timingctl.errors import DatabaseError
from timingctl.postgres.dsn import parse
from timingctl.postgres.session import connect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.postgres.server import App

pytestmark = pytest.mark.races

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


#: PgBouncer's words.
REFUSED = "transaction blocks not allowed in statement pooling mode"


@contextmanager
def statement_pooler(app: App) -> Iterator[str]:
    """The DSN of a way to the app that refuses `begin` as PgBouncer does, and then is gone."""
    parts = urlsplit(app.dsn)
    with socket.create_server(("127.0.0.1", 0)) as way:

        def serve() -> None:
            while not passed_on():  # the driver asks for the types in a session of its own
                pass

        def passed_on() -> bool:
            """Pass on one session; whether it was ended for `begin`."""
            client, _ = way.accept()
            with client, socket.create_connection((parts.hostname, parts.port)) as server:
                answers = threading.Thread(target=forward, args=(server, client), daemon=True)
                answers.start()
                sent = client.recv(65_536)
                while sent and b"begin" not in sent:
                    server.sendall(sent)
                    sent = client.recv(65_536)
                if sent:
                    client.sendall(fatal("08P01", REFUSED))
                server.shutdown(socket.SHUT_RDWR)
                answers.join()
            return bool(sent)

        def forward(server: socket.socket, client: socket.socket) -> None:
            with suppress(OSError):
                while answer := server.recv(65_536):
                    client.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"postgresql://{parts.username}@127.0.0.1:{way.getsockname()[1]}{parts.path}"
        thread.join()


def test_a_pooler_of_statements_is_said_to_be_one(app: App, tmp_path: Path) -> None:
    with statement_pooler(app) as dsn:
        code, out, err = run(
            "pull", "--dsn", f"{dsn}?sslmode=disable&gssencmode=disable", "-o", tmp_path
        )
    assert (code, out, err.count("\n")) == (12, "", 1)
    assert err.startswith("Error: The pooler at 127.0.0.1:")
    assert err.endswith("pool_mode transaction or session, or to PostgreSQL itself.\n")
