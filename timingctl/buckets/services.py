"""The file systems of services, with the credentials and endpoints that everybody's tools take.

Nothing of these is ever shown: neither a key nor a token is in a message, a manifest or a repr.
"""

from __future__ import annotations

import os
import re
from configparser import Error as ConfigParserError
from configparser import RawConfigParser
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from timingctl.buckets.places import CREDENTIALS, SERVICES
from timingctl.errors import SettingsError
from timingctl.stop import left_to_itself

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyarrow import fs

    from timingctl.buckets.places import Place

#: Seconds for a connection, and for an answer of which no byte comes, at first and once the service
#: was reached; and how often both are tried.
_CONNECT_S, _ANSWER_S, _LATER_S, _TRIES = 3, 5, 20, 3
#: Seconds in which there are credentials: those of a machine are asked for over the network.
_CREDENTIALS_S = 60
#: How long Google's client tries what may pass.
_RETRY_S = 5
_TRUE = {"1", "true", "yes", "on", "y", "t"}
#: What says that requests are not signed, as GDAL and as object_store (Polars, delta-rs) call it.
ANONYMOUS = {
    "s3": ("AWS_NO_SIGN_REQUEST", "AWS_SKIP_SIGNATURE"),
    "gs": ("GS_NO_SIGN_REQUEST", "GOOGLE_SKIP_SIGNATURE"),
}
#: What cannot have blanks around it: a key from a file often has a line end, of which services say
#: nothing that anybody understands.
_BARE = {
    "s3": ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION",
           "AWS_DEFAULT_REGION"),
    "gs": (),
    "az": ("AZURE_STORAGE_ACCOUNT", "AZURE_STORAGE_KEY", "AZURE_STORAGE_SAS_TOKEN",
           "AZURE_STORAGE_CONNECTION_STRING"),
}  # fmt: skip


@dataclass(frozen=True)
class Service:
    """A service, and what it is called: with its endpoint, where that was given."""

    files: fs.FileSystem = field(repr=False)  # for the first question, which nobody waits for
    patient: Callable[[], fs.FileSystem] = field(repr=False)
    scheme: str
    called: str
    is_anonymous: bool = False

    @cached_property
    def later(self) -> fs.FileSystem:
        """For the questions after it: a service may be slow."""
        return self.patient()


def service_of(place: Place) -> Service:
    """The service of a place. Raises SettingsError for an environment that cannot be meant."""
    for name in _BARE[place.scheme]:
        if (given := os.environ.get(name, "")) != given.strip():
            raise SettingsError(
                f"{name} has a blank or a line end before or after it; set it without."
            )
    made = {"s3": lambda: _s3(place), "gs": _gcs, "az": _azure}[place.scheme]
    try:
        return left_to_itself(made, _CREDENTIALS_S)
    except TimeoutError as error:
        raise SettingsError(
            f"Nobody gave credentials for {SERVICES[place.scheme]}; set them "
            f"({CREDENTIALS[place.scheme]})."
        ) from error


def _s3(place: Place) -> Service:
    from pyarrow import fs

    is_anonymous = _says_anonymous("s3")
    if not (is_anonymous or os.environ.get("AWS_ACCESS_KEY_ID")):
        _check_profile()
    profile = _profile()
    endpoint, variable = _endpoint(profile)
    region = (
        os.environ.get("AWS_REGION")
        or os.environ.get("AWS_DEFAULT_REGION")
        or profile.get("region")
        or (None if endpoint else _region_of(place.bucket))
    )
    given: dict[str, Any] = {"anonymous": True} if is_anonymous else {}
    if endpoint:
        given["endpoint_override"] = endpoint
    if region:
        given["region"] = region
    if bundle := os.environ.get("AWS_CA_BUNDLE"):
        given["tls_ca_file_path"] = bundle
    fs.ensure_s3_initialized()

    def reached(seconds: int) -> fs.FileSystem:
        return fs.S3FileSystem(
            connect_timeout=_CONNECT_S,
            request_timeout=seconds,
            retry_strategy=fs.AwsStandardS3RetryStrategy(max_attempts=_TRIES),
            **given,
        )

    try:
        files = reached(_ANSWER_S)
    except (OSError, ValueError) as error:
        raise SettingsError(
            "The settings of S3 cannot be used; look at AWS_PROFILE, AWS_REGION and "
            f"{variable or 'AWS_ENDPOINT_URL'}."
        ) from error
    called = f"S3, region {files.region}"
    called = f"{endpoint} ({variable})" if endpoint else called
    return Service(files, lambda: reached(_LATER_S), "s3", called, is_anonymous)


def _endpoint(profile: dict[str, str]) -> tuple[str, str]:
    """Another endpoint than that of AWS, and what said so; empty where nothing does."""
    names = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
    given = [(text, name) for name in names if (text := os.environ.get(name))]
    if not given and "endpoint_url" in profile:
        given = [(profile["endpoint_url"], "endpoint_url of the profile")]
    if not given:
        return "", ""
    text, variable = given[0]
    return _checked_url(text, variable), variable


def _checked_url(text: str, variable: str) -> str:
    """An endpoint, as ``http://host:port``."""
    try:
        parts = urlsplit(text)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in text
        sound = sound and bool(re.fullmatch(r"[\w.\-\[\]:]+", parts.netloc)) and parts.port != 0
    except ValueError:
        sound = False
    if not sound:
        raise SettingsError(
            f"{variable} is no address of a service; write it as https://s3.example.com or http://127.0.0.1:9000."
        )
    return text.rstrip("/")


def _profile() -> dict[str, str]:
    """What the profile in force says in the shared config of AWS; empty without one."""
    config = _shared("AWS_CONFIG_FILE", "~/.aws/config")
    name = os.environ.get("AWS_PROFILE") or "default"
    section = next((s for s in (f"profile {name}", name) if config.has_section(s)), None)
    return dict(config.items(section)) if section else {}


def _check_profile() -> None:
    """Raise SettingsError for a profile that is named and is nowhere."""
    name = os.environ.get("AWS_PROFILE")
    keys = _shared("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials")
    if name and not (_profile() or keys.has_section(name)):
        raise SettingsError(
            f"AWS_PROFILE is {name!r}, and neither ~/.aws/config nor ~/.aws/credentials has it."
        )


def _shared(variable: str, usual: str) -> RawConfigParser:
    """A file that the tools of AWS share; empty where there is none."""
    config = RawConfigParser(strict=False, delimiters=("=",), default_section="")
    with suppress(OSError, ValueError, ConfigParserError):
        config.read(Path(os.environ.get(variable) or usual).expanduser(), encoding="utf-8")
    return config


def _region_of(bucket: str) -> str | None:
    """The region that AWS says a bucket is in; none where it cannot be asked."""
    from pyarrow import fs

    with suppress(OSError, ValueError, TimeoutError):
        return str(left_to_itself(lambda: fs.resolve_s3_region(bucket), _ANSWER_S))
    return None


def _gcs() -> Service:
    from pyarrow import fs

    is_anonymous = _says_anonymous("gs")
    given: dict[str, Any] = {"anonymous": True} if is_anonymous else {}
    called = SERVICES["gs"]
    if emulator := os.environ.get("STORAGE_EMULATOR_HOST"):
        written = emulator if "://" in emulator else f"http://{emulator}"
        parts = urlsplit(_checked_url(written, "STORAGE_EMULATOR_HOST"))
        given = {"anonymous": True, "scheme": parts.scheme, "endpoint_override": parts.netloc}
        called = f"{written} (STORAGE_EMULATOR_HOST)"
    try:
        files = fs.GcsFileSystem(retry_time_limit=timedelta(seconds=_RETRY_S), **given)
    except (OSError, ValueError) as error:
        raise SettingsError(
            "The credentials of Google Cloud Storage cannot be used; look at "
            "GOOGLE_APPLICATION_CREDENTIALS, or set GS_NO_SIGN_REQUEST=1 for a public bucket."
        ) from error
    return Service(files, lambda: files, "gs", called, is_anonymous)


def _azure() -> Service:
    from pyarrow import fs

    said = dict(
        pair.partition("=")[::2]
        for pair in os.environ.get("AZURE_STORAGE_CONNECTION_STRING", "").split(";")
        if "=" in pair
    )
    account = (
        os.environ.get("AZURE_STORAGE_ACCOUNT")
        or os.environ.get("AZURE_STORAGE_ACCOUNT_NAME")
        or said.get("AccountName")
    )
    if not account:
        raise SettingsError(
            "az:// needs the name of the storage account; set AZURE_STORAGE_ACCOUNT, or "
            "AZURE_STORAGE_CONNECTION_STRING."
        )
    key = (
        os.environ.get("AZURE_STORAGE_KEY")
        or os.environ.get("AZURE_STORAGE_ACCOUNT_KEY")
        or said.get("AccountKey")
    )
    token = os.environ.get("AZURE_STORAGE_SAS_TOKEN") or said.get("SharedAccessSignature")
    given: dict[str, Any] = {"account_key": key} if key else {}
    if token and not key:
        given = {"sas_token": token}
    called = f"{SERVICES['az']}, account {account}"
    endpoint = os.environ.get("AZURE_STORAGE_BLOB_ENDPOINT") or said.get("BlobEndpoint")
    if endpoint:
        parts = urlsplit(_checked_url(endpoint, "The blob endpoint of Azure"))
        given["blob_storage_authority"] = given["dfs_storage_authority"] = parts.netloc
        given["blob_storage_scheme"] = given["dfs_storage_scheme"] = parts.scheme
        called = f"{parts.scheme}://{parts.netloc}, account {account}"
    try:
        files = fs.AzureFileSystem(account, **given)
    except (OSError, ValueError) as error:
        raise SettingsError(
            "The credentials of Azure Blob Storage cannot be used; look at AZURE_STORAGE_KEY and "
            "AZURE_STORAGE_SAS_TOKEN."
        ) from error
    return Service(files, lambda: files, "az", called)


def _says_anonymous(scheme: str) -> bool:
    return any(os.environ.get(name, "").lower() in _TRUE for name in ANONYMOUS[scheme])
