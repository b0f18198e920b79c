"""A bucket that a test fills, and the command line that reads it."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

from pyarrow import fs

from tests.bad_input.tool import Done, timingctl

SECRET = "verySecret+Key/0123456789abcdef0123456"  # noqa: S105 - of no account
_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "AKIATESTTESTTESTTEST",
    "AWS_SECRET_ACCESS_KEY": SECRET,
    "AWS_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}
#: Moto wants to see somebody, but not who it is.
_SIGNED = {
    "Authorization": "AWS4-HMAC-SHA256 Credential=admin/20260101/us-east-1/s3/aws4_request, "
    "SignedHeaders=host, Signature=0",
    "x-amz-acl": "public-read",
}


@dataclass(frozen=True)
class Bucket:
    """A bucket, and where its service is."""

    address: str
    name: str
    files: fs.FileSystem

    @classmethod
    def made(cls, address: str, name: str) -> Bucket:
        """A new one."""
        files = fs.S3FileSystem(
            access_key="admin",
            secret_key=SECRET,
            region="us-east-1",
            endpoint_override=address,
            allow_bucket_creation=True,
        )
        files.create_dir(name)
        return cls(address, name, files)

    @property
    def url(self) -> str:
        """What it is called."""
        return f"s3://{self.name}"

    def put(self, key: str, content: str | bytes) -> None:
        """Write a key, any that S3 takes."""
        self._asked("PUT", key, content.encode() if isinstance(content, str) else content)

    def _asked(self, method: str, key: str, body: bytes = b"") -> bytes:
        """What is answered; Arrow would take some keys for others."""
        connection = http.client.HTTPConnection(self.address.removeprefix("http://"))
        connection.request(method, f"/{self.name}/{quote(key)}", body, _SIGNED)
        answer = connection.getresponse()
        assert answer.status == HTTPStatus.OK
        content = answer.read()
        connection.close()
        return content

    def fill(self, folder: Path, prefix: str) -> str:
        """Write all files of a folder; returns what the folder is called then."""
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                self.put(f"{prefix}/{path.relative_to(folder).as_posix()}", path.read_bytes())
        return f"{self.url}/{prefix}"

    def get(self, key: str) -> bytes:
        """What a key holds."""
        return self._asked("GET", key)

    def keys(self, prefix: str = "") -> dict[str, bytes]:
        """All keys that begin so, and what they hold; marks of folders are none."""
        place = f"{self.name}/{prefix}".rstrip("/")
        found = self.files.get_file_info(
            fs.FileSelector(place, recursive=True, allow_not_found=True)
        )
        names = [info.path.removeprefix(f"{self.name}/") for info in found if info.is_file]
        return {name: self.get(name) for name in sorted(names)}

    def run(self, *arguments: object, **environment: str) -> Done:
        """Run the command line with credentials, which it never shows."""
        done = run_at(self.address, *arguments, **environment)
        assert SECRET not in done.out + done.err
        assert ".timingctl-" not in done.out + done.err
        return done


def run_at(address: str, *arguments: object, **environment: str) -> Done:
    """Run the command line against a service."""
    return timingctl(*arguments, **environment_of(address), **environment)


def environment_of(address: str) -> Mapping[str, str]:
    """The variables that lead to a service."""
    return {**_CREDENTIALS, "AWS_ENDPOINT_URL": address}
