"""What changes, ends or is stopped in the middle: nothing is half written, and nothing is left."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.bad_input.tool import INBOUND, MESSAGES, PATIENCE, timingctl, write
from tests.buckets.bucket import SECRET, Bucket, environment_of, run_at
from tests.buckets.servers import Hook, between, refusing

_UNUSABLE = "C,ann,email,sideways,2026-02-10 11:00:00,,,,\n"


@pytest.fixture
def source(tmp_path: Path, bucket: Bucket) -> str:
    """Exports in the bucket."""
    return bucket.fill(write(tmp_path / "exports", {}), "exports")


def _at(pattern: str, do: Hook) -> Hook:
    """Do it at requests that match: the method, the path, and the key that is copied."""

    def hook(request: BaseHTTPRequestHandler) -> bool:
        copied = request.headers.get("x-amz-copy-source", "")
        return bool(re.fullmatch(pattern, f"{request.command} {request.path} {copied}")) and do(
            request
        )

    return hook


def _refuse(request: BaseHTTPRequestHandler) -> bool:
    refusing(403, "AccessDenied")(request)
    return True


@pytest.mark.parametrize(
    ("pattern", "right"),
    [
        pytest.param(r"POST .*/new/e\.csv\.manifest\.json\?uploads ", "written", id="on its way"),
        pytest.param(r"PUT .*/out/e\.csv\.man.* .*/new/.*", "written", id="before the last is new"),
        pytest.param(r"DELETE .*\.rejects\.ndjson ", "removed", id="at what is obsolete"),
    ],
)
def test_what_stood_there_stands_there(
    pattern: str, right: str, source: str, bucket: Bucket
) -> None:
    target = f"{bucket.url}/out/e.csv"
    bucket.put("exports/Message.csv", MESSAGES + _UNUSABLE)
    assert bucket.run("build", source, "-o", target, "-q").code == 0
    before = bucket.keys("out")
    assert len(before) == 3
    bucket.put("exports/Message.csv", MESSAGES + "D,ann,email,inbound,2026-02-11 10:00:00,,,,\n")

    with between(bucket.address, _at(pattern, _refuse)) as address:
        done = run_at(address, "build", source, "-o", target, "-q")

    assert done.code == 10
    assert f"cannot be {right}: these credentials do not have the right (s3:" in done.err
    assert bucket.keys("out") == before


@pytest.mark.parametrize("is_new", [False, True], ids=["a file", "a file more"])
def test_what_changes_meanwhile_stops_the_build(
    is_new: bool, tmp_path: Path, source: str, bucket: Bucket
) -> None:
    bucket.put("exports/Message/part-0.csv", MESSAGES)
    bucket.files.delete_file(f"{bucket.name}/exports/Message.csv")
    key = f"exports/Message/part-{int(is_new)}.csv"

    def change(_: BaseHTTPRequestHandler) -> bool:
        bucket.put(key, MESSAGES.replace("ann", "bob") + INBOUND)
        return False

    with between(bucket.address, _at(r"GET .*/AIDraft\.csv ", change)) as address:
        done = run_at(address, "build", source, "-o", tmp_path / "e.csv", "-q")

    assert (done.code, done.err) == (
        11,
        f"Error: {bucket.url}/{key} changed while it was read; run this again when nothing writes "
        "to it.\n",
    )
    assert not (tmp_path / "e.csv").exists()


def test_a_service_that_ends_in_the_middle(source: str, tmp_path: Path, bucket: Bucket) -> None:
    def end(request: BaseHTTPRequestHandler) -> bool:
        request.connection.close()
        return True

    with between(bucket.address, _at(r"GET .*/Message\.csv ", end)) as address:
        done = run_at(address, "build", source, "-o", tmp_path / "e.csv", "-q")

    assert done.code == 11
    assert f"{source}/Message.csv cannot be read: {address} (AWS_ENDPOINT_URL) " in done.err
    assert not (tmp_path / "e.csv").exists()


@pytest.mark.parametrize("pattern", [r"GET .*/Message\.csv ", r"POST .*/new/.*"],
                         ids=["reading", "sending"])  # fmt: skip
def test_ctrl_c(pattern: str, source: str, tmp_path: Path, bucket: Bucket) -> None:
    begun, ended = threading.Event(), threading.Event()

    def wait(_: BaseHTTPRequestHandler) -> bool:
        begun.set()
        ended.wait(PATIENCE)
        return False

    with between(bucket.address, _at(pattern, wait)) as address:
        run = subprocess.Popen(
            [sys.executable, "-m", "timingctl", "build", source, "-o", f"{bucket.url}/out/e.csv",
             "--temp-dir", str(tmp_path)],
            env={**os.environ, **environment_of(address)},
            stderr=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        while not begun.wait(0.1):
            assert run.poll() is None
        run.send_signal(signal.SIGINT)
        _, err = run.communicate(timeout=PATIENCE)
        ended.set()

    assert (run.returncode, err) == (130, "Interrupted; no partial file was left.\n")
    assert not list(tmp_path.glob(".timingctl-*"))
    assert not bucket.keys("out")


def test_credentials_of_a_profile(tmp_path: Path, source: str, bucket: Bucket) -> None:
    (tmp_path / "config").write_text(
        f"[profile prod]\nregion = us-east-1\nendpoint_url = {bucket.address}\n"
    )
    (tmp_path / "keys").write_text(
        f"[prod]\naws_access_key_id = AKIAOFPROFILE\naws_secret_access_key = {SECRET}\n"
    )
    signed = []

    def look(request: BaseHTTPRequestHandler) -> bool:
        signed.append("AKIAOFPROFILE/" in request.headers.get("Authorization", ""))
        return False

    with between(bucket.address, look) as address:
        text = (tmp_path / "config").read_text().replace(bucket.address, address)
        (tmp_path / "config").write_text(text)
        done = timingctl(
            "build", source, "-o", tmp_path / "e.csv", "-v",
            AWS_PROFILE="prod", AWS_CONFIG_FILE=str(tmp_path / "config"),
            AWS_SHARED_CREDENTIALS_FILE=str(tmp_path / "keys"),
        )  # fmt: skip

    assert done.code == 0
    assert signed
    assert all(signed)
    assert SECRET not in done.out + done.err


def test_a_public_bucket_needs_no_credentials(tmp_path: Path, source: str, bucket: Bucket) -> None:
    signed = []

    def look(request: BaseHTTPRequestHandler) -> bool:
        signed.append("Authorization" in request.headers)
        return False

    with between(bucket.address, look) as address:
        done = timingctl(
            "build", source, "-o", tmp_path / "e.csv", "-q",
            AWS_NO_SIGN_REQUEST="YES", AWS_REGION="us-east-1", AWS_ENDPOINT_URL=address,
        )  # fmt: skip

    assert (done.code, any(signed)) == (0, False)
