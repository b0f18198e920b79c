"""Places in a bucket: how they are written, and what is said of what is nearly one."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from pathlib import PurePath, PurePosixPath
from typing import TYPE_CHECKING

from timingctl.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

#: The schemes that are read, and whose buckets they name.
SERVICES = {"s3": "S3", "gs": "Google Cloud Storage", "az": "Azure Blob Storage"}
#: Where their credentials stand, as everybody's tools take them.
CREDENTIALS = {
    "s3": "AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    "gs": "GOOGLE_APPLICATION_CREDENTIALS",
    "az": "AZURE_STORAGE_ACCOUNT, and AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN",
}
#: What other tools call them.
_ALIASES = {
    **dict.fromkeys(("s3a", "s3n"), "s3"),
    **dict.fromkeys(("gcs", "gss"), "gs"),
    **dict.fromkeys(("abfs", "abfss", "wasb", "wasbs", "azure", "adl", "adls"), "az"),
}
_BUCKET = re.compile(r"[A-Za-z0-9$][A-Za-z0-9._\-]{1,221}")
_WRITTEN = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.\-]*)://(?P<rest>.*)", re.DOTALL)
#: A scheme of ours with too few or too many slashes, or the wrong ones.
_MISSPELT = re.compile(
    rf"(?i:(?P<scheme>{'|'.join((*SERVICES, *_ALIASES))})):(?P<marks>[/\\]*)(?P<rest>.*)", re.DOTALL
)
#: What a path makes of a URL.
_FOLDED = re.compile(r"\A([A-Za-z][A-Za-z0-9]*):/(?!/)")
#: Parameters behind a question mark, which in a pattern stands for any character.
_QUERY = re.compile(r"\?[A-Za-z][\w.\-]*=")
#: Where AWS, Google and Azure show objects to browsers.
_HOSTS = (
    (re.compile(r"(?P<bucket>[^./]+)\.s3[.\-][^/]*amazonaws\.com/?(?P<key>.*)"), "s3"),
    (re.compile(r"s3[.\-][^/]*amazonaws\.com/(?P<bucket>[^/]+)/?(?P<key>.*)"), "s3"),
    (
        re.compile(r"storage\.(?:googleapis|cloud\.google)\.com/(?P<bucket>[^/]+)/?(?P<key>.*)"),
        "gs",
    ),
    (re.compile(r"[^./]+\.(?:blob|dfs)\.core\.windows\.net/(?P<bucket>[^/]+)/?(?P<key>.*)"), "az"),
)
_WAY_OUT = (
    "give a folder, a file, or a bucket: s3://bucket/key, gs://bucket/key, az://container/key"
)


@dataclass(frozen=True)
class Place:
    """A bucket, or what has a key in it; without a key all of the bucket.

    It is called as paths are, so that whoever only names an output need not know which it is.
    """

    scheme: str
    bucket: str
    key: str = ""

    def __str__(self) -> str:
        return f"{self.scheme}://{self.path}"

    @property
    def path(self) -> str:
        """As ``pyarrow.fs`` takes it."""
        return f"{self.bucket}/{self.key}" if self.key else self.bucket

    @property
    def name(self) -> str:
        """The last part of the key."""
        return self.key.rpartition("/")[2]

    @property
    def suffix(self) -> str:
        """The suffix of the name, with its dot."""
        return PurePosixPath(self.name).suffix

    @property
    def parent(self) -> Place:
        """What would be its folder."""
        return replace(self, key=self.key.rpartition("/")[0])

    def with_name(self, name: str) -> Place:
        """What is called so beside it."""
        return self.parent / name

    def __truediv__(self, name: str) -> Place:
        return replace(self, key=f"{self.key}/{name}" if self.key else name)

    def below(self, root: Path) -> Path:
        """Where it lies in a folder that mirrors buckets."""
        return root / self.scheme / self.path

    @classmethod
    def of_copy(cls, path: Path, root: Path) -> Place | None:
        """What lies at a path in such a folder; null for what is no key's."""
        inside = path.relative_to(root).parts if path.is_relative_to(root) else ()
        if len(inside) < 3:  # noqa: PLR2004 - a scheme, a bucket, a key
            return None
        scheme, bucket, *key = inside
        return cls(scheme, bucket, "/".join(key))


def is_bucket(given: object) -> bool:
    """Whether a bucket is named, as it should be or nearly so, and no file that is there."""
    text = str(given)
    if written := _WRITTEN.fullmatch(text):
        return written["scheme"].lower() in {*SERVICES, *_ALIASES}
    return bool(_MISSPELT.fullmatch(text)) and not os.path.lexists(text)


def as_written(given: object) -> str:
    """What names a bucket, as text; a path has taken one of its two slashes away."""
    text = str(given)
    return _FOLDED.sub(r"\1://", text) if isinstance(given, PurePath) else text


def place_of(given: object) -> Place:
    """The place that is named. Raises InputError, with the way out, for what names none."""
    text = as_written(given)
    found = _MISSPELT.fullmatch(text)
    if not found:
        raise InputError(f"{text} is no bucket; {_WAY_OUT}.")
    scheme, rest = found["scheme"].lower(), found["rest"]
    meant = _ALIASES.get(scheme, scheme)
    if "@" in rest.partition("/")[0]:
        raise InputError(
            f"{text} has something before its bucket; write {meant}://bucket/key, and give "
            f"credentials in the environment or a profile ({CREDENTIALS[meant]})."
        )
    if query := _QUERY.search(rest):
        raise InputError(
            f"{scheme}://{rest[: query.start()]} has options behind a question mark; give them in "
            f"the environment{' (AWS_REGION, AWS_ENDPOINT_URL)' if meant == 's3' else ''}."
        )
    if meant != scheme or found["marks"] != "//":
        said = rest.replace("\\", "/")
        raise InputError(f"{text} is not how a bucket is written; write {meant}://{said}.")
    bucket, _, key = rest.partition("/")
    if not bucket:
        raise InputError(f"{text} names no bucket; write {scheme}://bucket/key.")
    if not _BUCKET.fullmatch(bucket):
        raise InputError(f"{text}: {bucket!r} cannot be the name of a bucket; write its bare name.")
    key = key.rstrip("/")
    if key and not set(key.split("/")).isdisjoint({"", ".", ".."}):
        raise InputError(f"{text} has an empty name, . or .. between its slashes; take it out.")
    return Place(scheme, bucket, key)


def check_address(given: object) -> None:
    """Raise InputError for the address of a bucket in the web, with how it is written."""
    address = str(given).partition("?")[0]  # what follows may be a signature
    written = _WRITTEN.fullmatch(address)
    if not written or written["scheme"].lower() not in {"http", "https"}:
        return
    for pattern, scheme in _HOSTS:
        if found := pattern.fullmatch(written["rest"]):
            meant = f"{scheme}://{found['bucket']}/{found['key']}".rstrip("/")
            raise InputError(f"{address} is not read; write {meant}.")
