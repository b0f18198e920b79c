"""Connection strings: libpq's two forms, Prisma's habits, and showing one without its secrets."""

from __future__ import annotations

import os
import re
from configparser import Error as ConfigParserError
from configparser import RawConfigParser
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from timingctl.errors import InputError, SettingsError
from timingctl.postgres import settings
from timingctl.scrubbing import has_secret, is_url
from timingctl.scrubbing import scrubbed as redacted

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Dsn", "check_scheme", "is_dsn", "parse", "redacted"]

SCHEMES = ("postgresql://", "postgres://")
_PATTERN = "postgresql://user:password@host:port/database"
_WRITE = f"write a DSN as {_PATTERN}"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.:\-]+://")
_QUOTES = ("'", '"', "`", "\u2018", "\u201c", "<")
#: The first words of what libpq reads as ``key=value``.
_LIBPQ = frozenset({"host", "hostaddr", "port", "user", "dbname", "service"})
#: Whose schemes are like ours and are not.
_OWNERS = (("prisma", "Prisma Accelerate"), ("jdbc:", "Java"), ("postgresql+", "SQLAlchemy"),
           ("postgres+", "SQLAlchemy"))  # fmt: skip
DEFAULT_SCHEMA = "public"  # Prisma's, too
#: Seconds; without one, a host that drops packets is waited for two minutes or more.
_CONNECT_TIMEOUT = "10"
_PORT = "5432"
#: What libpq takes a parameter from where nothing else gives it.
_VARIABLES = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "user": "PGUSER",
    "dbname": "PGDATABASE",
    "options": "PGOPTIONS",
}
#: Parameters of Prisma's own engine and its poolers; they mean nothing to libpq.
_PRISMA_ONLY = frozenset(
    {
        "schema",
        "connection_limit",
        "max_connection_lifetime",
        "max_idle_connection_lifetime",
        "pgbouncer",
        "pool_timeout",
        "single_use_connections",
        "socket_timeout",
        "statement_cache_size",
    }
)
_PRISMA_TLS = frozenset({"sslaccept", "sslidentity"})
_SECRETS = ("password", "sslpassword")
_PAIR = re.compile(r"\s*(\w+)\s*=\s*('(?:[^'\\]|\\.)*'|(?:[^\s'\\]|\\.)*)\s*", re.DOTALL)
_UNREADABLE = (
    "The DSN cannot be read; write postgresql://user:password@host:port/database, "
    "with the special characters of the user and the password percent-encoded."
)


@dataclass(frozen=True)
class Dsn:
    """Where to connect. `params` are libpq's; its repr and `place` show no secret."""

    params: Mapping[str, str] = field(repr=False)
    schema: str = DEFAULT_SCHEMA
    pooled: bool = False  # behind PgBouncer, says the DSN: no state outlives a transaction

    @property
    def conninfos(self) -> list[str]:
        """What libpq connects by, to be tried in turn; they hold the password.

        What stands here goes before the environment and the service file. The last leaves out the
        settings that a pooler may refuse.
        """
        given = {"fallback_application_name": "timingctl", **self.params}
        if "PGCONNECT_TIMEOUT" not in os.environ:
            given.setdefault("connect_timeout", _CONNECT_TIMEOUT)
        given["client_encoding"] = "UTF8"
        settled = {**given, "options": settings.options(self.given("options"))}
        return [_conninfo(given)] if self.pooled else [_conninfo(settled), _conninfo(given)]

    def given(self, name: str) -> str:
        """What libpq goes by: of the DSN, the service file or the environment; else empty."""
        service = self.params.get("service") or os.environ.get("PGSERVICE", "")
        of_service = _of_service(service, name) if service else ""
        return self.params.get(name) or of_service or os.environ.get(_VARIABLES[name], "")

    @property
    def place(self) -> str:
        """The server as messages call it: host:port."""
        hosts = self.given("hostaddr") or self.given("host") or "the local socket"
        names, ports = hosts.split(","), self.given("port").split(",")
        pairs = zip(names, ports if len(ports) == len(names) else ports * len(names), strict=False)
        return ",".join(f"{name}:{port or _PORT}" for name, port in pairs)

    @property
    def database(self) -> str:
        """The database's name; empty where it is that of who runs this."""
        return self.given("dbname") or self.given("user")

    @property
    def has_secret(self) -> bool:
        """Whether it holds a password."""
        return any(name in self.params for name in _SECRETS)

    def within(self, schema: str | None) -> Dsn:
        """The same place with another schema, if one is given."""
        return replace(self, schema=schema or self.schema)

    def scrubbed(self, text: str) -> str:
        """The text without any of the DSN's secrets, however they are written in it."""
        for secret in filter(None, map(self.params.get, _SECRETS)):
            for written in {secret, quote(secret, safe=""), quote(secret)}:
                text = text.replace(written, "***")
        return text


def is_dsn(source: str) -> bool:
    """Whether the source is a database and not a file or folder."""
    return source.startswith(SCHEMES)


def parse(text: str) -> Dsn:
    """Read a URI or a ``key=value`` string. Raises SettingsError, which never quotes it."""
    if not text.strip():  # a variable that is not set; libpq would take its own defaults
        raise SettingsError(f"The DSN is empty; {_WRITE}.")
    given = _uri_params(text) if "://" in text else _pairs(text)
    if tls := sorted(_PRISMA_TLS & given.keys()):
        raise SettingsError(
            f"The DSN's {tls[0]} is understood by Prisma alone; "
            "write sslmode=verify-full&sslrootcert=FILE instead."
        )
    return Dsn(
        {name: value for name, value in given.items() if name not in _PRISMA_ONLY},
        given.get("schema") or DEFAULT_SCHEMA,
        given.get("pgbouncer") == "true",
    )


def check_scheme(given: str) -> None:
    """Raise InputError, with the way out, for what is meant as a DSN and is none that is read."""
    text = given.strip()
    if name := re.match(r"(?:export\s+)?(\w+)\s*=\s*['\"]?\w+[\w+.\-]*:", text):
        raise InputError(f"{given} is no source: give the DSN without {name[1]}= before it.")
    if text[:1] in _QUOTES and is_url(text):
        raise InputError(f"{given} is no source: give the DSN without the quotes.")
    pairs = re.match(r"(\w+)\s*=", text)
    if pairs and (has_secret(text) or pairs[1] in _LIBPQ):
        raise InputError(f"{given} is no source: {_WRITE}.")
    if found := _SCHEME.search(text):
        scheme = found[0].lower()
        if scheme in SCHEMES:
            shorter = "in small letters" if found[0] != scheme else "and nothing before it"
            raise InputError(f"{given} is no source: write {scheme} {shorter}.")
        owner = next((f", which is for {who}," for mark, who in _OWNERS if mark in scheme), "")
        raise InputError(
            f"{given} cannot be read: the scheme {found[0]}{owner} is not read. "
            f"Give a folder, a DuckDB database, or {_PATTERN}."
        )


def _uri_params(text: str) -> dict[str, str]:
    """The params of a URI; an unencoded @ in the password is forgiven, / ? and # are not."""
    if not text.startswith(SCHEMES):
        raise SettingsError(_UNREADABLE)
    authority, rest = re.fullmatch(r"([^/?]*)(.*)", text.partition("://")[2], re.DOTALL).groups()  # type: ignore[union-attr]
    path, _, query = rest.partition("?")
    credentials, _, hosts = authority.rpartition("@")
    user, _, password = credentials.partition(":")
    params = {
        "user": unquote(user),
        "password": unquote(password),
        **_hosts(hosts),
        "dbname": unquote(path.removeprefix("/")),
    }
    for pair in filter(None, query.split("&")):
        name, equals, value = pair.partition("=")
        if not equals:
            raise SettingsError(_UNREADABLE)
        params[unquote(name)] = unquote(value)
    if "@" in path or "#" in authority:  # the password was cut in two; neither half may be shown
        raise SettingsError(_UNREADABLE)
    return {name: value for name, value in params.items() if value}


def _hosts(hosts: str) -> dict[str, str]:
    """``host1:port1,[::1]:port2`` as libpq's two parallel lists."""
    found = [re.fullmatch(r"(?:\[(.*)\]|([^:]*))(?::(\d*))?", host) for host in hosts.split(",")]
    if not all(found):
        raise SettingsError(_UNREADABLE)
    matches = [match for match in found if match]
    names = [unquote(match[1] or match[2] or "") for match in matches]
    ports = [match[3] or "" for match in matches]
    return {
        "host": ",".join(names) if any(names) else "",
        "port": ",".join(ports) if any(ports) else "",
    }


def _pairs(text: str) -> dict[str, str]:
    """The params of ``key=value key='value'``, as libpq reads it."""
    pairs = {}
    position = 0
    while position < len(text):
        match = _PAIR.match(text, position)
        if not match:
            raise SettingsError(_UNREADABLE)
        value = match[2][1:-1] if match[2].startswith("'") else match[2]
        pairs[match[1]] = re.sub(r"\\(.)", r"\1", value, flags=re.DOTALL)
        position = match.end()
    return pairs


def _of_service(service: str, name: str) -> str:
    """A parameter of a service, from the first of libpq's files that has the service."""
    own = os.environ.get("PGSERVICEFILE") or Path("~/.pg_service.conf").expanduser()
    shared = Path(os.environ.get("PGSYSCONFDIR", "/etc"), "pg_service.conf")
    for file in (own, shared):
        services = RawConfigParser(strict=False, delimiters=("=",), default_section="")
        with suppress(OSError, ValueError, ConfigParserError):
            services.read(file, encoding="utf-8")
        if services.has_section(service):
            return services.get(service, name, fallback="")
    return ""


def _conninfo(params: Mapping[str, str]) -> str:
    return " ".join(f"{name}={_conninfo_value(value)}" for name, value in params.items())


def _conninfo_value(value: str) -> str:
    return "'" + value.replace("\\", r"\\").replace("'", r"\'") + "'"
